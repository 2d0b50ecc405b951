/** What decoding computes over a vocabulary. */
export interface LogitsKernels {
  /** out[i] = e^x[i] for x ≤ 0; 0 below −708 and for NaN. `out` may be `x`. */
  expAll(x: Float64Array, out: Float64Array): void;
}

/** Compares an implementation with the reference on small inputs. @returns what differs, in English, for the log */
export function checkLogits(own: LogitsKernels, reference: LogitsKernels): string | undefined {
  const x = Float64Array.of(0, -1e-300, -0.5, -1, -20.25, -700, -708, -709, -Infinity, NaN, -3);
  const [a, b] = [new Float64Array(x.length), new Float64Array(x.length)];
  own.expAll(x, a);
  reference.expAll(x, b);
  const i = a.findIndex((v, j) => !(Math.abs(v - b[j]) <= 1e-14 * b[j]));
  return i < 0 ? undefined : `exp(${x[i]}) is ${a[i]}, not ${b[i]}`;
}
