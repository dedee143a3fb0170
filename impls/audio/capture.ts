/** What a driver captures: the device writes, JavaScript reads. A full ring drops what comes. */
import { audioAdapter } from "./adapter.ts";

export const adapter = audioAdapter("capture", "source");
