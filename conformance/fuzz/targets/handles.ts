/** attach() of every built-in ring: handles that are foreign, outdated, cut short, or no handles. */
import fc from "fast-check";
import type { Adapter, Handle } from "../../../impls/contract.ts";
import { RingError } from "../../../impls/errors.ts";
import { loadAdapter } from "../../../impls/load.ts";
import { Harm, nothingHeld, type Target } from "../target.ts";
import { anyObject, anyValue, made, Own, type Recipe } from "../values.ts";

interface Input {
  readonly adapter: string;
  readonly handle: Recipe;
}

const fitting = ["RING_FOREIGN", "RING_LOST", "RING_STALE", "RING_INVALID", "RING_UNAVAILABLE"];
/** Names of no ring: nothing is dialled but this machine, where nobody listens on port 1. */
const addresses = [
  ...["", "ring://", "ring://127.0.0.1:1/x", "tcp://127.0.0.1:1/x", "ring://127.0.0.1:1/..", "%%%"],
  ...["port://0/00000000-0000-0000-0000-000000000000", "port://1/", "audio:1:1", "audio:-1:1"],
  ...[`ring://127.0.0.1:1/${"x".repeat(128)}`, "ring://127.0.0.1:99999/x", "ring://[::1]:1/\0"],
];

export const handles: Target = {
  name: "handles",
  sentence: "attach() refuses what is no handle with a ring's own error, whatever it is.",
  async prepare(refs) {
    const adapters = new Map<string, Adapter<unknown>>();
    const grown: fc.Arbitrary<Recipe>[] = [];
    for (const ref of refs) {
      const adapter = await loadAdapter(ref);
      if (adapter.capabilities.reach === "task" || await adapter.unavailable()) continue;
      adapters.set(ref, adapter);
      grown.push(...await nearlyRight(adapter));
    }
    const at = fc.oneof(
      fc.constantFrom(...addresses).map((value): Recipe => ({ is: "json", value })),
      ...grown,
      anyValue,
    );
    const name = fc.oneof(
      fc.constantFrom(...adapters.keys()).map((value): Recipe => ({ is: "json", value })),
      anyValue,
    );
    return {
      ...nothingHeld,
      inputs: fc.record({
        adapter: fc.constantFrom(...adapters.keys()),
        handle: anyObject({ adapter: name, at }),
      }),
      attempt: ({ adapter, handle }: Input) => attempt(adapters.get(adapter)!, handle),
    };
  },
};

/** The heads of a ring's memory, in buffers of other sizes: of all rings, for attach() of all others. */
async function nearlyRight(adapter: Adapter<unknown>): Promise<fc.Arbitrary<Recipe>[]> {
  await using ring = await adapter.open({ capacity: 4, uri: adapter.scripted });
  const at = ring.handle?.at;
  if (!(at instanceof SharedArrayBuffer)) return [];
  const head = [...new Int32Array(at, 0, Math.min(8, at.byteLength >> 2))];
  const word = fc.oneof(fc.constantFrom(0, 1, -1, 2 ** 30, 2 ** 31 - 1, -(2 ** 31)), fc.integer());
  return [
    fc.tuple(fc.nat(at.byteLength + 64), fc.nat(head.length - 1), word, fc.boolean()).map(
      ([bytes, place, value, change]): Recipe => ({
        is: "shared",
        bytes,
        words: change ? head.with(place, value) : head,
      }),
    ),
  ];
}

async function attempt(adapter: Adapter<unknown>, recipe: Recipe): Promise<void> {
  try {
    const ring = await adapter.attach(made(recipe) as Handle);
    await ring[Symbol.asyncDispose]();
  } catch (error) {
    if (error instanceof Own) return;
    if (error instanceof RingError && fitting.includes(error.code)) return;
    throw new Harm(`attach() of ${adapter.name} ended with ${String(error)}`);
  }
}
