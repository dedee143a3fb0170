/** Installs packages with the installer of the runtime that runs this, as its user has set that up. */
import { runProcess } from "../process.ts";
import { self } from "./probe.ts";

/** An installer says nothing while it downloads: this long may one package take, in milliseconds. */
const SILENCE_MS = 10 * 60_000;

/**
 * Makes node_modules of the package.json in `folder`, and rejects with the installer's own words.
 * `frozen`: exactly as the lock file there says. No package's own script is run.
 */
export async function install(folder: string, how: { readonly frozen: boolean }): Promise<void> {
  const [file, args] = installer(how.frozen);
  let said = "";
  const end = await runProcess({
    file,
    args,
    cwd: folder,
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
    silenceMs: SILENCE_MS,
    onLine: (line) => said += `${line}\n`,
  });
  if (end.how !== "exit" || end.code !== 0) {
    throw new Error(cause(end.stderr) ?? cause(said) ?? `${file} ended with code ${end.code}`);
  }
}

/** The name of the installer, for a message to a person. */
export const installerName = self.name === "node" ? "npm" : self.name;

function installer(frozen: boolean): [file: string, args: string[]] {
  if (self.name === "deno") {
    return [self.path, ["install", "--quiet", ...frozen ? ["--frozen"] : []]];
  }
  if (self.name === "bun") {
    const lock = frozen ? "--frozen-lockfile" : "--no-save";
    return [self.path, ["install", "--no-progress", "--ignore-scripts", lock]];
  }
  const quiet = ["--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts"];
  // Without a network, its own pauses between tries add up to more than a minute.
  return ["npm", ["install", ...quiet, "--fetch-retry-mintimeout=1000", "--fetch-retries=1"]];
}

/** The line that says most: the first one that speaks of an error, else the last. */
function cause(output: string): string | undefined {
  const lines = output.split("\n")
    .filter((line) => line.trim() !== "" && !/^npm (warn|error (code|errno|syscall))/.test(line));
  const line = lines.find((line) => /error|failed/i.test(line)) ?? lines.at(-1);
  return line?.replace(/^\s*(npm )?(error|warn):?\s*/, "");
}
