/**
 * The worker that sets a program up, once. Not the thread that explores: it may be the program's own
 * module that called explore(), and that cannot be imported while it is being evaluated.
 */
import { parentPort, workerData } from "node:worker_threads";
import type { Program } from "./program.ts";

export interface Order {
  readonly module: string;
  readonly args: unknown;
}

export type Answer =
  | {
    readonly kind: "set up";
    readonly shared: unknown;
    readonly names: readonly string[];
    /** Threads that may die. */
    readonly mortal: readonly number[];
  }
  | { readonly kind: "fault"; readonly message: string };

const { module, args } = workerData as Order;
parentPort!.postMessage(
  await setUp().catch((error: unknown): Answer => ({
    kind: "fault",
    message: error instanceof Error ? error.stack ?? error.message : String(error),
  })),
);

async function setUp(): Promise<Answer> {
  const { default: program } = await import(module) as { default?: Program<unknown> };
  if (typeof program?.setup !== "function" || typeof program.threads !== "function") {
    throw new Error(`${module} has no program as its default export`);
  }
  const shared = await program.setup(args);
  const threads = await program.threads(args);
  const names = program.names?.(args) ?? threads.map((_, i) => `thread ${i}`);
  const mortal = program.mortal?.(args) ?? threads.map((_, i) => i);
  return { kind: "set up", shared, names, mortal };
}
