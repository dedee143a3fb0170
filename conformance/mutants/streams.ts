/** Faults of a ring whose sides are Web Streams. */
import type { Mutant } from "./mutant.ts";

const streams = { adapter: "streams", module: "impls/channel/streams.ts" } as const;
const ends = { ...streams, file: "impls/channel/ends.ts" } as const;

export const streamsMutants: readonly Mutant[] = [
  {
    ...streams,
    name: "a queue on each side, each of the capacity",
    rule: "CAP1",
    find: "while (at < items.length && this.#inside < this.capacity) {",
    replace: "while (at < items.length && this.#inside < 2 * this.capacity) {",
  },
  {
    ...streams,
    name: "an item is out as soon as the stream has handed it to the reader",
    rule: "CAP2",
    find: "if (!this.#gathers) this.#deliver(1);",
    replace: "this.#deliver(1); if (this.#gathers) this.#inside = Math.max(0, this.#inside);",
  },
  {
    ...streams,
    name: "what is delivered makes no room",
    rule: "FUL2",
    find: "    if (count > 0) this.#room.open();\n",
    replace: "",
  },
  {
    ...streams,
    name: "what has arrived wakes no reader",
    rule: "EMP3",
    find: "        this.#arrived.push(value as T);\n        this.#items.open();\n",
    replace: "        this.#arrived.push(value as T);\n",
  },
  {
    ...streams,
    name: "items that arrived go to the buffer's beginning, wherever they were to go",
    rule: "BAT5",
    find: "this.#arrived.shiftInto(into, from, count);",
    replace: "this.#arrived.shiftInto(into, 0, count);",
  },
  {
    ...streams,
    name: "a second writer on the stream's one lock",
    rule: "MPR2",
    find: `if (this.#held.writer) throw busy("writer", "the ring has its one writer already");`,
    replace: "",
  },
  {
    ...streams,
    name: "a lock that was given back is never free again",
    rule: "MPR2",
    find: "    this.#held[end] = false;\n",
    replace: "    void end;\n",
  },
  {
    ...ends,
    name: "an end that is disposed of twice is given back twice",
    rule: "MPR2",
    find: "    return this.#released ??= this.#side.release();\n  }\n}\n\nexport class GateReader",
    replace: "    return this.#side.release();\n  }\n}\n\nexport class GateReader",
  },
  {
    ...streams,
    name: "a write after close goes into the stream",
    rule: "CLS1",
    find: "    if (this.#closed) throw closed();\n    let at = from;",
    replace: "    let at = from;",
  },
  {
    ...streams,
    name: "the readable ends before what is on its way to the sink",
    rule: "CLS2",
    find: "this.#queue.length + this.#underWay > 0) return;",
    replace: "this.#queue.length > 0) return;",
  },
  {
    ...streams,
    name: "close wakes no reader",
    rule: "CLS3",
    find: "    this.#room.open();\n    this.#items.open();\n  }",
    replace: "    this.#room.open();\n  }",
  },
  {
    ...streams,
    name: "disposal leaves the writer that waits",
    rule: "CLS4",
    find: "    this.#discard();\n    this.#sink.error(closed());\n    this.#shut();\n",
    replace: "    this.#discard();\n    this.#sink.error(closed());\n",
  },
  {
    ...ends,
    name: "what was accepted is not counted",
    rule: "OBS1",
    find: "    this.#moved += accepted;\n",
    replace: "",
  },
];
