/** The folder of this repository, with a slash behind it. */
import { fileURLToPath } from "node:url";

export const root: string = fileURLToPath(new URL("../", import.meta.url));
