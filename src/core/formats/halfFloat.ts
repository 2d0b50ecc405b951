/** IEEE 754 binary16: 1 sign, 5 exponent and 10 fraction bits, to the double it stands for. */
export function halfToDouble(bits: number): number {
  return smallFloat(bits, 5, 10, true);
}

const bits32 = new Uint32Array(1);
const float32 = new Float32Array(bits32.buffer);

/** bfloat16: the upper half of a binary32, to the double it stands for. */
export function bfloat16ToDouble(bits: number): number {
  bits32[0] = bits << 16;
  return float32[0];
}

/** The 65,536 values of binary16, made at first use. */
export function halfTable(): Float32Array {
  return (halves ??= makeHalves());
}
let halves: Float32Array | undefined;

/** By bits rather than by `halfToDouble`, whose powers would take twenty milliseconds, at the start of a thread. */
function makeHalves(): Float32Array {
  const values = new Float32Array(65536);
  const bits = new Uint32Array(values.buffer);
  for (let i = 0; i < 0x7c00; i++) {
    // Below 2^-14 they are whole multiples of 2^-24; from there on the exponent only has another bias.
    if (i < 0x400) values[i] = i * 2 ** -24;
    else bits[i] = (i + (112 << 10)) << 13;
    bits[i | 0x8000] = bits[i] | 0x80000000;
  }
  values[0x7c00] = Infinity;
  values[0xfc00] = -Infinity;
  values.fill(NaN, 0x7c01, 0x8000);
  values.fill(NaN, 0xfc01);
  return values;
}

/**
 * The 256 values of an 8-bit float (Micikevicius et al., "FP8 formats for deep learning", 2022): E5M2 has infinities as
 * IEEE formats do; E4M3 has none, and its only NaN are the two patterns of ones.
 */
export function float8Table(format: "E4M3" | "E5M2"): Float32Array {
  const made = format === "E4M3" ? (e4m3 ??= table(4, 3, false)) : (e5m2 ??= table(5, 2, true));
  return made;
}
let e4m3: Float32Array | undefined;
let e5m2: Float32Array | undefined;

function table(exponentBits: number, fractionBits: number, infinities: boolean): Float32Array {
  return Float32Array.from({ length: 256 }, (_, bits) => smallFloat(bits, exponentBits, fractionBits, infinities));
}

function smallFloat(bits: number, exponentBits: number, fractionBits: number, infinities: boolean): number {
  const sign = (bits >> (exponentBits + fractionBits)) & 1 ? -1 : 1;
  const most = (1 << exponentBits) - 1;
  const exponent = (bits >> fractionBits) & most;
  const fraction = bits & ((1 << fractionBits) - 1);
  const bias = most >> 1;
  if (exponent === 0) return sign * fraction * 2 ** (1 - bias - fractionBits);
  if (exponent === most) {
    if (infinities) return fraction === 0 ? sign * Infinity : NaN;
    if (fraction === (1 << fractionBits) - 1) return NaN;
  }
  return sign * (1 + fraction / (1 << fractionBits)) * 2 ** (exponent - bias);
}
