import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { modelShape, type ConfigValues, type ModelShape } from "../../../../src/core/models/shape/index.js";

export const root = path.join(path.dirname(fileURLToPath(import.meta.url)), "../../../..");

export function sample(name: string): string {
  return readFileSync(path.join(root, "samples", `${name}-config.json`), "utf8");
}

export function shapeOf(values: ConfigValues): ModelShape {
  const result = modelShape(values);
  if (result.kind !== "shape") throw new Error(result.kind);
  return result.shape;
}

export function sampleShape(name: string): ModelShape {
  return shapeOf(JSON.parse(sample(name)) as ConfigValues);
}

export const gpt2 = sampleShape("gpt2");
export const bert = sampleShape("bert-base");
export const llama = sampleShape("llama-2-7b");
export const mistral = sampleShape("mistral-7b");
