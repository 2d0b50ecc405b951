/**
 * out[i − start] = row i · query. Two rows and four numbers a time, so that the query is read once for both rows and no
 * sum waits for the one before.
 */
export function dotRows(values: Float32Array, d: number, start: number, end: number, query: Float32Array, out: Float32Array): void {
  const q = Float64Array.from(query); // so that it is not converted again for each row
  const whole = d - (d % 4);
  let i = start;
  for (; i + 2 <= end; i += 2) {
    const a = i * d;
    const b = a + d;
    let s0 = 0;
    let s1 = 0;
    let t0 = 0;
    let t1 = 0;
    for (let j = 0; j < whole; j += 4) {
      const q0 = q[j];
      const q1 = q[j + 1];
      const q2 = q[j + 2];
      const q3 = q[j + 3];
      s0 += values[a + j] * q0 + values[a + j + 2] * q2;
      s1 += values[a + j + 1] * q1 + values[a + j + 3] * q3;
      t0 += values[b + j] * q0 + values[b + j + 2] * q2;
      t1 += values[b + j + 1] * q1 + values[b + j + 3] * q3;
    }
    for (let j = whole; j < d; j++) {
      s0 += values[a + j] * q[j];
      t0 += values[b + j] * q[j];
    }
    out[i - start] = s0 + s1;
    out[i - start + 1] = t0 + t1;
  }
  if (i < end) out[i - start] = dotRow(values, d, i, q);
}

/** Row i · query, summed as `dotRows` does. */
export function dotRow(values: Float32Array, d: number, i: number, query: Float64Array): number {
  const at = i * d;
  const whole = d - (d % 4);
  let s0 = 0;
  let s1 = 0;
  for (let j = 0; j < whole; j += 4) {
    s0 += values[at + j] * query[j] + values[at + j + 2] * query[j + 2];
    s1 += values[at + j + 1] * query[j + 1] + values[at + j + 3] * query[j + 3];
  }
  for (let j = whole; j < d; j++) s0 += values[at + j] * query[j];
  return s0 + s1;
}
