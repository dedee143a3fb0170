/**
 * A sequence lock as it is written in C: the reader copies plain data while the writer may be
 * changing them, and throws the copy away if the sequence has moved. What comes out is right under
 * every schedule here, and yet it is a data race: an engine may load before it looks.
 */
import { explore, program } from "ringproof/explore";

const SEQUENCE = 0, DATA = 4;

export default program<SharedArrayBuffer>({
  setup: () => new SharedArrayBuffer(32),
  names: () => ["writer", "reader"],
  threads: () => [
    (memory) => {
      const words = new Int32Array(memory);
      for (let round = 1; round <= 2; round++) {
        Atomics.add(words, SEQUENCE, 1); // odd: do not look
        words[DATA] = round;
        words[DATA + 1] = round;
        Atomics.add(words, SEQUENCE, 1);
      }
    },
    (memory) => {
      const words = new Int32Array(memory);
      for (;;) {
        const before = Atomics.load(words, SEQUENCE);
        const copy = [words[DATA], words[DATA + 1]];
        if (before % 2 === 0 && Atomics.load(words, SEQUENCE) === before) return copy;
      }
    },
  ],
  check([, copy]) {
    const [first, second] = copy as number[];
    if (first !== second) throw new Error(`torn: ${first} and ${second}`);
  },
});

if (import.meta.main) {
  const { failure } = await explore({ program: import.meta.url });
  console.log(failure?.trace ?? "no failure");
  console.log(failure ? `${failure.kind}: ${failure.reason}` : "");
}
