// Numbers of two bytes, widened to binary32 in registers.

// Types of weights. The compiler knows them, so that no loop asks for a type: with numbers instead, it makes one loop for all types.
export class Float32 {}
export class BFloat16 {}
/** binary16, all finite. */
export class Float16 {}
/** binary16 with infinities or NaN. */
export class Strange16 {}
/** binary16, all finite, 2^−112 of what it is: to be multiplied with what has been raised by 2^112. */
export class Lowered16 {}

const table = memory.data<u32>([
  0x77800000, // 2^112: the difference of both exponents' biases
  0x8fff8fff, // sign, and the half's exponent and fraction where binary32 has its own
  0x0f800f80, // the exponent of an infinity or NaN there
  0x7f807f80, // their exponent in binary32
]);

/** The constants of `first4` and `last4`, to be loaded in front of a loop. */
@inline
export function halfMask(): v128 {
  return v128.load32_splat(table + 4);
}

@inline
export function halfScale(): v128 {
  return v128.load32_splat(table);
}

/** Whether one of eight binary16 is an infinity or NaN. */
@inline
export function anyStrange(halves: v128): bool {
  const exponent = i16x8.splat(0x7c00);
  return v128.any_true(i16x8.eq(v128.and(halves, exponent), exponent));
}

/** The upper 16 bits that eight numbers have in binary32; of binary16 · 2^−112, which is exact for subnormal numbers too. */
@inline
function upper<T>(pairs: v128, mask: v128): v128 {
  if (idof<T>() == idof<BFloat16>()) return pairs;
  const bits = v128.and(i16x8.shr_s(pairs, 3), mask);
  if (idof<T>() != idof<Strange16>()) return bits;
  const exponent = v128.load32_splat(table + 8);
  const strange = i16x8.eq(v128.and(bits, exponent), exponent);
  return v128.or(bits, v128.and(strange, v128.load32_splat(table + 12)));
}

/** The lower ones. */
@inline
function lower<T>(pairs: v128): v128 {
  return idof<T>() == idof<BFloat16>() ? i16x8.splat(0) : i16x8.shl(pairs, 13);
}

@inline
function raised<T>(value: v128, scale: v128): v128 {
  return idof<T>() == idof<BFloat16>() || idof<T>() == idof<Lowered16>() ? value : f32x4.mul(value, scale);
}

/** The first four of eight numbers of two bytes. */
@inline
export function first4<T>(pairs: v128, mask: v128, scale: v128): v128 {
  return raised<T>(v128.shuffle<i16>(lower<T>(pairs), upper<T>(pairs, mask), 0, 8, 1, 9, 2, 10, 3, 11), scale);
}

/** The last four. */
@inline
export function last4<T>(pairs: v128, mask: v128, scale: v128): v128 {
  return raised<T>(v128.shuffle<i16>(lower<T>(pairs), upper<T>(pairs, mask), 4, 12, 5, 13, 6, 14, 7, 15), scale);
}
