/** A ring as the bench drives it: the case's own loops over the contract's ends. */
import type {
  Adapter,
  Capabilities,
  EndOptions,
  Handle,
  Reader,
  Ring,
  Writer,
} from "../../impls/contract.ts";
import {
  type Case,
  type Ends,
  type Follow,
  lanesOf,
  type Lead,
  type Params,
  type Pass,
} from "../cases/case.ts";
import type { Contender, Place, Seats } from "./contender.ts";
import { numbering } from "../harness/numbering.ts";

/** Items that fit into a ring unless a case says otherwise: a multiple of every batch and block. */
export const CAPACITY = 4096;

/** Where the ends of such a ring stand: as far apart as it reaches. */
export function placeOf({ flow, reach }: Capabilities): Place {
  if (flow !== "loop") return "device";
  if (reach === "task") return "task";
  return reach === "network" ? "processes" : "workers";
}

/** What an end elsewhere needs. */
interface At {
  readonly handles: readonly Handle[];
  readonly atOnce: boolean;
}

export class RingContender implements Contender {
  readonly place: Place;
  readonly #adapter: Adapter<number>;
  /** One a lane. */
  #rings: readonly Ring<number>[] = [];
  /** Whether an item that was written is there to be read at once, without a turn of the event loop. */
  #atOnce = true;
  #reader: Reader<number> | undefined;

  constructor(adapter: Adapter<number>) {
    this.place = placeOf(adapter.capabilities);
    this.#adapter = adapter;
  }

  get turning(): boolean {
    return !this.#adapter.capabilities.blocking;
  }

  get readerId(): number | undefined {
    return this.#reader?.id;
  }

  unavailable(): Promise<string | undefined> {
    return this.#adapter.unavailable();
  }

  async open(work: Case, params: Params): Promise<void> {
    const { capacity = CAPACITY } = work;
    const uri = this.place === "device" ? this.#adapter.scripted : undefined;
    const open = () => this.#adapter.open({ capacity, uri });
    this.#rings = await Promise.all(Array.from({ length: lanesOf(work, params) }, open));
    if (this.place === "task" || this.place === "workers") {
      this.#atOnce = await movesAtOnce(this.#adapter);
    }
  }

  seats(): Seats {
    const at: At = { handles: this.#rings.map(({ handle }) => handle!), atOnce: this.#atOnce };
    return { lead: { at }, follow: { at } };
  }

  async attach(at: unknown): Promise<void> {
    const { handles, atOnce } = at as At;
    this.#rings = await Promise.all(handles.map((handle) => this.#adapter.attach(handle)));
    this.#atOnce = atOnce;
  }

  async lead(work: Case, params: Params, after: readonly number[]): Promise<Lead> {
    return work.lead(await this.#ends(work, params, 0, after), params);
  }

  async follow(
    work: Case,
    params: Params,
    part: number,
    after: readonly number[],
  ): Promise<Follow> {
    return work.follow(await this.#ends(work, params, part, after), params, part);
  }

  async solo(work: Case, params: Params): Promise<Pass | undefined> {
    const { capabilities } = this.#adapter;
    return await work.solo?.(this.#rings[0]!, capabilities, params, this.#atOnce);
  }

  async dispose(): Promise<void> {
    await Promise.all(this.#rings.map((ring) => ring[Symbol.asyncDispose]()));
  }

  async #ends(
    work: Case,
    params: Params,
    part: number,
    after: readonly number[],
  ): Promise<Ends> {
    const { capabilities } = this.#adapter;
    const { reads, writes } = work.parts(params)[part]!;
    const end: EndOptions = capabilities.strategies ? { waiting: work.waiting } : {};
    const gate = after.length > 0 ? { after: after.map((id) => ({ id })) } : {};
    this.#reader = reads === undefined
      ? undefined
      : await this.#rings[reads]!.reader({ ...end, ...gate });
    const writer: Writer<number> | undefined = writes === undefined
      ? undefined
      : await this.#rings[writes]!.writer(end);
    return {
      incoming: this.#reader,
      outgoing: writer,
      style: this.#style(work),
      numbering: numbering(capabilities.items),
    };
  }

  /** Threads that have nothing else to do spin or block; an event loop must go on turning. */
  #style({ waiting }: Case): Ends["style"] {
    const { capabilities } = this.#adapter;
    if (this.place !== "workers") return "await";
    if (waiting) return capabilities.blocking ? "block" : "await";
    return this.#atOnce ? "spin" : "await";
  }
}

async function movesAtOnce(adapter: Adapter<number>): Promise<boolean> {
  const ring = await adapter.open({ capacity: CAPACITY });
  try {
    const reader = await ring.reader(), writer = await ring.writer();
    const { buffer } = numbering(adapter.capabilities.items);
    writer.tryWrite(buffer(1));
    return reader.tryRead(buffer(1)) === 1;
  } finally {
    await ring[Symbol.asyncDispose]();
  }
}
