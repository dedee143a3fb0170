/** Everything from outside the process that is fuzzed. Loaded by name: each brings much along. */
import type { Target } from "../target.ts";

const loaders = {
  memory: async () => (await import("./memory.ts")).memory,
  handles: async () => (await import("./handles.ts")).handles,
  options: async () => (await import("./options.ts")).options,
  frames: async () => (await import("./frames.ts")).frames,
  replies: async () => (await import("./replies.ts")).replies,
  stream: async () => (await import("./stream.ts")).stream,
  commands: async () => (await import("./commands.ts")).commands,
  results: async () => (await import("./results.ts")).results,
  messages: async () => (await import("./messages.ts")).messages,
  plugins: async () => (await import("./plugins.ts")).plugins,
} as const satisfies Record<string, () => Promise<Target>>;

export type TargetName = keyof typeof loaders;
export const targetNames = Object.keys(loaders) as readonly TargetName[];

export const loadTarget = (name: TargetName): Promise<Target> => loaders[name]();
