/** A payload of 64 KiB that is stamped and verified in far less time than it takes to copy it. */
import { Mismatch } from "./numbering.ts";

/** Words of a payload. */
export const WORDS = 16_384;
/** From one stamped word to the next; the last word is stamped too. */
const EVERY = 1023;

export interface Payload {
  readonly words: Int32Array;
  /** Writes payload `number` and returns the sum of its stamps (int32). */
  stamp(number: number): number;
  /** The sum of the stamps, or Mismatch unless this is payload `number`. */
  verify(number: number): number;
}

export function payloadOf(words: Int32Array = new Int32Array(WORDS)): Payload {
  const last = WORDS - 1;
  return {
    words,
    stamp(number) {
      let sum = 0;
      for (let at = 0; at < WORDS; at += EVERY) {
        const value = stampAt(number, at);
        words[at] = value;
        sum = (sum + value) | 0;
      }
      words[last] = stampAt(number, last);
      return (sum + words[last]) | 0;
    },
    verify(number) {
      let sum = 0;
      for (let at = 0; at < WORDS; at += EVERY) {
        if (words[at] !== stampAt(number, at)) throw unexpected(words, number, at);
        sum = (sum + words[at]!) | 0;
      }
      if (words[last] !== stampAt(number, last)) throw unexpected(words, number, last);
      return (sum + words[last]!) | 0;
    },
  };
}

/** Differs from that of every other place and of the neighbouring payloads. */
function stampAt(number: number, at: number): number {
  return (Math.imul(number, 0x9e3779b1) + at) | 0;
}

function unexpected(words: Int32Array, number: number, at: number): Mismatch {
  return new Mismatch(
    `word ${at} of payload ${number >>> 0} should hold ${stampAt(number, at)}, holds ${words[at]}`,
  );
}
