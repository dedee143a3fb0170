/**
 * Waiting for those who gate somebody: a writer for its readers, a reader for the readers before it.
 * With none left it is for a commit that one waits: a reader for the next item, a writer for an open
 * claim that stands in the way.
 */
import type { Wait } from "../../contract.ts";
import type { Waiting } from "../../shared/waiting.ts";

export class GatedWaiting implements Waiting {
  readonly #gated: () => boolean;
  readonly #moves: Waiting;
  readonly #commits: Waiting;

  /** `moves` is woken when a gate moves or goes, `commits` when something is committed. */
  constructor(gated: () => boolean, moves: Waiting, commits: Waiting) {
    this.#gated = gated;
    this.#moves = moves;
    this.#commits = commits;
  }

  /** Also true when it is to wait for the other: whoever waits looks again in any case. */
  waitSync(ready: () => boolean, timeout: number | undefined, action: string): boolean {
    const gated = this.#gated();
    const place = gated ? this.#moves : this.#commits;
    return place.waitSync(() => ready() || this.#gated() !== gated, timeout, action);
  }

  wait(ready: () => boolean, wait: Wait | undefined, action: string): Promise<void> {
    const gated = this.#gated();
    const place = gated ? this.#moves : this.#commits;
    return place.wait(() => ready() || this.#gated() !== gated, wait, action);
  }
}
