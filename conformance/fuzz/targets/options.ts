/** What open() and the ends are given: options of every kind, and waits and buffers that are none. */
import fc from "fast-check";
import type {
  Adapter,
  OpenOptions,
  Reader,
  ReaderOptions,
  Wait,
  Writer,
} from "../../../impls/contract.ts";
import { RingError } from "../../../impls/errors.ts";
import { loadAdapter } from "../../../impls/load.ts";
import { Harm, nothingHeld, type Target } from "../target.ts";
import { anyObject, anyValue, made, Own, type Recipe } from "../values.ts";

interface Input {
  readonly adapter: string;
  readonly open: Recipe;
  readonly end: "reader" | "writer";
  readonly options: Recipe;
  readonly timeout: Recipe;
}

const number = (value: number): Recipe => ({ is: "json", value });
const text = (value: string): Recipe => ({ is: "json", value });
/** None that is both valid and large: what is asked for is given. */
const capacity = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(1, 2, 8, 64).map(number) },
  fc.constantFrom(0, -1, 0.5, 2 ** 30 + 1, 2 ** 32, 2 ** 53, -(2 ** 31)).map(number),
  anyValue,
);
const width = fc.oneof(fc.constantFrom(0, 1, 2, -1, 2 ** 31, 2 ** 53).map(number), anyValue);
const start = fc.oneof(fc.constantFrom(0, 2 ** 32, 2 ** 53 - 1, -1, 2 ** 54).map(number), anyValue);
const uri = fc.oneof(
  fc.constantFrom(
    ...["virtual:", "clock:", "clock:?rate=0", "clock:?rate=48000&rate=1", "virtual:?x", "clock:?"],
    ...[
      "ring://127.0.0.1:0/x",
      "ring://127.0.0.1:99999/x",
      "tcp://",
      "ring:///a/b",
      "clock:?period=%",
    ],
  ).map(text),
  anyValue,
);
const waiting = fc.oneof(fc.constantFrom("spin", "park", "sleep", "").map(text), anyValue);
const id = fc.oneof(fc.constantFrom(0, -1, 0.5, 2 ** 31, 2 ** 53).map(number), anyValue);
const after = fc.oneof(
  fc.constantFrom<Recipe>(
    { is: "json", value: [] },
    { is: "json", value: [null] },
    { is: "json", value: [{ id: 0 }] },
    { is: "json", value: [{ id: "0" }] },
    { is: "json", value: { length: 2 } },
  ),
  anyObject({ length: id }),
);

export const options: Target = {
  name: "options",
  sentence:
    "open(), writer(), reader() and their waits take an option, or refuse it with a ring's own " +
    "error.",
  async prepare(refs) {
    const adapters = new Map<string, Adapter<unknown>>();
    for (const ref of refs) {
      const adapter = await loadAdapter(ref);
      if (!await adapter.unavailable()) adapters.set(ref, adapter);
    }
    return {
      ...nothingHeld,
      inputs: fc.record({
        adapter: fc.constantFrom(...adapters.keys()),
        open: anyObject({ capacity, width, uri, start }),
        end: fc.constantFrom("reader" as const, "writer" as const),
        options: anyObject({ waiting, after }),
        timeout: fc.oneof(fc.constantFrom(0, -1).map(number), anyValue),
      }),
      attempt: (input: Input) => attempt(adapters.get(input.adapter)!, input),
    };
  },
};

async function attempt(adapter: Adapter<unknown>, input: Input): Promise<void> {
  const opened = await refusedAtMost(
    `open() of ${adapter.name}`,
    () => adapter.open(made(input.open) as OpenOptions),
  );
  const ring = opened ?? await adapter.open({ capacity: 8, uri: adapter.scripted });
  try {
    const end = input.end;
    const got = await refusedAtMost(
      `${end}() of ${adapter.name}`,
      async (): Promise<Reader<unknown> | Writer<unknown>> =>
        await ring[end](made(input.options) as ReaderOptions),
    );
    if (got === undefined) return;
    // With nothing to wait for, whatever the timeout is: an empty batch.
    const wait = { timeout: made(input.timeout) } as Wait;
    await refusedAtMost(
      `a wait of ${adapter.name}`,
      async () => void await ("read" in got ? got.read([], wait) : got.write([], wait)),
    );
    await got[Symbol.asyncDispose]();
  } finally {
    await ring[Symbol.asyncDispose]();
  }
}

/** What it answers; undefined when it was refused. */
async function refusedAtMost<R>(what: string, act: () => Promise<R>): Promise<R | undefined> {
  try {
    return await act();
  } catch (error) {
    const name = (error as Error)?.name;
    if (error instanceof RingError || error instanceof Own || name === "TimeoutError") return;
    throw new Harm(`${what} ended with ${String(error)}`);
  }
}
