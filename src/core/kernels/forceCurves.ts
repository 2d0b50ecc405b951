/** Powers of two of the squared distances that the curves are laid down for, and parts of each. */
const LOWEST = -40;
const HIGHEST = 40;
const PARTS = 128;

/** Numbers of a part: its middle c, and k0 … k3 of the cubic k0 + k1 t + k2 t² + k3 t³, t = distance² − c. */
export const PART = 5;

/**
 * How strongly UMAP draws two points together and pushes them apart, per unit of their difference: functions of the squared distance
 * in cubic pieces, which cost no powers, and to the bit the same in every implementation.
 */
export type ForceCurves = {
  /** Numbers of parts before the first: the exponent and the first bits of a float64 are the part, less this. */
  readonly first: number;
  readonly parts: number;
  readonly pull: Float64Array; // [parts, PART]
  readonly push: Float64Array; // [parts, PART]
};

/**
 * The gradients of UMAP's cross entropy with 1 / (1 + a d^b) for the membership at a squared distance d (McInnes, Healy and Melville 2018),
 * to 5e-10 of themselves for d of 2^−40 … 2^40.
 */
export function forceCurves(a: number, b: number): ForceCurves {
  const parts = (HIGHEST - LOWEST) * PARTS;
  return {
    first: (1023 + LOWEST) * PARTS,
    parts,
    pull: pieces((d) => (-2 * a * b * d ** (b - 1)) / (1 + a * d ** b), parts),
    push: pieces((d) => (2 * b) / ((0.001 + d) * (1 + a * d ** b)), parts),
  };
}

/** Cubics through a function's values at the Chebyshev nodes of each part. */
function pieces(f: (d: number) => number, parts: number): Float64Array {
  const table = new Float64Array(parts * PART);
  const nodes = [1, 3, 5, 7].map((n) => Math.cos((n * Math.PI) / 8));
  const polynomials = [0, 1, 2, 3].map((k) => [1, 3, 5, 7].map((n) => Math.cos((k * n * Math.PI) / 8))); // T0 … T3 at the nodes
  for (let part = 0; part < parts; part++) {
    const power = 2 ** (LOWEST + Math.floor(part / PARTS));
    const half = power / PARTS / 2;
    const middle = power * (1 + ((part % PARTS) + 0.5) / PARTS);
    const values = nodes.map((u) => f(middle + half * u));
    const [c0, c1, c2, c3] = polynomials.map((at) => values.reduce((sum, v, n) => sum + v * at[n], 0) / 2); // their coefficients
    table.set([middle, c0 / 2 - c2, (c1 - 3 * c3) / half, (2 * c2) / half ** 2, (4 * c3) / half ** 3], part * PART);
  }
  return table;
}
