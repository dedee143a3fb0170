/** Somebody else's package, as it lies in node_modules: ringbuf.js, one producer and one consumer. */
import { RingBuffer } from "ringbuf.js";
import { explore, program } from "ringproof/explore";

const ITEMS = 4;

export default program<SharedArrayBuffer>({
  setup: () => RingBuffer.getStorageForCapacity(2, Int32Array),
  names: () => ["producer", "consumer"],
  threads: () => [
    (memory) => {
      const ring = new RingBuffer(memory, Int32Array);
      for (let item = 1; item <= ITEMS;) item += ring.push(Int32Array.of(item));
    },
    (memory) => {
      const ring = new RingBuffer(memory, Int32Array);
      const one = new Int32Array(1), items: number[] = [];
      while (items.length < ITEMS) if (ring.pop(one) === 1) items.push(one[0]!);
      return items;
    },
  ],
  check([, items]) {
    if (String(items) !== "1,2,3,4") throw new Error(`${ITEMS} items came out as ${items}`);
  },
});

if (import.meta.main) {
  const { failure, executions, exhausted } = await explore({ program: import.meta.url });
  console.log(failure?.trace ?? `${executions} schedules, ${exhausted ? "all there are" : "some"}`);
}
