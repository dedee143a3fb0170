/** Ctrl-C, once to finish cleanly with what there is, twice to stop at once. */
import process from "node:process";

let interrupt: AbortController | undefined;

/** Aborts at the first SIGINT or SIGTERM; a second one exits at once with 130. */
export function onInterrupt(): AbortSignal {
  if (interrupt === undefined) {
    const controller = interrupt = new AbortController();
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.on(signal, () => {
        if (controller.signal.aborted) process.exit(130);
        process.stderr.write("\ninterrupted; once more to stop at once\n");
        controller.abort();
      });
    }
  }
  return interrupt.signal;
}
