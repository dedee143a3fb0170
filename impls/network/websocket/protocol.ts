/**
 * The wire between a ring that is served over WebSocket and whoever holds its ends.
 *
 * Every message is one binary WebSocket message of 32-bit little-endian words; the first is its type.
 * One connection carries at most one writer and one reader of the ring, so that what happens in
 * order on one side is seen in that order on the other.
 *
 * | type | name      | to     | further words                                     | meaning
 * | ---- | --------- | ------ | ------------------------------------------------- | -------
 * |  1   | HELLO     | client | magic version capacity width closed beatMs key[4] | first message; key names the connection
 * |  2   | OPEN      | server | side                                              | asks for an end: 0 writer, 1 reader
 * |  3   | OPENED    | client | side credit                                       | granted; credit for a writer, else 0
 * |  4   | BUSY      | client | side                                              | another connection holds that end
 * |  5   | ITEMS     | both   | items, `width` words each, at least one           | spends credit
 * |  6   | CREDIT    | client | count                                             | that many items more may be sent
 * |  7   | CONSUMED  | server | position                                          | items read since OPENED, modulo 2^32
 * |  8   | LEAVE     | server | side                                              | gives the end back
 * |  9   | LEFT      | client | side                                              | it is free for others
 * | 10   | CLOSE     | server |                                                   | asks to close the ring
 * | 11   | CLOSING   | client |                                                   | write no more; answer SEEN
 * | 12   | ENDED     | client | left                                              | items still to come; answer SEEN
 * | 13   | SEEN      | server |                                                   | answers CLOSING and ENDED
 * | 14   | CLOSED    | client |                                                   | answers CLOSE once all have SEEN
 * | 15   | RECOVER   | server | key[4] position                                   | what the reader of a lost connection had read
 * | 16   | RECOVERED | client |                                                   | the rest is back in the ring
 *
 * Flow control is by credit alone (source: RFC 9113 §5.2, with items for bytes). A writer starts with
 * the free slots of the ring, and a slot is free again once the reader has CONSUMED its item. So a
 * sender never has more queued on its socket than the ring has room for, and a server never more
 * than WINDOW_BYTES of items a reader.
 *
 * Closing takes two rounds, CLOSING and ENDED, to every connection: after the first nobody writes
 * and all that was accepted has arrived, after the second every reader knows where the end is.
 *
 * Liveness is WebSocket's ping and pong: the server pings every beatMs (5000 by default), and either
 * side gives the other up after SILENT_BEATS without a sign of life: a host that vanished is noticed
 * within four beats, and a process that blocks its event loop for longer loses its connection.
 *
 * Close codes: 1000 done · 1001 the ring is gone · 1003 not binary · 1007 no such message ·
 * 1008 a message out of turn, or more items than credit · 1009 longer than a full batch.
 */
import type { Buffer } from "node:buffer";

/** "RING" as its bytes stand on the wire. */
export const MAGIC = 0x474e4952;
export const VERSION = 1;

export const HELLO = 1, OPEN = 2, OPENED = 3, BUSY = 4, ITEMS = 5, CREDIT = 6, CONSUMED = 7;
export const LEAVE = 8, LEFT = 9, CLOSE = 10, CLOSING = 11, ENDED = 12, SEEN = 13, CLOSED = 14;
export const RECOVER = 15, RECOVERED = 16;

/** An end of a ring, as OPEN and its answers name it. */
export type Side = 0 | 1;
export const WRITER = 0, READER = 1;

/** Items travel in batches of about this many bytes, or one by one when larger. */
const BATCH_BYTES = 2 ** 16;
/** Words of an item, which fits in one message. */
export const MAX_WIDTH = 2 ** 18;
/** Items that a reader is sent ahead of reading them, in bytes, or one item when larger. */
const WINDOW_BYTES = 2 ** 20;
/** What either side may have queued on a socket before the other counts as not reading. */
export const MAX_QUEUED_BYTES = 8 * 2 ** 20;
export const SILENT_BEATS = 3;
/** How long a reader that was cut off can say how far it had come. */
export const RECOVERY_MS = 1000;
/** How long either side waits for the other's half of a WebSocket handshake at the end. */
export const GOODBYE_MS = 1000;

