/**
 * Values that JavaScript lets anyone pass, and JSON cannot hold: they are told of by recipes, which
 * it can. A value may throw what is its own when it is looked at; that is nobody else's fault.
 */
import fc from "fast-check";

/** How a value is made. */
export type Recipe =
  | { readonly is: "json"; readonly value: unknown }
  | { readonly is: "number"; readonly value: string }
  | { readonly is: "undefined" | "symbol" | "function" | "bare" | "throwing" }
  | { readonly is: "bigint"; readonly value: string }
  /** Words of shared memory, the rest of them 0. */
  | { readonly is: "shared"; readonly bytes: number; readonly words: readonly number[] }
  | { readonly is: "object"; readonly entries: Readonly<Record<string, Recipe>> }
  /** Another value each time that it is looked at. */
  | { readonly is: "changing"; readonly entries: Readonly<Record<string, readonly Recipe[]>> };

/** What a "throwing" value throws when it is looked at. */
export class Own extends Error {
  override readonly name = "Own";
}

export function made(recipe: Recipe): unknown {
  switch (recipe.is) {
    case "json":
      return recipe.value;
    case "number":
      return Number(recipe.value);
    case "bigint":
      return BigInt(recipe.value);
    case "undefined":
      return undefined;
    case "symbol":
      return Symbol("hostile");
    case "function":
      return () => {};
    case "bare":
      return Object.create(null);
    case "throwing":
      return new Proxy({}, {
        get: throwOwn,
        has: throwOwn,
        ownKeys: throwOwn,
        getPrototypeOf: throwOwn,
      });
    case "shared":
      return shared(recipe.bytes, recipe.words);
    case "object":
      return Object.fromEntries(
        Object.entries(recipe.entries).map(([key, value]) => [key, made(value)]),
      );
    case "changing":
      return changing(recipe.entries);
  }
}

function throwOwn(): never {
  throw new Own("a value that does not want to be looked at");
}

function shared(bytes: number, words: readonly number[]): SharedArrayBuffer {
  const memory = new SharedArrayBuffer(bytes);
  const view = new Int32Array(memory, 0, Math.floor(bytes / 4));
  view.set(words.slice(0, view.length));
  return memory;
}

function changing(entries: Readonly<Record<string, readonly Recipe[]>>): object {
  const object = {};
  for (const [key, recipes] of Object.entries(entries)) {
    let looks = 0;
    Object.defineProperty(object, key, {
      enumerable: true,
      get: () => made(recipes[Math.min(looks++, recipes.length - 1)] ?? { is: "undefined" }),
    });
  }
  return object;
}

const numbers = [
  "NaN",
  "Infinity",
  "-Infinity",
  "-0",
  "0.5",
  "-1",
  "4294967296",
  "9007199254740993",
];

/** Anything at all but an object of certain entries. */
export const anyValue: fc.Arbitrary<Recipe> = fc.oneof(
  fc.record({ is: fc.constant("json" as const), value: fc.jsonValue({ maxDepth: 2 }) }),
  fc.record({ is: fc.constant("number" as const), value: fc.constantFrom(...numbers) }),
  fc.record({ is: fc.constant("bigint" as const), value: fc.constantFrom("0", "8", "-1") }),
  fc.record({
    is: fc.constantFrom(
      ...["undefined", "symbol", "function", "bare", "throwing"] as const,
    ),
  }),
  fc.record({
    is: fc.constant("shared" as const),
    bytes: fc.nat(4096),
    words: fc.array(fc.integer(), { maxLength: 8 }),
  }),
);

/** An object with some of these entries, which may change while they are looked at. */
export function anyObject(
  entries: Readonly<Record<string, fc.Arbitrary<Recipe>>>,
): fc.Arbitrary<Recipe> {
  const of = <V>(value: (recipe: fc.Arbitrary<Recipe>) => fc.Arbitrary<V>) =>
    fc.record(
      Object.fromEntries(Object.entries(entries).map(([key, recipe]) => [key, value(recipe)])),
      { requiredKeys: [] },
    ) as fc.Arbitrary<Record<string, V>>;
  const twice = (recipe: fc.Arbitrary<Recipe>) => fc.array(recipe, { minLength: 2, maxLength: 3 });
  return fc.oneof(
    {
      weight: 4,
      arbitrary: of((recipe) => recipe).map((entries): Recipe => ({ is: "object", entries })),
    },
    { weight: 1, arbitrary: of(twice).map((entries): Recipe => ({ is: "changing", entries })) },
    { weight: 1, arbitrary: anyValue },
  );
}
