/**
 * What the machine gives to a language with acquire and release: the loops of ring.cpp, compiled by
 * the machine's C++ compiler and called once a run, so that all else is as for the other loops.
 */
import { fileURLToPath } from "node:url";
import { buildLibrary, type NativeCode } from "../../../impls/shared/build.ts";
import { type Functions, openLibrary, pointerOf } from "../../../impls/shared/ffi.ts";
import type { Follow, Lead } from "../../cases/case.ts";
import { direct } from "../../cell/direct.ts";
import { Mismatch } from "../../harness/numbering.ts";
import { RoundTrips } from "../../harness/round_trips.ts";
import { joinLanes, type Lane, LANE_BYTES, openLanes } from "../lane.ts";

const NS_PER_MS = 1e6;
/** Round trips that are kept of a run: its last ones. */
const TRIPS = 2 ** 21;
/** To know what its clock takes: the least of several rounds, as in clock.ts. */
const CLOCK_READINGS = 1000, CLOCK_ROUNDS = 31;

const signatures = {
  ring_lane_bytes: { parameters: [], result: "u32" },
  ring_read_clock: { parameters: ["u32"], result: "u32" },
  ring_send: { parameters: ["pointer", "pointer", "u32", "u32", "u32"], result: "i32" },
  ring_receive: { parameters: ["pointer", "pointer", "u32", "u32", "u32"], result: "i32" },
  ring_ping: {
    parameters: ["pointer", "pointer", "pointer", "u32", "u32", "pointer", "u32"],
    result: "i32",
  },
  ring_echo: { parameters: ["pointer", "pointer", "pointer", "u32", "u32"], result: "i32" },
} as const;

type Native = Functions<typeof signatures>;

const code: NativeCode = {
  name: "cpp_ring",
  what: "the C++ ring",
  language: "C++",
  sources: [fileURLToPath(new URL("./ring.cpp", import.meta.url))],
  flags: ["-std=c++17", "-O3", "-shared", "-fPIC"],
};

interface Joined {
  readonly native: Native;
  readonly lanes: readonly Lane[];
}

export const cppRing = direct<Joined>({
  name: "cpp_ring",
  family: "atomics",
  kind: "reference",
  summary: "the same ring in C++, with release stores and acquire loads",
  async unavailable() {
    try {
      openLibrary(await buildLibrary(code), signatures);
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  },
  open: openLanes,
  async join(at) {
    const native = openLibrary(await buildLibrary(code), signatures);
    const bytes = native.ring_lane_bytes();
    if (bytes === LANE_BYTES) return { native, lanes: joinLanes(at) };
    throw new Error(`ring.cpp has lanes of ${bytes} bytes, lane.ts of ${LANE_BYTES}`);
  },
  loops: {
    throughput: {
      lead: (joined, { batch = 1 }) => mover("ring_receive", joined, Number(batch)),
      follow: (joined, { batch = 1 }) => mover("ring_send", joined, Number(batch)),
    },
    latency: { lead: pinger, follow: echoer },
  },
});

function mover(
  way: "ring_send" | "ring_receive",
  { native, lanes: [lane] }: Joined,
  batch: number,
): Follow {
  const words = pointerOf(lane!.words), sum = shared(1), sumAt = pointerOf(sum);
  return {
    grain: batch,
    run(first, count) {
      expectGood(native[way](words, sumAt, first >>> 0, count, batch), way);
      return sum[0]!;
    },
  };
}

function pinger({ native, lanes: [incoming, outgoing] }: Joined): Lead {
  const [into, from] = [pointerOf(incoming!.words), pointerOf(outgoing!.words)];
  const sum = shared(1), trips = shared(TRIPS);
  const [sumAt, tripsAt] = [pointerOf(sum), pointerOf(trips)];
  let made = 0;
  return {
    grain: 1,
    run(first, count) {
      made = count;
      const fault = native.ring_ping(into, from, sumAt, first >>> 0, count, tripsAt, TRIPS);
      expectGood(fault, "ring_ping");
      return sum[0]!;
    },
    score() {
      const kept = new RoundTrips();
      for (const ns of trips.subarray(0, Math.min(made, TRIPS))) kept.record(ns / NS_PER_MS);
      const rounds = Array.from(
        { length: CLOCK_ROUNDS },
        () => native.ring_read_clock(CLOCK_READINGS),
      );
      return kept.score(Math.min(...rounds) / CLOCK_READINGS);
    },
  };
}

function echoer({ native, lanes: [outgoing, incoming] }: Joined): Follow {
  const [into, from] = [pointerOf(incoming!.words), pointerOf(outgoing!.words)];
  const sum = shared(1), sumAt = pointerOf(sum);
  return {
    grain: 1,
    run(first, count) {
      expectGood(native.ring_echo(into, from, sumAt, first >>> 0, count), "ring_echo");
      return sum[0]!;
    },
  };
}

/** Memory that an engine does not move, for the other side to write to. */
function shared(words: number): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer(4 * words));
}

function expectGood(fault: number, way: keyof Native): void {
  if (fault === 0) return;
  throw new Mismatch(`${way}: ${fault === 1 ? "an item holds a wrong number" : "nothing came"}`);
}
