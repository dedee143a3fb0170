import { assert, assertEquals } from "@std/assert";
import { test } from "node:test";
import { jsonScript, markup } from "./html.ts";

test("what is interpolated is escaped, in text and in attributes", () => {
  const name = `<img src=x onerror=alert(1)> "'&`;
  const safe = "&#60;img src=x onerror=alert(1)&#62; &#34;&#39;&#38;";
  assertEquals(markup`<td title="${name}">${name}</td>`.text, `<td title="${safe}">${safe}</td>`);
});

test("Html nests unescaped, lists are joined, undefined and false vanish, zero stays", () => {
  const cells = ["a<", "b"].map((cell) => markup`<td>${cell}</td>`);
  assertEquals(
    markup`<tr>${cells}${undefined}${false}${0}</tr>`.text,
    "<tr><td>a&#60;</td><td>b</td>0</tr>",
  );
});

test("data for a script cannot end its element, and survive", () => {
  const data = { name: "</script><script>alert(1)</script><!--\u2028" };
  const { text } = jsonScript("data", data);
  const json = text.slice(text.indexOf(">") + 1, text.lastIndexOf("<"));
  assert(!json.includes("<"));
  assertEquals(JSON.parse(json), data);
});
