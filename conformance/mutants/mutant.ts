/**
 * A ring that must fail: a small edit of a real one, and the rule that has to notice. Edits stay
 * true as the rings change, since one whose text is no longer found fails the run.
 */

/** One edit of a built-in adapter's sources. */
export interface Edit {
  /** What it does, in a few words; unique. */
  readonly name: string;
  /** The built-in adapter that it is an edit of. */
  readonly adapter: string;
  /** The adapter's module, from the project's root. */
  readonly module: string;
  /** The file to edit, from the project's root; the module itself by default. */
  readonly file?: string;
  /** Stands in the file exactly once. */
  readonly find: string;
  readonly replace: string;
}

/** An edit that breaks a ring; its name says what is wrong then. */
export interface Mutant extends Edit {
  /** The rule that must kill it. */
  readonly rule: string;
  /** The classic fault that it has, by its number in the catalogue (catalogue.ts). */
  readonly fault?: number;
}
