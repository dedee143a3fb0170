/** How far a long command is: a bar with the time left on a terminal, now and then a line elsewhere. */
import process from "node:process";
import { colour } from "./colour.ts";

interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const LINE_EVERY_MS = 10_000;
const BAR_CELLS = 20;
const CLEAR_LINE = "\r\x1b[2K";

export class Progress {
  readonly #total: number;
  readonly #what: string;
  readonly #screen: Screen;
  readonly #startedAt = performance.now();
  #done = 0;
  #saidAt = performance.now();
  #bar = "";

  /** `total`: how many steps there will be. `what`: what is being done, in a word or two. */
  constructor(total: number, what: string, screen: Screen = process.stderr) {
    this.#total = total;
    this.#what = what;
    this.#screen = screen;
  }

  /** One more step is done; `label` says which. */
  step(label: string): void {
    this.#done++;
    if (this.#screen.isTTY) {
      this.#draw(label);
    } else if (performance.now() - this.#saidAt >= LINE_EVERY_MS) {
      this.#saidAt = performance.now();
      this.#screen.write(`${this.#what} ${this.#count()} ${label}${this.#left()}\n`);
    }
  }

  /** A line above the bar. */
  say(line: string): void {
    this.#screen.write(this.#bar === "" ? `${line}\n` : `${CLEAR_LINE}${line}\n${this.#bar}`);
  }

  /** Takes the bar away. */
  end(): void {
    if (this.#bar !== "") this.#screen.write(CLEAR_LINE);
    this.#bar = "";
  }

  #draw(label: string): void {
    const { dim, green } = colour(this.#screen);
    const full = Math.round(BAR_CELLS * Math.min(1, this.#done / this.#total));
    const head = `${this.#what} `;
    const tail = ` ${this.#count()}${this.#left()} `;
    // A bar that wraps could not be cleared again.
    const room = Math.max(
      0,
      (this.#screen.columns || 80) - 1 - head.length - BAR_CELLS -
        tail.length,
    );
    this.#bar = head + green("━".repeat(full)) + dim("━".repeat(BAR_CELLS - full)) + tail +
      dim(label.slice(0, room));
    this.#screen.write(CLEAR_LINE + this.#bar);
  }

  #count(): string {
    return `${this.#done}/${this.#total}`;
  }

  #left(): string {
    const elapsedMs = performance.now() - this.#startedAt;
    const leftMs = elapsedMs / this.#done * (this.#total - this.#done);
    return leftMs > 0 ? `, ${duration(leftMs)} left` : "";
  }
}

/** "850 ms", "12 s", "3 min 20 s", "2 h 05 min". */
export function duration(ms: number): string {
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const two = (count: number) => String(count).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${two(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
}
