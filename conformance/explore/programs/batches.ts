/** Threads that write batches into a ring behind the contract, and one that reads all there is. */
import type { Handle } from "../../../impls/contract.ts";
import { loadAdapter } from "../../../impls/load.ts";
import { codecFor } from "../../harness/items.ts";
import { program } from "../program.ts";

export interface BatchArgs {
  /** For loadAdapter(). */
  readonly ref: string;
  readonly capacity: number;
  readonly producers: number;
  /** Batches that each producer writes, and numbers in one. */
  readonly batches: number;
  readonly batch: number;
}

interface Shared {
  readonly handle: Handle;
  /** Counts the producers that have finished; the last one closes the ring. */
  readonly finished: SharedArrayBuffer;
}

/** What went in, or came out, by one call. */
type Calls = readonly (readonly number[])[];

export default program<Shared, BatchArgs>({
  async setup({ ref, capacity }) {
    const adapter = await loadAdapter(ref);
    const { handle } = await adapter.open({ capacity });
    return { handle: handle!, finished: new SharedArrayBuffer(4) };
  },
  async threads({ ref, producers, batches, batch }) {
    const adapter = await loadAdapter(ref);
    const codec = codecFor(adapter.capabilities);
    const total = batches * batch;
    const produce = async ({ handle, finished }: Shared, index: number): Promise<Calls> => {
      const ring = await adapter.attach(handle);
      const writer = await ring.writer();
      const values = Array.from({ length: total }, (_, i) => 1 + index * total + i);
      const calls: number[][] = [];
      for (let done = 0; done < total; done += calls.at(-1)!.length) {
        const some = values.slice(done, done + batch);
        calls.push(some.slice(0, writer.writeSync!(codec.encode(some))));
      }
      if (Atomics.add(new Int32Array(finished), 0, 1) + 1 === producers) await ring.close();
      return calls;
    };
    const consume = async ({ handle }: Shared): Promise<Calls> => {
      const reader = await (await adapter.attach(handle)).reader();
      // Room for everything: a read that ends within a batch was given no more.
      const into = codec.buffer(producers * total);
      const calls: number[][] = [];
      while (!reader.done) calls.push(codec.decode(into, reader.readSync!(into)));
      return calls;
    };
    return [
      ...Array.from({ length: producers }, (_, i) => (shared: Shared) => produce(shared, i)),
      consume,
    ];
  },
  names: ({ producers }) => [
    ...Array.from({ length: producers }, (_, i) => `producer ${i}`),
    "consumer",
  ],
  check(outcomes, _shared, { producers }) {
    const written = outcomes.slice(0, producers).flat() as Calls;
    const read = outcomes[producers] as Calls;
    for (const batch of written) {
      for (const call of read) {
        const seen = batch.filter((value) => call.includes(value));
        if (seen.length === 0 || seen.length === batch.length) continue;
        throw new Error(
          `of the batch ${batch.join(" ")} a reader with room for all got ${seen.join(" ")} alone`,
        );
      }
    }
  },
});
