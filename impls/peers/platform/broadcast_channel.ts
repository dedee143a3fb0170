/**
 * The platform's BroadcastChannel: each item a message to everyone on a name, by structured clone.
 * Nothing bounds what is under way. It has no end; one is posted behind the last item.
 */
import { BroadcastChannel } from "node:worker_threads";
import type {
  Adapter,
  Capabilities,
  EndOptions,
  Handle,
  Reader,
  ReaderOptions,
  Ring,
  Writer,
} from "../../contract.ts";
import { taskCapabilities } from "../../core.ts";
import { RingError, shown } from "../../errors.ts";
import { checkedOptions, checkEnd } from "../../shared/arguments.ts";
import { AsyncReader, AsyncWriter } from "../async_core.ts";
import { Inbox } from "./inbox.ts";

/** What is posted behind the last item; an item is posted within an array. */
const END = 0;
type Message = { readonly data: readonly [unknown] | typeof END };

// Deno 2.9 disconnects a thread some milliseconds after its last channel was closed, and with it a
// channel opened meanwhile: its postMessage() throws "expected i32". So one is never closed.
new BroadcastChannel("ringproof").unref?.();

const capabilities: Capabilities = {
  ...taskCapabilities,
  delivery: "broadcast",
  progress: "lock-free",
  reach: "worker",
};

export const adapter: Adapter<unknown> = {
  name: "broadcast_channel",
  family: "channel",
  capabilities,
  unavailable: () => Promise.resolve(undefined),
  open: (options) =>
    Promise.try(() => {
      const { capacity } = checkedOptions(options, capabilities, 0);
      return new Station(`ringproof ${capacity} ${crypto.randomUUID()}`, capacity);
    }),
  attach: ({ at }) =>
    Promise.try(() => {
      const capacity = /^ringproof (\d+) [\da-f-]{36}$/.exec(String(at))?.[1];
      if (capacity) return new Station(String(at), Number(capacity));
      throw new RingError("RING_FOREIGN", "attach", `no name of such a channel: ${shown(at)}`, at);
    }),
};

/** Everyone on one name, as seen from one thread. */
class Station implements Ring<unknown> {
  readonly capacity: number;
  readonly handle: Handle;
  closed = false;
  readonly #channel: BroadcastChannel;
  readonly #listening = new Set<() => void>();

  constructor(at: string, capacity: number) {
    this.capacity = capacity;
    this.handle = { adapter: adapter.name, at };
    this.#channel = new BroadcastChannel(at);
    this.#channel.onmessage = (message) => {
      if ((message as Message).data === END) this.closed = true;
    };
  }

  writer(options?: EndOptions): Promise<Writer<unknown>> {
    return Promise.try(() => {
      checkEnd("writer", options);
      const offer = (item: unknown) => {
        this.#channel.postMessage([item]);
        return true;
      };
      const send = (item: unknown) => Promise.resolve(offer(item));
      return new AsyncWriter(this, { offer, send }, () => {});
    });
  }

  reader(options?: ReaderOptions): Promise<Reader<unknown>> {
    return Promise.try(() => {
      checkEnd("reader", options);
      const inbox = new Inbox();
      const channel = new BroadcastChannel(String(this.handle.at));
      const leave = () => {
        channel.close();
        inbox.end();
        this.#listening.delete(leave);
      };
      channel.onmessage = (message) => {
        const { data } = message as Message;
        if (data === END) leave();
        else inbox.deliver(data[0]);
      };
      this.#listening.add(leave);
      return new AsyncReader(inbox, leave);
    });
  }

  close(): Promise<void> {
    if (!this.closed) this.#channel.postMessage(END);
    this.closed = true;
    return Promise.resolve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
    this.#channel.close();
    for (const leave of this.#listening) leave();
  }
}
