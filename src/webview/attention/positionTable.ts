import type { PositionPart } from "../../core/attention/trace.js";
import { msg, type Message } from "../../core/contract/index.js";
import { h } from "../marks/dom.js";
import { drawTable, type TableCell } from "../marks/table.js";
import { exact, fixed, significant } from "../text/number.js";
import type { ViewHost } from "../view.js";
import { nearest } from "./rangeLine.js";

const listedDistances = [0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536, 131072];

/** The table twin: all pairs, scores by distance, and slopes. */
export function createPositionTable(host: ViewHost): { readonly element: HTMLElement; draw(part: PositionPart, width: number): void } {
  const t = (message: Message): string => host.t(message);
  const [pairs, scores, slopes] = [h("div"), h("div"), h("div")];
  const section = (title: Message, place: HTMLElement): HTMLElement => h("div", {}, h("h2", {}, t(title)), place);
  const number = (value: number, digits: number): TableCell => ({ text: significant(value, digits), title: exact(value) });
  return {
    element: h("section", { class: "position-tables" }, section(msg("Rotated pairs"), pairs), section(msg("Score against distance"), scores), section(msg("ALiBi’s slopes"), slopes)),
    draw(part, width) {
      const [plain, linear, ntk] = part.schemes;
      drawTable(pairs, {
        caption: t(msg("Rotated pairs")), width,
        columns: [{ title: t(msg("pair")) }, { title: "θ", numeric: true }, { title: t(msg("positions a turn")), numeric: true, secondary: true }, { title: "RoPE (rad)", numeric: true }, { title: t(msg("linear")), numeric: true }, { title: "NTK", numeric: true }],
        rows: Array.from(plain.frequencies, (frequency, pair) => ({
          key: String(pair),
          cells: [String(pair), number(frequency, 4), number((2 * Math.PI) / frequency, 4), number(plain.angles[pair], 4), number(linear.angles[pair], 4), number(ntk.angles[pair], 4)],
        })),
      });
      const curves = part.curves.filter(({ kind }) => kind === "similarity");
      const longest = Math.max(part.trained, part.target) - 1;
      drawTable(scores, {
        caption: t(msg("Score against distance")), width: Infinity,
        columns: [{ title: t(msg("distance")) }, ...curves.map(({ label }) => ({ title: t(label), numeric: true }))],
        rows: listedDistances.filter((distance) => distance <= longest).map((distance) => ({
          cells: [
            fixed(distance, 0),
            ...curves.map(({ distances, scores: all }): TableCell => {
              const at = nearest(distances, distance);
              return distances[at] === distance ? { text: fixed(all[at], 3), title: exact(all[at]) } : "\u2013";
            }),
          ],
        })),
      });
      drawTable(slopes, {
        caption: t(msg("ALiBi’s slopes")), width,
        columns: [{ title: t(msg("head")) }, { title: t(msg("slope")), numeric: true }, { title: t(msg("distance that halves a weight")), numeric: true }],
        rows: Array.from(part.slopes, (slope, head) => ({ cells: [String(head + 1), number(slope, 4), number(Math.LN2 / slope, 3)] })),
      });
    },
  };
}
