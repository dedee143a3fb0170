/**
 * The platform's MessageChannel within one task: each item a message, by structured clone. Nothing
 * bounds what is under way, and nothing tells the sender how much that is.
 */
import { MessageChannel } from "node:worker_threads";
import { adapterFromAsyncCore } from "../async_core.ts";
import { Inbox } from "./inbox.ts";

/** What is posted behind the last item; an item is posted within an array. */
const END = 0;

export const adapter = adapterFromAsyncCore("post_message", () => {
  const { port1, port2 } = new MessageChannel();
  const inbox = new Inbox();
  port2.on("message", (message: [unknown] | typeof END) => {
    if (message !== END) return inbox.deliver(message[0]);
    inbox.end();
    port2.close();
  });
  const offer = (item: unknown) => {
    port1.postMessage([item]);
    return true;
  };
  return {
    get done() {
      return inbox.done;
    },
    offer,
    poll: () => inbox.poll(),
    send: (item) => Promise.resolve(offer(item)),
    receive: (signal) => inbox.receive(signal),
    close: () => port1.postMessage(END),
    discard() {
      inbox.end();
      port2.close();
    },
  };
});
