import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { type Operation, shown } from "./operation.ts";
import { operationsOf, Recorder } from "./recorder.ts";

/** A recorder by whose clock each look takes a second. */
function ticking(): Recorder {
  let now = 0;
  return new Recorder(() => ++now);
}

const told = (operations: readonly Operation[]) => operations.map(shown).join("; ");

test("calls are written down with what came of them, a batch item by item", () => {
  const recorder = ticking();
  recorder.writes(1, 1);
  recorder.accepted(1);
  recorder.writes(2, 3);
  recorder.accepted(2);
  recorder.writes(4, 1);
  recorder.accepted(0);
  recorder.reads();
  recorder.got([1, 2]);
  recorder.reads();
  recorder.got([]);
  assertEquals(
    told(operationsOf(recorder.entries)),
    "enqueue 1 [1, 2]; enqueue 2 [3, 4]; enqueue 3 [3, 4]; full [5, 6]; " +
      "dequeue 1 [7, 8]; dequeue 2 [7, 8]; empty [9, 10]",
  );
});

test("what was never answered is pending, and what is forgotten is not there", () => {
  const recorder = ticking();
  recorder.reads();
  recorder.forgets();
  recorder.writes(7, 2);
  assertEquals(
    told(operationsOf(JSON.parse(JSON.stringify(recorder.entries)))),
    "pending enqueue 7 [2…; pending enqueue 8 [2…",
  );
});

test("another clock's times are widened by what is not known of it", () => {
  const recorder = ticking();
  recorder.reads();
  recorder.got([5]);
  const operations = operationsOf(recorder.entries, { ahead: 100, uncertainty: 0.5 });
  assertEquals(told(operations), "dequeue 5 [-99.5, -97.5]");
});

test("of the refusals of a spin the first are kept, and all that moved", () => {
  const recorder = ticking();
  for (let value = 1; value <= 5000; value++) {
    recorder.writes(value, 1);
    recorder.accepted(0);
    recorder.writes(value, 1);
    recorder.accepted(1);
  }
  const operations = operationsOf(recorder.entries);
  const count = (kind: string) => operations.filter((one) => one.kind === kind).length;
  assertEquals([count("enqueue"), count("full")], [5000, 2000]);
});
