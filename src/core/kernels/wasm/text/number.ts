// One number as text, in any way of writing it.

export const LF: i32 = 10;
export const CR: i32 = 13;

/** Powers of ten that a float64 holds exactly. */
const powers = memory.data<f64>([
  1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
]);
/** What `number` found: the value's bits. */
export const found = memory.data(4);

@inline
export function isBlank(byte: i32): bool {
  return byte === 32 || byte === 9 || byte === CR || byte === LF;
}

/**
 * Reads one number in any way of writing it, leaves its float32 in `found`, and returns where it ends; 0 when it is none, is beyond
 * float32, or needs more exact arithmetic than this. The digits are whole, the powers of ten exact; where one operation on them is not
 * exact either, what lies four roundings around it has to be the same float32.
 */
export function number(p: usize): usize {
  const begin = p;
  const sign: i32 = load<u8>(p);
  if (sign === 45 || sign === 43) p++;
  let digits: u64 = 0;
  let dropped: i32 = 0; // behind the nineteenth
  let places: i32 = 0;
  const first = p;
  let digit: u32;
  for (; (digit = <u32>load<u8>(p) ^ 48) < 10; p++) {
    if (digits < 1000000000000000000) digits = digits * 10 + digit;
    else dropped++;
  }
  let count = <i32>(p - first);
  if (load<u8>(p) === 46) {
    const point = ++p;
    for (; (digit = <u32>load<u8>(p) ^ 48) < 10; p++) {
      if (digits >= 1000000000000000000) continue;
      digits = digits * 10 + digit;
      places++;
    }
    count += <i32>(p - point);
  }
  if (count === 0) return 0;
  let exponent: i32 = 0;
  if ((load<u8>(p) | 32) === 101) {
    p++;
    const direction: i32 = load<u8>(p);
    if (direction === 45 || direction === 43) p++;
    const power = p;
    for (; (digit = <u32>load<u8>(p) ^ 48) < 10; p++) if (exponent < 10000) exponent = exponent * 10 + digit;
    if (p === power) return 0;
    if (direction === 45) exponent = -exponent;
  }
  if (!isBlank(load<u8>(p)) || p - begin > 1000) return 0;
  exponent += dropped - places;
  const value = scaled(<f64>digits, exponent);
  const below = <f32>value;
  const exact = digits < 9007199254740992 && (digits === 0 || (exponent >= -22 && exponent <= 22));
  if (!exact) {
    if (exponent < -44 || exponent > 44) return 0;
    if (<f32>(value * (1 - 8.881784197001252e-16)) !== <f32>(value * (1 + 8.881784197001252e-16))) return 0;
  }
  if (below - below !== 0) return 0;
  store<u32>(found, reinterpret<u32>(below) | (<u32>(sign === 45) << 31));
  return p;
}

/** digits · 10^exponent. */
@inline
function scaled(digits: f64, exponent: i32): f64 {
  const size = abs(exponent);
  const power = load<f64>(powers + (<usize>min(size, 22) << 3));
  const rest = load<f64>(powers + (<usize>min(max(size - 22, 0), 22) << 3));
  return exponent < 0 ? digits / power / rest : digits * power * rest;
}
