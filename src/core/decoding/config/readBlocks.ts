import type { Block } from "../../formats/settings/block.js";
import { readJson } from "../../formats/settings/readJson.js";
import { readPython } from "./readPython.js";

/** A longer text gives none: it would be read at every edit. */
const LONGEST_TEXT = 1_000_000;

/**
 * The generation parameters in a document: of generation_config.json, of a generation_config block in other JSON, and of
 * calls in Python. Most documents have none, which is found without reading them.
 * @param name the file's name, without its folders
 */
export function readBlocks(text: string, languageId: string, name: string): Block[] {
  if (text.length > LONGEST_TEXT) return [];
  if (languageId === "json" || languageId === "jsonc") {
    const isConfig = /^generation_config[\w.-]*\.jsonc?$/i.test(name);
    return isConfig || text.includes('"generation_config"') ? readJson(text, isConfig) : [];
  }
  if (languageId !== "python") return [];
  return /\bgenerate\s*\(|\bGenerationConfig\s*\(/.test(text) ? readPython(text) : [];
}
