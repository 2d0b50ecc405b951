import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { format, type ByteSource } from "../../../src/core/contract/index.js";
import { loadModel, type LoadedModel } from "../../../src/core/models/loadModel.js";
import { finish } from "../../oracle/kmeans.js";
import { filesOf } from "../../oracle/models.js";

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), "../../..");
export const fixtures = path.join(root, "test/fixtures/oracle/models");
export const builtIn = path.join(root, "media/models/tiny-gpt2");

type Files = Map<string, ByteSource>;

export function folder(name: string): Files {
  return new Map(filesOf(path.join(fixtures, name)));
}

export function sourceOf(content: Uint8Array | string | object): ByteSource {
  const bytes = content instanceof Uint8Array ? content : new TextEncoder().encode(typeof content === "string" ? content : JSON.stringify(content));
  return { size: bytes.length, read: (offset, length) => bytes.slice(offset, offset + length) };
}

/** A folder whose config.json is changed. */
export function withConfig(name: string, change: object): Files {
  const config = JSON.parse(readFileSync(path.join(fixtures, name, "config.json"), "utf8")) as object;
  return folder(name).set("config.json", sourceOf({ ...config, ...change }));
}

export function loaded(files: ReadonlyMap<string, ByteSource>): LoadedModel {
  const parsed = finish(loadModel(files, "my-model"));
  if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => format(message)).join(" "));
  return parsed.input;
}

/** The sentence by which a folder is refused. */
export function refusal(files: ReadonlyMap<string, ByteSource>): string {
  const parsed = finish(loadModel(files, "my-model"));
  return parsed.ok ? "(it was loaded)" : parsed.problems.map(({ message }) => format(message)).join(" ");
}

type Entry = { readonly dtype: string; readonly shape: readonly number[]; readonly data_offsets: readonly [number, number] };

/** The tensors of a safetensors file, as bytes. */
export function tensorsOf(file: string): Map<string, { entry: Entry; bytes: Uint8Array }> {
  const content = readFileSync(file);
  const length = Number(content.readBigUInt64LE(0));
  const header = JSON.parse(content.toString("utf8", 8, 8 + length)) as Record<string, Entry>;
  return new Map(
    Object.entries(header)
      .filter(([name]) => name !== "__metadata__")
      .map(([name, entry]) => [name, { entry, bytes: Uint8Array.from(content.subarray(8 + length + entry.data_offsets[0], 8 + length + entry.data_offsets[1])) }]),
  );
}

/** A safetensors file of some tensors. */
export function safetensors(tensors: Iterable<[string, { entry: Entry; bytes: Uint8Array }]>): Uint8Array {
  const list = [...tensors];
  let at = 0;
  const header: Record<string, Entry> = {};
  for (const [name, { entry, bytes }] of list) {
    header[name] = { ...entry, data_offsets: [at, at + bytes.length] };
    at += bytes.length;
  }
  const head = new TextEncoder().encode(JSON.stringify(header));
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(head.length), true);
  return Buffer.concat([length, head, ...list.map(([, { bytes }]) => bytes)]);
}
