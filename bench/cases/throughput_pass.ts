/**
 * Throughput of rings that one thread drives alone: the ring is filled to the brim and drained,
 * over and over. Where a device holds an end, its driver's callback is called block by block
 * instead: source = cycle, read; sink = write, cycle; duplex = write, cycle, read.
 */
import type { Capabilities, Device, Reader, Ring, Writer } from "../../impls/contract.ts";
import { check, fill, Mismatch, type Numbering, numbering } from "../harness/numbering.ts";
import type { Params, Pass } from "./case.ts";

/** Frames of one callback of a device: the render quantum of Web Audio. */
const BLOCK = 128;
/** Items of one pass at least: so many that reading the clock around them costs next to nothing. */
const LEAST_ITEMS = 16_384;

/** Moves `count` items, the first numbered `first`. */
type Step = (first: number, count: number) => void;

/** For a ring of a capacity that is a multiple of 128; every pass leaves it empty. */
export async function pass(
  ring: Ring<number>,
  { items, flow }: Capabilities,
  params: Params,
): Promise<Pass> {
  const batch = Number(params.batch ?? 1);
  const numbers = numbering(items);
  const steps: Step[] = [];
  if (flow !== "source") steps.push(writing(await ring.writer(), numbers, batch));
  if (flow !== "loop") steps.push(cycling(ring.device!, numbers, flow));
  if (flow !== "sink") steps.push(reading(await ring.reader(), numbers, batch));

  const burst = ring.capacity, bursts = Math.ceil(LEAST_ITEMS / burst);
  let first = 0;
  return {
    items: bursts * burst,
    run() {
      for (let i = 0; i < bursts; i++) {
        for (const step of steps) step(first, burst);
        first = (first + burst) | 0;
      }
    },
  };
}

/** The same for a ring between tasks that moves an item only while one awaits, an item at a time. */
export async function awaitingPass(ring: Ring<number>, { items }: Capabilities): Promise<Pass> {
  const { mask, buffer } = numbering(items);
  const writer = await ring.writer(), reader = await ring.reader();
  const one = buffer(1);
  let first = 0;
  return {
    items: ring.capacity,
    async run() {
      for (let i = 0; i < ring.capacity; i++) {
        fill(one, first + i, mask);
        await writer.write(one);
      }
      for (let i = 0; i < ring.capacity; i++) {
        await reader.read(one);
        check(one, 1, first + i, mask);
      }
      first = (first + ring.capacity) | 0;
    },
  };
}

function writing(writer: Writer<number>, { mask, buffer }: Numbering, batch: number): Step {
  const items = buffer(batch);
  return (first, count) => {
    for (let done = 0; done < count; done += batch) {
      fill(items, first + done, mask);
      const taken = writer.tryWrite(items);
      if (taken < batch) throw new Mismatch(`full with ${done + taken} items of ${count}`);
    }
  };
}

function reading(reader: Reader<number>, { mask, buffer }: Numbering, batch: number): Step {
  const items = buffer(batch);
  return (first, count) => {
    for (let done = 0; done < count;) {
      const got = reader.tryRead(items);
      if (got === 0) throw new Mismatch(`empty after ${done} of ${count} items`);
      check(items, got, first + done, mask);
      done += got;
    }
  };
}

function cycling(
  device: Device<number>,
  { mask, buffer }: Numbering,
  flow: "source" | "sink" | "duplex",
): Step {
  const input = flow === "sink" ? undefined : buffer(BLOCK);
  const output = flow === "source" ? undefined : buffer(BLOCK);
  return (first, count) => {
    for (let done = 0; done < count; done += BLOCK) {
      if (input) fill(input, first + done, mask);
      device.cycle(input, output);
      if (output) check(output, BLOCK, first + done, mask);
    }
  };
}
