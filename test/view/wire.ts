/** Messages as VS Code carries them: JSON, with typed arrays kept apart so that they stay what they are. */

const kinds = { Float64Array, Float32Array, Int32Array, Uint32Array, Int16Array, Uint16Array, Int8Array, Uint8Array };
type Kind = keyof typeof kinds;

export function pack(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) => {
    if (!ArrayBuffer.isView(each)) return each;
    const kind = each.constructor.name as Kind;
    if (!(kind in kinds)) throw new Error(`A message can't carry a ${each.constructor.name}.`);
    return { $kind: kind, $bytes: Buffer.from(each.buffer, each.byteOffset, each.byteLength).toString("base64") };
  });
}

export function unpack(text: string): unknown {
  return JSON.parse(text, (_, each: unknown) => {
    if (typeof each !== "object" || each === null || !("$kind" in each)) return each;
    const { $kind, $bytes } = each as unknown as { $kind: Kind; $bytes: string };
    const bytes = Buffer.from($bytes, "base64");
    return new kinds[$kind](new Uint8Array(bytes).buffer);
  });
}
