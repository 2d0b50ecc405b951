import { expect, test } from "vitest";
import { LiteralReader } from "../../../src/core/formats/literalReader.js";
import { Tree } from "../../../src/core/formats/literalTree.js";
import { charsOf } from "../../../src/core/formats/number.js";

/** The lengths of the lists within the one list of a text. */
function lengthsIn(text: string): number[] {
  const chars = charsOf(text);
  const reader = new LiteralReader(chars, false);
  const run = reader.run();
  while (!run.next().done);
  const tree = new Tree(reader.tokens, chars);
  return Array.from(tree.items(tree.roots()[0].value), (item) => [...tree.items(item)].length);
}

// Memory for tokens is doubled at 1,024 of them: each of these lengths puts another token of a list there.
test.each([0, 1, 2, 3, 4])("a list is whole where the memory for tokens grows, %i tokens on", (more) => {
  const lists = [Array.from({ length: more }, () => 1), ...Array.from({ length: 600 }, () => [1, 2, 3])];
  expect(lengthsIn(JSON.stringify(lists))).toEqual([more, ...Array.from({ length: 600 }, () => 3)]);
});
