import { msg } from "../../core/contract/index.js";
import { isSingle } from "../../core/vectors/expressionText.js";
import { stripsPython } from "../../core/vectors/python.js";
import { h, linkButton } from "../marks/dom.js";
import { createSignKey, drawSignKey, numbersPerCell, signScale, type SignScale } from "../marks/signStrip.js";
import { fixed } from "../text/number.js";
import { baseName } from "../text/baseName.js";
import { isolated } from "../text/isolated.js";
import type { Frame } from "../view.js";
import { createStripsControls, stripsChoice } from "./stripsControls.js";
import { createStripsFigure } from "./stripsFigure.js";
import { allVectorsFile, stripsFiles } from "./stripsFiles.js";
import { layOutStrips, type StripsCursor } from "./stripsLayout.js";
import {
  agreement, chosenRows, clippedIn, cosinesTo, decimalsOf, dimensionOrder, largest, rowOf, rowsOfQuery, rowsOfSource, spelledOut, windowOf,
  type StripRow, type StripRows, type Window,
} from "./stripsModel.js";
import { createStripsPicker } from "./stripsPicker.js";
import { createStripsSums } from "./stripsSums.js";
import { drawStripsTable } from "./stripsTable.js";
import type { Section } from "../section.js";
import type { Shared } from "./tab.js";

export type StripsOptions = {
  /** rows: the chosen rows of the source and what is computed from them. query: the terms of the question, its sum and a neighbour. */
  readonly of?: "rows" | "query";
  /** Which neighbour stands below the sum; the best one without it. */
  neighbour?(): number;
};

