/**
 * A TCP proxy on loopback that does to its connections what networks do: it cuts the bytes into
 * pieces of its own choosing, keeps them back, delays, slows down or falsifies them, drops them from
 * some moment on, connects in another order, and breaks connections. All that is chosen follows from
 * the seed. Without any fault asked for it passes every byte on in order: where the pieces of a stream
 * end means nothing, and a receiver that relies on it is found out behind this proxy already.
 */
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { seeded } from "../random.ts";
import { Arrivals } from "./arrivals.ts";
import { Lane, type LaneOptions } from "./lane.ts";

export interface ProxyOptions extends LaneOptions {
  readonly target: { readonly host: string; readonly port: number };
  readonly seed: number;
  /** Each second connection is made before the one that came before it. */
  readonly reorder?: boolean;
}

/** "up" is to the target, "down" is from it. */
export type Direction = "up" | "down";

export interface Proxy {
  readonly host: string;
  readonly port: number;
  /** Breaks every connection; new ones are taken as before. */
  cut(): void;
  /** Takes no more bytes in that direction, on any connection, so that they pile up at the sender. */
  stall(direction: Direction): void;
  /** Ends every stall. */
  resume(): void;
  /**
   * From now on every connection that there is is half open: what is sent is taken and goes nowhere,
   * and neither end is told. New ones work.
   */
  drop(): void;
  /** Breaks every connection and takes no more; resolves when all is closed. */
  close(): Promise<void>;
}

export async function openProxy(options: ProxyOptions): Promise<Proxy> {
  const { target, seed, reorder = false } = options;
  const random = seeded(seed);
  const sockets = new Set<Socket>(), lanes = new Set<Lane>();
  const stalled = new Set<Direction>();
  const arrivals = new Arrivals(reorder ? 2 : 1);
  const dial = (near: Socket) => {
    const far = connect({ ...target, allowHalfOpen: true, noDelay: true });
    for (const [direction, from, to] of [["up", near, far], ["down", far, near]] as const) {
      hold(from);
      from.on("error", () => to.destroy());
      const lane = new Lane(from, to, { ...options, random, direction });
      if (stalled.has(direction)) lane.stall();
      lanes.add(lane);
      lane.pass().finally(() => lanes.delete(lane));
    }
  };
  const hold = (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
  };
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
    hold(near);
    arrivals.add(() => dial(near));
  });
  const host = "127.0.0.1";
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, host, resolve);
  });
  const cut = () => sockets.forEach((socket) => socket.destroy());
  return {
    host,
    port: (server.address() as AddressInfo).port,
    cut,
    stall(direction) {
      stalled.add(direction);
      for (const lane of lanes) if (lane.direction === direction) lane.stall();
    },
    resume() {
      stalled.clear();
      lanes.forEach((lane) => lane.resume());
    },
    drop: () => lanes.forEach((lane) => lane.drop()),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        cut();
      }),
  };
}
