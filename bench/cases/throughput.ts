/** Items a second from one end to the other, one at a time and in batches. */
import { check, fill, Mismatch } from "../harness/numbering.ts";
import { Spin } from "../harness/spin.ts";
import {
  type Candidate,
  type Case,
  type Ends,
  type Follow,
  type Lead,
  oneToOne,
  type Params,
} from "./case.ts";
import { pass } from "./throughput_pass.ts";

export const throughput: Case = {
  name: "throughput",
  summary: "items a second that arrive, verified, from one writer at one reader",
  unit: "items/s",
  params: [{ batch: 1 }, { batch: 64 }, { batch: 512 }],
  parts: () => oneToOne,
  unfit(candidate, { batch }) {
    const { capabilities: { flow, items, progress, reach }, kind, scripted } = candidate;
    if (items === "records") return "its items are no numbers";
    if (flow !== "loop" && !scripted) return "it has no device that can be driven";
    if (batch !== 1 && kind === "peer" && reach === "task") return "a peer's batch is a loop here";
    const lockFree = kind === "ring" && flow === "loop" && reach === "worker" &&
      progress !== "locking";
    if (batch === 512 && !lockFree) return "its batches of 64 say as much";
    return unfitOverflow(candidate);
  },
  lead,
  follow,
  solo: (ring, capabilities, params, atOnce) =>
    atOnce ? pass(ring, capabilities, params) : undefined,
};

export const awaited: Case = {
  name: "awaited",
  summary: "items a second from one task to another, with every read and write awaited",
  unit: "items/s",
  params: [{ batch: 1 }],
  parts: () => oneToOne,
  unfit(candidate) {
    const { items, reach } = candidate.capabilities;
    if (items === "records") return "its items are no numbers";
    if (reach !== "task") return "it reaches beyond a task, where throughput is measured";
    return unfitOverflow(candidate);
  },
  lead,
  follow,
};

function lead(ends: Ends, { batch = 1 }: Params): Lead {
  return ends.style === "spin" ? spinRead(ends, Number(batch)) : read(ends, Number(batch));
}

function follow(ends: Ends, { batch = 1 }: Params): Follow {
  return ends.style === "spin" ? spinWrite(ends, Number(batch)) : write(ends, Number(batch));
}

function unfitOverflow({ capabilities: { flow, overflow } }: Candidate): string | undefined {
  if (flow !== "loop" || overflow === "wait") return undefined;
  return "what overflows is lost: no stream arrives whole";
}

function spinWrite({ outgoing, numbering: { mask, buffer } }: Ends, batch: number): Follow {
  const writer = outgoing!, items = buffer(batch);
  return {
    grain: batch,
    run(first, count) {
      const spin = new Spin();
      let sum = 0;
      for (let done = 0; done < count; done += batch) {
        sum = (sum + fill(items, first + done, mask)) | 0;
        for (let at = writer.tryWrite(items); at < batch; at += writer.tryWrite(items, at)) {
          spin.idle(done + at);
        }
      }
      return sum;
    },
  };
}

function spinRead({ incoming, numbering: { mask, buffer } }: Ends, batch: number): Lead {
  const reader = incoming!, items = buffer(batch);
  return {
    grain: batch,
    run(first, count) {
      const spin = new Spin();
      let sum = 0;
      for (let done = 0; done < count;) {
        const got = reader.tryRead(items);
        if (got === 0) spin.idle(done);
        sum = (sum + check(items, got, first + done, mask)) | 0;
        done += got;
      }
      return sum;
    },
    rest: () => expectNone(reader.tryRead(items)),
  };
}

function write({ outgoing, numbering: { mask, buffer } }: Ends, batch: number): Follow {
  const writer = outgoing!, items = buffer(batch);
  return {
    grain: batch,
    async run(first, count) {
      let sum = 0;
      for (let done = 0; done < count; done += batch) {
        sum = (sum + fill(items, first + done, mask)) | 0;
        await writer.write(items);
      }
      return sum;
    },
  };
}

function read({ incoming, numbering: { mask, buffer } }: Ends, batch: number): Lead {
  const reader = incoming!, items = buffer(batch);
  return {
    grain: batch,
    async run(first, count) {
      let sum = 0;
      for (let done = 0; done < count;) {
        const got = await reader.read(items);
        if (got === 0) throw new Mismatch(`the stream ended after ${done} of ${count} items`);
        sum = (sum + check(items, got, first + done, mask)) | 0;
        done += got;
      }
      return sum;
    },
    rest: () => expectNone(reader.tryRead(items)),
  };
}

export function expectNone(left: number): void {
  if (left !== 0) throw new Mismatch(`${left} items more than were sent`);
}
