/**
 * What the kernel tells of threads: to whoever looks one up in /proc, a thread that died in the
 * schedule is gone, though its worker lives on for the next one. Who learns of an end is ordered
 * after all that the dead thread did, as after a join.
 */
import fs from "node:fs";
import { type Control, word } from "./control.ts";
import type { Session } from "./session.ts";

export function patchKernel(session: Session, { words }: Control): void {
  const { scheduler, races } = session;
  words[word.kernelIds + scheduler.me] = ownId();
  const threadOf = (path: unknown) => {
    const [, id] = String(path).match(/^\/proc\/self\/task\/(\d+)\//) ?? [];
    if (id === undefined) return -1;
    const ids = words.subarray(word.kernelIds, word.kernelIds + words[word.threads]!);
    return ids.indexOf(Number(id));
  };
  const real = fs.readFileSync as (...args: unknown[]) => unknown;
  (fs as unknown as Record<string, unknown>).readFileSync = (...args: unknown[]) => {
    const thread = session.active ? threadOf(args[0]) : -1;
    if (thread < 0 || !scheduler.isDead(thread)) return real.apply(fs, args);
    races.join(thread);
    session.note(`finds thread ${thread} dead`);
    throw Object.assign(new Error(`no such thread: ${args[0]}`), { code: "ENOENT" });
  };
}

/** 0 where the kernel does not tell. */
function ownId(): number {
  try {
    return Number(fs.readlinkSync("/proc/thread-self").split("/").at(-1));
  } catch {
    return 0;
  }
}
