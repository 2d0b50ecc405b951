// Rational approximations of W. J. Cody, "Rational Chebyshev approximations for the error function" (1969), highest power first.
const SMALL = [0.18577770618460315, 3.1611237438705655, 113.86415415105016, 377.485237685302, 3209.3775891384694];
const SMALL_BELOW = [1, 23.601290952344122, 244.02463793444417, 1282.6165260773723, 2844.236833439171];
const MIDDLE = [
  2.1531153547440383e-8, 0.5641884969886701, 8.883149794388377, 66.11919063714163, 298.6351381974001,
  881.952221241769, 1712.0476126340707, 2051.0783778260716, 1230.3393547979972,
];
const MIDDLE_BELOW = [
  1, 15.744926110709835, 117.6939508913125, 537.1811018620099, 1621.3895745666903, 3290.7992357334597,
  4362.619090143247, 3439.3676741437216, 1230.3393548037495,
];
const LARGE = [0.016315387137302097, 0.30532663496123236, 0.36034489994980445, 0.12578172611122926, 0.016083785148742275, 0.0006587491615298378];
const LARGE_BELOW = [1, 2.568520192289822, 1.8729528499234604, 0.5279051029514285, 0.06051834131244132, 0.0023352049762686918];
const ROOT = 0.5641895835477563; // 1 / √π

/** Complementary error function 1 − erf(x), to a few units in the last place of a double. */
export function erfc(x: number): number {
  const z = Math.abs(x);
  if (z <= 0.46875) return 1 - (x * polynomial(SMALL, z * z)) / polynomial(SMALL_BELOW, z * z);
  const tail = z > 26.7 ? 0 : expSquare(z) * (z <= 4 ? polynomial(MIDDLE, z) / polynomial(MIDDLE_BELOW, z) : far(z));
  return x > 0 ? tail : x < 0 ? 2 - tail : NaN;
}

function far(z: number): number {
  const inverse = 1 / (z * z);
  return (ROOT - (inverse * polynomial(LARGE, inverse)) / polynomial(LARGE_BELOW, inverse)) / z;
}

/** e^(−z²), where z² is divided into a part that is exact and a small rest. */
function expSquare(z: number): number {
  const head = Math.trunc(z * 16) / 16;
  return Math.exp(-head * head) * Math.exp(-(z - head) * (z + head));
}

function polynomial(coefficients: readonly number[], x: number): number {
  let value = 0;
  for (let i = 0; i < coefficients.length; i++) value = value * x + coefficients[i];
  return value;
}
