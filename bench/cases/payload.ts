/**
 * Bytes a second in payloads of 64 KiB, each a batch of 16,384 words that is copied in and out.
 *
 * To number and to check every word would take longer than to move it. Every word of a payload was
 * written once, and each payload is stamped anew at both ends and at sampled places between them.
 */
import { type Payload, payloadOf, WORDS } from "../harness/payload.ts";
import { Spin } from "../harness/spin.ts";
import { type Case, type Ends, type Follow, type Lead, oneToOne } from "./case.ts";

export const payload: Case = {
  name: "payload",
  summary: "bytes a second in payloads of 64 KiB, copied into the ring and out of it",
  unit: "bytes/s",
  params: [{ bytes: 4 * WORDS }],
  parts: () => oneToOne,
  // Of 8 MiB most lies in the cache that the cores share, where the reader is faster to fetch it than
  // out of the writer's own.
  capacity: 128 * WORDS,
  weight: 4 * WORDS,
  unfit({ capabilities, kind }) {
    const { flow, items, overflow, reach } = capabilities;
    if (flow !== "loop" || reach !== "worker") return "its ends are not on two threads";
    if (items !== "int32") return "its items are no words";
    if (kind === "peer") return "what it does with batches of 64 says as much";
    return overflow === "wait" ? undefined : "what overflows is lost: no stream arrives whole";
  },
  lead: receiver,
  follow: sender,
};

function sender({ outgoing }: Ends): Follow {
  const writer = outgoing!, { words, stamp }: Payload = payloadOf();
  return {
    grain: 1,
    run(first, count) {
      const spin = new Spin();
      let sum = 0;
      for (let i = 0; i < count; i++) {
        sum = (sum + stamp(first + i)) | 0;
        for (let at = writer.tryWrite(words); at < WORDS; at += writer.tryWrite(words, at)) {
          spin.idle(i * WORDS + at);
        }
      }
      return sum;
    },
  };
}

function receiver({ incoming }: Ends): Lead {
  const reader = incoming!, { words, verify }: Payload = payloadOf();
  return {
    grain: 1,
    run(first, count) {
      const spin = new Spin();
      let sum = 0;
      for (let i = 0; i < count; i++) {
        for (let at = reader.tryRead(words); at < WORDS; at += reader.tryRead(words, at)) {
          spin.idle(i * WORDS + at);
        }
        sum = (sum + verify(first + i)) | 0;
      }
      return sum;
    },
  };
}
