// Types of the part of @std/cli/parse-args that this project uses; the npm package ships none.
export interface ParseOptions {
  readonly string?: readonly string[];
  readonly boolean?: readonly string[];
  readonly collect?: readonly string[];
  readonly negatable?: readonly string[];
  readonly alias?: Readonly<Record<string, string | readonly string[]>>;
  readonly default?: Readonly<Record<string, unknown>>;
  readonly stopEarly?: boolean;
  readonly "--"?: boolean;
  /** Called with each argument that no option names; false drops it. */
  readonly unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}
export interface Args {
  readonly _: readonly (string | number)[];
  readonly [name: string]: unknown;
}
export declare function parseArgs(args: readonly string[], options?: ParseOptions): Args;
