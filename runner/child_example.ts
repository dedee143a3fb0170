/** What child tests run: imports a package, and answers with its runtime, arguments and input. */
import { readFileSync } from "node:fs";
import process from "node:process";
import { z } from "zod";
import { self } from "./runtime/probe.ts";

const args = z.array(z.string()).parse(process.argv.slice(2));
console.log(JSON.stringify([self.name, args, readFileSync(0, "utf8")]));
