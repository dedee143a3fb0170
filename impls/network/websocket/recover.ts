/**
 * What a reader does that was cut off: it tells the server on a new connection how far it had come,
 * so that the next reader goes on exactly there.
 */
import { RingError } from "../../errors.ts";
import { type Connection, dial, systemCode } from "./connection.ts";
import { message, RECOVER, RECOVERED, RECOVERY_MS } from "./protocol.ts";
import type { RingUri } from "./uri.ts";

/** Between two attempts: a server that is just dying may still take a connection. */
const PAUSE_MS = 20;

type Outcome = "told" | "ring is gone" | "no answer";

/**
 * Resolves within RECOVERY_MS: true when the ring is gone (nobody listens there any more, or somebody
 * else), false when it was told, or may still be there.
 */
export async function recover(
  uri: RingUri,
  key: readonly number[],
  position: number,
): Promise<boolean> {
  const deadline = performance.now() + RECOVERY_MS;
  for (let left = RECOVERY_MS; left > 0; left = deadline - performance.now()) {
    const outcome = await attempt(uri, message(RECOVER, ...key, position), left);
    if (outcome !== "no answer") return outcome === "ring is gone";
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  return false;
}

function attempt(uri: RingUri, report: Int32Array, timeoutMs: number): Promise<Outcome> {
  return new Promise((resolve) => {
    let connection: Connection | undefined;
    let settled = false;
    const settle = (outcome: Outcome) => {
      settled = true;
      clearTimeout(timer);
      connection?.close();
      resolve(outcome);
    };
    const timer = setTimeout(() => settle("no answer"), timeoutMs);
    const hearer = {
      hello: () => {},
      message: (type: number) => {
        if (type === RECOVERED) settle("told");
      },
      lost: (_: string, ringIsGone: boolean) => settle(ringIsGone ? "ring is gone" : "no answer"),
    };
    dial(uri, hearer, timeoutMs).then((dialled) => {
      connection = dialled;
      connection.send(report);
      if (settled) connection.close();
    }, (error) => settle(isGone(error) ? "ring is gone" : "no answer"));
  });
}

function isGone(error: unknown): boolean {
  if (!(error instanceof RingError)) return false;
  return error.code === "RING_FOREIGN" || systemCode(error.cause) === "ECONNREFUSED";
}
