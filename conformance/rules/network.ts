/** Rings over a network: bytes in any pieces, backpressure, addresses, and what strangers send. */
import { connect } from "node:net";
import type { Guarantee, Handle, Ring } from "../../impls/contract.ts";
import { openProxy } from "../faults/proxy.ts";
import { check, network, type Rule, type Trial } from "../rule.ts";
import { refusal } from "../harness/refusal.ts";
import { startRemote } from "../harness/remote.ts";
import { checkEqual, numbers, type Subject, take } from "../harness/subject.ts";

const group = "Network";

const NET2: Rule = {
  id: "NET2",
  group,
  level: "MUST",
  sentence: "The result is the same whatever pieces the network cuts the bytes into.",
  why: "A frame split by a chunk's boundary, or several in one chunk, must not lose an item.",
  source: "S1",
  technique: ["fault"],
  needs: network,
  async run(trial) {
    for (const chunk of [{ min: 1, max: 1 }, { min: 1, max: 7 }, { min: 1000, max: 60000 }]) {
      const subject = await trial.open({ capacity: 32 });
      const far = await throughProxy(trial, subject, chunk);
      const reader = await far.reader();
      const { codec } = subject;
      const feed = await subject.feed();
      trial.doing(`passing items in pieces of ${chunk.min} to ${chunk.max} bytes`);
      const count = 300;
      const writing = (async () => {
        for (let next = 1; next <= count; next += 10) await feed.write(numbers(next, 10));
      })();
      const got: number[] = [];
      while (got.length < count) {
        const into = codec.buffer(16);
        const some = await reader.read(into);
        check(some > 0, `the end came after ${got.length} of ${count} items`);
        got.push(...codec.decode(into, some));
      }
      await writing;
      checkEqual(got, numbers(1, count), `pieces of ${chunk.min} to ${chunk.max} bytes`);
    }
  },
};

async function throughProxy(
  trial: Trial,
  subject: Subject,
  chunk: { min: number; max: number },
) {
  return await (await proxyTo(trial, subject, chunk)).attach();
}

/** A proxy before a ring, and what attaches to the ring through it. */
async function proxyTo(trial: Trial, { ring }: Subject, chunk: { min: number; max: number }) {
  const url = new URL(uriOf(ring.handle));
  const target = { host: url.hostname, port: Number(url.port) };
  const proxy = await openProxy({ target, seed: trial.seed, chunk });
  trial.after(() => proxy.close());
  const at = uriOf(ring.handle).replace(`:${url.port}`, `:${proxy.port}`);
  const attach = async () => {
    const attached = await trial.adapter.attach({ ...ring.handle!, at });
    trial.after(() => attached[Symbol.asyncDispose]());
    return attached;
  };
  return { proxy, attach };
}

function uriOf(handle: Handle | undefined): string {
  check(typeof handle?.at === "string", "a ring on a network has a URI for a handle");
  return handle.at;
}

const NET3: Rule = {
  id: "NET3",
  group,
  level: "MUST",
  sentence: "A writer in another process gets exactly `capacity` items in while nobody reads.",
  why: "Items that pile up in sockets are a ring without a bound, until memory is gone.",
  source: "S1",
  technique: ["history"],
  needs: network,
  async run(trial) {
    const capacity = 16;
    const subject = await trial.open({ capacity });
    const job = {
      role: "produce",
      first: 1,
      count: 3 * capacity,
      batch: 5,
      record: false,
    } as const;
    const remote = await startRemote(trial, subject.ring, job);
    remote.go();
    const drain = await subject.drain();
    trial.doing("reading what a writer in another process had to wait with");
    checkEqual(await take(drain, 3 * capacity), numbers(1, 3 * capacity), "from the other process");
    await remote.outcome;
    const again = await trial.open({ capacity });
    const attached = await trial.adapter.attach(again.ring.handle!);
    trial.after(() => attached[Symbol.asyncDispose]());
    const writer = await attached.writer();
    const accepted = writer.tryWrite(again.codec.encode(numbers(1, 10 * capacity)));
    check(accepted === capacity, `${accepted} items went into ${capacity} slots over the network`);
    check(writer.tryWrite(again.codec.encode([99])) === 0, "one more went in");
  },
};

