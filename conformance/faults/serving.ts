/** A process that serves a ring, says its handle, and writes the numbers from 1 up until it is killed. */
import type { Adapter } from "../../impls/contract.ts";
import { loadAdapter } from "../../impls/load.ts";

const adapter = await loadAdapter("websocket") as Adapter<number>;
const ring = await adapter.open({ capacity: 64 });
const writer = await ring.writer();
console.log(JSON.stringify(ring.handle));
for (let next = 1;; next += 8) {
  await writer.write(Int32Array.from({ length: 8 }, (_, i) => next + i));
}
