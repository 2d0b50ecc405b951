export type Column = { readonly x: number; readonly width: number };

/** Where the columns of the three steps stand, CSS pixels. Strips share a second line where there is little room. */
export type StepsLayout = {
  readonly width: number;
  readonly rowHeight: number;
  readonly headHeight: number;
  /** y of the strips' line within a row. */
  readonly second: number;
  readonly twoLines: boolean;
  readonly name: Column;
  /** Null where only weights are known. */
  readonly key: Column | null;
  /** Numbers end at x + width. */
  readonly similarity: Column | null;
  readonly scaled: Column | null;
  /** The bar; its number follows. */
  readonly weight: Column;
  readonly value: Column | null;
  readonly product: Column | null;
};

export const LINE = 24;
const GAP = 16;
const NUMBER = 58;
const WEIGHT_NUMBER = 48;
const ONE_LINE_FROM = 620;
const LONGEST_STRIP = 200;

export function stepsLayout(width: number, longestName: number, complete: boolean): StepsLayout {
  const name = { x: 0, width: Math.round(Math.min(longestName + 4, Math.max(56, width * 0.2))) };
  if (!complete) {
    const x = name.width + GAP;
    return { width, rowHeight: LINE, headHeight: 22, second: 0, twoLines: false, name, key: null, similarity: null, scaled: null, weight: { x, width: Math.max(40, Math.min(360, width - x - WEIGHT_NUMBER)) }, value: null, product: null };
  }
  if (width >= ONE_LINE_FROM) {
    const bar = 64;
    const taken = name.width + 2 * NUMBER + bar + WEIGHT_NUMBER + 6 * GAP;
    const strip = Math.min(LONGEST_STRIP, Math.floor((width - taken) / 3));
    const key = { x: name.width + GAP, width: strip };
    const similarity = { x: key.x + strip + GAP / 2, width: NUMBER + GAP / 2 };
    const scaled = { x: similarity.x + similarity.width, width: NUMBER + GAP / 2 };
    const weight = { x: scaled.x + scaled.width + GAP, width: bar };
    const value = { x: weight.x + bar + WEIGHT_NUMBER + GAP / 2, width: strip };
    const product = { x: value.x + strip + GAP, width: strip };
    return { width: product.x + strip, rowHeight: LINE, headHeight: 38, second: 0, twoLines: false, name, key, similarity, scaled, weight, value, product };
  }
  const narrow = Math.max(50, Math.min(NUMBER, (width - name.width - WEIGHT_NUMBER) / 3.4));
  const similarity = { x: name.width, width: narrow };
  const scaled = { x: similarity.x + narrow, width: narrow + 4 };
  const weight = { x: scaled.x + scaled.width + 10, width: Math.max(18, width - scaled.x - scaled.width - 10 - WEIGHT_NUMBER) };
  const strip = Math.floor((width - 2 * 8) / 3);
  const at = (i: number): Column => ({ x: i * (strip + 8), width: strip });
  return { width, rowHeight: 2 * LINE - 2, headHeight: 40, second: LINE - 4, twoLines: true, name, key: at(0), similarity, scaled, weight, value: at(1), product: at(2) };
}

/** The rows of a list that are in sight. */
export function rowsInSight(scrollTop: number, height: number, rowHeight: number, count: number): readonly [from: number, to: number] {
  const from = Math.max(0, Math.min(count, Math.floor(scrollTop / rowHeight)));
  return [from, Math.min(count, Math.ceil((scrollTop + height) / rowHeight))];
}
