/** A copy that runs can name without another copy each, where threads can share memory. */
export function sharedBytes(bytes: Uint8Array): Uint8Array {
  const Buffer = typeof SharedArrayBuffer === "function" ? SharedArrayBuffer : ArrayBuffer;
  const copy = new Uint8Array(new Buffer(bytes.length));
  copy.set(bytes);
  return copy;
}
