import { buffersOf } from "./worker/buffers.js";

/**
 * VS Code counts the parts of a message to a webview in one byte: its text, the webview's handle and every buffer. Buffers beyond
 * are lost without a word, so that the arrays on them arrive empty.
 */
const mostBuffers = 200;
/** An array of any type may begin at a multiple of so many bytes. */
const alignment = 8;

/** A message as VS Code can carry it to a webview: where it has too many buffers, a copy with all its arrays on a single one. */
export function packed<T>(message: T): T {
  const buffers = buffersOf(message);
  if (buffers.size <= mostBuffers) return message;
  const places = new Map<ArrayBufferLike, number>();
  let size = 0;
  for (const buffer of buffers) {
    places.set(buffer, size);
    size += Math.ceil(buffer.byteLength / alignment) * alignment;
  }
  const whole = new Uint8Array(size);
  for (const [buffer, at] of places) whole.set(new Uint8Array(buffer), at);
  return onto(whole.buffer, places, message, new Map()) as T;
}

function onto(whole: ArrayBuffer, places: ReadonlyMap<ArrayBufferLike, number>, value: unknown, done: Map<object, unknown>): unknown {
  if (typeof value !== "object" || value === null) return value;
  const known = done.get(value);
  if (known !== undefined) return known;
  if (ArrayBuffer.isView(value)) {
    const { buffer, byteOffset, length, constructor } = value as Uint8Array;
    const view = new (constructor as Uint8ArrayConstructor)(whole, places.get(buffer)! + byteOffset, length);
    done.set(value, view);
    return view;
  }
  const copy: Record<string, unknown> = Array.isArray(value) ? ([] as unknown as Record<string, unknown>) : {};
  done.set(value, copy);
  for (const [key, each] of Object.entries(value)) copy[key] = onto(whole, places, each, done);
  return copy;
}
