/** Both in one callback, capture first: what the driver captures is read, what it plays written. */
import { audioAdapter } from "./adapter.ts";

export const adapter = audioAdapter("duplex", "duplex");
