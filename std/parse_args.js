// @ts-self-types="./parse_args.d.ts"
// @std/cli/parse-args as the npm package deno-std carries it.
export * from "deno-std/cli/parse_args.js";
