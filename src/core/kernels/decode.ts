/** Numbers of two bytes to float32. */
export interface DecodeKernels {
  /** out[i] = the i-th binary16 of `raw` from byte `from`, little-endian. */
  float16(raw: Uint8Array, from: number, out: Float32Array): void;
  /** The same of bfloat16, the upper half of a binary32. */
  bfloat16(raw: Uint8Array, from: number, out: Float32Array): void;
}

/** Compares an implementation with the reference on small inputs. @returns what differs, in English, for the log */
export function checkDecode(own: DecodeKernels, reference: DecodeKernels): string | undefined {
  const bits = Uint16Array.of(0, 0x8000, 1, 0x83ff, 0x400, 0x3c00, 0xc248, 0x7bff, 0x7c00, 0xfc00, 0x7e01);
  const raw = new Uint8Array(bits.buffer);
  for (const type of ["float16", "bfloat16"] as const) {
    const [a, b] = [new Float32Array(bits.length), new Float32Array(bits.length)];
    own[type](raw, 0, a);
    reference[type](raw, 0, b);
    const i = a.findIndex((value, k) => !Object.is(value, b[k]));
    if (i >= 0) return `${type} ${bits[i].toString(16)} is ${a[i]}, not ${b[i]}`;
  }
  return undefined;
}
