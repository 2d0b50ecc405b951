/** Typed arrays and buffers inside plain values: found, measured and made fit for sending. */

/** All array buffers reachable from a plain value (records, arrays, maps, typed arrays). */
export function buffersOf(
  value: unknown,
  found = new Set<ArrayBufferLike>(),
  seen = new Set<object>(),
): Set<ArrayBufferLike> {
  if (typeof value !== "object" || value === null || seen.has(value)) return found;
  seen.add(value);
  if (ArrayBuffer.isView(value)) found.add(value.buffer);
  else if (value instanceof ArrayBuffer) found.add(value);
  else if (value instanceof Map) for (const each of value.values()) buffersOf(each, found, seen);
  else for (const each of Object.values(value)) buffersOf(each, found, seen);
  return found;
}

/** Bytes of all buffers reachable from a plain value. */
export function byteSize(value: unknown): number {
  let bytes = 0;
  for (const buffer of buffersOf(value)) bytes += buffer.byteLength;
  return bytes;
}

/**
 * A copy of the value's records in which every typed array owns the whole of its buffer: a view on a part of a larger
 * buffer would take all of that buffer along, and shared memory stays in this process. Arrays that already own their buffer are
 * not copied.
 */
export function compact<T>(value: T): T {
  return compactValue(value, new Map()) as T;
}

function compactValue(value: unknown, done: Map<object, unknown>): unknown {
  if (typeof value !== "object" || value === null) return value;
  const known = done.get(value);
  if (known !== undefined) return known;
  if (ArrayBuffer.isView(value)) {
    const whole = value.buffer instanceof ArrayBuffer && (value.byteLength === value.buffer.byteLength || value instanceof DataView);
    const own = whole ? value : (value as unknown as Float64Array).slice();
    done.set(value, own);
    return own;
  }
  if (value instanceof ArrayBuffer) return value;
  if (Array.isArray(value)) {
    const copy: unknown[] = [];
    done.set(value, copy);
    for (const each of value) copy.push(compactValue(each, done));
    return copy;
  }
  const copy: Record<string, unknown> = {};
  done.set(value, copy);
  for (const [key, each] of Object.entries(value)) copy[key] = compactValue(each, done);
  return copy;
}

/** The buffers of `value` that may be handed over: those that nothing in `kept` still uses. */
export function transferable(value: unknown, kept: readonly unknown[]): ArrayBuffer[] {
  const used = new Set<ArrayBufferLike>();
  const seen = new Set<object>();
  for (const each of kept) buffersOf(each, used, seen);
  return [...buffersOf(value)].filter(
    (buffer): buffer is ArrayBuffer => buffer instanceof ArrayBuffer && !used.has(buffer),
  );
}
