/**
 * Replaces the constructors of typed arrays and DataView in this realm, so that the session hears of
 * every plain access to watched memory. A view of it is a Proxy; views of any other are left alone.
 */
import type { Session } from "./session.ts";

type TypedArray = Int32Array & { readonly BYTES_PER_ELEMENT: number };
type View = TypedArray | DataView;
// deno-lint-ignore no-explicit-any -- methods of every signature are wrapped alike
type Method = (...args: any[]) => unknown;

const names = [
  "Int8Array",
  "Uint8Array",
  "Uint8ClampedArray",
  "Int16Array",
  "Uint16Array",
  "Int32Array",
  "Uint32Array",
  "Float32Array",
  "Float64Array",
  "BigInt64Array",
  "BigUint64Array",
] as const;

const raws = new WeakMap<object, object>();

/** What a Proxy stands for; anything else itself. */
export function rawOf<T>(view: T): T {
  return (typeof view === "object" && view !== null && raws.get(view) as T) || view;
}

export function patchViews(session: Session): void {
  const globals = globalThis as unknown as Record<string, unknown>;
  for (const name of names) {
    const wrap = (view: TypedArray) => proxied(view, typedArrayTraps(session, view, wrap));
    patchConstructor(session, globals, name, wrap);
  }
  const wrapDataView = (view: DataView) => proxied(view, dataViewTraps(session, view));
  patchConstructor(session, globals, "DataView", wrapDataView);
  patchReceivers(globals);
}

function patchConstructor<V extends View>(
  session: Session,
  globals: Record<string, unknown>,
  name: string,
  wrap: (view: V) => V,
): void {
  const Real = globals[name] as new (...args: unknown[]) => V;
  globals[name] = new Proxy(Real, {
    construct(target, args, newTarget) {
      const view = Reflect.construct(target, args.map(rawOf), newTarget) as V;
      return session.memoryOf(view.buffer) === undefined ? view : wrap(view);
    },
  });
}

function proxied<V extends View>(view: V, traps: ProxyHandler<V>): V {
  const proxy = new Proxy(view, traps);
  raws.set(proxy, view);
  return proxy;
}

function typedArrayTraps(
  session: Session,
  view: TypedArray,
  wrap: (view: TypedArray) => TypedArray,
): ProxyHandler<TypedArray> {
  const size = view.BYTES_PER_ELEMENT;
  const methods = new Map<string | symbol, Method>();
  const touch = (from: number, count: number, writes: boolean) =>
    session.plain(view, from * size, Math.max(0, count) * size, writes);
  return {
    get(target, key) {
      const index = indexOf(key);
      if (index >= 0) {
        if (index < target.length) touch(index, 1, false);
        return target[index];
      }
      const value = Reflect.get(target, key, target);
      if (typeof value !== "function" || key === "constructor") return value;
      let method = methods.get(key);
      if (!method) methods.set(key, method = instrumented(view, key, value, touch, wrap));
      return method;
    },
    set(target, key, value) {
      const index = indexOf(key);
      if (index >= 0 && index < target.length) touch(index, 1, true);
      return Reflect.set(target, key, value, target);
    },
  };
}

/** Reads or writes what the method does; one that is not known here is taken to read everything. */
function instrumented(
  view: TypedArray,
  key: string | symbol,
  value: Method,
  touch: (from: number, count: number, writes: boolean) => void,
  wrap: (view: TypedArray) => TypedArray,
): Method {
  const whole = (at: number | undefined, otherwise: number) => {
    const from = Math.trunc(at ?? otherwise) || 0;
    return from < 0 ? Math.max(0, view.length + from) : Math.min(from, view.length);
  };
  switch (key) {
    case "set":
      return (source: ArrayLike<number>, to = 0) => {
        // Read through the source's own Proxy, if it has one, before anything is written.
        const values = raws.has(source as object) ? Array.from(source) : source;
        touch(to, values.length, true);
        return value.call(view, values, to);
      };
    case "fill":
      return (item: number, from?: number, to?: number) => {
        const begin = whole(from, 0);
        touch(begin, whole(to, view.length) - begin, true);
        value.call(view, item, from, to);
        return wrap(view);
      };
    case "copyWithin":
      return (to: number, from: number, end?: number) => {
        const begin = whole(from, 0), target = whole(to, 0);
        const count = Math.min(whole(end, view.length) - begin, view.length - target);
        touch(begin, count, false);
        touch(target, count, true);
        value.call(view, to, from, end);
        return wrap(view);
      };
    case "subarray":
      return (from?: number, to?: number) => wrap(value.call(view, from, to) as TypedArray);
    case "slice":
      return (from?: number, to?: number) => {
        const begin = whole(from, 0);
        touch(begin, whole(to, view.length) - begin, false);
        return value.call(view, from, to);
      };
    default:
      return (...args: unknown[]) => {
        touch(0, view.length, false);
        return value.apply(view, args);
      };
  }
}

function dataViewTraps(session: Session, view: DataView): ProxyHandler<DataView> {
  return {
    get(target, key) {
      const value = Reflect.get(target, key, target);
      if (typeof value !== "function" || typeof key !== "string") return value;
      const [, verb, bits] = key.match(/^(get|set)[A-Za-z]+?(\d+)$/) ?? [];
      if (verb === undefined) return value.bind(target);
      return (offset: number, ...rest: unknown[]) => {
        session.plain(view, offset, Number(bits) / 8, verb === "set");
        return value.call(target, offset, ...rest);
      };
    },
  };
}

/** Functions of the platform that want a real view. */
function patchReceivers(globals: Record<string, unknown>): void {
  const unwrapping = (owner: object, key: string) => {
    const real = Reflect.get(owner, key) as Method;
    Reflect.set(owner, key, function (this: unknown, ...args: unknown[]) {
      return real.apply(this, args.map(rawOf));
    });
  };
  unwrapping(TextDecoder.prototype, "decode");
  unwrapping(TextEncoder.prototype, "encodeInto");
  unwrapping(ArrayBuffer, "isView");
  unwrapping(globals, "structuredClone");
}

/** The index that a property key is, or −1. */
function indexOf(key: string | symbol): number {
  if (typeof key !== "string") return -1;
  const first = key.charCodeAt(0);
  return first >= 48 && first <= 57 ? Number(key) : -1;
}
