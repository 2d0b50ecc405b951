/** Products of two vectors of `size` numbers from offsets; two sums run side by side. */
export function dotAt(a: Float32Array, aAt: number, b: Float32Array, bAt: number, size: number): number {
  let even = 0;
  let odd = 0;
  let j = 0;
  for (; j + 1 < size; j += 2) {
    even += a[aAt + j] * b[bAt + j];
    odd += a[aAt + j + 1] * b[bAt + j + 1];
  }
  if (j < size) even += a[aAt + j] * b[bAt + j];
  return even + odd;
}
