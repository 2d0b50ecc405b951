/** Multiplications between two yields: a few milliseconds. */
const STEP = 1 << 21;
/** Far more QL steps than an eigenvalue ever takes. */
const MOST_STEPS = 60;

/**
 * Eigenvalues and eigenvectors of a symmetric matrix of hundreds or thousands of rows, in steps of a few milliseconds:
 * Householder tridiagonalisation and QL with implicit shifts (Golub and Van Loan, 8.3; Bowdler, Martin, Reinsch and
 * Wilkinson 1968). O(n³), several times fewer operations than Jacobi's rotations. Yields the share of the work done.
 * Row i of `vectors` belongs to `values[i]`; values fall; the entry of a vector that is largest in magnitude is positive.
 * @param a row-major, [n, n], finite; overwritten, only its lower triangle is read
 */
export function* eigenSymmetricStepwise(a: Float64Array, n: number): Generator<number, { values: Float64Array; vectors: Float64Array }, void> {
  const scale = scaleOf(a);
  if (scale !== 1) for (let i = 0; i < a.length; i++) a[i] *= scale;
  const diagonal = new Float64Array(n);
  const off = new Float64Array(n); // off[i] stands between the rows i and i + 1
  yield* tridiagonalise(a, n, diagonal, off);
  const rows = yield* basis(a, n);
  yield* implicitQl(diagonal, off, rows, n);
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => diagonal[j] - diagonal[i] || i - j);
  const values = new Float64Array(n);
  const vectors = new Float64Array(n * n);
  for (const [to, from] of order.entries()) {
    values[to] = diagonal[from] / scale;
    const row = rows.subarray(from * n, (from + 1) * n);
    let largest = 0;
    for (const value of row) if (Math.abs(value) > Math.abs(largest) * (1 + 1e-12)) largest = value;
    for (let j = 0; j < n; j++) vectors[to * n + j] = largest < 0 ? -row[j] : row[j];
  }
  return { values, vectors };
}

/** A power of two that brings the largest entry near 1, so that squares neither overflow nor vanish. */
function scaleOf(a: Float64Array): number {
  let largest = 0;
  for (const value of a) largest = Math.max(largest, Math.abs(value));
  if (!(largest > 0) || largest === Number.POSITIVE_INFINITY) return 1;
  return 2 ** -Math.max(-1000, Math.min(1000, Math.floor(Math.log2(largest))));
}

/**
 * Reflects the rows from the last to the third so that A = Q T Q', T tridiagonal. Row i of `a` keeps its reflection's
 * vector in 0 … i − 1 and the factor in place i: H = I − factor · v v'.
 */
function* tridiagonalise(a: Float64Array, n: number, diagonal: Float64Array, off: Float64Array): Generator<number, void, void> {
  const p = new Float64Array(n);
  let work = 0;
  for (let i = n - 1; i > 0; i--) {
    const row = a.subarray(i * n, i * n + i);
    diagonal[i] = a[i * n + i];
    let rest = 0;
    for (let j = 0; j < i - 1; j++) rest += row[j] * row[j];
    const last = row[i - 1];
    a[i * n + i] = 0;
    off[i - 1] = last;
    // Beside a largest entry near 1 these are zeros, whose factor would overflow.
    if (rest < 1e-280) continue;
    const length = Math.sqrt(rest + last * last);
    off[i - 1] = last > 0 ? -length : length;
    row[i - 1] = last - off[i - 1];
    const factor = 1 / (length * (length + Math.abs(last)));
    a[i * n + i] = factor;
    // p = factor · A v, of the leading i rows by their lower triangle.
    p.fill(0, 0, i);
    for (let r = 0; r < i; r++) {
      p[r] += rowTimes(a, r * n, row, p, r);
      if ((work += 2 * r) > STEP) {
        work = 0;
        yield 0.4 * (1 - (i / n) ** 3);
      }
    }
    let product = 0;
    for (let r = 0; r < i; r++) product += row[r] * (p[r] *= factor);
    for (let r = 0; r < i; r++) p[r] -= ((factor * product) / 2) * row[r];
    for (let r = 0; r < i; r++) {
      subtractOuter(a, r * n, row, p, r);
      if ((work += 2 * r) > STEP) {
        work = 0;
        yield 0.4 * (1 - (i / n) ** 3);
      }
    }
  }
  if (n > 0) diagonal[0] = a[0];
}