/** Vectors under one another on one scale, number by number. */
export function createStrips(shared: Shared, { of = "rows", neighbour }: StripsOptions = {}): Section {
  const { host } = shared;
  const cursor: StripsCursor = { row: null, dimension: null, brush: null, dragged: null };
  const aside = h("span");
  const key = createSignKey();
  const note = h("p", { class: "vectors-note" });
  const table = h("div", { class: "strips-table" });
  const chosenNames = (): string[] => chosen().map((row) => shared.trace.names[row]);
  const choose = (rows: readonly number[]): void => host.setUi("stripRows", rows.map((row) => shared.trace.names[row]));
  const picker = createStripsPicker(host, choose);
  const pickerToggle = linkButton("", () => {
    host.setUi("stripPicker", !host.ui("stripPicker", false));
    if (host.ui("stripPicker", false)) requestAnimationFrame(() => picker.focus());
  });
  const sums = createStripsSums(host);
  const windowKey = `stripWindow ${of}`;
  const zoom = (window: Window): void => host.setUi(windowKey, window.to - window.from >= window.d ? null : window);
  const controls = createStripsControls(host, () => host.setUi(windowKey, null));
  const empty = h("p", {}, host.t(msg("No row is chosen.")), " ", linkButton(host.t(msg("Show the first ones")), () => host.setUi("stripRows", null)));
  const none = h("p");
  let rows: readonly StripRow[] = [];
  let groups: StripRows = { above: [], below: [], cut: 0 };
  // Words of the store, which a question may be about, need not be as long as the source's vectors.
  const length = (): number => rows[0]?.values.length ?? shared.trace.d;

  const figure = createStripsFigure(host, {
    pointed(spoken) {
      const row = cursor.row === null ? undefined : rows[cursor.row];
      const hovered = row && row.row >= 0 ? [row.row] : [];
      if (hovered.join() !== shared.hovered().join()) shared.hover(hovered);
      host.redraw();
      if (spoken) speak();
    },
    hold: (dimension) => host.setUi("stripDimension", dimension),
    zoom,
    move(from, to) {
      const names = chosenNames();
      if (from >= names.length) return;
      names.splice(to, 0, ...names.splice(from, 1));
      host.setUi("stripRows", names);
      const at = Math.min(to, names.length - 1);
      host.announce(host.t(msg("{0} is now strip {1} of {2}.", names[at], at + 1, names.length)));
    },
    remove(index) {
      if (index < groups.above.length) host.setUi("stripRows", chosenNames().filter((_, i) => i !== index));
      else if (rows[index].sum) sums.remove(rows[index].sum.text);
      cursor.row = null;
    },
    reference(index) {
      if (of === "rows") host.setUi("stripReference", chosenNames()[index] ?? rows[index].label);
    },
    reveal(index) {
      if (rows[index].row >= 0) shared.reveal(rows[index].row);
    },
  }, cursor);
  const heading = h("h2", {}, host.t(msg("Number by number")), " ", aside);
  const element = h("section", { class: "vectors-strips", "aria-label": host.t(msg("Strips")) },
    h("div", { class: "strips-head" }, heading, key), controls.element, none, empty, figure.element, note);
  if (of === "rows") element.append(sums.element, h("p", { class: "strips-pick small" }, pickerToggle), picker.element);
  element.append(table);

  function chosen(): number[] {
    return chosenRows(shared.trace.names, host.ui<readonly string[] | null>("stripRows", null));
  }

  function gather(): StripRows {
    const found = of === "rows" ? rowsOfSource(shared.trace, chosen()) : rowsOfQuery(shared.trace, neighbour?.() ?? 0);
    return found ?? { above: [], below: [], cut: 0 };
  }

  function speak(): void {
    const dimension = dimensionNow();
    const decimals = decimalsOf(largest(rows));
    const row = cursor.row === null ? undefined : rows[cursor.row];
    const said = row ? `${row.label} ${fixed(row.values[dimension], decimals)}` : rows.map(({ label, values }) => `${label} ${fixed(values[dimension], decimals)}`).join(", ");
    host.announce(host.t(msg("dimension {0}: {1}", dimension + 1, said)));
  }

  function dimensionNow(): number {
    const d = length();
    if (cursor.dimension !== null && cursor.dimension < d) return cursor.dimension;
    const held = host.ui<number | null>("stripDimension", null);
    if (held !== null && held < d) return held;
    return agreement(groups.below.length > 0 ? groups.below : rows, d);
  }

  /** The row that the cosines are with: the sum of the question, its only vector, or the one chosen. */
  function referenceOf(): number {
    if (rows.length === 0) return -1;
    if (of === "query") return groups.below.some(({ sum }) => sum) ? groups.above.length : 0;
    return rows.indexOf(rowOf(rows, host.ui("stripReference", ""), 0));
  }

  /** The values at the cursor as sentences: sums spelled out; without a column for them, the others listed. */
  function sentences(dimension: number, decimals: number, listed: boolean): string[] {
    const value = (row: StripRow): string => fixed(row.values[dimension], decimals);
    const spelled = rows.flatMap((row, i) => {
      const text = row.sum && !isSingle(row.sum) ? spelledOut(row.sum, dimension, decimals) : undefined;
      if (text === undefined) return [];
      const next = of === "query" ? rows[i + 1] : undefined;
      if (next) return [host.t(msg("{0}; {1} has {2}", text, next.label, value(next)))];
      return [of === "rows" ? `${row.label}: ${text}` : text];
    });
    const others = listed && (of === "rows" || spelled.length === 0) ? [rows.filter(({ sum }) => !sum).slice(0, 12).map((row) => `${isolated(row.label.replace(/ /g, "\u00a0"))}\u00a0${value(row)}`).join(" \u00b7 ")] : [];
    return [...others, ...spelled.slice(0, 4)];
  }

  let scale: SignScale | undefined;
  let scaleOf: readonly unknown[] = [];
  function scaleNow(): SignScale {
    const { limit, whiteZero } = stripsChoice(host);
    const now = [host.palette(), limit, whiteZero];
    if (!scale || now.some((value, i) => value !== scaleOf[i])) [scale, scaleOf] = [signScale(host.palette(), limit, whiteZero), now];
    return scale;
  }

  let order: Int32Array | null = null;
  let orderOf: readonly unknown[] = [];
  function orderNow(): Int32Array | null {
    const { sorting } = stripsChoice(host);
    const now = [sorting.by, sorting.a, sorting.b, ...rows.flatMap((row) => [row.label, row.values])];
    if (now.length !== orderOf.length || now.some((value, i) => value !== orderOf[i])) [order, orderOf] = [dimensionOrder(rows, length(), sorting), now];
    return order;
  }

  function draw(frame: Frame): void {
    const { trace } = shared;
    groups = gather();
    rows = keepValues([...groups.above, ...groups.below], rows);
    const d = length();
    const palette = host.palette();
    const signs = scaleNow();
    const window = windowOf(host.ui<Window | null>(windowKey, null), d);
    const reference = referenceOf();
    const dimension = dimensionNow();
    const decimals = decimalsOf(largest(rows));
    const layout = layOutStrips(frame.width, rows.map(({ label }) => label), groups.above.length, palette, of === "rows");
    const perCell = numbersPerCell(window.to - window.from, layout.x1 - layout.x0);
    const cosineTitle = reference < 0 ? "" : layout.valueX === null ? host.t(msg("cos")) : of === "query" && groups.below.some(({ sum }) => sum) ? host.t(msg("cos to sum")) : host.t(msg("cos to {0}", rows[reference].label));
    aside.textContent = asideOf(window, perCell);
    drawSignKey(key, signs, palette);
    controls.draw(rows, window);
    empty.hidden = of !== "rows" || groups.above.length > 0 || trace.values === null;
    none.hidden = of === "query" || trace.values !== null;
    none.textContent = host.t(msg("The map holds too many rows to send their numbers along. Choose fewer rows to see their strips."));
    element.hidden = of === "query" && rows.length === 0;
    for (const part of [figure.element, controls.element, key]) part.toggleAttribute("hidden", rows.length === 0);
    figure.draw({
      rows, above: groups.above.length, movable: of === "rows" ? rows.length : 0, order: orderNow(), window, scale: signs,
      cosines: reference < 0 ? [] : cosinesOnce(reference), cosineTitle, reference, dimension, decimals,
      sums: sentences(dimension, decimals, layout.valueX === null), hovered: shared.hovered(), width: frame.width, label: labelOf(dimension, decimals),
    });
    note.textContent = notesOf(signs.limit, perCell).join(" ");
    if (of === "rows") {
      sums.draw(trace.strips);
      const open = host.ui("stripPicker", false);
      pickerToggle.textContent = host.t(open ? msg("Hide the list of rows") : msg("Choose rows: {0} of {1} have a strip", groups.above.length, fixed(trace.names.length, 0)));
      pickerToggle.setAttribute("aria-expanded", String(open));
      picker.element.hidden = !open;
      if (open) picker.draw(trace.names, chosen());
    }
    table.hidden = !tableOpen();
    if (tableOpen()) drawStripsTable(table, host, { rows, order, window, cosines: cosinesOnce(Math.max(0, reference)), cosineTitle, width: frame.width });
  }

  let cosines: readonly number[] = [];
  let cosinesOf: readonly unknown[] = [];
  function cosinesOnce(reference: number): readonly number[] {
    const now = [reference, ...rows.map(({ values }) => values)];
    if (now.length !== cosinesOf.length || now.some((value, i) => value !== cosinesOf[i])) {
      [cosines, cosinesOf] = [rows.length === 0 ? [] : cosinesTo(rows[reference].values, rows), now];
    }
    return cosines;
  }

  function asideOf({ d, from, to }: Window, perCell: number): string {
    const all = to - from >= d;
    if (perCell > 1) {
      return all ? host.t(msg("{0} dimensions, {1} to a cell: the strongest is drawn; drag over a part to see more of it", fixed(d, 0), perCell))
        : host.t(msg("places {0} to {1} of {2}, {3} to a cell: the strongest is drawn", from + 1, to, fixed(d, 0), perCell));
    }
    if (!all) return host.t(msg("places {0} to {1} of {2}", from + 1, to, fixed(d, 0)));
    if (of === "query" && groups.below.some(({ sum }) => sum) && groups.below.length > 1) {
      return host.t(msg("each cell one of {0} dimensions; the last row tries to look like the sum", fixed(d, 0)));
    }
    return host.t(msg("each cell one of {0} dimensions", fixed(d, 0)));
  }

  function notesOf(limit: number, perCell: number): string[] {
    const clipped = clippedIn(rows, limit);
    const zero = rows.filter((_, i) => Number.isNaN(cosines[i]));
    return [
      clipped > 0 && perCell > 1 ? host.t(msg("{0} numbers lie beyond the scale.", fixed(clipped, 0))) : clipped > 0 ? host.t(clipped === 1 ? msg("One number lies beyond the scale; its cell has a notch.") : msg("{0} numbers lie beyond the scale; their cells have a notch.", fixed(clipped, 0))) : "",
      groups.cut > 0 ? host.t(msg("The first {0} terms are drawn; {1} more are in the sum.", groups.above.length, groups.cut)) : "",
      zero.length > 0 ? host.t(msg("{0}: all zeros, so there is no direction to compare and the cosine is undefined.", zero.map(({ label }) => label).slice(0, 3).join(", "))) : "",
    ].filter((text) => text !== "");
  }

  function labelOf(dimension: number, decimals: number): string {
    return host.t(msg("{0} strips of {1} numbers: {2}. Dimension {3}: {4}", rows.length, length(), rows.slice(0, 8).map(({ label }) => label).join(", "),
      dimension + 1, rows.slice(0, 8).map(({ label, values }) => `${label} ${fixed(values[dimension], decimals)}`).join(", ")));
  }

  const tableOpen = (): boolean => host.ui(`stripTable ${of}`, false);
  return {
    element, draw,
    pictures: () => (rows.length === 0 ? [] : [key, figure.canvas, figure.svg]),
    files: () => [...stripsFiles(rows, cosines, of === "rows" ? baseName(host, "vectors") : `${baseName(host, "vectors")}-query`), ...(of === "rows" ? allVectorsFile(shared.trace, baseName(host, "vectors")) : [])],
    copies: () => (of === "rows" && rows.length > 0 ? [{ label: msg("Copy as Python (matplotlib)"), text: () => stripsPython(rows, stripsChoice(host).limit) }] : []),
    toggleTable: () => host.setUi(`stripTable ${of}`, !tableOpen()),
    dispose() {
      figure.dispose();
      sums.dispose();
      element.remove();
    },
  };
}

/** The new rows, with the arrays of the old ones where they are views of the same numbers: equal arrays are not painted again. */
function keepValues(next: readonly StripRow[], before: readonly StripRow[]): readonly StripRow[] {
  const same = (a: ArrayLike<number>, b: ArrayLike<number>): boolean =>
    ArrayBuffer.isView(a) && ArrayBuffer.isView(b) && a.buffer === b.buffer && a.byteOffset === b.byteOffset && a.byteLength === b.byteLength;
  return next.map((row) => {
    const old = before.find(({ values }) => same(values, row.values));
    return old ? { ...row, values: old.values } : row;
  });
}
