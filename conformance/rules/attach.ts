/** What attach() believes: nothing that it has not checked. */
import type { Handle } from "../../impls/contract.ts";
import type { Codec } from "../harness/items.ts";
import { refusal } from "../harness/refusal.ts";
import { attaches, check, type Rule, type Trial } from "../rule.ts";

const CON4: Rule = {
  id: "CON4",
  group: "Construct",
  level: "MUST",
  sentence: "attach() refuses what is no ring of this adapter, of this version, whole.",
  why: "A foreign buffer read as a ring corrupts both; a lying header reads out of bounds.",
  source: "S4",
  technique: ["fuzz"],
  needs: attaches,
  async run(trial) {
    const subject = await trial.open();
    const { handle } = subject.ring;
    check(handle, "a ring that reaches beyond its task has a handle");
    for (const [what, foreign] of foreignHandles(handle)) {
      const error = await refusal(async () => {
        const attached = await trial.adapter.attach(foreign);
        await attached[Symbol.asyncDispose]();
      });
      check(error, `attach() to ${what} was not refused`);
      const fitting = ["RING_FOREIGN", "RING_LOST", "RING_STALE", "RING_INVALID"];
      check(fitting.includes(String(error.code)), `attach() to ${what}: ${String(error)}`);
    }
    if (typeof handle.at !== "string" && subject.adapter.capabilities.flow === "loop") {
      await checkHeads(trial, subject.codec, handle.at);
    }
  },
};

function* foreignHandles({ adapter, at }: Handle): Generator<[string, Handle]> {
  const to = (value: unknown) => ({ adapter, at: value }) as Handle;
  yield ["nothing", to(undefined)];
  yield ["an empty URI", to("")];
  yield ["a URI of no ring", to("ring://127.0.0.1:1/none")];
  yield ["a URI that is none", to("%%%")];
  yield ["zeros", to(new SharedArrayBuffer(4096))];
  yield ["four bytes", to(new SharedArrayBuffer(4))];
  if (typeof at === "string") return;
  yield ["the same ring cut short", to(at.slice(0, at.byteLength - 4))];
  yield ["its header alone", to(at.slice(0, 16))];
  for (const word of [0, 1, 2]) {
    const changed = at.slice(0);
    const words = new Int32Array(changed);
    words[word] = words[word]! ^ 0x40;
    yield [`the same ring with word ${word} of its head changed`, to(changed)];
  }
}

/** Words that say where and how much: the head, and what a ring keeps next to it. */
const HEAD_WORDS = 16;

/** Any other word at the beginning that lies is refused, or does no harm. */
async function checkHeads(trial: Trial, codec: Codec, at: SharedArrayBuffer): Promise<void> {
  const honest = new Int32Array(at);
  for (let word = 0; word < Math.min(HEAD_WORDS, honest.length); word++) {
    for (const lie of [0, -1, 1, 2 ** 31 - 1, -(2 ** 31), honest[word]! ^ 0x40]) {
      if (lie === honest[word]) continue;
      const changed = at.slice(0);
      new Int32Array(changed)[word] = lie;
      const what = `a ring whose word ${word} is ${lie}, not ${honest[word]},`;
      trial.doing(`reading and writing ${what}`);
      const error = await refusal(() => use(trial, codec, changed, what));
      // An error that is none of a ring's own says that the lie was believed.
      check(
        !error || String(error.code).startsWith("RING_"),
        `${what} ended with ${String(error)}`,
      );
    }
  }
}

/** What an attached ring is for, without waiting. */
async function use(
  { adapter }: Trial,
  codec: Codec,
  at: SharedArrayBuffer,
  what: string,
): Promise<void> {
  const ring = await adapter.attach({ adapter: adapter.name, at });
  const reader = await ring.reader(), writer = await ring.writer();
  const into = codec.buffer(4);
  const counts = [
    reader.tryRead(into),
    writer.tryWrite(codec.encode([1, 2, 3, 4])),
    reader.tryRead(into),
  ];
  for (const count of counts) {
    check(count >= 0 && count <= 4 && Number.isInteger(count), `${what} moved ${count} of 4 items`);
  }
}

export const attach: readonly Rule[] = [CON4];
