/** What another thread or process is told to do on a ring, and what it tells of it. */
import type { Handle, WaitStrategy } from "../../impls/contract.ts";

/** Writes the numbers from `first` on: through a writer, or as the device of a source. */
export interface WriteJob {
  readonly role: "produce" | "capture";
  readonly first: number;
  readonly count: number;
  readonly batch: number;
  readonly record?: boolean;
  /** By reserve() and commit(). */
  readonly claims?: boolean;
}

/** Gets all until the ring is done. */
export interface ReadJob {
  readonly role: "consume";
  readonly batch: number;
  readonly record?: boolean;
  readonly claims?: boolean;
  /** Leaves after so many items. */
  readonly limit?: number;
  /** The ids of the readers that it follows. */
  readonly after?: readonly number[];
  /** Int32Array by item: set for each item while it is claimed. */
  readonly marks?: SharedArrayBuffer;
  /** Each of these must be set for an item before it comes. */
  readonly marked?: readonly SharedArrayBuffer[];
}

/** Plays the device of a sink until it has had `count` numbers. */
export interface PlayJob {
  readonly role: "play";
  readonly count: number;
  readonly batch: number;
}

/** Sends back into another ring what it gets, one by one, by blocking calls without a timeout. */
export interface EchoJob {
  readonly role: "echo";
  readonly into: Handle;
}

/** `width`: elements an item, where the ring was opened with it; `waiting`: of its ends. */
export type Job = (WriteJob | ReadJob | PlayJob | EchoJob) & {
  readonly width?: number;
  readonly waiting?: WaitStrategy;
};

/** What the other side is sent, in this order; "clock" any number of times. */
export type Order =
  | { readonly type: "job"; readonly ref: string; readonly handle: Handle; readonly job: Job }
  | { readonly type: "clock" }
  | { readonly type: "go" };

/** What it answers. */
export type Answer =
  | { readonly type: "up" }
  | { readonly type: "ready"; readonly id: number | undefined }
  | { readonly type: "clock"; readonly now: number }
  | ({ readonly type: "outcome" } & RawOutcome)
  | { readonly type: "error"; readonly message: string };

export interface RawOutcome {
  /** Numbers got, by those that read. */
  readonly values: number[] | undefined;
  /** As a recorder has them. */
  readonly operations: number[];
  readonly lost: number;
}
