import { msg } from "../../core/contract/index.js";
import { csvLine } from "../../core/text/csvLine.js";
import { neighboursPython } from "../../core/vectors/python.js";
import { h, linkButton } from "../marks/dom.js";
import { drawTable } from "../marks/table.js";
import { exact, fixed } from "../text/number.js";
import { baseName } from "../text/baseName.js";
import type { ExportFile, Frame } from "../view.js";
import { createBars, type Answer } from "./neighboursBars.js";
import { createNeighboursOptions } from "./neighboursOptions.js";
import { leftSentence, methodSentence, searchedSentence } from "./neighboursWords.js";
import { asWord, createQueryBox } from "./query.js";
import { createStrips } from "./strips.js";
import { chosenRows } from "./stripsModel.js";
import type { Section } from "../section.js";
import type { Shared } from "./tab.js";

export type NeighboursOptions = {
  /** The margin of another tab: the box, the bars and the sentence, without choices and strips. */
  readonly compact?: boolean;
};

/** The nearest vectors to a word, a list of numbers or an expression. */
export function createNeighbours(shared: Shared, { compact = false }: NeighboursOptions = {}): Section {
  const { host } = shared;
  let pointed: number | null = null;
  const box = createQueryBox(host, {
    label: msg("Nearest to"), placeholder: msg("A word, numbers, or {0}", "king - man + woman"), history: "queryHistory", live: true,
    submit: (text) => shared.ask(text),
  });
  const bars = createBars(host, compact, { point, ask: (i) => ask(i), add });
  const options = createNeighboursOptions(shared);
  const note = h("p", { class: "vectors-note" });
  const method = h("p", { class: "vectors-note neighbours-method" });
  const toggleExclude = linkButton("", () => host.run({ tab: "neighbours", exclude: !part()?.exclude }));
  const sentence = h("span");
  note.append(sentence, " ", toggleExclude);
  const table = h("div", { class: "neighbours-table" });
  const strips = compact ? undefined : createStrips(shared, { of: "query", neighbour: () => pointed ?? 0 });
  const element = h("section", { class: compact ? "vectors-neighbours compact" : "vectors-neighbours", "aria-label": host.t(msg("Neighbours")) },
    h("h2", {}, host.t(msg("Nearest to"))), box.element, ...(compact ? [] : [options.element]), method, bars.element, note, table);
  if (strips) element.append(strips.element);

  const part = () => shared.trace.neighbours;
  const answer = (): Answer | undefined => {
    const found = part()?.answer;
    return found?.ok ? found : undefined;
  };
  const rowOf = (index: number): number => {
    const found = answer();
    if (!found) return -1;
    return part()?.search === "rows" ? found.indices[index] : shared.trace.names.indexOf(found.names[index]);
  };

  function point(index: number | null): void {
    pointed = index;
    const row = index === null ? -1 : rowOf(index);
    shared.hover(row < 0 ? [] : [row]);
    if (index !== null && document.activeElement === bars.element) {
      const found = answer();
      if (found) host.announce(`${found.names[index]}, ${fixed(found.scores[index], 3)}`);
    }
  }

  function ask(index: number): void {
    const name = answer()?.names[index];
    if (name === undefined) return;
    point(null);
    shared.ask(asWord(name));
  }

  /** Rows of the source get a strip as they are; words of the store as a row computed from one word. */
  function add(index: number): void {
    const name = answer()?.names[index];
    if (name === undefined) return;
    const row = rowOf(index);
    const { names, strips: sums } = shared.trace;
    if (row >= 0) {
      const rows = chosenRows(names, host.ui<readonly string[] | null>("stripRows", null)).map((each) => names[each]);
      if (!rows.includes(names[row])) host.setUi("stripRows", [...rows, names[row]]);
    } else {
      const texts = sums?.rows.map(({ text }) => text) ?? [];
      if (!texts.includes(asWord(name))) host.run({ tab: "strips", expressions: [...texts, asWord(name)].join("\n") });
    }
    host.announce(host.t(msg("{0} is among the strips now.", name)));
  }

  function draw(frame: Frame): void {
    const now = part();
    const found = answer();
    if (!now) return;
    const problem = now.answer.ok ? null : now.answer.problem;
    box.draw(now.query, problem);
    options.draw();
    bars.element.toggleAttribute("hidden", !found);
    note.hidden = !found;
    table.hidden = !found || !tableOpen();
    if (strips) strips.element.hidden = !found;
    const means = found ? [found.asked.reading, compact ? null : methodSentence(now, found)].flatMap((each) => (each ? [host.t(each)] : [])) : [];
    method.textContent = means.join(" ");
    if (!found) return;
    bars.draw(found, frame.width, now.method);
    const left = leftSentence(now, found);
    sentence.textContent = [searchedSentence(now, found, shared.trace), left].flatMap((each) => (each ? [host.t(each)] : [])).join(" ").replace(/。 /g, "。").replace(/(\d) (?=ms\b|毫秒)/, "$1\u00a0");
    toggleExclude.hidden = left === null;
    toggleExclude.textContent = host.t(now.exclude ? msg("Count them in") : msg("Leave them out"));
    if (tableOpen()) drawTwin(found, frame.width);
    strips?.draw(frame);
  }

  function drawTwin({ names, scores, left }: Answer, width: number): void {
    const score = host.t(part()?.method === "3CosMul" ? msg("product of cosines") : msg("cosine"));
    const line = (place: string, name: string, value: number) => ({ cells: [place, name, { text: fixed(value, 3), title: exact(value) }] });
    drawTable(table, {
      caption: host.t(msg("Nearest to {0}", part()?.query ?? "")),
      columns: [{ title: host.t(msg("place")) }, { title: host.t(msg("name")) }, { title: score, numeric: true }],
      rows: [...Array.from(names, (name, i) => line(fixed(i + 1, 0), name, scores[i])), ...left.map(({ name, score: value, rank }) => line(host.t(msg("left out, would be {0}", rank)), name, value))],
      width: Math.max(380, width),
    });
  }

  function files(): ExportFile[] {
    const found = answer();
    const now = part();
    if (!found || !now) return [];
    const all = Array.from(found.names, (name, i) => ({ place: i + 1, name, score: found.scores[i] }));
    return [
      { label: msg("Neighbours (CSV)"), name: `${baseName(host, "vectors")}-neighbours.csv`, data: () => [["place", "name", "score"], ...all.map(({ place, name, score }) => [place, name, score])].map(csvLine).join("") },
      {
        label: msg("Neighbours (JSON)"), name: `${baseName(host, "vectors")}-neighbours.json`,
        data: () => JSON.stringify({ query: now.query, method: now.method, searched: found.searched, neighbours: all, left_out: found.left }, null, 1) + "\n",
      },
    ];
  }

  const tableKey = compact ? "neighboursTable compact" : "neighboursTable";
  const tableOpen = (): boolean => host.ui(tableKey, false);
  return {
    element, draw, files,
    pictures: () => [...(answer() ? [bars.element] : []), ...(strips?.pictures() ?? [])],
    copies() {
      const now = part();
      if (compact || !now?.answer.ok) return [];
      const { trace } = shared;
      const label = now.search === "store" || trace.origin === "file" ? msg("Copy as Python (gensim)") : msg("Copy as Python (numpy)");
      return [{ label, text: () => neighboursPython(trace, now, { name: host.source()?.name ?? "" }) }];
    },
    key(event) {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return false;
      box.input.focus();
      box.input.select();
      return true;
    },
    toggleTable: () => host.setUi(tableKey, !tableOpen()),
    dispose() {
      box.dispose();
      strips?.dispose();
      element.remove();
    },
  };
}
