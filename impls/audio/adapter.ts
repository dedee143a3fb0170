/** What the three adapters have in common: everything but the flow. */
import type { Adapter } from "../contract.ts";
import type { Flow } from "./layout.ts";
import { AudioRing, type Kind } from "./ring.ts";
import { loadShim } from "./shim.ts";

export function audioAdapter(name: string, flow: Flow): Adapter<number> & Kind {
  const kind: Kind = {
    name,
    capabilities: {
      items: "float32",
      flow,
      producers: 1,
      consumers: 1,
      delivery: "queue",
      overflow: "drop",
      progress: "wait-free",
      reach: "worker",
      sizes: "any",
      atomicBatch: false,
      width: true,
      start: true,
      strategies: false,
      reserve: false,
      stages: false,
      blocking: true,
    },
  };
  return {
    ...kind,
    family: "audio",
    scripted: "virtual:",
    unavailable: () => loadShim().then(() => undefined, (error: Error) => error.message),
    open: (options) => AudioRing.open(kind, options),
    attach: (handle) => AudioRing.attach(kind, handle),
  };
}
