/** Seeded pseudo-random numbers, so that every run can be repeated. (Source: xoshiro's splitmix32.) */

export interface Random {
  /** From 0 to below `below`, a whole number. */
  integer(below: number): number;
}

export function seeded(seed: number): Random {
  let state = seed | 0;
  const next = () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
  return { integer: (below) => Math.floor((next() / 2 ** 32) * below) };
}
