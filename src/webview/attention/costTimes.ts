import { scaleLog } from "d3";
import { LARGEST_TIMED, timedKinds, timedLengths, type CostTimes, type CostTimesAsk, type TimedKind } from "../../core/attention/partCostTimes.js";
import { kindLabel } from "../../core/attention/partCostCurves.js";
import type { CostPart } from "../../core/attention/trace.js";
import { msg, type Message } from "../../core/contract/index.js";
import { button } from "../controls/toolkit.js";
import { h, linkButton, setAttributes } from "../marks/dom.js";
import { drawTable } from "../marks/table.js";
import { exact, fixed, significant } from "../text/number.js";
import type { ViewHost } from "../view.js";
import { kindColour, lengthText } from "./costCharts.js";
import { createCurves, labelRoom, type Curve } from "./curves.js";

export type Times = {
  readonly element: HTMLElement;
  readonly pictures: readonly SVGSVGElement[];
  readonly measured: readonly CostTimes[];
  draw(part: CostPart, width: number, fontSize: number): void;
  dispose(): void;
};

/** Operations of one token of one head, as the curves count them: what the dots are held against. */
function headOperations(kind: TimedKind, length: number, size: number): number {
  return kind === "full" ? 4 * size * length : kind === "linear" ? 4 * size * (size + 1) : 28 * size;
}

/**
 * Operations a millisecond of full attention at the longest text that was timed, so that a line of operations can stand beside
 * measured times; undefined where the clock saw nothing.
 */
function speedOf(times: readonly CostTimes[]): number | undefined {
  const last = times.filter(({ milliseconds }) => milliseconds.full > 0).at(-1);
  return last && headOperations("full", last.length, last.headSize) / last.milliseconds.full;
}

/** Times attention on this machine when asked to, one length after the other, and draws them as dots beside the operations. */
export function createTimes(host: ViewHost): Times {
  const t = (message: Message): string => host.t(message);
  let times: CostTimes[] = [];
  let running = 0;
  let failed = false;
  let turn = 0;
  const chart = createCurves();
  const start = button(t(msg("Measure here")), () => void measure());
  const cancel = linkButton(t(msg("Cancel")), stop);
  const status = h("span", { class: "quiet small", role: "status" });
  const bar = h("progress", { class: "cost-progress", max: timedLengths.length });
  const figure = h("div", { class: "cost-times-figure" }, chart.element);
  const table = h("div");
  const note = h("p", { class: "quiet small" }, t(msg("One head, one more token, on one thread of this machine in JavaScript: the shapes of the curves can be compared, not the speed of a real model, which uses many threads or a GPU. Other programs disturb it. Lines: counted operations at the speed of full attention at the longest text.")));
  const element = h("section", { class: "cost-times" }, h("h2", {}, t(msg("Measured on this machine"))), h("div", { class: "cost-measure-line" }, start, bar, status, cancel), figure, table, note);
  let size = 64;

  function stop(): void {
    turn++;
    running = 0;
    host.redraw();
  }

  async function measure(): Promise<void> {
    const mine = ++turn;
    times = [];
    failed = false;
    const headSize = Math.min(LARGEST_TIMED, size);
    for (const [i, length] of timedLengths.entries()) {
      running = i + 1;
      host.redraw();
      const reply = (await host.ask({ kind: "costTimes", length, headSize } satisfies CostTimesAsk)) as CostTimes | undefined;
      if (mine !== turn) return;
      if (!reply) {
        failed = true;
        break;
      }
      times.push(reply);
    }
    running = 0;
    host.redraw();
    if (!failed) host.announce(t(msg("Measured.")));
  }

  return {
    element,
    pictures: [chart.element],
    get measured() {
      return times;
    },
    draw(part, width, fontSize) {
      const headSize = Math.min(LARGEST_TIMED, part.sizes.headSize);
      // Times of another size of head are those of another model.
      if (times.length > 0 && times[0].headSize !== headSize) {
        times = [];
        if (running > 0) stop();
      }
      size = headSize;
      const busy = running > 0;
      setAttributes(start, { disabled: busy });
      start.textContent = t(times.length > 0 && !busy ? msg("Measure again") : msg("Measure here"));
      bar.hidden = cancel.hidden = !busy;
      bar.value = Math.max(0, running - 1);
      status.textContent = busy ? t(msg("{0} tokens, {1} of {2}", lengthText(timedLengths[running - 1]), running, timedLengths.length)) : failed ? t(msg("A newer run came between. Measure again.")) : "";
      const seen = times.filter(({ milliseconds }) => timedKinds.every((kind) => milliseconds[kind] > 0));
      figure.hidden = table.hidden = note.hidden = seen.length === 0;
      if (seen.length > 0) drawTimes(seen, part, Math.min(width, 760), fontSize);
    },
    dispose: stop,
  };

  function drawTimes(seen: readonly CostTimes[], part: CostPart, width: number, fontSize: number): void {
    const palette = host.palette();
    const speed = speedOf(seen)!;
    const xs = part.lengths.filter((length) => length >= timedLengths[0] && length <= timedLengths[timedLengths.length - 1]);
    const [lines, dots]: [Curve[], Curve[]] = [[], []];
    for (const kind of timedKinds) {
      const colour = kindColour(palette, kind);
      lines.push({ name: kind, label: t(kindLabel(kind)), value: timeText(seen[seen.length - 1].milliseconds[kind]), colour, x: xs, y: xs.map((length) => headOperations(kind, length, size) / speed) });
      dots.push({ name: kind, label: "", colour, dots: true, x: seen.map(({ length }) => length), y: seen.map(({ milliseconds }) => milliseconds[kind]) });
    }
    const all = [...lines, ...dots].flatMap(({ y }) => Array.from(y));
    const [first, last] = [Math.floor(Math.log10(Math.min(...all))), Math.ceil(Math.log10(Math.max(...all)))];
    chart.draw({
      width, height: 240, palette, fontSize, left: 62, right: Math.min(width * 0.45, labelRoom(lines, palette, fontSize)),
      x: scaleLog().domain([timedLengths[0], timedLengths[timedLengths.length - 1]]), y: scaleLog().domain([10 ** first, 10 ** last]),
      xTicks: timedLengths, yTicks: Array.from({ length: last - first + 1 }, (_, i) => 10 ** (first + i)), xFormat: lengthText, yFormat: timeText,
      xLabel: t(msg("sequence length (tokens)")), yLabel: t(msg("time for one more token, one head of {0} numbers", size)), curves: [...lines, ...dots],
      description: t(msg("Measured time for one more token against sequence length.")),
    });
    drawTable(table, {
      caption: t(msg("Measured on this machine")), width,
      columns: [{ title: t(msg("tokens")) }, ...timedKinds.map((kind) => ({ title: t(kindLabel(kind)), numeric: true }))],
      rows: seen.map(({ length, milliseconds }) => ({ cells: [fixed(length, 0), ...timedKinds.map((kind) => ({ text: timeText(milliseconds[kind]), title: `${exact(milliseconds[kind])} ms` }))] })),
    });
  }
}

/** "12.3 µs". */
function timeText(milliseconds: number): string {
  if (milliseconds < 1e-3) return `${significant(milliseconds * 1e6, 3)} ns`;
  return milliseconds < 1 ? `${significant(milliseconds * 1e3, 3)} µs` : `${significant(milliseconds, 3)} ms`;
}
