import { test } from "node:test";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { RingError } from "../errors.ts";
import { Gate } from "./gate.ts";

/** Waits for `count` of what is in `stock`, and notes `name` when it got it. */
function customer(gate: Gate, stock: { count: number }, served: string[]) {
  return async (name: string, count: number, wait = {}) => {
    const taken = () => {
      if (stock.count < count) return false;
      stock.count -= count;
      return true;
    };
    await gate.until(taken, wait, "read");
    served.push(name);
  };
}

test("who waits is served in order, and nobody who comes later overtakes", async () => {
  const gate = new Gate(), stock = { count: 0 }, served: string[] = [];
  const wants = customer(gate, stock, served);
  const all = [wants("first", 2), wants("second", 1)];
  stock.count = 1;
  gate.open(); // not enough for the first, and the second has to wait for it
  all.push(wants("third", 1)); // though there is one
  assertEquals(stock.count, 1);
  stock.count = 4;
  gate.open();
  await Promise.all(all);
  assertEquals(served, ["first", "second", "third"]);
});

test("what is there is taken without waiting", async () => {
  const gate = new Gate(), stock = { count: 1 }, served: string[] = [];
  await customer(gate, stock, served)("one", 1, { timeout: 0 });
  assertEquals([stock.count, served], [0, ["one"]]);
});

test("a timeout is never early, takes nothing, and lets the next in line through", async () => {
  const gate = new Gate(), stock = { count: 1 }, served: string[] = [];
  const wants = customer(gate, stock, served);
  const start = performance.now();
  const late = assertRejects(() => wants("late", 2, { timeout: 15.5 }), DOMException, "read");
  const next = wants("next", 1);
  assertEquals(stock.count, 1);
  await late;
  assert(performance.now() - start >= 15.5);
  await next;
  assertEquals([stock.count, served], [0, ["next"]]);
  await assertRejects(() => wants("now", 1, { timeout: 0 }), DOMException, "within 0 ms");
});

test("a timeout beyond what timers take still waits", async () => {
  const gate = new Gate(), stock = { count: 0 }, served: string[] = [];
  const waiting = customer(gate, stock, served)("one", 1, { timeout: 2 ** 40 });
  stock.count = 1;
  gate.open();
  await waiting;
  assertEquals(served, ["one"]);
});

test("an abort rejects with its reason and takes nothing", async () => {
  const gate = new Gate(), stock = { count: 0 }, served: string[] = [];
  const wants = customer(gate, stock, served);
  const controller = new AbortController();
  const aborted = assertRejects(
    () => wants("a", 1, { signal: controller.signal }),
    Error,
    "enough",
  );
  controller.abort(new Error("enough"));
  await aborted;
  stock.count = 1;
  gate.open();
  await assertRejects(() => wants("b", 1, { signal: controller.signal }), Error, "enough");
  assertEquals([stock.count, served], [1, []]);
});

test("what ready() throws goes to its own waiter only", async () => {
  const gate = new Gate();
  let broken = false, through = false;
  const first = assertRejects(
    () =>
      gate.until(
        () => {
          if (broken) throw new Error("broken");
          return false;
        },
        undefined,
        "read",
      ),
    Error,
    "broken",
  );
  const second = gate.until(() => through, undefined, "read");
  broken = through = true;
  gate.open();
  await Promise.all([first, second]);
});

test("ready() that has the gate opened is not entered again, but called again", async () => {
  const gate = new Gate(), got: number[] = [];
  let stock = 0, inside = false;
  const waiting = gate.until(
    () => {
      assertEquals(inside, false);
      inside = true;
      if (stock > 0) {
        got.push(stock--);
        gate.open();
      }
      inside = false;
      return got.length === 3;
    },
    undefined,
    "read",
  );
  stock = 3;
  gate.open();
  await waiting;
  assertEquals(got, [3, 2, 1]);
});

test("a timeout out of range is refused", async () => {
  const error = await assertRejects(
    () => new Gate().until(() => true, { timeout: -1 }, "read"),
    RingError,
    "timeout must be 0 or more",
  );
  assertEquals(error.code, "RING_INVALID");
});
