/** Faults of a ring served over a network. */
import type { Mutant } from "./mutant.ts";

const websocket = { adapter: "websocket", module: "impls/network/websocket.ts" } as const;

export const networkMutants: readonly Mutant[] = [
  {
    ...websocket,
    name: "credit is not spent",
    rule: "NET3",
    fault: 54,
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
    name: "messages that come in one chunk are taken for one",
    rule: "NET2",
    fault: 51,
    file: "impls/network/websocket/exchange.ts",
    find:
      '    socket.on("message", (data, isBinary) => this.#hear(peer, data as Buffer, isBinary));\n',
    replace: "    let heard = false;\n" +
      '    socket.on("message", (data, isBinary) => {\n' +
      "      if (!heard) this.#hear(peer, data as Buffer, isBinary);\n" +
      "      heard = true;\n" +
      "      setTimeout(() => heard = false);\n" +
      "    });\n",
  },
  {
    ...websocket,
    name: "what a reader says it had read when it was cut off is not heard",
    rule: "NET4",
    fault: 52,
    file: "impls/network/websocket/exchange.ts",
    find: "      this.#ledger.consume(bytes.readUInt32LE(wire.POSITION_IN_RECOVER));\n",
    replace: "",
  },
  {
    ...websocket,
    name: "what was sent ahead counts as read",
    rule: "NET4",
    fault: 53,
    file: "impls/network/websocket/reader.ts",
    find: "    return this.#consumed;\n  }\n\n  tryRead",
    replace: "    return this.#received;\n  }\n\n  tryRead",
  },
  {
    ...websocket,
    name: "a message may be as long as it says",
    rule: "SEC1",
    fault: 55,
    file: "impls/network/websocket/listen.ts",
    find: "maxPayload: maxMessageBytes });",
    replace: "maxPayload: 0 * maxMessageBytes });",
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
