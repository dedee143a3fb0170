// Node resolves no import map: `node --import ./std/node.js` teaches it the @std/ names of deno.json.
import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";

const root = new URL("../", import.meta.url);
const { imports } = JSON.parse(readFileSync(new URL("deno.json", root), "utf8"));

registerHooks({
  resolve: (specifier, context, next) =>
    specifier in imports
      ? next(new URL(imports[specifier], root).href, context)
      : next(specifier, context),
});
