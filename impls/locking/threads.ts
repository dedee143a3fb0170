/**
 * Names of threads for the words of locks, and whether the thread of a name is still there.
 *
 * A name leaves bit 0 to the lock:
 *
 *   bit 1        ANONYMOUS  nobody can look the thread up
 *   bits 2–23    id         the kernel's id of the thread; of an anonymous one a number drawn at random
 *   bits 24–31   tag        when the thread was started, so that a later thread to which the kernel
 *                           gives the same id has another name; of an anonymous one its own count
 *                           of acquisitions, so that two of them can be told apart
 *
 * On Linux the kernel shows every thread of a process in /proc/self/task. Elsewhere, and where a
 * runtime keeps /proc from the program, threads are anonymous. (Source for the thread's id in the
 * word: the robust mutexes of POSIX and Linux.)
 */
// As one object, whose functions a test of deaths can stand in for.
import fs from "node:fs";

/** Set in the name of a thread that cannot be looked up. */
export const ANONYMOUS = 2;
const ID_SHIFT = 2, ID_BITS = 22;
const TAG_SHIFT = ID_SHIFT + ID_BITS, TAG_BITS = 8;
const ID_MASK = 2 ** ID_BITS - 1, TAG_MASK = 2 ** TAG_BITS - 1;

export interface Threads {
  /** The calling thread's name. */
  readonly self: number;
  /** What is added to the name with each acquisition; the sum is kept to 32 bits. */
  readonly step: number;
  /** Whether the thread of that name is still there; undefined = nobody can tell. */
  alive(name: number): boolean | undefined;
}

let known: Threads | undefined;
/** The threads of this process, as the calling one sees them. */
export const threads = (): Threads => known ??= listedThreads() ?? anonymousThreads();

/** Threads that the kernel lists; undefined where it lists none, or may not be asked. */
export function listedThreads(): Threads | undefined {
  const id = ownId();
  const self = id === undefined ? undefined : nameOf(id);
  if (id === undefined || typeof self !== "number") return undefined;
  return {
    self,
    step: 0,
    alive(name) {
      if (name & ANONYMOUS) return undefined;
      const now = nameOf((name >>> ID_SHIFT) & ID_MASK);
      // Were the list itself gone, every thread would seem dead: this one says whether it is.
      if (now === "gone" && nameOf(id) !== self) return undefined;
      return now === undefined ? undefined : now === name;
    },
  };
}

/** A name for a thread that nobody can look up. */
export function anonymousThreads(): Threads {
  const id = 1 + Math.floor(Math.random() * ID_MASK);
  return {
    self: ANONYMOUS | (id << ID_SHIFT),
    step: 1 << TAG_SHIFT,
    alive: () => undefined,
  };
}

function ownId(): number | undefined {
  try {
    if (!mayAsk()) return undefined;
    const id = Number(fs.readlinkSync("/proc/thread-self").split("/").at(-1));
    return Number.isInteger(id) && id > 0 && id <= ID_MASK ? id : undefined;
  } catch {
    return undefined;
  }
}

/** The name that the thread of this id has now; undefined = the kernel did not say. */
function nameOf(id: number): number | "gone" | undefined {
  try {
    const stat = fs.readFileSync(`/proc/self/task/${id}/stat`, "latin1");
    // After the program's name, which may hold anything: the state is field 3, the start field 22.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const state = fields[0], ticks = Number(fields[19]);
    if (!Number.isInteger(ticks)) return undefined;
    if (state === "Z" || state === "X") return "gone";
    return ((ticks & TAG_MASK) << TAG_SHIFT) | (id << ID_SHIFT);
  } catch (error) {
    return (error as { code?: unknown }).code === "ENOENT" ? "gone" : undefined;
  }
}

/** Deno would ask its user for leave, who could not know why a ring needs it. */
function mayAsk(): boolean {
  const { Deno } = globalThis as { Deno?: DenoPermissions };
  const asked = { name: "read", path: "/proc" } as const;
  return Deno === undefined || Deno.permissions.querySync(asked).state === "granted";
}

interface DenoPermissions {
  permissions: { querySync(asked: { name: "read"; path: string }): { state: string } };
}
