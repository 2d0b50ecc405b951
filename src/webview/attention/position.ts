import { ropeScores } from "../../core/attention/distance.js";
import type { PositionPart } from "../../core/attention/trace.js";
import { msg, type Message } from "../../core/contract/index.js";
import { segmented } from "../controls/segmented.js";
import { h } from "../marks/dom.js";
import { math } from "../marks/math.js";
import { fixed, significant } from "../text/number.js";
import { createClocks, drawnPairs, pairTex } from "./positionClocks.js";
import { codesOf, codeTex, type Codes, type CodeView } from "./positionCodes.js";
import { createPositionCurves } from "./positionCurves.js";
import { positionFiles, positionPython } from "./positionFiles.js";
import { createCodeHeat } from "./positionHeat.js";
import { createPositionTable } from "./positionTable.js";
import { createRangeLine, nearest, spreadValues } from "./rangeLine.js";
import type { Section, Shared } from "./tab.js";

/** By so much both positions are moved, to see that their score stays. */
const MOVED = 100;
const widest = 1000;

/** Where a token stands: score against distance, rotated pairs, and the codes themselves. */
export function createPosition(shared: Shared): Section {
  const { host } = shared;
  const t = (message: Message): string => host.t(message);
  let part: PositionPart | undefined;
  let values: { readonly longest: number; readonly list: number[] } = { longest: -1, list: [] };
  let made: { readonly part: PositionPart; readonly view: CodeView; readonly head: number; readonly codes: Codes } | undefined;

  const other = (): number => host.ui("positionOther", 4);
  const curves = createPositionCurves(host, (distance) => {
    if (part) host.setUi("positionOther", Math.max(0, part.position >= Math.round(distance) ? part.position - Math.round(distance) : part.position + Math.round(distance)));
  });
  const clocks = createClocks(host, (pair) => host.setUi("positionPair", pair));
  const heat = createCodeHeat(host, (row, column) => made && host.setUi("positionCell", [made.codes.rowNames[row], column]));
  const table = createPositionTable(host);
  const first = createRangeLine(t(msg("position m")), "position", (position) => shared.change({ position }));
  const second = createRangeLine(t(msg("position n")), "other", (position) => host.setUi("positionOther", position));
  const kinds: readonly { readonly value: CodeView; readonly label: string }[] = [
    { value: "sinusoidal", label: t(msg("sinusoidal")) }, { value: "learned", label: t(msg("learned")) }, { value: "alibi", label: "ALiBi" },
  ];
  const views = segmented<CodeView>(t(msg("What is shown")), kinds, (view) => host.setUi("positionView", view));
  const heads = h("select", { class: "plain-select", "aria-label": t(msg("Head")) });
  heads.addEventListener("change", () => host.setUi("positionHead", Number(heads.value)));
  const said = h("p", { class: "small position-said" });
  const [theta, angle] = [h("div"), h("div")];
  const codeParts = [h("div"), h("div")];
  const codeFormula = h("div", { class: "position-formula chain" }, ...codeParts);
  const codeNote = h("p", { class: "quiet small" });
  const element = h("div", { class: "attention-position" },
    h("section", {}, h("h2", {}, t(msg("Score against distance"))), h("div", { class: "range-lines" }, first.element, second.element), said, ...curves.elements, h("p", { class: "quiet small" }, t(msg("From distance 64 on a point of the curves is the mean of the distances around it; band: standard deviation over pairs of learned positions. Numbers are of the distance at the line, and so in the table.")))),
    h("section", {}, h("h2", {}, t(msg("RoPE turns pairs of numbers"))), h("p", { class: "quiet small" }, t(msg("Each hand is a pair of numbers of a query or key, turned by its position m, with the angle in radians below; dotted: without scaling at position n."))), clocks.element, h("div", { class: "position-formula" }, theta, angle)),
    h("section", {}, h("h2", {}, t(msg("The codes themselves"))), h("div", { class: "position-tools" }, views.element, heads, heat.pictures[1] as SVGSVGElement), heat.element, codeFormula, codeNote),
    table.element);

  /** The score of the two positions, that it stays where both move, and what ALiBi makes of their distance. */
  function scoreSentence({ position, schemes, slopes }: PositionPart): string {
    const distance = Math.abs(position - other());
    const score = fixed(ropeScores(schemes[0].frequencies, [distance])[0], 3);
    const alibi = msg("ALiBi takes off {0} in head 1 and {1} in head {2}.", fixed(slopes[0] * distance, 2), fixed(slopes[slopes.length - 1] * distance, 2), slopes.length);
    const rope = t(msg("With RoPE, positions {0} and {1} score {2}, and {3} and {4} do too: only their distance {5} counts.", count(position), count(other()), score, count(position + MOVED), count(other() + MOVED), count(distance)));
    return `${rope} ${t(alibi)}`;
  }

  function codes(p: PositionPart): Codes {
    const wanted = host.ui<CodeView>("positionView", "sinusoidal");
    const view = wanted === "learned" && !p.learned ? "sinusoidal" : wanted;
    const head = Math.min(host.ui("positionHead", 0), p.slopes.length - 1);
    if (made?.part !== p || made.view !== view || made.head !== head) made = { part: p, view, head, codes: codesOf(p, view, head) };
    return made.codes;
  }

  function drawCodes(p: PositionPart, width: number): void {
    const shown = codes(p);
    views.show(shown.view);
    const learned = views.element.querySelector<HTMLButtonElement>('[data-value="learned"]')!;
    learned.disabled = !p.learned;
    learned.title = p.learned ? "" : t(msg("The model in use has no learned positions."));
    heads.hidden = shown.view !== "alibi";
    if (heads.options.length !== p.slopes.length) heads.replaceChildren(...Array.from(p.slopes, (_, head) => h("option", { value: head }, t(msg("head {0}", head + 1)))));
    heads.value = String(made!.head);
    // Without a choice of the reader's it is the position's own row.
    const [place, column] = host.ui<readonly [number, number]>("positionCell", [p.position, 4]);
    const cursor = [nearest(shown.rowNames, place), Math.min(column, shown.columns - 1)] as const;
    const own = shown.view === "alibi" ? -1 : Array.from(shown.rowNames).indexOf(p.position);
    heat.draw(shown, cursor, own, Math.min(width, widest));
    const tex = codeTex(p, shown, cursor[0], cursor[1], made!.head);
    codeParts.forEach((each, i) => {
      each.hidden = tex[i] === undefined;
      if (tex[i] !== undefined) math(tex[i], each);
    });
    codeNote.textContent = noteOf(p, shown);
  }

  function noteOf(p: PositionPart, { view, limit }: Codes): string {
    switch (view) {
      case "sinusoidal":
        return t(msg("Each pair of columns is a sine and a cosine of one wavelength, from 2π positions at the left to nearly {0} at the right.", count(Math.round(2 * Math.PI * 10000 ** ((p.hiddenSize - 2) / p.hiddenSize)))));
      case "learned":
        return `${p.learned!.name === "" ? t(msg("The built-in model has learned {0} positions; there is no vector for a later one.", count(p.learned!.known))) : t(msg("{0} has learned {1} positions; there is no vector for a later one.", p.learned!.name, count(p.learned!.known)))} ${t(msg("Colours end at ±{0}; numbers beyond look alike.", significant(limit, 3)))}`;
      case "alibi":
        return t(msg("No position is added to the tokens: a key’s score falls with its distance, in each head by another slope."));
    }
  }

  return {
    element,
    draw(frame) {
      const p = (part = shared.trace.position!);
      const fontSize = Math.max(11, bodySize() - 2);
      const width = Math.min(frame.width, widest);
      const longest = Math.max(p.trained, p.target) - 1;
      if (values.longest !== longest) values = { longest, list: spreadValues(longest) };
      first.draw(values.list, p.position, count(p.position));
      second.draw(values.list, other(), count(other()));
      said.textContent = scoreSentence(p);
      curves.draw(p, Math.abs(p.position - other()), width, fontSize);
      const pairs = drawnPairs(p.schemes[0].frequencies.length, width);
      const chosen = host.ui("positionPair", pairs[1] ?? 0);
      const pair = pairs.includes(chosen) ? chosen : pairs[Math.min(1, pairs.length - 1)];
      clocks.draw(p, other(), pair, width);
      const [speed, turned] = pairTex(p, pair);
      math(speed, theta);
      math(turned, angle);
      drawCodes(p, frame.width);
      table.element.hidden = !host.ui("positionTable", false);
      if (!table.element.hidden) table.draw(p, frame.width);
    },
    pictures: () => [...curves.elements, clocks.element, ...heat.pictures],
    files: () => (part ? positionFiles(host, part) : []),
    copies: () => {
      const p = part;
      return p ? [{ label: msg("Copy as Python"), text: () => positionPython(p) }] : [];
    },
    toggleTable: () => host.setUi("positionTable", !host.ui("positionTable", false)),
    dispose() {
      clocks.dispose();
      element.remove();
    },
  };
}

function count(value: number): string {
  return fixed(value, 0);
}

function bodySize(): number {
  return Number.parseFloat(getComputedStyle(document.body).fontSize) || 13;
}
