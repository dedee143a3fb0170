/** A scripted device: each cycle() is one run of the callback that a driver's thread would run. */
import type { Device, Slots } from "../contract.ts";
import { RingError } from "../errors.ts";
import { countFrom } from "../shared/arguments.ts";
import { type Pointer, pointerOf } from "../shared/ffi.ts";
import type { Memory } from "./memory.ts";

/** A source takes only input, a sink only output, a duplex either or both at the same length. */
export function virtualDevice(memory: Memory): Device<number> {
  const captured = new Scratch(), played = new Scratch();
  return {
    cycle(input, output) {
      const frames = checkedFrames(memory, input, output);
      const { shim, pointer, width } = memory;
      const samples = frames * width;
      const from = input && captured.view(samples), to = output && played.view(samples);
      for (let i = 0; from && i < samples; i++) from[i] = input[i]!;
      const alone = shim.audio_callback(pointer, addressOf(from), addressOf(to), frames);
      if (!alone) throw new RingError("RING_BUSY", "cycle", "another thread is driving the device");
      for (let i = 0; to && i < samples; i++) output[i] = to[i]!;
      memory.bell.ring();
    },
  };
}

function checkedFrames(
  { flow, width, released }: Memory,
  input: ArrayLike<number> | undefined,
  output: Slots<number> | undefined,
): number {
  const invalid = (why: string, value: unknown) =>
    new RingError("RING_INVALID", "cycle", why, value);
  if (released) throw new RingError("RING_CLOSED", "cycle", "the ring is disposed of");
  if (input && flow === "sink") throw invalid("a sink captures nothing", input);
  if (output && flow === "source") throw invalid("a source plays nothing", output);
  const captured = input && countFrom(input, 0, width, "write");
  const played = output && countFrom(output, 0, width, "read");
  const frames = captured ?? played;
  if (frames === undefined) throw invalid(`a ${flow} needs a buffer`, undefined);
  if (played !== undefined && played !== frames) {
    throw invalid(`input has ${frames} frames, output ${played}`, played);
  }
  return frames;
}

/** Samples where C can reach them: memory that no garbage collector moves. */
class Scratch {
  #samples = new Float32Array(new SharedArrayBuffer(64)); // Bun has no address for 0 bytes

  view(length: number): Float32Array<SharedArrayBuffer> {
    if (this.#samples.length < length) {
      this.#samples = new Float32Array(new SharedArrayBuffer(2 * length * 4));
    }
    return this.#samples;
  }
}

function addressOf(samples: Float32Array<SharedArrayBuffer> | undefined): Pointer | null {
  return samples ? pointerOf(samples) : null;
}
