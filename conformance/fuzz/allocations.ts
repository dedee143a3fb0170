/**
 * The largest piece of memory that this realm has asked for: a length that was believed shows here
 * before it does harm. What the constructors are asked for is what counts, also where they refuse.
 */

const names = ["ArrayBuffer", "SharedArrayBuffer", "Array", "Int32Array", "Uint8Array"] as const;
let largest = 0;
let watched = false;

/** From now on, in this realm, which should be a thread of its own. */
export function watchAllocations(): void {
  if (watched) return;
  watched = true;
  const realm = globalThis as unknown as Record<string, new (...args: unknown[]) => object>;
  for (const name of names) {
    const plain = realm[name]! as unknown as { new (...args: unknown[]): object } & {
      readonly BYTES_PER_ELEMENT?: number;
    };
    const unit = plain.BYTES_PER_ELEMENT ?? (name === "Array" ? 8 : 1);
    realm[name] = new Proxy(plain, {
      construct(target, args, made) {
        if (typeof args[0] === "number") largest = Math.max(largest, args[0] * unit);
        return Reflect.construct(target, args, made === realm[name] ? target : made);
      },
    });
  }
}

/** Bytes, since this was asked last. */
export function largestAllocation(): number {
  const bytes = largest;
  largest = 0;
  return bytes;
}
