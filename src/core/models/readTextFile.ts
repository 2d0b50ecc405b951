import { msg, type ByteSource, type Progress } from "../contract/index.js";
import { bytesFeed } from "../formats/charFeed.js";
import { textOf } from "../formats/number.js";
import { guarded, SourceFault } from "../formats/tensorSource.js";

const WINDOW = 1 << 18;

/**
 * The whole text of a file, in short steps.
 * @throws SourceFault when it can't be read
 */
export function* readTextFile(source: ByteSource, name: string): Generator<Progress, string, void> {
  const feed = bytesFeed(guarded(source, name));
  const window = new Uint16Array(WINDOW);
  const parts: string[] = [];
  for (;;) {
    const n = feed.fill(window, 0);
    if (n === 0) return parts.join("");
    parts.push(textOf(window, 0, n));
    yield { fraction: feed.fraction, message: msg("Reading {0}", name) };
  }
}

/**
 * The object that a JSON file holds.
 * @throws SourceFault when it can't be read or holds something else
 */
export function* readJsonFile(source: ByteSource, name: string): Generator<Progress, Readonly<Record<string, unknown>>, void> {
  const text = yield* readTextFile(source, name);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new SourceFault(msg("{0} is not valid JSON. Copy the file again from the model's page.", name));
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Readonly<Record<string, unknown>>;
  throw new SourceFault(msg("{0} holds no JSON object. Copy the file again from the model's page.", name));
}
