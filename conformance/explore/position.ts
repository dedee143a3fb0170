/**
 * Where an execution is in the order of everything that happens in it: for programs that write down
 * when something was. To ask is no step: it changes no schedule, and nothing that others can see.
 */

let next = (): number => {
  throw new Error("position() was asked for where nothing is explored");
};

/** A number that is larger than all before it in this execution, on any thread. */
export const position = (): number => next();

/** For the worker that runs the program. */
export function takePositionsFrom(source: () => number): void {
  next = source;
}
