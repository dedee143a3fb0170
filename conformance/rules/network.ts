/** Rings over a network: bytes in any pieces, backpressure, addresses, and what strangers send. */
import { connect } from "node:net";
import type { Handle } from "../../impls/contract.ts";
import { openProxy } from "../faults/proxy.ts";
import { check, network, type Rule, type Trial } from "../rule.ts";
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
  { ring }: Subject,
  chunk: { min: number; max: number },
) {
  const url = new URL(uriOf(ring.handle));
  const target = { host: url.hostname, port: Number(url.port) };
  const proxy = await openProxy({ target, seed: trial.seed, chunk });
  trial.after(() => proxy.close());
  const at = uriOf(ring.handle).replace(`:${url.port}`, `:${proxy.port}`);
  const attached = await trial.adapter.attach({ ...ring.handle!, at });
  trial.after(() => attached[Symbol.asyncDispose]());
  return attached;
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

const URI1: Rule = {
  id: "URI1",
  group,
  level: "MUST",
  sentence:
    "ring://host:port/name and tcp://host:port/name are the same ring; other URIs are refused.",
  why: "Both forms are written in people's configuration.",
  source: "S4",
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

/** Sends the bytes and the end, and waits until the other side has closed too. */
function sentAway(port: number, host: string, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, host);
    socket.on("error", () => {});
    socket.on("close", () => resolve());
    socket.resume();
    socket.end(bytes);
  });
}

export const networkRules: readonly Rule[] = [NET2, NET3, URI1, SEC1];
