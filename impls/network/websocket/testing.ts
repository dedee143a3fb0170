/** What the tests of this folder share. */
import { assertEquals, assertRejects } from "@std/assert";
import type { Reader } from "../../contract.ts";
import { RingError, type RingErrorCode } from "../../errors.ts";

export const numbers = (first: number, length: number): number[] =>
  Array.from({ length }, (_, i) => first + i);

/** The next `count` items, of one word each. */
export async function take(reader: Reader<number>, count: number): Promise<number[]> {
  const taken = new Int32Array(count);
  for (let at = 0; at < count;) {
    const some = await reader.read(taken.subarray(at));
    if (some === 0) throw new Error(`the end after ${at} of ${count} items`);
    at += some;
  }
  return [...taken];
}

export async function refused(action: () => Promise<unknown>, code: RingErrorCode): Promise<void> {
  assertEquals((await assertRejects(action, RingError)).code, code);
}
