/** How a command ends: its exit code, and the one line on stderr that says why it refused to start. */
import process from "node:process";
import { colour } from "./colour.ts";

export const exitCode = { good: 0, failure: 1, usage: 2, inconclusive: 3 } as const;

/** Wrong usage or bad input: printed as one line on stderr, exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Runs a command's main and ends the process with the code that it returns. */
export async function run(main: () => Promise<number>): Promise<void> {
  // Whoever read the output has gone (`| head`, a parent that was killed): nothing is left to say.
  process.stdout.on("error", () => process.exit(exitCode.failure));
  let code: number;
  try {
    code = await main();
  } catch (error) {
    code = error instanceof UsageError ? exitCode.usage : exitCode.failure;
    process.stderr.write(`${colour(process.stderr).red("error:")} ${explained(error)}\n`);
  }
  // process.exit() drops what a pipe has not taken yet.
  await flushed(process.stdout);
  await flushed(process.stderr);
  process.exit(code);
}

function explained(error: unknown): string {
  if (error instanceof UsageError) return error.message.replaceAll(/\s*\n\s*/g, "; ");
  return error instanceof Error ? error.stack ?? error.message : String(error);
}

function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => stream.write("", () => resolve()));
}
