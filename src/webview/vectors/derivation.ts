import { msg } from "../../core/contract/index.js";
import { derive } from "../../core/vectors/derive.js";
import { h, linkButton } from "../marks/dom.js";
import { math } from "../marks/math.js";
import { fixed } from "../text/number.js";
import { derivationTex, namesFor } from "./derivationTex.js";
import type { Shared } from "./shared.js";

/** What the pane derives, and what it is to the reader. */
export type Derived = { readonly pair: readonly [number, number]; readonly why: "framed" | "hovered" | "closest" };

/** Pairs of numbers that a sum begins with, where it has too many to be written out; up to `ALL` all are. */
const FIRST = 2;
const ALL = 4;

/** The formula of a pair's value with its numbers filled in. */
export function createDerivation(shared: Shared): { readonly element: HTMLElement; draw(derived: Derived | null): void } {
  const { host } = shared;
  const title = h("h2");
  const keyed = h("p", { class: "small quiet" });
  const formulas = h("div", { class: "derivation-formulas" });
  const note = h("p", { class: "small" });
  const stated = h("p", { class: "small derivation-stated" });
  const links = h("p", { class: "small" });
  const element = h("section", { class: "derivation" }, title, keyed, formulas, stated, note, links);
  let drawn = "";
  return {
    element,
    draw(derived) {
      element.hidden = derived === null;
      if (!derived) return;
      const { trace } = shared;
      const metric = trace.heatmap!.metric;
      const [i, j] = derived.pair;
      const content = JSON.stringify([trace.key, trace.names[i], trace.names[j], i, j, metric, derived.why, trace.stated.length, host.t(msg("Show both in the editor"))]);
      if (content === drawn) return;
      drawn = content;
      const [a, b] = [trace.names[i], trace.names[j]];
      const whys = { framed: msg("the framed cell"), hovered: msg("under the pointer"), closest: msg("the closest pair") };
      title.replaceChildren(h("b", {}, `${a} · ${b}`), " ", h("span", {}, host.t(whys[derived.why])));
      const { names, letters } = namesFor(a, b);
      keyed.hidden = !letters;
      keyed.textContent = letters ? host.t(msg("A is {0}, B is {1}.", a, b)) : "";
      const { d } = trace;
      const values = trace.values!;
      const row = (r: number): Float32Array | Float64Array => values.subarray(r * d, (r + 1) * d);
      const derivation = derive(row(i), row(j), metric, d <= ALL ? ALL : FIRST);
      const lines = derivationTex(derivation, names, (n) => host.t(msg("… {0} more terms", n)));
      while (formulas.children.length > lines.length) formulas.lastElementChild?.remove();
      while (formulas.children.length < lines.length) formulas.append(h("div"));
      lines.forEach((line, at) => math(line, formulas.children[at] as HTMLElement));
      note.textContent = noteOf();
      note.hidden = note.textContent === "";
      sayStated(i, j);
      links.hidden = shared.spansOf([i, j]).length < 2;
      links.replaceChildren(linkButton(host.t(msg("Show both in the editor")), () => shared.select([i, j])));

      function noteOf(): string {
        if ("undefinedRows" in derivation) {
          const who = derivation.undefinedRows.map((which) => (which === "a" ? a : b));
          const zero = metric === "cosine";
          if (who.length === 2) return host.t(zero ? msg("Both vectors are zero: they have no direction, so the cosine is undefined.") : msg("Both vectors have one value throughout, so the correlation is undefined."));
          return host.t(zero ? msg("{0} is a zero vector: it has no direction, so the cosine is undefined.", who[0]) : msg("{0} has one value throughout, so the correlation is undefined.", who[0]));
        }
        if (derivation.metric === "spearman") return host.t(derivation.ties ? msg("r are the ranks of the numbers within each vector, equal numbers sharing their mean rank.") : msg("r are the ranks of the numbers within each vector; no two are equal."));
        if (Object.values(derivation).some((value) => typeof value === "number" && !Number.isFinite(value))) return host.t(msg("The numbers in between are larger than a double can hold, so the vectors are scaled first."));
        return "";
      }
    },
  };

  /** What the text itself says of the pair's cosine. */
  function sayStated(i: number, j: number): void {
    const { trace } = shared;
    const said = trace.heatmap!.metric !== "cosine" ? [] : trace.stated.filter((each) => (each.a === i && each.b === j) || (each.a === j && each.b === i));
    stated.hidden = said.length === 0;
    stated.replaceChildren(...said.flatMap((each) => {
      const decimals = Math.min(4, Math.max(2, (String(each.stated).split(".")[1] ?? "").length));
      const sentence = each.agrees
        ? msg("The text says {0} as well.", fixed(each.stated, decimals))
        : msg("The text says {0}, but the numbers give {1}.", fixed(each.stated, decimals), fixed(each.cosine, 4));
      return [h("span", {}, host.t(sentence)), " ", linkButton(host.t(msg("Go to line {0}", each.line)), () => host.post({ type: "reveal", span: each.span, line: each.line })), " "];
    }));
  }
}