/** Row r of a lower triangle times v, whose own part is returned; what its mirror adds to the rows above goes to p. */
function rowTimes(a: Float64Array, at: number, v: Float64Array, p: Float64Array, r: number): number {
  const vr = v[r];
  let sum = a[at + r] * vr;
  for (let c = 0; c < r; c++) {
    sum += a[at + c] * v[c];
    p[c] += a[at + c] * vr;
  }
  return sum;
}

/** Row r of A − v w' − w v'. */
function subtractOuter(a: Float64Array, at: number, v: Float64Array, w: Float64Array, r: number): void {
  const vr = v[r];
  const wr = w[r];
  for (let c = 0; c <= r; c++) a[at + c] -= vr * w[c] + wr * v[c];
}

/** Q' of the kept reflections. */
function* basis(a: Float64Array, n: number): Generator<number, Float64Array, void> {
  const rows = new Float64Array(n * n);
  for (let i = 0; i < n; i++) rows[i * n + i] = 1;
  let work = 0;
  for (let i = 2; i < n; i++) {
    const factor = a[i * n + i];
    if (factor === 0) continue;
    for (let r = 0; r < i; r++) {
      reflect(rows, r * n, a, i * n, i, factor);
      if ((work += 2 * i) > STEP) {
        work = 0;
        yield 0.4 + 0.2 * (i / n) ** 3;
      }
    }
  }
  return rows;
}

function reflect(rows: Float64Array, at: number, a: Float64Array, v: number, length: number, factor: number): void {
  let sum = 0;
  for (let c = 0; c < length; c++) sum += rows[at + c] * a[v + c];
  if (sum === 0) return;
  sum *= factor;
  for (let c = 0; c < length; c++) rows[at + c] -= sum * a[v + c];
}

/** Makes a tridiagonal matrix diagonal and turns the rows along. */
function* implicitQl(diagonal: Float64Array, off: Float64Array, rows: Float64Array, n: number): Generator<number, void, void> {
  let size = 0;
  for (let i = 0; i < n; i++) size = Math.max(size, Math.abs(diagonal[i]) + Math.abs(off[i]));
  const negligible = (i: number): boolean =>
    Math.abs(off[i]) <= Number.EPSILON * (Math.abs(diagonal[i]) + Math.abs(diagonal[i + 1]) + Number.EPSILON * size);
  let work = 0;
  for (let low = 0; low < n; low++) {
    for (let step = 0; step < MOST_STEPS; step++) {
      let high = low;
      while (high < n - 1 && !negligible(high)) high++;
      if (high === low) break;
      // Wilkinson's shift, from the 2 × 2 corner at the top.
      const half = (diagonal[low + 1] - diagonal[low]) / (2 * off[low]);
      let g = diagonal[high] - diagonal[low] + off[low] / (half + (half < 0 ? -1 : 1) * Math.hypot(half, 1));
      let sine = 1;
      let cosine = 1;
      let shift = 0;
      let i = high - 1;
      for (; i >= low; i--) {
        const f = sine * off[i];
        const b = cosine * off[i];
        const r = Math.hypot(f, g);
        off[i + 1] = r;
        if (r === 0) break;
        sine = f / r;
        cosine = g / r;
        g = diagonal[i + 1] - shift;
        const t = (diagonal[i] - g) * sine + 2 * cosine * b;
        shift = sine * t;
        diagonal[i + 1] = g + shift;
        g = cosine * t - b;
        turn(rows, i * n, n, cosine, sine);
        if ((work += 4 * n) > STEP) {
          work = 0;
          yield 0.6 + (0.4 * low) / n;
        }
      }
      if (i >= low) diagonal[i + 1] -= shift;
      else {
        diagonal[low] -= shift;
        off[low] = g;
      }
      off[high] = 0;
    }
  }
}

/** Turns the row at `at` and the next by an angle. */
function turn(rows: Float64Array, at: number, n: number, cosine: number, sine: number): void {
  for (let j = at; j < at + n; j++) {
    const lower = rows[j + n];
    const upper = rows[j];
    rows[j + n] = sine * upper + cosine * lower;
    rows[j] = cosine * upper - sine * lower;
  }
}
