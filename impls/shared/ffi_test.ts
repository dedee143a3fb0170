import { test } from "node:test";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { RingError } from "../errors.ts";
import { memoryAt, openLibrary, type Pointer, pointerOf } from "./ffi.ts";

// The C library is loaded in every process that runs these tests.
const libc = openLibrary("libc.so.6", {
  abs: { parameters: ["i32"], result: "i32" },
  htonl: { parameters: ["u32"], result: "u32" },
  llabs: { parameters: ["i64"], result: "i64" },
  calloc: { parameters: ["u64", "u64"], result: "pointer" },
  memset: { parameters: ["pointer", "i32", "u64"], result: "pointer" },
  free: { parameters: ["pointer"], result: "void" },
});
const libm = openLibrary("libm.so.6", {
  ldexp: { parameters: ["f64", "i32"], result: "f64" },
  fabsf: { parameters: ["f32"], result: "f32" },
});

test("numbers of every type cross to C and back", () => {
  assertEquals(libc.abs(-(2 ** 31) + 1), 2 ** 31 - 1);
  assertEquals(libc.htonl(0xff), 0xff000000);
  assertEquals(libc.llabs(-(2n ** 62n)), 2n ** 62n);
  assertEquals(libm.ldexp(0.75, 3), 6);
  assertEquals(libm.fabsf(-0.5), 0.5);
});

test("native memory is seen both ways, and atomically", () => {
  const pointer = libc.calloc(16n, 4n) as Pointer;
  const words = new Int32Array(memoryAt(pointer, 64));
  assertEquals(Atomics.load(words, 15), 0);
  libc.memset(pointer, 0x41, 64n);
  assertEquals(Atomics.add(words, 15, 1), 0x41414141);
  assertEquals(new Int32Array(memoryAt(pointer, 64))[15], 0x41414142);
  libc.free(pointer);
});

test("a pointer to a view over a SharedArrayBuffer points at the view's first byte", () => {
  const bytes = new Uint8Array(new SharedArrayBuffer(64));
  libc.memset(pointerOf(bytes.subarray(8)), 7, 4n);
  assertEquals([...bytes.subarray(6, 14)], [0, 0, 7, 7, 7, 7, 0, 0]);
});

test("NULL is null, in both directions", () => {
  assertEquals(libc.calloc(2n ** 62n, 1n), null);
  libc.free(null);
});

test("a missing library and a missing function are named", () => {
  const load = (path: string) =>
    openLibrary(path, { no_such_function: { parameters: [], result: "void" } });
  const library = assertThrows(() => load("no_such_library.so"), RingError, "no_such_library.so");
  assert(library instanceof RingError);
  assertEquals([library.code, library.value], ["RING_UNAVAILABLE", "no_such_library.so"]);
  assertThrows(() => load("libc.so.6"), RingError, "no_such_function");
});
