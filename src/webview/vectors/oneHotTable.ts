import { msg } from "../../core/contract/index.js";
import { shortByteText } from "../../core/text/byteText.js";
import { oneHotMemory } from "../../core/vectors/oneHot.js";
import type { OneHotPart } from "../../core/vectors/trace.js";
import { h } from "../marks/dom.js";
import { drawTable } from "../marks/table.js";
import { compact, exact, fixed } from "../text/number.js";
import type { ViewHost } from "../view.js";
import type { MemoryChoice } from "./oneHotMemory.js";

/** Numbers of a vector in a line of the table; the rest are in the exports. */
const SHOWN = 8;

/** The twins of the matrices and of the memory. */
export function drawOneHotTable(root: HTMLElement, host: ViewHost, { words, q, d }: OneHotPart, { V, d: wide }: MemoryChoice, width: number): void {
  if (root.childElementCount === 0) root.append(h("div", { class: "table-scroll", tabindex: "0", role: "region", "aria-label": host.t(msg("One-hot rows as a table")) }), h("div", { class: "onehot-sizes" }));
  const [rows, sizes] = Array.from(root.children) as HTMLElement[];
  const shown = Math.min(d, SHOWN);
  drawTable(rows, {
    caption: host.t(msg("One-hot rows and the first numbers of each word's vector")),
    columns: [{ title: host.t(msg("word")) }, { title: host.t(msg("place of the 1")), numeric: true }, ...Array.from({ length: shown }, (_, j) => ({ title: `Q ${j + 1}`, numeric: true }))],
    rows: words.map((word, i) => ({
      cells: [word, fixed(i + 1, 0), ...Array.from({ length: shown }, (_, j) => ({ text: fixed(q[i * d + j], 3), title: exact(q[i * d + j]) }))],
    })),
    width: Math.max(380, width),
  });
  const list = [...new Set([1000, 10_000, 100_000, 1_000_000, V])].sort((a, b) => a - b);
  drawTable(sizes, {
    caption: host.t(msg("Memory by size of the vocabulary, {0} numbers a word", wide)),
    columns: [{ title: host.t(msg("words")), numeric: true }, { title: host.t(msg("one-hot")), numeric: true }, { title: host.t(msg("dense")), numeric: true }, { title: host.t(msg("zeros a word")), numeric: true }],
    rows: list.map((size) => {
      const { oneHot, dense, zeros } = oneHotMemory(size, wide);
      return { cells: [compact(size), { text: shortByteText(oneHot), title: compact(oneHot) }, { text: shortByteText(dense), title: compact(dense) }, compact(zeros)], className: size === V ? "chosen" : "" };
    }),
    width: Math.max(380, width),
  });
}