const NET4: Rule = {
  id: "NET4",
  group,
  level: "MUST",
  sentence:
    "After a connection broke, what was written and what was read is there as often as the ring " +
    "declares: at most once, at least once or exactly once.",
  why:
    "An item that comes twice, or never, because a cable was pulled is found in no test without one.",
  source: "S1",
  technique: ["fault"],
  needs: network,
  async run(trial) {
    const { reconnect } = trial.adapter.capabilities;
    check(
      reconnect,
      "a ring on a network declares nothing of what a broken connection does to items",
    );
    await checkReads(trial, reconnect.reads);
    await checkWrites(trial, reconnect.writes);
  },
};

/** Connections that are broken one after the other. */
const CUTS = 4;

/** Readers at the far end, each cut off before it can say how far it had come. */
async function checkReads(trial: Trial, guarantee: Guarantee): Promise<void> {
  const count = 160 * CUTS; // more than all of them read
  const subject = await trial.open({ capacity: 64 });
  const { codec } = subject;
  const { proxy, attach } = await proxyTo(trial, subject, { min: 1, max: 512 });
  const feed = await subject.feed();
  const writing = feed.write(numbers(1, count));
  writing.catch(() => {}); // where items are missing it never ends, and is not waited for
  const got: number[] = [];
  for (let cuts = 0; cuts < CUTS; cuts++) {
    trial.doing(`reading, connection ${cuts + 1}`);
    const ring = await attach();
    const reader = await ring.reader();
    const read = async (most = 1 + trial.random.integer(20)) => {
      const into = codec.buffer(most);
      got.push(...codec.decode(into, await reader.read(into)));
    };
    const least = got.length + 1 + trial.random.integer(60);
    while (got.length < least) await read();
    await read(1); // of several that have come: those after it are not read when the connection breaks
    proxy.cut();
    trial.doing(`waiting until reader ${cuts + 1} knows that it is cut off`);
    // It goes on reading what has come, or knows before it reads again.
    if (cuts % 2 === 0) await known(ring);
    await checkLost(async () => {
      for (;;) await read();
    });
    await ring[Symbol.asyncDispose]();
  }
  trial.doing("reading the rest");
  const drain = await subject.drain();
  while (got.at(-1) !== count) {
    const some = await drain.read(32);
    check(some.length > 0, `the end came after item ${got.at(-1)} of ${count}`);
    got.push(...some);
  }
  checkGuarantee(guarantee, got, count, "read over broken connections");
}

/** Writers at the far end, each cut off while it writes; the next goes on with what was not accepted. */
async function checkWrites(trial: Trial, guarantee: Guarantee): Promise<void> {
  const subject = await trial.open({ capacity: 16 });
  const { codec } = subject;
  const { proxy, attach } = await proxyTo(trial, subject, { min: 1, max: 64 });
  const drain = await subject.drain();
  const got: number[] = [];
  let next = 1;
  for (let cuts = 0; cuts < CUTS; cuts++) {
    const ring = await attach();
    const writer = await ring.writer();
    const first = next;
    trial.doing(`writing, connection ${cuts + 1}`);
    const writing = checkLost(async () => {
      for (let at = first;; at += 10) await writer.write(codec.encode(numbers(at, 10)));
    });
    got.push(...await take(drain, 1 + trial.random.integer(40)));
    proxy.cut();
    trial.doing(`waiting until writer ${cuts + 1} knows that it is cut off`);
    await writing;
    next = first + writer.stats().moved;
    await ring[Symbol.asyncDispose]();
  }
  trial.doing("reading what has arrived");
  const feed = await subject.feed();
  const ended = feed.write([next]);
  while (got.at(-1) !== next) got.push(...await take(drain, 1));
  await ended;
  checkGuarantee(guarantee, got, next, "written over broken connections");
}

/** Resolves once a ring knows that its connection has broken: until then its one writer is taken. */
async function known(ring: Ring<unknown>): Promise<void> {
  for (;;) {
    const error = await refusal(() => ring.writer());
    if (error?.code === "RING_LOST") return;
    check(error?.code === "RING_BUSY", `a second writer got ${String(error)}`);
  }
}

/** Runs what ends with RING_LOST. */
async function checkLost(act: () => Promise<unknown>): Promise<void> {
  const error = await refusal(act);
  check(error?.code === "RING_LOST", `a broken connection ended with ${String(error)}`);
}

