/**
 * What the platform offers between two threads: a MessageChannel, each message by structured clone,
 * one item a message or a batch of them in a typed array. There is no limit to what is under way.
 */
import { MessageChannel, type MessagePort } from "node:worker_threads";
import type { Follow, Lead } from "../cases/case.ts";
import { direct } from "../cell/direct.ts";
import { idler } from "../cases/idle.ts";
import { check, fill, Mismatch } from "../harness/numbering.ts";
import { RoundTrips } from "../harness/round_trips.ts";

export const messageChannel = direct<MessagePort>({
  name: "message_channel",
  family: "channel",
  kind: "peer",
  summary: "postMessage from one worker thread to another",
  open() {
    const { port1, port2 } = new MessageChannel();
    return {
      lead: { at: port1, transfer: [port1] },
      follow: { at: port2, transfer: [port2] },
    };
  },
  join: (at) => at as MessagePort,
  loops: {
    throughput: {
      batches: [1, 64],
      lead: (port, { batch = 1 }) => receiver(port, Number(batch)),
      follow: (port, { batch = 1 }) => sender(port, Number(batch)),
    },
    latency: { lead: pinger, follow: echoer },
    wakeup: { lead: pinger, follow: echoer },
    idle: { lead: (port) => idler((number) => port.postMessage(number)), follow: listener },
  },
});

function sender(port: MessagePort, batch: number): Follow {
  const items = new Int32Array(batch);
  return {
    grain: batch,
    run(first, count) {
      let sum = 0;
      for (let done = 0; done < count; done += batch) {
        sum = (sum + fill(items, first + done, -1)) | 0;
        port.postMessage(batch === 1 ? items[0] : items);
      }
      return sum;
    },
  };
}

function receiver(port: MessagePort, batch: number): Lead {
  const messages = new Messages(port);
  const one = new Int32Array(1);
  return {
    grain: batch,
    async run(first, count) {
      let done = 0, sum = 0;
      await messages.each((message) => {
        if (batch === 1) one[0] = message as number;
        const items = batch === 1 ? one : message as Int32Array;
        sum = (sum + check(items, items.length, first + done, -1)) | 0;
        done += items.length;
        return done < count;
      });
      if (done > count) throw new Mismatch(`${done} items came of ${count}`);
      return sum;
    },
  };
}

function pinger(port: MessagePort): Lead {
  const messages = new Messages(port);
  const trips = new RoundTrips();
  return {
    grain: 1,
    score: () => trips.score(),
    async run(first, count) {
      let done = 0, sum = 0, start = 0;
      const ping = () => {
        start = performance.now();
        port.postMessage((first + done) | 0);
      };
      trips.reset();
      ping();
      await messages.each((echo) => {
        trips.record(performance.now() - start);
        const sent = (first + done) | 0;
        if (echo !== sent) throw new Mismatch(`sent ${sent}, the echo is ${echo}`);
        sum = (sum + sent) | 0;
        if (++done === count) return false;
        ping();
        return true;
      });
      return sum;
    },
  };
}

function echoer(port: MessagePort): Follow {
  const messages = new Messages(port);
  return {
    grain: 1,
    async run(_first, count) {
      let done = 0, sum = 0;
      await messages.each((item) => {
        sum = (sum + (item as number)) | 0;
        port.postMessage(item);
        return ++done < count;
      });
      return sum;
    },
  };
}

function listener(port: MessagePort): Follow {
  const messages = new Messages(port);
  return {
    grain: 1,
    async run() {
      let got = NaN;
      await messages.each((item) => {
        got = item as number;
        return false;
      });
      return got;
    },
  };
}

/** Messages of a port, handed to whoever wants the next ones; there is one at a time. */
class Messages {
  #listen: ((message: unknown) => void) | undefined;

  constructor(port: MessagePort) {
    port.on("message", (message: unknown) => this.#listen?.(message));
  }

  /** Calls `take` with every message until it answers false, or throws. */
  each(take: (message: unknown) => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#listen = (message) => {
        try {
          if (!take(message)) resolve();
        } catch (error) {
          reject(error);
        }
      };
    });
  }
}
