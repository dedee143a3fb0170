/** What rings are compared with that is no ring behind the contract. */
import { bareLoop } from "./bare_loop.ts";
import { messageChannel } from "./message_channel.ts";
import type { Reference } from "./reference.ts";

export const references: readonly Reference[] = [bareLoop, messageChannel];

export function referenceNamed(name: string): Reference {
  const found = references.find((one) => one.name === name);
  if (!found) throw new Error(`there is no reference ${name}`);
  return found;
}
