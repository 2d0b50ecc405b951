/** A .npy file of 32-bit numbers, written by hand as numpy's format description says (version 1.0). */
function file(shape: readonly number[], values: readonly number[], fortran: boolean): Uint8Array {
  const header = `{'descr': '<f4', 'fortran_order': ${fortran ? "True" : "False"}, 'shape': (${shape.join(", ")}${shape.length === 1 ? "," : ""}), }`;
  const padded = header.padEnd(Math.ceil((header.length + 11) / 64) * 64 - 11) + "\n";
  const head = new Uint8Array(10 + padded.length);
  head.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, padded.length % 256, padded.length >> 8]);
  head.set(new TextEncoder().encode(padded), 10);
  return Uint8Array.from([...head, ...new Uint8Array(Float32Array.from(values).buffer)]);
}

export function npy(shape: readonly number[], values: readonly number[]): Uint8Array {
  return file(shape, values, false);
}

/** The same array with its first index running fastest. */
export function npyFortran(shape: readonly number[], values: readonly number[]): Uint8Array {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, length) => product * length, 1));
  const moved = values.map((_, at) => {
    let rest = at;
    const index = shape.map((length) => {
      const i = rest % length;
      rest = Math.floor(rest / length);
      return i;
    });
    return values[index.reduce((sum, i, axis) => sum + i * strides[axis], 0)];
  });
  return file(shape, moved, true);
}
