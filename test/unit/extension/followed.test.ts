import { describe, expect, test } from "vitest";
import { createFollowed, type TextSpec } from "../../../src/extension/followed.js";
import type { Change } from "../../../src/extension/editor/ranges.js";
import type { Span } from "../../../src/core/contract/index.js";

const specOf = (text: string, ranges: readonly Span[] = []): TextSpec => ({
  kind: "text",
  uri: "file:///a.csv",
  name: "a.csv",
  languageId: "csv",
  text,
  ranges,
});

/** A text with a followed part, edited by replacing substrings. */
function follow(text: string, part?: string) {
  const start = part === undefined ? 0 : text.indexOf(part);
  const followed = createFollowed(specOf(text, part === undefined ? [] : [{ start, end: start + part.length }]));
  let now = text;
  const replace = (find: string, by: string, undone = false) => {
    const offset = now.indexOf(find);
    const change: Change = { offset, removed: find.length, inserted: by.length };
    now = now.slice(0, offset) + by + now.slice(offset + find.length);
    const after = now;
    followed.edit([change], () => after, undone);
  };
  const selected = () => followed.spec().ranges.map((range) => followed.spec().text.slice(range.start, range.end));
  return { followed, replace, selected, now: () => now };
}

describe("a followed text", () => {
  test("gives the whole text of now", () => {
    const { followed, replace } = follow("1\n2\n");
    replace("2", "23");
    expect(followed.spec()).toMatchObject({ text: "1\n23\n", ranges: [] });
    expect(followed.lines()).toBe("");
  });

  test("moves its ranges with the edits, and asks for the text only when it is needed", () => {
    const { followed, replace, selected } = follow("head\n1\n2\n3\ntail", "1\n2\n3");
    let asked = 0;
    replace("head", "header\nmore");
    followed.edit([{ offset: 0, removed: 0, inserted: 1 }], () => {
      asked++;
      return "#header\nmore\n1\n2\n3\ntail";
    });
    expect(asked).toBe(0);
    expect(selected()).toEqual(["1\n2\n3"]);
    expect(asked).toBe(1);
    expect(followed.lines()).toBe("3–5");
  });

  test("gives a text its ranges back when an edit at their edge is undone", () => {
    const { followed, replace, selected } = follow("0\n1\n2\n", "1\n2\n");
    followed.spec();
    replace("0\n", "");
    followed.spec();
    expect(selected()).toEqual(["1\n2\n"]);
    replace("1\n", "0\n1\n", true);
    expect(selected()).toEqual(["1\n2\n"]);
  });

  test("keeps to its part when the whole text is replaced, as by formatting", () => {
    const { followed, replace, selected, now } = follow("a\n[1,2,3]\nb\n[4,5]\n", "[1,2,3]");
    replace(now(), "a\n[1, 2, 3]\nb\n[4,5]\n");
    expect(selected()).toEqual(["[1, 2, 3]"]);
    replace(now(), "a = 1\n[1, 2, 3]\nb\n[4,5]\n");
    expect(selected()).toEqual(["[1, 2, 3]"]);
    expect(followed.lines()).toBe("2");
  });

  test("keeps to its lines when the line ends change", () => {
    for (const [from, to] of [["\n", "\r\n"], ["\r\n", "\n"]]) {
      const text = ["head", "1", "2", "3", "tail", ""].join(from);
      const { followed, replace, selected, now } = follow(text, ["1", "2", "3"].join(from));
      followed.shown(followed.spec());
      replace(now(), text.replaceAll(from, to));
      expect(selected()).toEqual([["1", "2", "3"].join(to)]);
      expect(followed.lines()).toBe("2–4");
      const three = followed.toText({ start: text.indexOf("3"), end: text.indexOf("3") + 1 })!;
      expect(now().slice(three.start, three.end)).toBe("3");
      expect(followed.toPicture(now().indexOf("3"))).toBe(text.indexOf("3"));
    }
  });

  test("points from the picture to the text of now and back", () => {
    const { followed, replace, now } = follow("1\n2\n3\n");
    followed.shown(followed.spec());
    replace("1\n", "1\n1.5\n");
    const three = followed.toText({ start: 4, end: 5 })!;
    expect(now().slice(three.start, three.end)).toBe("3");
    expect(followed.toPicture(now().indexOf("3"))).toBe(4);
    followed.shown(followed.spec());
    const again = followed.toText({ start: 8, end: 9 })!;
    expect(now().slice(again.start, again.end)).toBe("3");
  });

  test("knows where a place of an older picture is even when a newer one was asked for", () => {
    const { followed, replace, now } = follow("1\n2\n3\n");
    const first = followed.spec();
    replace("1", "100");
    const second = followed.spec();
    replace("2", "200");
    followed.shown(first);
    const place = followed.toText({ start: 4, end: 5 })!;
    expect(now().slice(place.start, place.end)).toBe("3");
    const other = followed.toText({ start: 6, end: 7 }, second)!;
    expect(now().slice(other.start, other.end)).toBe("3");
  });

  test("says nothing rather than something wrong after very many edits", () => {
    const { followed } = follow("1\n2\n3\n");
    followed.shown(followed.spec());
    for (let i = 0; i < 6000; i++) followed.edit([{ offset: 0, removed: 0, inserted: 1 }], () => "");
    expect(followed.toText({ start: 4, end: 5 })).toBeUndefined();
    expect(followed.toPicture(4)).toBeUndefined();
  });

  test("stays as it was under a pin, and catches up without it", () => {
    const { followed, replace } = follow("1\n2\n", "2");
    followed.shown(followed.spec());
    followed.pin(true);
    replace("1", "111");
    replace("2", "222");
    expect(followed.spec()).toMatchObject({ text: "1\n2\n", ranges: [{ start: 2, end: 3 }] });
    expect(followed.toText({ start: 2, end: 3 })).toEqual({ start: 4, end: 7 });
    expect(followed.changed()).toBe(true);
    followed.pin(false);
    expect(followed.spec()).toMatchObject({ text: "111\n222\n", ranges: [{ start: 4, end: 7 }] });
  });

  test("goes on with the picture's text when the document is gone, whatever it held at last", () => {
    const { followed, replace, selected } = follow("1\n2\n3\n", "2\n3");
    expect(followed.settle()).toBe(false);
    followed.shown(followed.spec());
    replace("1\n2\n3\n", "");
    expect(followed.settle()).toBe(true);
    expect(selected()).toEqual(["2\n3"]);
    expect(followed.toText({ start: 2, end: 3 })).toEqual({ start: 2, end: 3 });
    expect(followed.settle()).toBe(false);
  });

  test("goes on at another address with all that it knows", () => {
    const { followed, replace } = follow("1\n2\n3\n", "2");
    const spec = followed.spec();
    followed.rename("file:///new.csv", "new.csv");
    followed.shown(spec);
    replace("1", "111");
    expect(followed.toText({ start: 2, end: 3 }, spec)).toEqual({ start: 4, end: 5 });
    followed.pin(true);
    expect(followed.spec()).toMatchObject({ uri: "file:///new.csv", name: "new.csv", text: "1\n2\n3\n" });
    expect(followed.toText({ start: 2, end: 3 })).toEqual({ start: 4, end: 5 });
    followed.rename("file:///newer.csv", "newer.csv");
    expect(followed.spec()).toMatchObject({ uri: "file:///newer.csv", name: "newer.csv" });
    expect(followed.toText({ start: 2, end: 3 })).toEqual({ start: 4, end: 5 });
  });

  test("takes a reopened document up where it can", () => {
    const { followed, selected } = follow("a\n1\n2\nb", "1\n2");
    followed.shown(followed.spec());
    followed.replace("a\n1\n2\nb");
    expect(followed.changed()).toBe(false);
    followed.replace("longer\n1\n2\nb");
    expect(selected()).toEqual(["1\n2"]);
    expect(followed.changed()).toBe(true);
  });
});
