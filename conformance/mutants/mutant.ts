/**
 * A ring that must fail: a small edit of a real one, and the rule that has to notice. Edits stay
 * true as the rings change, since one whose text is no longer found fails the run.
 */

export interface Mutant {
  /** What is wrong with it, in a few words; unique. */
  readonly name: string;
  /** The rule that must kill it. */
  readonly rule: string;
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
