/** ringbuf.js, the usual ring over a SharedArrayBuffer. (Source: npm, ringbuf.js 0.4.) */
import { RingBuffer } from "ringbuf.js";
import { adapterFromSharedQueue } from "../polled.ts";

export const adapter = adapterFromSharedQueue({
  name: "ringbuf_js",
  producers: 1,
  consumers: 1,
  progress: "wait-free",
  storage: (capacity) => RingBuffer.getStorageForCapacity(capacity, Int32Array),
  over: (memory) => new RingBuffer(memory, Int32Array),
});
