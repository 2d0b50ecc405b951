// Numbers of two bytes, widened to binary32 in registers. Types of stored weights, as the binding names them:
export const FLOAT32: i32 = 0;
export const FLOAT16: i32 = 1;
export const BFLOAT16: i32 = 2;
/** binary16 with infinities or NaN among its numbers. */
export const STRANGE16: i32 = 3;

const table = memory.data<u32>([
  0x8fffe000, // sign, and the half's exponent and fraction where binary32 has its own
  0x77800000, // 2^112: the difference of both exponents' biases
  0x47800000, // 65536: what an infinity or NaN has come to be at least
  0x7f800000, // infinity
]);

/** The constants of `half4`, to be loaded in front of a loop. */
@inline
export function halfMask(): v128 {
  return v128.load32_splat(table);
}

@inline
export function halfScale(): v128 {
  return v128.load32_splat(table + 4);
}

/**
 * binary16 in sign-extended lanes of 32 bits, all finite: shifted to where binary32 has exponent and fraction, and multiplied by
 * 2^112, which is exact for subnormal numbers too.
 */
@inline
export function half4(bits: v128, mask: v128, scale: v128): v128 {
  return f32x4.mul(v128.and(i32x4.shl(bits, 13), mask), scale);
}

/** The same where infinities and NaN may be: their exponent is filled up. */
@inline
export function strangeHalf4(bits: v128, mask: v128, scale: v128): v128 {
  const value = half4(bits, mask, scale);
  const strange = f32x4.ge(f32x4.abs(value), v128.load32_splat(table + 8));
  return v128.or(value, v128.and(strange, v128.load32_splat(table + 12)));
}

/** Whether one of eight binary16 is an infinity or NaN. */
@inline
export function anyStrange(halves: v128): bool {
  const exponent = i16x8.splat(0x7c00);
  return v128.any_true(i16x8.eq(v128.and(halves, exponent), exponent));
}

/** The first four of eight numbers of two bytes. */
@inline
export function low4(pairs: v128, type: i32, mask: v128, scale: v128): v128 {
  if (type == BFLOAT16) return i32x4.shl(i32x4.extend_low_i16x8_u(pairs), 16);
  const bits = i32x4.extend_low_i16x8_s(pairs);
  return type == FLOAT16 ? half4(bits, mask, scale) : strangeHalf4(bits, mask, scale);
}

/** The last four. */
@inline
export function high4(pairs: v128, type: i32, mask: v128, scale: v128): v128 {
  if (type == BFLOAT16) return i32x4.shl(i32x4.extend_high_i16x8_u(pairs), 16);
  const bits = i32x4.extend_high_i16x8_s(pairs);
  return type == FLOAT16 ? half4(bits, mask, scale) : strangeHalf4(bits, mask, scale);
}
