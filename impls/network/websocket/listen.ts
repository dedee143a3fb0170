/**
 * The HTTP side of a served ring: who knows its name gets a WebSocket, everybody else a refusal. The
 * name is the right to attach, so it is compared in constant time and never shown; a web page, which
 * could reach this host from its visitor's browser, is told by its Origin and gets nothing.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { RingError } from "../../errors.ts";
import { GOODBYE_MS } from "./protocol.ts";
import { format, type RingUri } from "./uri.ts";

export interface Listener {
  /** With the port that it got. */
  readonly uri: RingUri;
  /** Resolves once no connection is left; those that were admitted are the caller's to close. */
  close(): Promise<void>;
}

/** Not in place, for the types of ws know no closeTimeout. */
const socketOptions = {
  noServer: true,
  clientTracking: false,
  perMessageDeflate: false,
  closeTimeout: GOODBYE_MS,
};

export async function listen(
  uri: RingUri,
  maxMessageBytes: number,
  admit: (socket: WebSocket) => void,
): Promise<Listener> {
  const sockets = new WebSocketServer({ ...socketOptions, maxPayload: maxMessageBytes });
  const server = createServer((_, response) => {
    response.writeHead(426, { Connection: "close", Upgrade: "websocket" }).end();
  });
  server.on("upgrade", (request, socket, head) => {
    const status = refusal(request, uri.name);
    if (status) refuse(socket, status);
    else sockets.handleUpgrade(request, socket, head, admit);
  });
  await start(server, uri);
  const { port } = server.address() as AddressInfo;
  return { uri: { ...uri, port }, close: () => stop(server) };
}

function refusal(request: IncomingMessage, name: string): string | undefined {
  if (request.headers.origin !== undefined) return "403 Forbidden";
  if (!sameText(request.url ?? "", `/${name}`)) return "404 Not Found";
  return undefined;
}

function sameText(given: string, wanted: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}

function refuse(socket: Duplex, status: string): void {
  socket.on("error", () => socket.destroy());
  // Not left half open: whoever was refused could keep the server from closing.
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => {
    socket.destroy();
  });
}

function start(server: Server, uri: RingUri): Promise<void> {
  return new Promise((resolve, reject) => {
    server.on("error", (error) => {
      const where = format({ ...uri, name: "" });
      reject(new RingError("RING_UNAVAILABLE", "open", `${where}: ${error.message}`, where));
    });
    server.listen(uri.port, uri.host.replace(/^\[|\]$/g, ""), resolve);
  });
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
