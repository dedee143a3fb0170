/** Items a second from one end to the other, one at a time and in batches. */
import { check, fill, Mismatch } from "../harness/numbering.ts";
import { Spin } from "../harness/spin.ts";
import type { Case, Ends, Follow, Lead } from "./case.ts";
import { pass } from "./throughput_pass.ts";

export const throughput: Case = {
  name: "throughput",
  summary: "items a second that arrive, verified, from one writer at one reader",
  unit: "items/s",
  params: [{ batch: 1 }, { batch: 64 }],
  lanes: 1,
  unfit({ capabilities: { flow, overflow }, scripted }) {
    if (flow !== "loop") return scripted ? undefined : "it has no device that can be driven";
    return overflow === "wait" ? undefined : "what overflows is lost: no stream arrives whole";
  },
  lead: (ends, { batch = 1 }) => ends.style === "spin" ? spinRead(ends, batch) : read(ends, batch),
  follow: (ends, { batch = 1 }) =>
    ends.style === "spin" ? spinWrite(ends, batch) : write(ends, batch),
  solo: pass,
};

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

function expectNone(left: number): void {
  if (left !== 0) throw new Mismatch(`${left} items more than were sent`);
}