export const WORD_BYTES = 4;
export const KEY_BYTES = 16;
/** Offsets in bytes. */
export const KEY_IN_RECOVER = WORD_BYTES, POSITION_IN_RECOVER = KEY_IN_RECOVER + KEY_BYTES;

/** Bytes of each message by its type; ITEMS has any number of whole items. */
const LENGTHS: readonly number[] = [0, 11, 2, 3, 2, 0, 2, 2, 2, 2, 1, 1, 2, 1, 1, 6, 1]
  .map((words) => words * WORD_BYTES);
export const HELLO_BYTES = LENGTHS[HELLO]!;
const TO_SERVER: readonly number[] = [OPEN, ITEMS, CONSUMED, LEAVE, CLOSE, SEEN, RECOVER];
const TO_CLIENT: readonly number[] = [
  ...[HELLO, OPENED, BUSY, ITEMS, CREDIT, LEFT, CLOSING, ENDED, CLOSED, RECOVERED],
];

/** Items in the fullest message, and in the largest prefetch. */
export const batchItems = (capacity: number, width: number): number =>
  itemsIn(BATCH_BYTES, capacity, width);
export const windowItems = (capacity: number, width: number): number =>
  itemsIn(WINDOW_BYTES, capacity, width);
/** Bytes of the longest message that a server of such a ring takes. */
export const maxMessageBytes = (capacity: number, width: number): number =>
  Math.max(LENGTHS[RECOVER]!, WORD_BYTES * (1 + batchItems(capacity, width) * width));
/** Bytes of the longest message of any ring. */
export const MAX_MESSAGE_BYTES = WORD_BYTES + Math.max(BATCH_BYTES, MAX_WIDTH * WORD_BYTES);

/** A peer that does not keep to the table above, and the close code that tells it so. */
export class Violation extends Error {
  override readonly name = "Violation";
  readonly closeCode: number;

  constructor(closeCode: 1003 | 1007 | 1008, why: string) {
    super(why);
    this.closeCode = closeCode;
  }
}

/** Words are in the host's order, which is the wire's on every machine that unavailable() passes. */
export function message(...words: number[]): Int32Array {
  return Int32Array.from(words, (word) => word | 0);
}

/** Word `index` of a message, unsigned. */
export function word(bytes: Buffer, index: number): number {
  return bytes.readUInt32LE(index * WORD_BYTES);
}

/** The type of a message of the right length to that side, or Violation. */
export function typeOf(
  bytes: Buffer,
  isBinary: boolean,
  to: "server" | "client",
  width: number,
): number {
  if (!isBinary) throw new Violation(1003, "a text message");
  const type = bytes.length >= WORD_BYTES ? word(bytes, 0) : 0;
  if (!(to === "server" ? TO_SERVER : TO_CLIENT).includes(type)) {
    throw new Violation(1007, `a message of type ${type} and ${bytes.length} bytes`);
  }
  const items = (bytes.length / WORD_BYTES - 1) / width;
  const good = type === ITEMS
    ? items >= 1 && Number.isInteger(items)
    : bytes.length === LENGTHS[type];
  if (!good) throw new Violation(1007, `${bytes.length} bytes in a message of type ${type}`);
  return type;
}

/** Word 1 of OPEN, LEAVE and their answers. */
export function sideOf(bytes: Buffer): Side {
  const side = word(bytes, 1);
  if (side !== WRITER && side !== READER) throw new Violation(1007, `an end numbered ${side}`);
  return side;
}

export const sideName = (side: Side): string => side === WRITER ? "writer" : "reader";

function itemsIn(bytes: number, capacity: number, width: number): number {
  return Math.min(capacity, Math.max(1, Math.floor(bytes / (width * WORD_BYTES))));
}
