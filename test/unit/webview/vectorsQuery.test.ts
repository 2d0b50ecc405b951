import * as fc from "../../support/fastCheck.js";
import { expect, test } from "vitest";
import { readExpression } from "../../../src/core/vectors/expression.js";
import { VectorStore } from "../../../src/core/vectors/store.js";
import { vocabularyOf } from "../../../src/core/vectors/vocabulary.js";
import { asWord } from "../../../src/webview/vectors/query.js";

/** What an expression makes of a name between two others. */
function readBack(name: string): string | undefined {
  const vocabulary = vocabularyOf(new VectorStore([name, "zz"], Float32Array.of(1, 2, 3, 4), 2), undefined);
  const read = readExpression(`2 * ${asWord(name)} - zz`, vocabulary);
  if (!read.ok || read.parts.length !== 2) return undefined;
  const [part] = read.parts;
  return "named" in part && part.weight === 2 ? part.named.name : undefined;
}

test.each(["king", "国王", "New York", "a \"b\" c", "back\\slash", "tab\there", "don't \"stop\"", "`x` \"y\"", "king (L3)", "[0]", "😀", "-", "1.5"])("%s is found again as it is put into a question", (name) => {
  expect(readBack(name)).toBe(name);
});

test("every name with one kind of quotes at most is found again", () => {
  const name = fc.tuple(fc.string({ minLength: 1, maxLength: 12, unit: "binary" }), fc.constantFrom('"', "`", "“”", "")).map(([text, quote]) => text.replace(/["'`“”‘’]/gu, quote));
  fc.assert(fc.property(name.filter((text) => text !== "" && text !== "zz"), (text) => void expect(readBack(text)).toBe(text)));
});
