/**
 * Eigenvalues and eigenvectors of a symmetric matrix by cyclic Jacobi rotations (Golub and Van Loan, 8.5), for the small
 * n of covariances. Row i of `vectors` belongs to `values[i]`; values fall; the entry of a vector that is largest in
 * magnitude is positive, so that the result does not depend on rounding.
 * @param a row-major, [n, n]; not changed
 */
export function eigenSymmetric(a: Float64Array, n: number): { values: Float64Array; vectors: Float64Array } {
  const m = a.slice(0, n * n);
  const v = new Float64Array(n * n);
  for (let i = 0; i < n; i++) v[i * n + i] = 1;
  for (let sweep = 0; sweep < 60; sweep++) {
    let rotated = false;
    for (let p = 0; p < n - 1; p++) for (let q = p + 1; q < n; q++) if (rotate(m, v, n, p, q)) rotated = true;
    if (!rotated) break;
  }
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => m[j * n + j] - m[i * n + i] || i - j);
  const values = new Float64Array(n);
  const vectors = new Float64Array(n * n);
  order.forEach((from, to) => {
    values[to] = m[from * n + from];
    let largest = 0;
    for (let i = 0; i < n; i++) if (Math.abs(v[i * n + from]) > Math.abs(largest) * (1 + 1e-12)) largest = v[i * n + from];
    for (let i = 0; i < n; i++) vectors[to * n + i] = largest < 0 ? -v[i * n + from] : v[i * n + from];
  });
  return { values, vectors };
}

/** Makes m[p, q] zero; false when it is already negligible beside the diagonal. */
function rotate(m: Float64Array, v: Float64Array, n: number, p: number, q: number): boolean {
  const pq = m[p * n + q];
  const pp = m[p * n + p];
  const qq = m[q * n + q];
  if (Math.abs(pq) <= 1e-17 * Math.sqrt(Math.abs(pp)) * Math.sqrt(Math.abs(qq)) || Math.abs(pq) < Number.MIN_VALUE * 4) {
    m[p * n + q] = m[q * n + p] = 0;
    return false;
  }
  const theta = (qq - pp) / (2 * pq);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const c = 1 / Math.hypot(t, 1);
  const s = t * c;
  for (let i = 0; i < n; i++) {
    const ip = m[i * n + p];
    const iq = m[i * n + q];
    m[i * n + p] = c * ip - s * iq;
    m[i * n + q] = s * ip + c * iq;
  }
  for (let i = 0; i < n; i++) {
    const pi = m[p * n + i];
    const qi = m[q * n + i];
    m[p * n + i] = c * pi - s * qi;
    m[q * n + i] = s * pi + c * qi;
    const vp = v[i * n + p];
    const vq = v[i * n + q];
    v[i * n + p] = c * vp - s * vq;
    v[i * n + q] = s * vp + c * vq;
  }
  m[p * n + q] = m[q * n + p] = 0;
  return true;
}
