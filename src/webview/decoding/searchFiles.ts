/** Typed arrays as lists, for JSON files. */
export function plain(_: string, value: unknown): unknown {
  return ArrayBuffer.isView(value) ? Array.from(value as unknown as ArrayLike<number>) : value;
}
