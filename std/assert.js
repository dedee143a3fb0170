// @ts-self-types="./assert.d.ts"
// @std/assert as the npm package deno-std carries it.
export * from "deno-std/assert/mod.js";
