/** Says a line to whoever started this process, and has said it before it goes on. */
import { writeSync } from "node:fs";

const STDOUT = 1;
/** How long a full pipe is left to its reader. */
const FULL_PIPE_MS = 1;

/** Writes to stdout, whole: what has been said must not die with the process. */
export function say(line: string): void {
  const bytes = new TextEncoder().encode(`${line}\n`);
  for (let written = 0; written < bytes.length;) {
    try {
      // A pipe that does not block takes what it has room for: 64 KiB as a rule.
      written += writeSync(STDOUT, bytes, written);
    } catch (error) {
      if ((error as { code?: unknown }).code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, FULL_PIPE_MS);
    }
  }
}
