/** Rings by push() and pop(), an item at a time, which make their own batches where they can. */
import type { Adapter, Handle, Reader, Ring, Writer } from "../../impls/contract.ts";
import { registry } from "../../impls/registry.ts";
import { type Follow, lanesOf, type Lead, type Pass } from "../cases/case.ts";
import { type Direct, direct } from "../cell/direct.ts";
import { CAPACITY } from "../cell/ring.ts";
import { Mismatch } from "../harness/numbering.ts";
import { RoundTrips } from "../harness/round_trips.ts";
import { Spin } from "../harness/spin.ts";

interface Pusher extends Writer<number> {
  /** False = full. */
  push(item: number): boolean;
  /** Publishes what push() has gathered, where it gathers. */
  flush?(): void;
}

interface Popper extends Reader<number> {
  pop(): number | undefined;
}

/** The ring of that name in the registry, as "<ring>:push". */
export function pushing(name: string): Direct {
  const { family, load } = registry[name]!;
  return direct<readonly Ring<number>[]>({
    name: `${name}:push`,
    of: name,
    family,
    kind: "ring",
    summary: `${name} by push() and pop(), an item at a time`,
    async open(work, params) {
      const { open } = await load() as Adapter<number>;
      const lanes = Array.from({ length: lanesOf(work, params) });
      const at = await Promise.all(
        lanes.map(async () => (await open({ capacity: CAPACITY })).handle),
      );
      return { lead: { at }, follow: { at } };
    },
    async join(at) {
      const { attach } = await load() as Adapter<number>;
      return await Promise.all((at as Handle[]).map((handle) => attach(handle)));
    },
    loops: {
      throughput: {
        batches: [1],
        lead: async ([ring]) => receiver(await popper(ring)),
        follow: async ([ring]) => sender(await pusher(ring)),
      },
      latency: {
        lead: async ([back, there]) => pinger(await popper(back), await pusher(there)),
        follow: async ([back, there]) => echoer(await popper(there), await pusher(back)),
      },
      memory: {
        solo: async ([ring]) => pass(await pusher(ring), await popper(ring)),
      },
    },
  });
}

const pusher = async (ring: Ring<number> | undefined) => await ring!.writer() as Pusher;
const popper = async (ring: Ring<number> | undefined) => await ring!.reader() as Popper;

function sender(writer: Pusher): Follow {
  return {
    grain: 1,
    run(first, count) {
      const spin = new Spin();
      let sum = 0;
      for (let i = 0; i < count; i++) {
        const item = (first + i) | 0;
        while (!writer.push(item)) spin.idle(i);
        sum = (sum + item) | 0;
      }
      writer.flush?.();
      return sum;
    },
  };
}

function receiver(reader: Popper): Lead {
  return {
    grain: 1,
    run(first, count) {
      const spin = new Spin();
      let sum = 0;
      for (let i = 0; i < count; i++) {
        let item = reader.pop();
        for (; item === undefined; item = reader.pop()) spin.idle(i);
        expectItem(item, (first + i) | 0);
        sum = (sum + item) | 0;
      }
      return sum;
    },
    rest: () => expectNone(reader),
  };
}

function pinger(reader: Popper, writer: Pusher): Lead {
  const trips = new RoundTrips();
  return {
    grain: 1,
    score: () => trips.score(),
    run(first, count) {
      const spin = new Spin();
      let sum = 0;
      trips.reset();
      for (let i = 0; i < count; i++) {
        const item = (first + i) | 0;
        const start = performance.now();
        while (!writer.push(item)) spin.idle(i);
        writer.flush?.();
        let echo = reader.pop();
        for (; echo === undefined; echo = reader.pop()) spin.idle(i);
        trips.record(performance.now() - start);
        expectItem(echo, item);
        sum = (sum + echo) | 0;
      }
      return sum;
    },
    rest: () => expectNone(reader),
  };
}

function echoer(reader: Popper, writer: Pusher): Follow {
  return {
    grain: 1,
    run(_first, count) {
      const spin = new Spin();
      let sum = 0;
      for (let i = 0; i < count; i++) {
        let item = reader.pop();
        for (; item === undefined; item = reader.pop()) spin.idle(i);
        sum = (sum + item) | 0;
        while (!writer.push(item)) spin.idle(i);
        writer.flush?.();
      }
      return sum;
    },
  };
}

function pass(writer: Pusher, reader: Popper): Pass {
  let first = 0;
  return {
    items: CAPACITY,
    run() {
      for (let i = 0; i < CAPACITY; i++) {
        if (!writer.push((first + i) | 0)) throw new Mismatch(`full with ${i} items`);
      }
      writer.flush?.();
      for (let i = 0; i < CAPACITY; i++) expectItem(reader.pop(), (first + i) | 0);
      expectNone(reader); // and what pop() has kept is free again
      first = (first + CAPACITY) | 0;
    },
  };
}

function expectItem(item: number | undefined, expected: number): void {
  if (item === expected) return;
  throw new Mismatch(`item ${expected >>> 0} should hold ${expected}, holds ${item}`);
}

function expectNone(reader: Popper): void {
  const item = reader.pop();
  if (item !== undefined) throw new Mismatch(`${item} is more than was sent`);
}
