/** What moving a payload cannot be faster than: copying it once, on one thread. */
import type { Follow, Lead } from "../cases/case.ts";
import { payload } from "../cases/payload.ts";
import { direct } from "../cell/direct.ts";
import { payloadOf, WORDS } from "../harness/payload.ts";

/** Payloads that fit into a ring, so that a copy finds its bytes in the same caches as a ring does. */
const PAYLOADS = payload.capacity! / WORDS;

interface Areas {
  readonly source: Int32Array;
  readonly target: Int32Array;
}

export const memcpy = direct<Areas>({
  name: "memcpy",
  family: "atomics",
  kind: "reference",
  summary: "one copy of each payload between two shared buffers, on one thread",
  open() {
    const at = Array.from({ length: 2 }, () => new SharedArrayBuffer(4 * WORDS * PAYLOADS));
    return { lead: { at }, follow: { at } };
  },
  join(at) {
    const [source, target] = at as SharedArrayBuffer[];
    return { source: new Int32Array(source!), target: new Int32Array(target!) };
  },
  loops: { payload: { lead: copier, follow: counter } },
});

function copier({ source, target }: Areas): Lead {
  const places = Array.from({ length: PAYLOADS }, (_, i) => {
    const part = (area: Int32Array) => area.subarray(i * WORDS, (i + 1) * WORDS);
    return { from: payloadOf(part(source)), to: payloadOf(part(target)) };
  });
  return {
    grain: 1,
    run(first, count) {
      let sum = 0;
      for (let i = 0; i < count; i++) {
        const { from, to } = places[i % PAYLOADS]!;
        from.stamp(first + i);
        to.words.set(from.words);
        sum = (sum + to.verify(first + i)) | 0;
      }
      return sum;
    },
  };
}

/** Takes the same sum, and moves nothing. */
function counter(): Follow {
  const { stamp } = payloadOf();
  return {
    grain: 1,
    run(first, count) {
      let sum = 0;
      for (let i = 0; i < count; i++) sum = (sum + stamp(first + i)) | 0;
      return sum;
    },
  };
}
