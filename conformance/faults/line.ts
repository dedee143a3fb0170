/** A ring served on this machine, held directly at one end and through the proxy at the other. */
import type { Handle, Reader, Ring, Writer } from "../../impls/contract.ts";
import { serve } from "../../impls/network/websocket/server.ts";
import { WebSocketRing } from "../../impls/network/websocket/ring.ts";
import { openProxy, type Proxy, type ProxyOptions } from "./proxy.ts";

export const numbers = (first: number, length: number) =>
  Array.from({ length }, (_, i) => first + i);

export async function writeAll(writer: Writer<number>, count: number): Promise<void> {
  for (let next = 1; next <= count; next += 100) await writer.write(numbers(next, 100));
}

export async function readAll(reader: Reader<number>, count: number): Promise<number[]> {
  const into = new Int32Array(count);
  for (let at = 0; at < count;) at += await reader.read(into.subarray(at));
  return [...into];
}

interface LineOptions extends Omit<ProxyOptions, "target" | "seed"> {
  readonly capacity: number;
  readonly seed?: number;
  /** Milliseconds between two signs of life; a peer without any is given up after four of them. */
  readonly beatMs?: number;
}

export class Line implements AsyncDisposable {
  readonly near: Ring<number>;
  readonly proxy: Proxy;
  readonly #far: Handle;
  readonly #attached: Ring<number>[] = [];

  static async open({ capacity, seed = 7, beatMs, ...faults }: LineOptions): Promise<Line> {
    const uri = { host: "127.0.0.1", port: 0, name: "" };
    const server = await serve({ capacity, width: 1, uri, beatMs });
    const { host, port, name } = server.uri;
    const handle = (port: number) => ({
      adapter: "websocket",
      at: `ring://${host}:${port}/${name}`,
    });
    const near = await WebSocketRing.connect(handle(port), server.uri, server);
    const proxy = await openProxy({ target: { host, port }, seed, ...faults });
    return new Line(near, handle(proxy.port), proxy);
  }

  private constructor(near: Ring<number>, far: Handle, proxy: Proxy) {
    this.near = near;
    this.#far = far;
    this.proxy = proxy;
  }

  /** The ring through the proxy, which the line disposes of. */
  async attach(): Promise<Ring<number>> {
    const { adapter, at } = this.#far;
    const { hostname: host, port, pathname } = new URL(at as string);
    const uri = { host, port: Number(port), name: pathname.slice(1) };
    const ring = await WebSocketRing.connect({ adapter, at }, uri);
    this.#attached.push(ring);
    return ring;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.proxy.close(); // first: what is stalled or half open ends by it
    for (const ring of this.#attached) await ring[Symbol.asyncDispose]();
    await this.near[Symbol.asyncDispose]();
  }
}
