import { test } from "node:test";
import { assertEquals, assertThrows } from "@std/assert";
import { oneOf, type Option, parse, UsageError } from "./command.ts";
import { helpText } from "./help.ts";

const spec = {
  name: "bench",
  summary: "Measures every ring on every runtime and writes a page that shows what came of it.",
  options: {
    seed: { kind: "number", help: "what the order is drawn from", default: 7 },
    rounds: { kind: "number", help: "how often" },
    profile: { kind: "string", help: "how long", choices: ["quick", "full"], default: "quick" },
    adapters: { kind: "list", help: "only these", placeholder: "A,B" },
    runtimes: { kind: "list", help: "on these", default: ["deno", "bun"] },
    list: { kind: "boolean", help: "only list what there is" },
    "no-page": { kind: "boolean", help: "write no page" },
  },
} as const;

const refusal = (argv: string[]) => assertThrows(() => parse(spec, argv), UsageError).message;

test("without arguments, values are the defaults", () => {
  assertEquals(parse(spec, []), {
    _: [],
    seed: 7,
    rounds: undefined,
    profile: "quick",
    adapters: undefined,
    runtimes: ["deno", "bun"],
    list: false,
    "no-page": false,
  });
});

test("values are typed by kind; a list is comma separated and repeatable", () => {
  const values = parse(spec, [
    ...["--seed=-3", "--rounds", "2.5", "--profile", "full", "--adapters", "a, b"],
    ...["--adapters=c", "--list", "--no-page", "--runtimes", "node"],
  ]);
  const profile: "quick" | "full" = values.profile;
  assertEquals([values.seed, values.rounds, profile], [-3, 2.5, "full"]);
  assertEquals([values.adapters, values.runtimes], [["a", "b", "c"], ["node"]]);
  assertEquals([values.list, values["no-page"]], [true, true]);
});

test("an unknown flag is refused with the nearest one", () => {
  const expected = "unknown flag --adaptres; did you mean --adapters? (--help lists all)";
  assertEquals(refusal(["--adaptres", "a"]), expected);
  assertEquals(refusal(["--adaptres=a"]), expected);
  assertEquals(refusal(["--frobnicate"]), "unknown flag --frobnicate (--help lists all)");
  assertEquals(refusal(["-x"]), "unknown flag -x (--help lists all)");
});

test("a bad or missing value is refused by name", () => {
  assertEquals(refusal(["--seed", "ten"]), "--seed needs a number, got ten");
  assertEquals(refusal(["--seed"]), "--seed needs a value; --help says which");
  assertEquals(refusal(["--profile", "--list"]), "--profile needs a value; --help says which");
  assertEquals(refusal(["--adapters="]), "--adapters needs a value; --help says which");
  assertEquals(
    refusal(["--profile", "quik"]),
    "unknown value of --profile, quik; did you mean quick? (one of: quick, full)",
  );
  assertEquals(refusal(["--no-page=1"]), "--no-page takes no value");
});

test("positional arguments are texts, and only where they are expected", () => {
  assertEquals(
    refusal(["results.json"]),
    "unexpected argument results.json; --help lists what bench takes",
  );
  assertEquals(parse({ ...spec, positional: "FILE…" }, ["a", "12", "--", "--b"])._, [
    "a",
    "12",
    "--b",
  ]);
});

test("oneOf names the nearest and lists all", () => {
  const names = ["spsc", "futex_ring", "websocket"];
  assertEquals(oneOf("adapter", "spsc", names), "spsc");
  const said = (given: string) =>
    assertThrows(() => oneOf("adapter", given, names), UsageError).message;
  const all = "(one of: spsc, futex_ring, websocket)";
  assertEquals(said("spcs"), `unknown adapter spcs; did you mean spsc? ${all}`);
  assertEquals(said("futex"), `unknown adapter futex; did you mean futex_ring? ${all}`);
  assertEquals(said("zzzz"), `unknown adapter zzzz ${all}`);
});

test("help lists every option within 80 columns", () => {
  const wide: Option = {
    kind: "string",
    help: "many words ".repeat(20),
    placeholder: "X".repeat(30),
  };
  const lines = helpText({
    ...spec,
    options: { ...spec.options, wide },
    positional: "FILE…",
    examples: ["deno task bench --seed 3"],
  }).split("\n");
  assertEquals(lines.slice(0, 2), [
    "Usage: deno task bench [options] FILE…",
    "       bun run bench [options] FILE…",
  ]);
  assertEquals(lines.filter((line) => line.length > 80), []);
  for (const name of [...Object.keys(spec.options), "wide"]) {
    assertEquals(lines.filter((line) => line.startsWith(`  --${name}`)).length, 1, name);
  }
  const profile = lines.find((line) => line.startsWith("  --profile"));
  assertEquals(profile, "  --profile TEXT  how long (one of: quick, full; default: quick)");
  assertEquals(lines.slice(-3), ["Examples:", "  deno task bench --seed 3", ""]);
});
