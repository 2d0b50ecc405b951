import * as fc from "../../support/fastCheck.js";
import { describe, expect, test } from "vitest";
import {
  differenceOf,
  lineLabel,
  lineOf,
  movedUri,
  shiftSpan,
  shiftSpans,
  unionOf,
  unshiftOffset,
  type Change,
} from "../../../src/extension/editor/ranges.js";

const apply = (text: string, { offset, removed }: Change, inserted: string) =>
  text.slice(0, offset) + inserted + text.slice(offset + removed);
const span = { start: 10, end: 20 };

describe("a range in an edited text", () => {
  test.each<[string, Change, { start: number; end: number }]>([
    ["typing before it", { offset: 3, removed: 0, inserted: 2 }, { start: 12, end: 22 }],
    ["typing at its start", { offset: 10, removed: 0, inserted: 2 }, { start: 10, end: 22 }],
    ["typing inside", { offset: 15, removed: 0, inserted: 2 }, { start: 10, end: 22 }],
    ["typing at its end", { offset: 20, removed: 0, inserted: 2 }, { start: 10, end: 22 }],
    ["typing after it", { offset: 21, removed: 0, inserted: 2 }, { start: 10, end: 20 }],
    ["replacing what ends where it starts", { offset: 5, removed: 5, inserted: 1 }, { start: 6, end: 16 }],
    ["replacing what starts where it ends", { offset: 20, removed: 4, inserted: 9 }, { start: 10, end: 20 }],
    ["removing across its start", { offset: 8, removed: 4, inserted: 0 }, { start: 8, end: 16 }],
    ["removing across its end", { offset: 18, removed: 4, inserted: 0 }, { start: 10, end: 18 }],
    ["removing all of it", { offset: 9, removed: 12, inserted: 0 }, { start: 9, end: 9 }],
    ["replacing all of it", { offset: 10, removed: 10, inserted: 3 }, { start: 10, end: 13 }],
  ])("follows %s", (_, change, expected) => {
    expect(shiftSpan(span, change)).toEqual(expected);
  });

  test("keeps a word that no edit touches", () => {
    const edit = fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      removed: fc.nat(6),
      inserted: fc.string({ maxLength: 6 }),
    });
    fc.assert(
      fc.property(
        fc.string({ maxLength: 30 }),
        fc.string({ maxLength: 30 }),
        fc.array(edit, { maxLength: 8 }),
        (before, after, edits) => {
          const word = "\u0001word\u0002";
          let text = `${before}${word}${after}`;
          const original = { start: before.length, end: before.length + word.length };
          const changes: Change[] = [];
          for (const each of edits) {
            const here = text.indexOf(word);
            const change = {
              offset: Math.floor(each.at * text.length),
              removed: each.removed,
              inserted: each.inserted.length,
            };
            change.removed = Math.min(change.removed, text.length - change.offset);
            const clear = change.offset + change.removed < here || change.offset > here + word.length;
            if (!clear || each.inserted.includes(word)) continue;
            text = apply(text, change, each.inserted);
            changes.push(change);
          }
          const [now] = shiftSpans([original], changes);
          expect(text.slice(now.start, now.end)).toBe(word);
          expect(unshiftOffset(now.start + 2, changes)).toBe(original.start + 2);
        },
      ),
    );
  });

  test("finds the one replacement between two texts", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        const change = differenceOf(before, after);
        if (!change) expect(before).toBe(after);
        else expect(apply(before, change, after.slice(change.offset, change.offset + change.inserted))).toBe(after);
      }),
    );
    expect(differenceOf("1,2,3", "1,9,3")).toEqual({ offset: 2, removed: 1, inserted: 1 });
    expect(differenceOf("11", "111")).toEqual({ offset: 2, removed: 0, inserted: 1 });
  });
});

test("selections are put in order, joined and freed of empty ones", () => {
  expect(
    unionOf([
      { start: 8, end: 9 },
      { start: 1, end: 4 },
      { start: 4, end: 6 },
      { start: 7, end: 7 },
      { start: 2, end: 3 },
    ]),
  ).toEqual([
    { start: 1, end: 6 },
    { start: 8, end: 9 },
  ]);
});

test("lines are named as the editor counts them", () => {
  const text = "a\nb\r\nc\rd\n";
  expect([0, 2, 5, 7, 9].map((offset) => lineOf(text, offset))).toEqual([1, 2, 3, 4, 5]);
  expect(lineLabel(text, [])).toBe("");
  expect(lineLabel(text, [{ start: 2, end: 3 }])).toBe("2");
  expect(lineLabel(text, [{ start: 0, end: 2 }])).toBe("1");
  expect(
    lineLabel(text, [
      { start: 0, end: 1 },
      { start: 5, end: 8 },
    ]),
  ).toBe("1–4");
});

test("a moved file or folder takes along what it is or holds, and nothing else", () => {
  const moved = (uri: string) => movedUri(uri, "file:///w/data", "file:///w/old");
  expect(moved("file:///w/data")).toBe("file:///w/old");
  expect(moved("file:///w/data/a/b.csv")).toBe("file:///w/old/a/b.csv");
  expect(moved("file:///w/data.csv")).toBeUndefined();
  expect(moved("file:///w/other/data")).toBeUndefined();
});
