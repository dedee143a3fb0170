/** Claims that make no sense: each is refused by name, and nothing has happened. */
import type { Claim } from "../../impls/contract.ts";
import { contents } from "../harness/claims.ts";
import { checkEqual, numbers, take } from "../harness/subject.ts";
import { check, reserves, type Rule } from "../rule.ts";
import { begun, capacity, claimed, filled } from "./reserve.ts";

const RSV5: Rule = {
  id: "RSV5",
  group: "Reserve",
  level: "MUST",
  sentence: "A claim that makes no sense is refused with a typed error, and the ring stays usable.",
  why: "A claim committed twice publishes slots that belong to somebody else by then.",
  source: "S0",
  technique: ["fuzz"],
  needs: reserves,
  async run(trial) {
    const ends = await begun(trial, 5);
    const { subject: { codec, ring }, writer, reader, drain } = ends;
    for (const count of [0, -1, 1.5, NaN, Infinity, capacity + 1, 2 ** 32 + 1]) {
      for (const [what, end] of [["writer", writer], ["reader", reader]] as const) {
        checkRefused(() => end.reserve!(count), "RING_INVALID", `a ${what}'s reserve(${count})`);
      }
    }
    const writing = filled(ends, [1, 2, 3]);
    checkCommits(writing, "a writer's claim of 3");
    const reading = claimed(reader, 3);
    checkEqual(contents(reading, codec, 3), [1, 2, 3], "after claims that were refused");
    checkCommits(reading, "a reader's claim of 3");
    await writer.write(codec.encode(numbers(1, capacity)));
    checkEqual(await take(drain, capacity), numbers(1, capacity), "after refused commits");

    await writer.write(codec.encode([7]));
    const late = filled(ends, [8, 9]);
    await ring.close();
    checkRefused(() => writer.reserve!(1), "RING_CLOSED", "a writer's reserve(1) after close()");
    const accepted = acceptedLate(late);
    trial.doing("draining a ring that was closed with a claim open");
    const due = [7, ...(accepted ? [8, 9] : [])];
    checkEqual(await take(drain, due.length), due, "what was committed before and after close()");
    checkEqual(await drain.read(1), [], "after the end");
    check(drain.done, "closed and drained, yet not done");
    check(!reader.reserve!(1), "an item could be claimed after the end");
  },
};

/** Each commit out of range is refused and leaves the claim open; the second good one is too. */
function checkCommits(claim: Claim<unknown>, what: string): void {
  for (const count of [-1, 4, 1.5, NaN, Infinity]) {
    checkRefused(() => claim.commit(count), "RING_INVALID", `commit(${count}) of ${what}`);
  }
  claim.commit(3);
  for (const count of [undefined, 3, 0]) {
    checkRefused(() => claim.commit(count), "RING_INVALID", `a second commit(${count}) of ${what}`);
  }
}

/** A claim that close() overtook is accepted and delivered, or refused with RING_CLOSED. */
function acceptedLate(claim: Claim<unknown>): boolean {
  try {
    claim.commit();
    return true;
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    check(code === "RING_CLOSED", `a commit after close() ended with ${String(code ?? error)}`);
    return false;
  }
}

function checkRefused(act: () => unknown, code: string, what: string): void {
  let answer: unknown = "success";
  try {
    act();
  } catch (error) {
    answer = (error as { code?: unknown }).code ?? error;
  }
  check(answer === code, `${what} ended with ${String(answer)}, not ${code}`);
}

export const claimErrors: readonly Rule[] = [RSV5];
