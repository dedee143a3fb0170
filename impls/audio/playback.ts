/** What a driver plays: JavaScript writes, the device reads. An empty ring plays silence. */
import { audioAdapter } from "./adapter.ts";

export const adapter = audioAdapter("playback", "sink");
