/** Queue.bounded of effect: its offers and takes are fibers, interrupted by a signal. (npm, 4.) */
import { type Cause, Effect, Exit, Queue } from "effect";
import { adapterFromAsyncCore, NOTHING } from "../async_core.ts";

export const adapter = adapterFromAsyncCore("effect_queue", (capacity) => {
  const queue = Effect.runSync(Queue.bounded<unknown, Cause.Done>(capacity));
  const run = async <A, E>(effect: Effect.Effect<A, E>, signal: AbortSignal | undefined) => {
    const exit = await Effect.runPromiseExit(effect, { signal });
    if (Exit.isFailure(exit)) signal?.throwIfAborted();
    return exit;
  };
  return {
    get done() {
      return queue.state._tag === "Done";
    },
    offer: (item) => Queue.offerUnsafe(queue, item),
    poll() {
      const exit = Queue.takeUnsafe(queue);
      return exit !== undefined && Exit.isSuccess(exit) ? exit.value : NOTHING;
    },
    async send(item, signal) {
      const exit = await run(Queue.offer(queue, item), signal);
      return Exit.isSuccess(exit) && exit.value;
    },
    async receive(signal) {
      const exit = await run(Queue.take(queue), signal);
      return Exit.isSuccess(exit) ? exit.value : NOTHING;
    },
    close: () => Queue.endUnsafe(queue),
    discard: () => Queue.shutdownUnsafe(queue),
  };
});
