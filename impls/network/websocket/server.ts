/** A ring served to one writer and one reader, each in any process that can reach its URI. */
import { randomBytes } from "node:crypto";
import { Exchange } from "./exchange.ts";
import { Ledger } from "./ledger.ts";
import { listen } from "./listen.ts";
import { maxMessageBytes } from "./protocol.ts";
import type { RingUri } from "./uri.ts";

/** Bytes of a name that nobody guesses. */
const NAME_BYTES = 16;
const BEAT_MS = 5000;

export interface ServerOptions {
  readonly capacity: number;
  readonly width: number;
  /** Port 0 and an empty name are filled in. */
  readonly uri: RingUri;
  /** Between two pings to each connection. */
  readonly beatMs?: number;
}

export interface RingServer extends AsyncDisposable {
  readonly uri: RingUri;
}

export async function serve(options: ServerOptions): Promise<RingServer> {
  const { capacity, width, beatMs = BEAT_MS } = options;
  const name = options.uri.name || randomBytes(NAME_BYTES).toString("hex");
  const exchange = new Exchange(new Ledger(capacity, width), beatMs);
  const listener = await listen(
    { ...options.uri, name },
    maxMessageBytes(capacity, width),
    (socket) => exchange.admit(socket),
  ).catch(async (error) => {
    await exchange.stop();
    throw error;
  });
  return {
    uri: listener.uri,
    [Symbol.asyncDispose]: async () => {
      await Promise.all([exchange.stop(), listener.close()]);
    },
  };
}
