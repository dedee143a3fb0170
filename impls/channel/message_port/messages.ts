/**
 * What is said over the ports of a ring. Each side of a port hears what the other said in the order in
 * which it was said, and what was said before something else happened can be heard from then on: both
 * are relied on throughout.
 *
 * A *holder* is a thread that has the ring open, and has a port to its *keeper*, who knows which
 * holder has which side. A *link* is a port pair between the holders of the two sides; the keeper
 * makes a new one whenever a side has changed hands, and nobody else stands between them. It goes to
 * the reader first, who says how far it is, and with that to the writer, who sends the rest.
 *
 * Items are numbered from 0 on. Whoever has the writer keeps each item until it hears that it was
 * read, for readers to come. These numbers are the credit too: `written - read` never exceeds the
 * capacity.
 */
import type { MessagePort as Port } from "node:worker_threads";

export type Side = "reader" | "writer";

/** What goes from one who had the writer to the next. */
export interface WriterState {
  /** Items accepted so far, and the last ones of them, which were not heard to be read. */
  readonly written: number;
  readonly items: readonly unknown[];
}

/** From a holder. Those with an id are answered under it. */
export type Request =
  | { readonly type: "take"; readonly id: number; readonly side: Side }
  /** `state`: the writer's. */
  | {
    readonly type: "release";
    readonly id: number;
    readonly side: Side;
    readonly state?: WriterState;
  }
  /** Answered once no item is accepted any more. */
  | { readonly type: "close"; readonly id: number }
  /** The writer's answer to "closing". */
  | { readonly type: "sealed" }
  /** The reader's answer to "link"; no `at`: it is a new one. */
  | { readonly type: "joined"; readonly link: number; readonly at?: Position }
  /** The holder's last words; it has given its sides back. */
  | { readonly type: "leave" };

/** From the keeper. */
export type Notice =
  /** `words`: of two event counts (waiting.ts), for room and for items. */
  | {
    readonly type: "hello";
    readonly capacity: number;
    readonly closed: boolean;
    readonly words: SharedArrayBuffer;
  }
  /** Instead of "hello": no ring of that name is open. */
  | { readonly type: "unknown" }
  | { readonly type: "answer"; readonly id: number; readonly grant: Grant | undefined }
  /** A side of a new link. `at`: where the reader is, for the writer. */
  | { readonly type: "link"; readonly side: "reader"; readonly link: number; readonly port: Port }
  | { readonly type: "link"; readonly side: "writer"; readonly at?: Position; readonly port: Port }
  /** To the writer: the reader has given its side back. */
  | { readonly type: "unlink" }
  /** To all: no item is accepted any more. */
  | { readonly type: "closing" }
  /** The thread that held this side is gone, without having given it back; or another has it now. */
  | { readonly type: "lost" | "found"; readonly side: Side }
  /** The ring was disposed of. */
  | { readonly type: "gone" };

/** What one gets who takes a side. */
export interface Grant {
  /** Somebody has the other side: a link follows. */
  readonly linked: boolean;
  /** The writer's; none where the one before is gone, so that only the reader knows. */
  readonly state?: WriterState;
}

/** How far a reader is: items received, and of these read. */
export interface Position {
  readonly have: number;
  readonly read: number;
}

/** Over a link, from the reader: items read so far. */
export type Progress = number;

/** Over a link, from the writer. */
export type Delivery =
  /** First of all, perhaps without items. `from`: the number of the first one. */
  | { readonly type: "items"; readonly from: number; readonly items: readonly unknown[] }
  /** No item follows. */
  | { readonly type: "ended" };

/** A whole number of items. */
export function isCount(value: unknown, least: number, most: number): value is number {
  return Number.isSafeInteger(value) && value as number >= least && value as number <= most;
}
