/** Faults of a ring served over a network. */
import type { Mutant } from "./mutant.ts";

const websocket = { adapter: "websocket", module: "impls/network/websocket.ts" } as const;

export const networkMutants: readonly Mutant[] = [
  {
    ...websocket,
    name: "credit is not spent",
    rule: "NET3",
    file: "impls/network/websocket/writer.ts",
    find: "    this.#credit -= count;\n",
    replace: "",
  },
  {
    ...websocket,
    name: "tcp:// is not known",
    rule: "URI1",
    file: "impls/network/websocket/uri.ts",
    find: "/^(?:ring|tcp):",
    replace: "/^(?:ring):",
  },
  {
    ...websocket,
    name: "a stranger's request ends the server",
    rule: "SEC1",
    file: "impls/network/websocket/listen.ts",
    find: "    if (status) refuse(socket, status);",
    replace: "    if (status) throw new Error(status);",
  },
  {
    ...websocket,
    name: "an end disposed of twice takes its successor's slot",
    rule: "MPR2",
    file: "impls/network/websocket/ring.ts",
    find: "  return () => left ??= leave();",
    replace: "  return () => left = leave();",
  },
];