/** The numbers from 1 to `last`, each as often as it may be. */
function checkGuarantee(
  guarantee: Guarantee,
  got: readonly number[],
  last: number,
  what: string,
): void {
  const times = new Map<number, number>();
  for (const number of got) times.set(number, (times.get(number) ?? 0) + 1);
  for (let number = 1; number <= last; number++) {
    const seen = times.get(number) ?? 0;
    check(
      guarantee === "at-most-once" || seen > 0,
      `item ${number} of ${last}, ${what}, is missing`,
    );
    check(guarantee === "at-least-once" || seen < 2, `item ${number}, ${what}, came ${seen} times`);
    times.delete(number);
  }
  check(times.size === 0, `item ${[...times.keys()][0]} came, which was never written`);
}

const URI1: Rule = {
  id: "URI1",
  group,
  level: "MUST",
  sentence:
    "ring://host:port/name and tcp://host:port/name are the same ring; other URIs are refused.",
  why: "Both forms are written in people's configuration.",
  source: "S4",
  technique: ["fuzz"],
  needs: network,
  async run(trial) {
    const subject = await trial.open();
    const uri = uriOf(subject.ring.handle);
    check(uri.startsWith("ring://"), `a ring's URI begins with ring://, got ${uri}`);
    const tcp = await trial.adapter.attach({
      ...subject.ring.handle!,
      at: uri.replace("ring:", "tcp:"),
    });
    trial.after(() => tcp[Symbol.asyncDispose]());
    const feed = await subject.feed();
    const reader = await tcp.reader();
    await feed.write([1]);
    const into = subject.codec.buffer(1);
    check(await reader.read(into) === 1, "nothing came through tcp://");
    checkEqual(subject.codec.decode(into, 1), [1], "through tcp://");
    const strange = [
      "http:" + uri.slice(5),
      `${uri}0`,
      uri.replace(/\/[^/]*$/, "/"),
      "ring://",
    ];
    for (const at of strange) {
      let refused: unknown;
      try {
        const ring = await trial.adapter.attach({ ...subject.ring.handle!, at });
        await ring[Symbol.asyncDispose]();
      } catch (error) {
        refused = error;
      }
      check(refused, `attach() to ${at} was not refused`);
    }
  },
};

const SEC1: Rule = {
  id: "SEC1",
  group,
  level: "MUST",
  sentence: "What strangers send to a ring's port harms neither it nor those that use it.",
  why: "A port is open to every program on the machine, the broken and the hostile ones too.",
  source: "S1",
  technique: ["fuzz"],
  needs: network,
  async run(trial) {
    const subject = await trial.open();
    const { feed, drain } = await subject.ends();
    await feed.write([1, 2]);
    const url = new URL(uriOf(subject.ring.handle));
    for (const bytes of strangers(url, trial)) {
      trial.doing("waiting for a stranger to be sent away");
      await sentAway(Number(url.port), url.hostname, bytes);
    }
    trial.doing("waiting until one is sent away who announces a message of 2 GiB");
    await sentAway(Number(url.port), url.hostname, announcement(url), { ends: false });
    await feed.write([3]);
    checkEqual(await take(drain, 3), [1, 2, 3], "after strangers had called");
  },
};

function* strangers({ pathname }: URL, { random }: Trial): Generator<Uint8Array> {
  const text = (request: string) => new TextEncoder().encode(request);
  yield text("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  yield text("POST /none HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n");
  yield text("GET /none HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
  yield text(
    `GET ${pathname} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
      "Sec-WebSocket-Version: 99\r\nSec-WebSocket-Key: x\r\n\r\n",
  );
  yield Uint8Array.from({ length: 4096 }, () => random.integer(256));
}

/** Who knows the name, and begins a message of 2 GiB: none of it is to be waited for. */
function announcement({ pathname }: URL): Uint8Array {
  const request = `GET ${pathname} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n` +
    "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n" +
    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";
  // Binary; masked, with a length of 64 bits; the length; a mask of zeros. (Source: RFC 6455 §5.2.)
  const frame = [0x82, 0xff, 0, 0, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 0];
  return Uint8Array.from([...new TextEncoder().encode(request), ...frame]);
}

/** Sends the bytes, and the end as a rule, and waits until the other side has closed too. */
function sentAway(
  port: number,
  host: string,
  bytes: Uint8Array,
  { ends } = { ends: true },
): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, host);
    socket.on("error", () => {});
    socket.on("close", () => resolve());
    socket.resume();
    if (ends) socket.end(bytes);
    else socket.write(bytes);
  });
}

export const networkRules: readonly Rule[] = [NET2, NET3, NET4, URI1, SEC1];
