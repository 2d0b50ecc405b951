import { msg, type Message } from "../../core/contract/index.js";
import { csvLine } from "../../core/text/csvLine.js";
import { oneHotPython } from "../../core/vectors/pythonOneHot.js";
import type { OneHotPart } from "../../core/vectors/trace.js";
import { h } from "../marks/dom.js";
import { escapeTex, math, number } from "../marks/math.js";
import { createSignKey, drawSignKey, signScale } from "../marks/signStrip.js";
import { fixed } from "../text/number.js";
import type { ExportFile, Frame } from "../view.js";
import { createOneHotFigure, MOST_WORDS } from "./oneHotFigure.js";
import { createMemory, type MemoryChoice } from "./oneHotMemory.js";
import { drawOneHotTable } from "./oneHotTable.js";
import { createQueryBox } from "./query.js";
import { stripsChoice } from "./stripsControls.js";
import { decimalsOf } from "./stripsModel.js";
import type { Section } from "../section.js";
import type { Shared } from "./tab.js";

/** Terms of a sum that are written out, where there is room and where there is little. */
const WRITTEN = { wide: 6, narrow: 2 };

/** Words as one-hot rows, what multiplying one by the embedding matrix does, and what one-hot rows cost. */
export function createOneHot(shared: Shared): Section {
  const { host } = shared;
  let pointed: number | null = null;
  const box = createQueryBox(host, {
    label: msg("Words"), placeholder: msg("Words, such as {0}; empty: those of the source", "秃 头 小 苏"), history: "oneHotWords", live: true,
    submit: (words) => host.run({ tab: "onehot", words }),
  });
  const remark = h("p", { class: "vectors-note" });
  const orthogonal = h("p", { class: "onehot-sentence" });
  const cosine = h("div", { class: "onehot-formula" });
  const key = createSignKey();
  const aside = h("span");
  const product = h("p", { class: "onehot-sentence" });
  const productFormula = h("div", { class: "onehot-formula" });
  const memory = createMemory(host, (choice) => host.setUi("oneHotSize", choice));
  const table = h("div", { class: "onehot-table" });
  const figure = createOneHotFigure(host, {
    choose(word) {
      const words = part()?.words ?? [];
      host.setUi("oneHotWord", words[word]);
      host.announce(host.t(msg("{0}: row {1} of {2}", words[word], word + 1, words.length)));
      requestAnimationFrame(() => figure.fall());
    },
    point(dimension, spoken) {
      if (dimension === pointed) return;
      pointed = dimension;
      const now = part();
      if (spoken && dimension !== null && now) host.announce(host.t(msg("dimension {0}: {1}", dimension + 1, fixed(now.q[wordOf(now) * now.d + dimension], 3))));
      host.redraw();
    },
  });
  const element = h("section", { class: "vectors-onehot", "aria-label": host.t(msg("One-hot")) },
    h("h2", {}, host.t(msg("Words"))), box.element, remark,
    h("div", { class: "strips-head onehot-head" }, h("h2", {}, host.t(msg("A word times the matrix is a row of it")), " ", aside), key),
    figure.element, product, productFormula, orthogonal, cosine, memory.element, table);

  const part = (): OneHotPart | undefined => shared.trace.oneHot;
  /** The chosen word's place; the first one until one is chosen. */
  const wordOf = ({ words }: OneHotPart): number => Math.max(0, words.indexOf(host.ui("oneHotWord", "")));

  function draw(frame: Frame): void {
    const now = part();
    if (!now) return;
    const { words, d, q } = now;
    const word = wordOf(now);
    const dimension = Math.min(d - 1, pointed ?? 0);
    const { limit, whiteZero } = stripsChoice(host);
    const scale = signScaleOnce(limit, whiteZero);
    box.draw(String(host.params().words ?? ""), null);
    remark.textContent = remarksOf(now).map((each) => host.t(each)).join(" ");
    const drawable = words.length > 0;
    for (const each of [figure.element, key, product, productFormula, orthogonal, cosine]) each.toggleAttribute("hidden", !drawable);
    aside.textContent = now.total > Math.min(words.length, MOST_WORDS) ? host.t(msg("{0} of {1} words are drawn, around the chosen one", Math.min(words.length, MOST_WORDS), fixed(now.total, 0))) : "";
    drawSignKey(key, scale, host.palette());
    if (drawable) {
      let most = 0;
      for (const v of q) most = Math.max(most, Math.abs(v));
      const decimals = now.from === "random" ? 2 : decimalsOf(most);
      const text = host.t(msg("“{0}” is word {1} of {2}: its row is 0 but for a 1 at place {1}, so x · Q is row {1} of Q.", words[word], word + 1, fixed(words.length, 0)));
      product.textContent = text;
      math(productTex(now, word, dimension, decimals, frame.width < 480), productFormula);
      figure.draw({ part: now, word, dimension, scale, width: frame.width, label: text });
      drawCosine(now, word, frame.width < 480 ? WRITTEN.narrow : WRITTEN.wide);
    }
    memory.draw(sizeOf(now), frame.width);
    table.hidden = !tableOpen();
    if (tableOpen()) drawOneHotTable(table, host, now, sizeOf(now), frame.width);
  }

  let scale: { readonly made: readonly unknown[]; readonly scale: ReturnType<typeof signScale> } | undefined;
  function signScaleOnce(limit: number, whiteZero: boolean): ReturnType<typeof signScale> {
    const made = [host.palette(), limit, whiteZero];
    if (!scale || made.some((value, i) => value !== scale?.made[i])) scale = { made, scale: signScale(host.palette(), limit, whiteZero) };
    return scale.scale;
  }

  function drawCosine({ words }: OneHotPart, word: number, written: number): void {
    const pairs = (words.length * (words.length - 1)) / 2;
    orthogonal.textContent = pairs === 0 ? host.t(msg("One word alone has nothing to be compared with."))
      : pairs === 1 ? host.t(msg("The cosine of the two words is 0: one-hot rows say that they differ, never how much."))
        : host.t(msg("Every cosine of two different words is 0, all {0} of them: one-hot rows say that words differ, never how much.", fixed(pairs, 0)));
    cosine.hidden = pairs === 0;
    if (pairs === 0) return;
    const other = word === words.length - 1 ? 0 : word + 1;
    const [a, b] = [word, other].map((i) => `\\text{${escapeTex(words[i])}}`);
    const shown = Math.min(words.length, written);
    const digit = (i: number, place: number): string => (i === place ? "1" : "0");
    // The first places, and those of the two words.
    const places = [...new Set([word, other, ...Array.from({ length: shown }, (_, i) => i)])].slice(0, Math.max(2, written)).sort((i, j) => i - j);
    const sum = places.map((p) => `${digit(word, p)}\\cdot ${digit(other, p)}`).join("+") + (places.length < words.length ? "+\\cdots" : "");
    math(`\\cos(${a},${b})=\\frac{${sum}}{1\\cdot 1}=\\frac{0}{1\\cdot 1}=\\class{result}{0}`, cosine);
  }

  /** The words' number and dimensions until the reader chooses others: those of the word vectors in use, or usual ones. */
  function sizeOf({ d }: OneHotPart): MemoryChoice {
    const { store } = shared.trace;
    return host.ui<MemoryChoice | null>("oneHotSize", null) ?? { V: store ? Math.max(1000, store.words) : 10_000, d: store ? store.dimensions : Math.max(d, 100) };
  }

  const tableOpen = (): boolean => host.ui("oneHotTable", false);
  return {
    element, draw,
    pictures: () => [key, figure.canvas, figure.svg, memory.svg],
    files: () => filesOf(part()),
    copies: () => {
      const shown = part();
      return shown && shown.words.length > 0 ? [{ label: msg("Copy as Python (numpy)"), text: () => oneHotPython(shown) }] : [];
    },
    toggleTable: () => host.setUi("oneHotTable", !tableOpen()),
    dispose() {
      box.dispose();
      element.remove();
    },
  };
}

