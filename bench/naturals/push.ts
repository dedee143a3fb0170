/** Rings by push() and pop(), an item at a time, which make their own batches where they can. */
import type { Adapter, Handle, Reader, Ring, Writer } from "../../impls/contract.ts";
import { registry } from "../../impls/registry.ts";
import type { Follow, Lead, Pass } from "../cases/case.ts";
import { type Direct, direct } from "../cell/direct.ts";
import { CAPACITY } from "../cell/ring.ts";
import { Mismatch } from "../harness/numbering.ts";
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
  return direct<Ring<number>>({
    name: `${name}:push`,
    of: name,
    family,
    kind: "ring",
    summary: `${name} by push() and pop(), an item at a time`,
    async open() {
      const { handle } = await (await load() as Adapter<number>).open({ capacity: CAPACITY });
      return { lead: { at: handle }, follow: { at: handle } };
    },
    join: async (at) => await (await load() as Adapter<number>).attach(at as Handle),
    loops: {
      throughput: {
        batches: [1],
        lead: async (ring) => receiver(await ring.reader() as Popper),
        follow: async (ring) => sender(await ring.writer() as Pusher),
      },
      memory: {
        solo: async (ring) => pass(await ring.writer() as Pusher, await ring.reader() as Popper),
      },
    },
  });
}

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
