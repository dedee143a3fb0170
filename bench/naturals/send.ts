/** Channels by send() and receive(), an item at a time, each awaited. */
import { registry } from "../../impls/registry.ts";
import type { Follow, Lead } from "../cases/case.ts";
import { type Direct, direct } from "../cell/direct.ts";
import { CAPACITY } from "../cell/ring.ts";
import { Mismatch } from "../harness/numbering.ts";

interface Channel {
  send(item: number): Promise<void>;
  receive(): Promise<IteratorResult<number, undefined>>;
}

/** The channel of that name in the registry, as "<channel>:send". */
export function sending(name: string): Direct {
  const { family, load } = registry[name]!;
  return direct<Channel>({
    name: `${name}:send`,
    of: name,
    family,
    kind: "ring",
    summary: `${name} by send() and receive(), an item at a time`,
    place: "task",
    async open() {
      const at = await (await load()).open({ capacity: CAPACITY });
      return { lead: { at }, follow: { at } };
    },
    join: (at) => at as Channel,
    loops: { awaited: { lead: receiver, follow: sender } },
  });
}

function sender(channel: Channel): Follow {
  return {
    grain: 1,
    async run(first, count) {
      let sum = 0;
      for (let i = 0; i < count; i++) {
        const item = (first + i) | 0;
        await channel.send(item);
        sum = (sum + item) | 0;
      }
      return sum;
    },
  };
}

function receiver(channel: Channel): Lead {
  return {
    grain: 1,
    async run(first, count) {
      let sum = 0;
      for (let i = 0; i < count; i++) {
        const { value } = await channel.receive(), expected = (first + i) | 0;
        if (value !== expected) {
          throw new Mismatch(`item ${expected >>> 0} should hold ${expected}, holds ${value}`);
        }
        sum = (sum + value) | 0;
      }
      return sum;
    },
  };
}
