import { h, setAttributes } from "../marks/dom.js";

export type RangeLine = {
  readonly element: HTMLElement;
  /** `text` is the value as it is read. */
  draw(values: ArrayLike<number>, value: number, text: string): void;
};

/** A slider over listed values, with its name before and its value behind it. */
export function createRangeLine(label: string, name: string, change: (value: number) => void): RangeLine {
  const range = h("input", { type: "range", class: "track", min: 0, step: 1, "aria-label": label, "data-name": name });
  const output = h("output", {});
  let listed: ArrayLike<number> = [];
  range.addEventListener("input", () => change(listed[Number(range.value)]));
  return {
    element: h("label", { class: "range-line" }, h("span", {}, label), range, output),
    draw(values, value, text) {
      listed = values;
      const last = Math.max(0, values.length - 1);
      if (Number(range.max) !== last) setAttributes(range, { max: last });
      const at = nearest(values, value);
      if (Number(range.value) !== at) range.value = String(at);
      setAttributes(range, { "aria-valuetext": text });
      range.style.setProperty("--filled", `${(100 * at) / Math.max(1, last)}%`);
      output.textContent = text;
    },
  };
}

/** The index of the value that is nearest; values rise. */
export function nearest(values: ArrayLike<number>, value: number): number {
  let [low, high] = [0, values.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (values[middle] <= value) low = middle;
    else high = middle;
  }
  return Math.abs((values[high] ?? Infinity) - value) < Math.abs(values[low] - value) ? high : low;
}

/** 0, 1, 2 … and further apart the larger they are, up to `longest` itself. */
export function spreadValues(longest: number, steps = 400): number[] {
  const found = new Set<number>();
  for (let i = 0; i <= steps; i++) found.add(Math.round(Math.expm1((i / steps) * Math.log1p(longest))));
  return [...found];
}
