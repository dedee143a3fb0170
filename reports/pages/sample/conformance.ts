/** A conformance run as the runner would write it: nine adapters on three runtimes, every verdict. */
import type { ConformanceResults, Mutant, RuleText, Verdict } from "../../schema.ts";
import { sampleAdapters, sampleEnvironment, sequence } from "./environment.ts";

export function sampleConformance(): ConformanceResults {
  const random = sequence(11);
  const verdicts = rules.slice(0, -1).flatMap(({ id, level }) =>
    sampleAdapters.flatMap(({ adapter, family }) =>
      sampleEnvironment.runtimes.map(({ runtime }): Verdict => {
        const seed = Math.floor(random() * 2 ** 31);
        return {
          adapter,
          family,
          runtime,
          rule: id,
          level,
          seed,
          repro:
            `bun run conformance --adapter ${adapter} --runtimes ${runtime} --rule ${id} --seed ${seed}`,
          ms: Math.round(random() * 900),
          ...verdictOf(id, adapter, runtime),
        };
      })
    )
  );
  return {
    schema: "ringproof/conformance@1",
    environment: sampleEnvironment,
    complete: true,
    rules,
    verdicts,
    mutants,
  };
}

type Outcome = Pick<Verdict, "verdict" | "reason" | "known">;

const claims: Readonly<Record<string, readonly string[]>> = {
  spsc: ["FUL", "EMP", "BLK", "BAT", "RSV", "WRP", "OWN"],
  bounded: ["FUL", "EMP", "BLK", "BAT", "MPR", "OWN"],
  futex_ring: ["FUL", "EMP", "BLK", "BAT", "WRP", "MPR", "OWN"],
  websocket: ["FUL", "EMP", "BLK", "BAT", "NET"],
  ringbuf_js: ["BAT", "WRP", "OWN"],
  message_channel: ["EMP"],
};

const found: Readonly<Record<string, Outcome>> = {
  "BAT4 ringbuf_js": {
    verdict: "fail",
    reason:
      "tryWrite of −1 items: expected 0 accepted and no effect, found the write index at −1 " +
      "(mod 2^32) and 4,294,967,295 items readable",
  },
  "CON4 ringbuf_js": {
    verdict: "fail",
    reason:
      "attach with Float64Array to a ring of Int32Array was accepted, with a capacity of −0.5",
  },
  "OWN4 ringbuf_js": {
    verdict: "known",
    reason: "6 of 6 items that were read are still kept alive",
    known: "its slots keep what was read until they are written again",
  },
  "FIF3 message_channel bun": {
    verdict: "fail",
    reason: "item 41,233 of 100,000 was never delivered; 41,234 followed 41,232",
  },
  "NET4 websocket node": {
    verdict: "fail",
    reason: "after the cut at byte 1,871 item 212 was delivered twice; declared exactly once",
  },
  "MPR3 futex_ring": {
    verdict: "fail",
    reason: "with the claimer of slot 3 stalled no other producer finished within 100,000 steps",
  },
  "BLK6 futex_ring bun": {
    verdict: "unknown",
    reason: "the history search ran out of its budget of 2,000,000 states",
  },
  "BLK6 spsc": {
    verdict: "unknown",
    reason: "no overtaking was seen, in too short a history to tell",
  },
};

function verdictOf(rule: string, adapter: string, runtime: string): Outcome {
  const exact = found[`${rule} ${adapter} ${runtime}`] ?? found[`${rule} ${adapter}`];
  if (exact) return exact;
  if (adapter === "duplex" && runtime === "node") {
    return { verdict: "skip", reason: "unavailable: no C compiler found (cc, gcc, clang)" };
  }
  const prefix = rule.slice(0, 3);
  const claimed = ["CON", "CAP", "FIF", "CLS"].includes(prefix) ||
    claims[adapter]?.includes(prefix) ||
    (prefix === "RTM" && ["capture", "playback", "duplex"].includes(adapter));
  return claimed
    ? { verdict: "pass", reason: "" }
    : { verdict: "skip", reason: `not claimed: ${needs[prefix] ?? "queue"}` };
}

const needs: Readonly<Record<string, string>> = {
  BLK: "blocking",
  BAT: "overflow wait",
  RSV: "reserve",
  MPR: "producers many",
  NET: "reach network",
  RTM: "flow of a device",
  WRP: "start",
};