/** One number of the product written out: zero times all others, one times the row's. */
function productTex({ words, q, d }: OneHotPart, word: number, dimension: number, decimals: number, narrow: boolean): string {
  const near = [...new Set(narrow ? [0, word] : [0, 1, word - 1, word, word + 1, words.length - 1])].filter((i) => i >= 0 && i < words.length).sort((a, b) => a - b);
  const pieces: string[] = [];
  near.forEach((i, k) => {
    if (k > 0 && near[k - 1] !== i - 1) pieces.push("\\cdots");
    const value = number(fixed(q[i * d + dimension], decimals));
    const factor = q[i * d + dimension] < 0 ? `(${value})` : value;
    pieces.push(i === word ? `\\class{result}{1\\cdot ${factor}}` : `0\\cdot ${factor}`);
  });
  if (near[near.length - 1] < words.length - 1) pieces.push("\\cdots");
  return `(x\\,Q)_{${dimension + 1}}=${pieces.join("+")}=\\class{result}{${number(fixed(q[word * d + dimension], decimals))}}`;
}

function remarksOf({ words, repeated, missing, from }: OneHotPart): Message[] {
  const named = (list: readonly string[]): string => list.slice(0, 5).join(", ") + (list.length > 5 ? " \u2026" : "");
  const remarks: Message[] = [];
  if (words.length === 0) remarks.push(msg("There are no words here. Type some into the box."));
  if (repeated.length > 0) remarks.push(msg("Counted once though written more often: {0}.", named(repeated)));
  if (missing.length > 0) remarks.push(msg("Without a vector: {0}. So Q is made of random numbers, as before any training.", named(missing)));
  else if (from === "random" && words.length > 0) remarks.push(msg("Q is made of random numbers, as before any training."));
  else if (from === "store") remarks.push(msg("Q holds the words' vectors from the word vectors in use."));
  else if (from === "rows") remarks.push(msg("Q holds the words' own vectors."));
  return remarks;
}

function filesOf(part: OneHotPart | undefined): ExportFile[] {
  if (!part || part.words.length === 0) return [];
  const { words, q, d, from } = part;
  const row = (i: number): number[] => Array.from(q.subarray(i * d, (i + 1) * d));
  return [
    { label: msg("One-hot rows (CSV)"), name: "one-hot.csv", data: () => [["word", ...words], ...words.map((word, i) => [word, ...words.map((_, j) => (i === j ? 1 : 0))])].map(csvLine).join("") },
    { label: msg("Embedding matrix (CSV)"), name: "embedding-matrix.csv", data: () => words.map((word, i) => csvLine([word, ...row(i)])).join("") },
    { label: msg("Embedding matrix (JSON)"), name: "embedding-matrix.json", data: () => JSON.stringify({ from, words, matrix: words.map((_, i) => row(i)) }, null, 1) + "\n" },
  ];
}
