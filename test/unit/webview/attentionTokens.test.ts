import { describe, expect, it } from "vitest";
import { placeOf } from "../../../src/webview/attention/sharedParts.js";
import { placesIn, spanOf, tokenAt, tokenLabel } from "../../../src/webview/attention/tokenPlaces.js";
import { madeTrace, words } from "../../view/attentionTrace.js";

const { tokens } = madeTrace({ tokens: words });

describe("tokens in the text", () => {
  it("stand without the blanks before them", () => {
    expect(spanOf(tokens, 0)).toEqual({ start: 0, end: 3 });
    expect(spanOf(tokens, 1)).toEqual({ start: 4, end: 9 });
    expect(spanOf({ ...tokens, spans: null }, 1)).toBeNull();
    expect(spanOf({ ...tokens, spans: new Int32Array(2 * words.length).fill(-1) }, 1)).toBeNull();
    expect(placesIn(tokens).map(([from, to]) => tokens.text.slice(from, to))).toEqual(words.map((word) => word.trim()));
  });

  it("stand at the character whose byte they are", () => {
    const bytes = [..."雪é😀"].flatMap((character) => [...new TextEncoder().encode(character)]).map((byte) => `<0x${byte.toString(16).toUpperCase()}>`);
    const places = placesIn({ ...tokens, text: "a雪é😀 b", pieces: ["a", ...bytes, " b"] });
    expect(places.map(([from, to]) => "a雪é😀 b".slice(from, to))).toEqual(["a", ...Array(3).fill("雪"), ...Array(2).fill("é"), ...Array(4).fill("😀"), "b"]);
    // Of a character of which a part was cut off, the whole run is one place.
    expect(placesIn({ ...tokens, text: "雪", pieces: bytes.slice(1, 3) }).at(-1)).toEqual([0, 1]);
  });

  it("are found by the caret in or behind them", () => {
    // "The river rose": behind "river", before its blank, within it, at the beginning, beyond the end.
    expect([9, 3, 6, 0, 1000].map((offset) => tokenAt(tokens, offset))).toEqual([1, 0, 1, 0, null]);
    for (let token = 0; token < words.length; token++) expect(tokenAt(tokens, spanOf(tokens, token)!.end)).toBe(token);
    expect(tokenAt({ ...tokens, spans: null }, 3)).toBeNull();
  });

  it("have labels of which something is seen", () => {
    expect([" snow", "snow", " ", "\n", "", "a b"].map(tokenLabel)).toEqual(["snow", "snow", "·", "↵", "∅", "a·b"]);
  });

  it("are counted from either end", () => {
    expect([placeOf(-1, 4), placeOf(2, 4), placeOf(9, 4), placeOf(-9, 4)]).toEqual([3, 2, 3, 0]);
  });
});