/** The last of them has no verdict in the sample: it is untested. */
const rules = `
CON1 | Construct | MUST | A capacity that is not a positive integer is refused before anything is allocated. | A length from outside decides how much memory is taken. | S3
CON3 | Construct | MUST | Two rings share nothing, and a new one is empty. | Module state leaks items from one test into the next and from one user to another. | S3
CON4 | Construct | MUST | Attaching with the wrong type, version or size fails. | A view of the wrong element type reads garbage without complaint. | S4, ringbuf.js
CAP1 | Capacity | MUST | Exactly capacity items fit. | One slot less is the oldest bug of rings; one more overwrites the oldest item. | S3
CAP3 | Capacity | MUST | A capacity of 1 works or is refused. | Head and tail meet at once, so every shortcut shows. | S3
FIF1 | Order | MUST | The items of one producer are delivered in the order it wrote them. | It is what the F in FIFO stands for. | S3
FIF2 | Order | MUST | Every history can be explained by a bounded FIFO queue. | Order per producer is not enough: two consumers must agree as well. | Herlihy and Wing 1990
FIF3 | Order | MUST | Nothing is lost, duplicated or invented. | Conservation is the law that statistics are checked against. | S3
FUL1 | Full | MUST | A full ring says so, and the refused write has no effect. | A write that fails and writes is worse than either. | S3
FUL2 | Full | MUST | A waiting write completes once a slot is free. | A lost wake-up looks like a slow consumer. | S3
EMP1 | Empty | MUST | An empty ring says so, and undefined is never an item. | Callers tell empty from a value by the count alone. | S3
EMP3 | Empty | MUST | A waiting read wakes on an item. | An infinite timeout that becomes zero spins instead. | S3
BLK1 | Blocking | MUST | A timeout never fires early. | Milliseconds taken for nanoseconds fire a million times too early. | S3
BLK3 | Blocking | MUST | A read that timed out or was aborted has consumed nothing. | An item that nobody holds is lost. | S3
BLK6 | Blocking | SHOULD | A waiter is overtaken a bounded number of times only. | A stack of waiters starves the first. | S3
BAT1 | Batch, reserve | MUST | A batch returns k, and exactly its first k items moved. | Partial success must be countable. | S2
BAT4 | Batch, reserve | MUST | Lengths that are zero, negative or too large do no harm. | A negative count rewinds the index of published packages. | ringbuf.js
RSV1 | Batch, reserve | MUST | What is reserved and not committed is invisible. | A reader would see a slot half filled. | S0
WRP1 | Wrap | MUST | Three laps and more are exact from every phase. | The first lap hides what the second copies to the wrong place. | S0
WRP2 | Wrap | MUST | Counters cross 2^31 and 2^32 unharmed. | At 10 M items a second 2^31 is three and a half minutes away. | S0
CLS1 | Close | MUST | A write after close fails. | An item accepted by a closed ring is never read. | S3
CLS3 | Close | MUST | Close wakes every waiter, and a second close is harmless. | One waiter left asleep keeps a process alive for ever. | S3
OWN4 | Ownership | MUST | A slot lets go of its item once it is read. | A retained item is a leak of capacity times its size. | S3, mnemonist
MPR3 | Multi | SHOULD | A stalled producer blocks nobody else. | A thread can be stopped between any two instructions. | S0
NET3 | Network | MUST | Backpressure reaches the far writer. | An unbounded socket buffer is a queue without a capacity. | S1
NET4 | Network | MUST | A reconnect keeps the declared delivery. | A connection that is cut after the item and before its acknowledgement is the usual case. | S1
RTM2 | Real time | MUST | Underruns are counted exactly and play silence. | Stale samples are louder than none. | S2
SEC2 | Observe, secure | MUST | A hostile header is detected on attach. | The header is memory that another process writes. | S4
`.trim().split("\n").map((line): RuleText => {
  const [id, group, level, sentence, why, source] = line.split(" | ") as [
    string,
    string,
    RuleText["level"],
    string,
    string,
    string,
  ];
  return { id, group, level, sentence, why, source };
});

const mutants: Mutant[] = sampleEnvironment.runtimes.flatMap(({ runtime }) => [
  {
    mutant: "capacity minus one",
    rule: "CAP1",
    adapter: "bounded",
    runtime,
    killed: true,
    reason: "expected 8 writes to fit, found 7",
  },
  {
    mutant: "index before data",
    rule: "FIF3",
    adapter: "spsc",
    runtime,
    killed: true,
    reason: "race on slot 0: written by 1, read by 2, not ordered",
  },
  {
    mutant: "notify before store",
    rule: "FUL2",
    adapter: "futex_ring",
    runtime,
    killed: runtime !== "bun",
    reason: runtime === "bun"
      ? "survived 4,000 schedules"
      : "deadlock: nobody is runnable at step 41",
  },
  {
    mutant: "signed compare at 2^31",
    rule: "WRP2",
    adapter: "spsc",
    runtime,
    killed: true,
    reason: "a write after 2^31 items: expected 1, found 0",
  },
]);
