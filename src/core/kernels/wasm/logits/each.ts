// One number of each element's own.

/** out[i] = values[i] · factor. */
export function scale(values: usize, factor: f64, out: usize, n: i32): void {
  const by = f64x2.splat(factor);
  for (let i: usize = 0, end = <usize>n << 3; i < end; i += 32) {
    v128.store(out + i, f64x2.mul(v128.load(values + i), by));
    v128.store(out + i, f64x2.mul(v128.load(values + i, 16), by), 16);
  }
}

/** out[i] = values[i] / by. */
export function divide(values: usize, by: f64, out: usize, n: i32): void {
  const all = f64x2.splat(by);
  for (let i: usize = 0, end = <usize>n << 3; i < end; i += 16) v128.store(out + i, f64x2.div(v128.load(values + i), all));
}

/** out[i] = values[i] − what. */
export function subtract(values: usize, what: f64, out: usize, n: i32): void {
  const all = f64x2.splat(what);
  for (let i: usize = 0, end = <usize>n << 3; i < end; i += 16) v128.store(out + i, f64x2.sub(v128.load(values + i), all));
}

/** out[i] = |surprise − expected|, the surprise being logNormaliser − scores[i]. */
export function surprises(scores: usize, logNormaliser: f64, expected: f64, out: usize, n: i32): void {
  const a = f64x2.splat(logNormaliser);
  const b = f64x2.splat(expected);
  for (let i: usize = 0, end = <usize>n << 3; i < end; i += 16) v128.store(out + i, f64x2.abs(f64x2.sub(f64x2.sub(a, v128.load(scores + i)), b)));
}

/** Keeps the scores that are not below `floor`. */
export function keepFrom(scores: usize, floor: f64, out: usize, n: i32): void {
  const least = f64x2.splat(floor);
  const removed = f64x2.splat(-Infinity);
  for (let i: usize = 0, end = <usize>n << 3; i < end; i += 16) {
    const score = v128.load(scores + i);
    v128.store(out + i, v128.bitselect(removed, score, f64x2.lt(score, least)));
  }
}

/** Keeps the scores above `floor`, and those equal to it from the token `from` on. */
export function keepBehind(scores: usize, floor: f64, from: i32, out: usize, n: i32): void {
  const least = f64x2.splat(floor);
  const removed = f64x2.splat(-Infinity);
  // Up to `from` equal ones go, behind it they stay; the pair with it is done again.
  const pairs = <usize>max(from, 0) << 3 & ~15;
  const end = <usize>n << 3;
  let i: usize = 0;
  for (; i < pairs; i += 16) {
    const score = v128.load(scores + i);
    v128.store(out + i, v128.bitselect(score, removed, f64x2.gt(score, least)));
  }
  for (; i < end; i += 16) {
    const score = v128.load(scores + i);
    v128.store(out + i, v128.bitselect(score, removed, f64x2.ge(score, least)));
  }
  if (from > 0 && (from & 1) && load<f64>(scores + pairs) == floor) store<f64>(out + pairs, -Infinity);
}

/** Removes what is less probable than `limit` and below `floor`. */
export function keepProbable(scores: usize, probabilities: usize, limit: f64, floor: f64, out: usize, n: i32): void {
  const least = f64x2.splat(limit);
  const highest = f64x2.splat(floor);
  const removed = f64x2.splat(-Infinity);
  for (let i: usize = 0, end = <usize>n << 3; i < end; i += 16) {
    const score = v128.load(scores + i);
    const goes = v128.and(f64x2.lt(v128.load(probabilities + i), least), f64x2.lt(score, highest));
    v128.store(out + i, v128.bitselect(removed, score, goes));
  }
}

/** Keeps the scores whose keys are at most `far`. */
export function keepNear(scores: usize, keys: usize, far: f64, out: usize, n: i32): void {
  const most = f64x2.splat(far);
  const removed = f64x2.splat(-Infinity);
  for (let i: usize = 0, end = <usize>n << 3; i < end; i += 16) {
    v128.store(out + i, v128.bitselect(v128.load(scores + i), removed, f64x2.le(v128.load(keys + i), most)));
  }
}
