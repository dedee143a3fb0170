/** The address of a served ring: ring://host:port/name, for which tcp:// is another spelling. */
import { RingError, shown } from "../../errors.ts";

export interface RingUri {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Empty: one that nobody can guess. */
  readonly name: string;
}

const LOOPBACK = "127.0.0.1";
const SHAPE = "ring://host:port/name, the name of up to 128 letters, digits, . _ -";

/**
 * What open() was asked to serve. Without a URI, and for what it leaves out, the ring stays on this
 * machine. RING_INVALID for anything that is not such a URI.
 */
export function served(uri: string | undefined): RingUri {
  if (uri === undefined) return { host: LOOPBACK, port: 0, name: "" };
  const parsed = typeof uri === "string" ? parse(uri) : undefined;
  if (parsed) return parsed;
  throw new RingError("RING_INVALID", "open", `uri must be ${SHAPE}; got ${shown(uri)}`, uri);
}

/** What a handle names. RING_FOREIGN for anything that is not the URI of a served ring. */
export function named(at: unknown): RingUri {
  const parsed = typeof at === "string" ? parse(at) : undefined;
  if (parsed && parsed.port !== 0 && parsed.name !== "") return parsed;
  throw new RingError("RING_FOREIGN", "attach", `a handle holds ${SHAPE}; got ${shown(at)}`, at);
}

export function format({ host, port, name }: RingUri): string {
  return `ring://${host}:${port}/${name}`;
}

function parse(uri: string): RingUri | undefined {
  // Not by URL, which drops or repairs what does not fit.
  const parts = /^(?:ring|tcp):\/\/([\w.-]+|\[[\da-f:.]+\])?(?::(\d{1,5}))?(?:\/([\w.-]{0,128}))?$/i
    .exec(uri);
  if (!parts) return undefined;
  const [, host = LOOPBACK, port = "0", name = ""] = parts;
  if (Number(port) > 65535 || name === "." || name === "..") return undefined;
  // One loopback address: the other may be where nobody listens.
  return { host: host.toLowerCase() === "localhost" ? LOOPBACK : host, port: Number(port), name };
}
