// Puts things in an order that a seed decides: the same seed gives the same order everywhere.

/** The generator mulberry32: each call returns a whole number from 0 to 2^32 - 1. */
export function mulberry32(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}

/** The numbers 0 to count - 1 in the order of this seed; `salt` parts one use of a seed from another. */
export function seededOrder(count, seed, salt = 0) {
  const draw = mulberry32((seed ^ Math.imul(salt + 1, 0x9e3779b1)) >>> 0);
  const order = Array.from({ length: count }, (_, place) => place);
  for (let last = count - 1; last > 0; last -= 1) {
    const other = draw() % (last + 1);
    [order[last], order[other]] = [order[other], order[last]];
  }
  return order;
}

/** A whole number from 0 to 2^31 - 1 that nobody can guess: the seed of a new attempt. */
export function newSeed() {
  return crypto.getRandomValues(new Uint32Array(1))[0] >>> 1;
}

/** Lower-case hexadecimal digits drawn at random. */
export function randomHex(digits) {
  const bytes = crypto.getRandomValues(new Uint8Array(Math.ceil(digits / 2)));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0"))
    .join("")
    .slice(0, digits);
}
