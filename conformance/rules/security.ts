/** Who may attach to a ring, and what a ring believes of memory that others can write to. */
import { runCell } from "../fuzz/cell.ts";
import { refusal } from "../harness/refusal.ts";
import { take } from "../harness/subject.ts";
import { attaches, check, type Rule, type Trial } from "../rule.ts";

/** Inputs for each random program of a profile; they take less than a millisecond as a rule. */
const INPUTS_A_PROGRAM = 25;
/** For all of them, where memory that lies has ends wait for the dead. */
const SECONDS = 4;
/** The longest that any end waits for others that seem to be in the midst of something, and a bit. */
const LIMIT_MS = 7_500;

const SEC2: Rule = {
  id: "SEC2",
  group: "Security",
  level: "MUST",
  sentence:
    "Who has not been given the handle cannot attach; memory that lies is refused, or does no " +
    "harm outside of itself.",
  why: "A name that can be guessed is no right to attach; a length or a cursor that is believed " +
    "unchecked reads out of bounds, allocates what it says, or never ends.",
  source: "S4",
  technique: ["fuzz"],
  needs: attaches,
  async run(trial) {
    const { handle } = (await trial.open()).ring;
    check(handle, "a ring that reaches beyond its task has a handle");
    if (typeof handle.at === "string") await checkNames(trial);
    else await checkMemory(trial);
  },
};

/** The last part of a handle's name is the secret: with any of its characters changed, it names nothing. */
async function checkNames(trial: Trial): Promise<void> {
  const { ring, ...subject } = await openWithItem(trial);
  const { adapter, at } = ring.handle as { adapter: string; at: string };
  const secret = /[\da-z-]+$/i.exec(at)?.[0] ?? "";
  check(secret.length > 0, `${at} ends with no name`);
  for (let i = 1; i <= secret.length; i++) {
    const place = at.length - i;
    const other = otherThan(at[place]!);
    if (other === undefined) continue;
    const guess = at.slice(0, place) + other + at.slice(place + 1);
    trial.doing(`attaching to ${guess}`);
    const error = await refusal(async () => {
      const attached = await trial.adapter.attach({ adapter, at: guess });
      trial.after(() => attached[Symbol.asyncDispose]());
    });
    check(error, `attach() to ${guess} was not refused, though the ring is ${at}`);
    check(String(error.code).startsWith("RING_"), `attach() to ${guess}: ${String(error)}`);
  }
  await subject.check();
}

/** A ring with an item in it, where items can be put in from here; and whether it is there still. */
async function openWithItem(trial: Trial) {
  const subject = await trial.open();
  if (trial.adapter.capabilities.flow !== "loop") {
    return { ring: subject.ring, check: () => Promise.resolve() };
  }
  const { feed, drain } = await subject.ends();
  await feed.write([1]);
  return {
    ring: subject.ring,
    async check() {
      const [item] = await take(drain, 1);
      check(item === 1, `item 1 was written, ${item} was read after others had tried to attach`);
    },
  };
}

/** Another one of its kind. */
function otherThan(character: string): string | undefined {
  if (/[0-8a-eA-Y]/.test(character)) return String.fromCharCode(character.charCodeAt(0) + 1);
  return { "9": "0", f: "a" }[character];
}

async function checkMemory(trial: Trial): Promise<void> {
  const { ref, seed, effort } = trial;
  trial.doing("using rings in memory that lies");
  const runs = INPUTS_A_PROGRAM * effort.programs;
  const { failure } = await runCell({
    target: "memory",
    adapters: [ref],
    inputs: { made: { seed, runs, seconds: SECONDS } },
    limitMs: LIMIT_MS,
  });
  check(!failure, `${failure?.message} on ${JSON.stringify(failure?.input)}`);
}

export const securityRules: readonly Rule[] = [SEC2];
