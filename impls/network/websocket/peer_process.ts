/**
 * The other process of the tests. `write HANDLE COUNT BATCH`: attaches and writes the numbers from 1
 * up. `serve COUNT`: opens a ring, writes the numbers from 1 up, says its handle, and stays. `dispose`: opens a ring, uses it
 * and disposes of it.
 */
import process from "node:process";
import { attachWebSocket, openWebSocket } from "../websocket.ts";

const numbers = (first: number, length: number) => Int32Array.from({ length }, (_, i) => first + i);

async function write(handle: string, count: number, batch: number): Promise<void> {
  await using ring = await attachWebSocket(JSON.parse(handle));
  await using writer = await ring.writer();
  for (let next = 1; next <= count; next += batch) {
    await writer.write(numbers(next, Math.min(batch, count - next + 1)));
  }
}

async function serve(count: number): Promise<void> {
  const ring = await openWebSocket({ capacity: count });
  await (await ring.writer()).write(numbers(1, count));
  console.log(JSON.stringify(ring.handle));
}

async function dispose(): Promise<void> {
  await using ring = await openWebSocket({ capacity: 4 });
  const writer = await ring.writer(), reader = await ring.reader();
  await writer.write([1]);
  await reader.read([0]);
  await reader.read([0], { timeout: 1 }).catch(() => {});
}

const [role, ...args] = process.argv.slice(2);
if (role === "write") await write(args[0]!, Number(args[1]), Number(args[2]));
else if (role === "serve") await serve(Number(args[0]));
else await dispose();
