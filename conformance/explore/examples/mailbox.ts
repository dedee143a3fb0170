/**
 * A mailbox of one word with a lost wake-up: the reader sleeps on a value that it has loaded again,
 * after it found the box empty. Run it: `deno run -A conformance/explore/examples/mailbox.ts`.
 */
import { explore, program } from "ringproof/explore";

const EMPTY = 0;

export default program<SharedArrayBuffer>({
  setup: () => new SharedArrayBuffer(4),
  names: () => ["sender", "receiver"],
  threads: () => [
    (memory) => {
      const box = new Int32Array(memory);
      Atomics.store(box, 0, 42);
      Atomics.notify(box, 0);
    },
    (memory) => {
      const box = new Int32Array(memory);
      while (Atomics.load(box, 0) === EMPTY) Atomics.wait(box, 0, Atomics.load(box, 0));
      return Atomics.load(box, 0);
    },
  ],
});

if (import.meta.main) {
  const { failure, executions, exhausted } = await explore({ program: import.meta.url });
  console.log(failure?.trace ?? `${executions} schedules, ${exhausted ? "all there are" : "some"}`);
  console.log(failure ? `${failure.kind}: ${failure.reason}; replay: ${failure.token}` : "good");
}
