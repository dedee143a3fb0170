/** Lines that a child process prints: its own messages, and whatever the ring in it prints. */
import fc from "fast-check";
import { fromHex, nearly } from "../bytes.ts";
import { MARK, messageIn } from "../../run/messages.ts";
import { assertHarmless, nothingHeld, type Target } from "../target.ts";

interface Input {
  /** In hexadecimal. */
  readonly line: string;
}

const encoder = new TextEncoder();
const said = [
  { type: "adapter", name: "mine", family: "atomics" },
  { type: "begin", rule: "CAP1" },
  { type: "verdict", rule: "CAP1", verdict: "pass", reason: "", ms: 1 },
].map((message) => encoder.encode(MARK + JSON.stringify(message)));

export const messages: Target = {
  name: "messages",
  sentence: "A line of a child process is one of its messages, or is its own business.",
  prepare: () =>
    Promise.resolve({
      ...nothingHeld,
      inputs: fc.oneof(
        nearly(said),
        fc.json().map((json) => encoder.encode(MARK + json)).chain((line) => nearly([line], 1)),
      ).map((line) => ({ line })),
      attempt: ({ line }: Input) =>
        Promise.resolve().then(() => {
          const message = messageIn(new TextDecoder().decode(fromHex(line)));
          const known = message === undefined || typeof message.type === "string";
          assertHarmless(known, "it was taken for a message that it is not");
        }),
    }),
};
