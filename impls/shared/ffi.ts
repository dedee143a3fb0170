/**
 * Native libraries, one front over Deno.dlopen, bun:ffi and node:ffi. Functions are the runtime's
 * own, at their full speed; only pointer results on Node are wrapped.
 *
 * A call blocks its thread and worker.terminate() does not interrupt it; nothing checks what a
 * pointer points at.
 */
import { createRequire } from "node:module";
import { RingError } from "../errors.ts";
import { type RuntimeName, runtimeName } from "./runtime.ts";

export type ParameterType = "i32" | "u32" | "i64" | "u64" | "f32" | "f64" | "pointer";
export type ResultType = ParameterType | "void";
export interface Signature {
  readonly parameters: readonly ParameterType[];
  readonly result: ResultType;
}
export type Signatures = Readonly<Record<string, Signature>>;

declare const address: unique symbol;
/** An address of this process; what it is underneath (object, number, bigint) differs. */
export interface Pointer {
  readonly [address]: never;
}

/** NULL is null; integers of 64 bits are bigint. */
export type Value<T extends ResultType> = T extends "pointer" ? Pointer | null
  : T extends "i64" | "u64" ? bigint
  : T extends "void" ? void
  : number;
type Values<T extends readonly ParameterType[]> = { -readonly [I in keyof T]: Value<T[I]> };
export type Functions<S extends Signatures> = {
  readonly [Name in keyof S]: (
    ...values: Values<S[Name]["parameters"]>
  ) => Value<S[Name]["result"]>;
};

/** The functions of the library at `path`, which stays loaded. RING_UNAVAILABLE if it cannot be. */
export function openLibrary<const S extends Signatures>(path: string, signatures: S): Functions<S> {
  try {
    return runtime().load(path, signatures) as Functions<S>;
  } catch (error) {
    if (error instanceof RingError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new RingError("RING_UNAVAILABLE", "load a native library", why, path);
  }
}

/**
 * Address of the view's first byte, good for as long as the view is referred to. Shared memory only:
 * an engine may move what lies on its own heap.
 */
export function pointerOf(view: ArrayBufferView<SharedArrayBuffer>): Pointer {
  return runtime().pointerOf(view);
}

/**
 * Native memory without a copy, to be touched no more once it is freed. Atomics work on it; being no
 * SharedArrayBuffer, it can neither be posted to a worker nor waited on with Atomics.wait().
 */
export function memoryAt(pointer: Pointer, bytes: number): ArrayBuffer {
  return runtime().memoryAt(pointer, bytes);
}

interface Runtime {
  load(path: string, signatures: Signatures): unknown;
  pointerOf(view: ArrayBufferView): Pointer;
  memoryAt(pointer: Pointer, bytes: number): ArrayBuffer;
}

let loaded: Runtime | undefined;
/** Loaded when it is first needed: Node warns that its interface is experimental. */
const runtime = (): Runtime => loaded ??= runtimes[runtimeName]();

const runtimes: Record<RuntimeName, () => Runtime> = {
  deno: () => {
    const { Deno } = globalThis as unknown as { Deno: DenoFfi };
    return {
      load: (path, signatures) => Deno.dlopen(path, signatures).symbols,
      pointerOf: (view) => Deno.UnsafePointer.of(view),
      memoryAt: (pointer, bytes) => Deno.UnsafePointerView.getArrayBuffer(pointer, bytes),
    };
  },
  bun: () => {
    const ffi = builtin("bun:ffi") as BunFfi;
    return {
      load: (path, signatures) =>
        ffi.dlopen(
          path,
          each(signatures, ({ parameters, result }) => ({
            args: parameters,
            returns: result,
          })),
        ).symbols,
      pointerOf: (view) => ffi.ptr(view),
      memoryAt: (pointer, bytes) => ffi.toArrayBuffer(pointer, 0, bytes),
    };
  },
  node: () => {
    const ffi = builtin("node:ffi") as NodeFfi;
    return {
      load(path, signatures) {
        const { functions } = ffi.dlopen(
          path,
          each(signatures, ({ parameters, result }) => ({ arguments: parameters, return: result })),
        );
        return each(
          signatures,
          ({ result }, name) =>
            result === "pointer" ? nullForZero(functions[name]!) : functions[name],
        );
      },
      pointerOf: (view) => ffi.getRawPointer(view),
      memoryAt: (pointer, bytes) => ffi.toArrayBuffer(pointer, bytes, false),
    };
  },
};

type Callable = (...values: unknown[]) => unknown;

/** What is used of each; no type checker here knows all three. */
interface DenoFfi {
  dlopen(path: string, symbols: Signatures): { symbols: unknown };
  UnsafePointer: { of(view: ArrayBufferView): Pointer };
  UnsafePointerView: { getArrayBuffer(pointer: Pointer, bytes: number): ArrayBuffer };
}
interface BunFfi {
  dlopen(path: string, symbols: unknown): { symbols: unknown };
  ptr(view: ArrayBufferView): Pointer;
  toArrayBuffer(pointer: Pointer, offset: number, bytes: number): ArrayBuffer;
}
interface NodeFfi {
  dlopen(path: string, symbols: unknown): { functions: Record<string, Callable> };
  getRawPointer(view: ArrayBufferView): Pointer;
  toArrayBuffer(pointer: Pointer, bytes: number, copy: false): ArrayBuffer;
}

function builtin(name: "bun:ffi" | "node:ffi"): unknown {
  try {
    return createRequire(import.meta.url)(name);
  } catch {
    throw new RingError(
      "RING_UNAVAILABLE",
      "load a native library",
      `this ${runtimeName} has no ${name}; Node has it from version 26`,
    );
  }
}

function each<T>(
  signatures: Signatures,
  make: (signature: Signature, name: string) => T,
): Record<string, T> {
  return Object.fromEntries(
    Object.entries(signatures).map(([name, signature]) => [name, make(signature, name)]),
  );
}

function nullForZero(call: Callable): Callable {
  return (...values) => call(...values) || null;
}
