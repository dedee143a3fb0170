import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { Fifo } from "./fifo.ts";

test("a queue that grows from every phase keeps its order", () => {
  for (let phase = 0; phase < 20; phase++) {
    const fifo = new Fifo<number>();
    for (let i = 0; i < phase; i++) {
      fifo.push(-1);
      fifo.shift();
    }
    for (let i = 0; i < 5; i++) fifo.push(i);
    fifo.pushFrom([0, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20], 1, 16);
    assertEquals(fifo.shift(), 0);
    const into = new Array(22).fill(-2);
    fifo.shiftInto(into, 1, 20);
    assertEquals(into, [-2, ...Array.from({ length: 20 }, (_, i) => i + 1), -2]);
    assertEquals(fifo.length, 0);
  }
});
