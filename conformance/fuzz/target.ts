/** What is fuzzed: one place where something from outside the process is believed, or is not. */
import type { Arbitrary } from "fast-check";

export interface Target {
  readonly name: string;
  /** What has to hold, whatever the input. */
  readonly sentence: string;
  /** `adapters`: those to try, by loadAdapter()'s names, for targets that try adapters. */
  prepare(adapters: readonly string[]): Promise<Attempts>;
}

export interface Attempts<I = unknown> extends AsyncDisposable {
  /** JSON holds each of them whole, so that it can be printed and kept. */
  readonly inputs: Arbitrary<I>;
  /** Rejects, with what is wrong, when the input does harm. */
  attempt(input: I): Promise<void>;
}

/** An input that does harm; the message says which. */
export class Harm extends Error {
  override readonly name = "Harm";
}

export function assertHarmless(condition: unknown, harm: string): asserts condition {
  if (!condition) throw new Harm(harm);
}

/** For attempts that hold nothing. */
export const nothingHeld = { [Symbol.asyncDispose]: () => Promise.resolve() };
