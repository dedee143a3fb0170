/**
 * Where things lie in the memory that callback.h draws, in bytes. shim.ts compares these numbers
 * with the compiled ones before it lets anyone use them.
 */
export const MAGIC = 0x52504155, VERSION = 1;
/** Entries of a lane's log of misses. */
export const LOG_LENGTH = 64;

/** From the beginning of the ring. */
export const ring = {
  magic: 0,
  version: 4,
  bytes: 8,
  flow: 16,
  capacity: 20,
  width: 24,
  rate: 28,
  period: 32,
  id: 36,
  closed: 64,
  turn: 128,
  beats: 132,
  lanes: 192,
} as const;

/** From the beginning of a lane. */
export const lane = {
  written: 0,
  read: 64,
  sequence: 128,
  sleepers: 132,
  missed: 192,
  xruns: 200,
  logged: 208,
  taken: 212,
  claim: 256,
  nearSlot: 260,
  nearPosition: 264,
  toldMissed: 272,
  toldXruns: 280,
  at: 288,
  log: 320,
} as const;
export const LANE_BYTES = 1344;
/** All that lies before the frames and that JavaScript looks at. */
export const HEADER_BYTES = ring.lanes + 2 * LANE_BYTES;

/** Who holds the near end: JavaScript reads what a source captured and writes what a sink plays. */
export const CAPTURE = 0, PLAYBACK = 1;
export type Side = typeof CAPTURE | typeof PLAYBACK;
export const flows = ["source", "sink", "duplex"] as const;
export type Flow = (typeof flows)[number];

/** In the order of audio_layout() in shim.c. */
export const layout: readonly number[] = [
  MAGIC,
  VERSION,
  LOG_LENGTH,
  LANE_BYTES,
  ...Object.values(ring),
  ...Object.values(lane),
];
