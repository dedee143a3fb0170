/** Records of any length, one after the other through the same bytes. */
import { check, records, type Rule, type Trial } from "../rule.ts";

/** A record as long as all the shortest together has room. */
const CAPACITY = 16, BYTES = 4 * CAPACITY;

const WRP3: Rule = {
  id: "WRP3",
  group: "Wrap",
  level: "MUST",
  sentence: "Records of every length come out as they went in, wherever they begin, also empty.",
  why:
    "A length that is read from the record before, or half of it after the wrap, splits wrongly.",
  source: "S4",
  technique: ["model"],
  needs: records,
  async run(trial) {
    for (let phase = 0; phase < CAPACITY; phase++) await checkLengths(trial, phase);
    await checkMixtures(trial);
    await checkRefusals(trial);
  },
};

/** All different, or such as look like the lengths of short records to who reads in the wrong place. */
function record(length: number, salt: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => {
    if (salt % 2 === 0) return 1 + (31 * salt + 7 * i) % 255;
    return i % 4 === 0 ? (salt + i / 4) % 7 : 0;
  });
}

async function ends(trial: Trial) {
  const subject = await trial.open({ capacity: CAPACITY });
  const reader = await subject.nearReader();
  return { subject, reader, writer: await subject.nearWriter() };
}

type Ends = Awaited<ReturnType<typeof ends>>;

/** Each length alone, from `phase` on: after a longer one it must not be taken for that. */
async function checkLengths(trial: Trial, phase: number): Promise<void> {
  const at = await ends(trial);
  for (let i = 0; i < phase; i++) await through(at, [record(0, 0)]);
  for (let length = BYTES; length >= 0; length -= length > 12 ? 5 : 1) {
    trial.doing(`passing a record of ${length} bytes`);
    await through(at, [record(length, phase)]);
    // Round to the same place, so that the next one lies on top of this one.
    await through(at, [record(BYTES, 3)]);
    await through(at, [record(length, phase + 1), record(0, 0), record(1, 5)]);
  }
}

async function through({ writer, reader }: Ends, items: Uint8Array[]): Promise<void> {
  for (let from = 0; from < items.length;) {
    const accepted = writer.tryWrite(items, from);
    check(accepted > 0, `a record of ${items[from]!.length} bytes did not fit into an empty ring`);
    for (const end = from + accepted; from < end;) {
      const into: unknown[] = new Array(end - from).fill(undefined);
      const count = await reader.read(into);
      check(count > 0, "the end came before a record");
      for (let i = 0; i < count; i++) checkSame(into[i], items[from + i]!);
      from += count;
    }
  }
  check(reader.tryRead([undefined]) === 0, "a record came that nobody wrote");
}

function checkSame(got: unknown, due: Uint8Array): void {
  check(got instanceof Uint8Array, `a record of ${due.length} bytes came as ${typeof got}`);
  check(got.length === due.length, `a record of ${due.length} bytes came as one of ${got.length}`);
  const at = got.findIndex((byte, i) => byte !== due[i]);
  check(at < 0, `byte ${at} of a record of ${due.length} bytes is ${got[at]}, not ${due[at]}`);
}

/** Batches of all lengths, read in batches of all sizes. */
async function checkMixtures(trial: Trial): Promise<void> {
  const { reader, writer } = await ends(trial);
  const inside: Uint8Array[] = [];
  for (let round = 0; round < 400; round++) {
    const offered = Array.from(
      { length: trial.random.integer(5) },
      () => record(trial.random.integer(trial.random.integer(3) === 0 ? BYTES : 12), round),
    );
    inside.push(...offered.slice(0, writer.tryWrite(offered)));
    const into: unknown[] = new Array(trial.random.integer(6)).fill(undefined);
    const count = reader.tryRead(into);
    check(count <= inside.length, `${count} records were read of ${inside.length}`);
    check(count > 0 || into.length === 0 || inside.length === 0, "no record of those inside came");
    inside.splice(0, count).forEach((due, i) => checkSame(into[i], due));
  }
}

/** What can never fit is refused, whatever is inside, and changes nothing. */
async function checkRefusals(trial: Trial): Promise<void> {
  const at = await ends(trial);
  const { writer, reader } = at;
  const strange: [string, unknown][] = [
    ["a record that can never fit", new Uint8Array(100 * BYTES)],
    ["a string", "record"],
    ["undefined", undefined],
    ["a plain array", [1, 2]],
  ];
  for (const [what, item] of strange) {
    let code: unknown = "success";
    try {
      writer.tryWrite([item]);
    } catch (error) {
      code = (error as { code?: unknown }).code ?? error;
    }
    check(code === "RING_INVALID", `a write of ${what} ended with ${String(code)}`);
    check(reader.tryRead([undefined]) === 0, `${what} went in`);
    await through(at, [record(9, 1), record(0, 0)]);
  }
}

export const recordRules: readonly Rule[] = [WRP3];
