/** What the tests of the pages look for in their markup; a page is never parsed outside of tests. */
import { createHash } from "node:crypto";
import { assert, assertEquals } from "@std/assert";

export interface Tag {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Every tag of a page, without what only looks like one inside of scripts and styles. */
export function tags(page: string): Tag[] {
  const bare = page.replace(/(<(script|style)[^>]*>).*?(<\/\2>)/gs, "$1$3");
  return [...bare.matchAll(/<([a-z][a-z0-9]*)((?:"[^"]*"|[^">])*)>/gi)].map(([, name, rest]) => ({
    name: name!,
    attributes: Object.fromEntries(
      [...rest!.matchAll(/([^\s="/]+)(?:="([^"]*)")?/g)].map((
        [, key, value],
      ) => [key!, value ?? ""]),
    ),
  }));
}

/** The page asks for nothing, and runs nothing but its own scripts. */
export function assertSelfContained(page: string): void {
  for (const { name, attributes } of tags(page)) {
    assert(!["img", "iframe", "object", "embed", "base"].includes(name), `a <${name}>`);
    for (const [key, value] of Object.entries(attributes)) {
      assert(!key.startsWith("on"), `an event handler, ${key}="${value}"`);
      if (key === "src" || key === "href") {
        assert(/^(#|data:|[\w-]+\.html$)/.test(value), `a reference, ${key}="${value}"`);
      }
    }
  }
  const style = /<style>(.*?)<\/style>/s.exec(page)?.[1] ?? "";
  assert(style.length > 1000, "the style sheet is not inlined");
  assert(!/url\(|@import/i.test(style), "a reference in the style sheet");
  assert(!page.includes("sourceMappingURL"), "a source map");
  assertEquals(allowedScripts(page), runningScripts(page).map(hash), "scripts and their policy");
}

function allowedScripts(page: string): string[] {
  const meta = tags(page).find(({ attributes }) =>
    attributes["http-equiv"] === "Content-Security-Policy"
  );
  const policy = (meta?.attributes.content ?? "").replaceAll("&#39;", "'");
  assert(policy.startsWith("default-src 'none'; "), `a policy that forbids everything: ${policy}`);
  return [...policy.matchAll(/'sha256-([^']+)'/g)].map(([, digest]) => digest!);
}

function runningScripts(page: string): string[] {
  return [...page.matchAll(/<script([^>]*)>(.*?)<\/script>/gs)]
    .filter(([, attributes]) => !attributes!.includes("application/json"))
    .map(([, , text]) => text!);
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("base64");
}

/** Ends elements and attributes, and marks the document if it ever runs. */
export const hostile =
  `"'></script></td><img src=x onerror="document.documentElement.dataset.hostile=1">&amp;<!--`;

/** The same results with every text from outside being hostile, but for the names that tie them. */
export function withHostileTexts<T>(results: T, keys: readonly string[]): T {
  const copy = JSON.stringify(
    results,
    (key, value) => keys.includes(key) && typeof value === "string" ? `${value}${hostile}` : value,
  );
  return JSON.parse(copy) as T;
}
