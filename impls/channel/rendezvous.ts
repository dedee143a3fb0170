/**
 * An unbuffered channel: a send waits for its receive, and what both resolve at is the hand-over. It
 * is the bounded channel without a slot (channel.ts), and is used in the same way, by select() too.
 * (Source: the channels of Hoare's CSP, 1978.)
 *
 * It has no adapter: the contract's rings hold one item or more, and capacity 0 is refused by open()
 * (rule CON1). In a batch, "accepted" would depend on who happens to wait on the other side.
 */
import { Channel } from "./channel.ts";

/**
 * A new channel that holds nothing.
 *
 * @example The sender goes on once its item was received
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openRendezvous } from "ringproof/rendezvous";
 *
 * const channel = openRendezvous<number>();
 * assertEquals(channel.trySend(1), false); // nobody is there to receive it
 *
 * const sending = channel.send(2);
 * assertEquals(await channel.receive(), { done: false, value: 2 });
 * await sending;
 *
 * const receiving = channel.receive();
 * assertEquals(channel.trySend(3), true);
 * assertEquals((await receiving).value, 3);
 * ```
 */
export function openRendezvous<T>(): Channel<T> {
  return new Channel<T>(0);
}
