import { msg, type Message } from "../../core/contract/index.js";
import { segmented } from "../controls/segmented.js";
import { sizeCanvas } from "../marks/canvas.js";
import { h, setAttributes } from "../marks/dom.js";
import { paintStrip, signScale } from "../marks/signStrip.js";
import { fixed } from "../text/number.js";
import type { ViewHost } from "../view.js";
import { colourLimit, type StepsModel } from "./stepsModel.js";

export type Shown = { readonly name: string; readonly rows: number; readonly columns: number; readonly values: ArrayLike<number> };
export type StepsMatrices = { readonly element: HTMLElement; readonly parts: readonly HTMLCanvasElement[]; draw(model: StepsModel, width: number): void };

const CELL = 54;
const ROW = 20;
const STRIP_ROW = 14;
const TALLEST = 300;
const LEAD = 40;

/** Every matrix of the three steps, in the order in which they are made. */
export function matricesOf({ part }: StepsModel): Shown[] {
  const made = part.matrices ?? [];
  const row = (name: string, values: ArrayLike<number>): Shown => ({ name, rows: 1, columns: values.length, values });
  const added = Float64Array.from(part.scaled, (value, i) => (part.masked[i] === 1 ? -Infinity : value + (part.bias?.[i] ?? 0)));
  const before = made.filter(({ name }) => !["Q", "K", "V", "W_O"].includes(name));
  const own = ["Q", "K", "V"].flatMap((name) => made.find((each) => each.name === name) ?? []);
  const last = made.filter(({ name }) => name === "W_O");
  const known = part.size > 0;
  return [
    ...before, ...own, ...(known ? [row("q", part.query), row("q Kᵀ", part.similarity), row("scores", added)] : []), row("weights", part.weights),
    ...(known ? [row("output", part.output)] : []), ...last,
    ...(part.heads && part.heads.projected.length > 0 ? [row("concatenated", part.heads.outputs), row("projected", part.heads.projected)] : []),
  ];
}

/** All matrices by name and shape; the chosen one as strips or in numbers, of which those in sight are drawn. */
export function createStepsMatrices(host: ViewHost): StepsMatrices {
  const t = (message: Message): string => host.t(message);
  const list = h("div", { class: "steps-shapes", role: "group", "aria-label": t(msg("Matrices")) });
  const how = segmented<"strips" | "numbers">(t(msg("How a matrix is shown")), [{ value: "strips", label: t(msg("strips")) }, { value: "numbers", label: t(msg("numbers")) }], (value) => host.setUi("stepsMatrixHow", value));
  const canvas = h("canvas", { "aria-hidden": "true" });
  const stage = h("div", { class: "steps-stage" }, canvas);
  const space = h("div", {}, stage);
  const scroll = h("div", { class: "steps-matrix-scroll", tabindex: "0", role: "group" }, space);
  const said = h("p", { class: "quiet small steps-matrix-said" });
  const viewer = h("div", { class: "steps-matrix" }, how.element, scroll, said);
  const element = h("section", { class: "steps-matrices" }, h("h2", {}, t(msg("Matrices")), " ", h("span", {}, t(msg("rows × columns; choose one to see its numbers")))), list, viewer);
  let shown: Shown | undefined;
  let numbers = false;
  let inner = 1;
  let cell: readonly [number, number] | null = null;

  scroll.addEventListener("scroll", () => paint());
  scroll.addEventListener("pointermove", (event) => {
    const rect = stage.getBoundingClientRect();
    point(event.clientX - rect.left, event.clientY - rect.top);
  });
  scroll.addEventListener("pointerleave", () => {
    cell = null;
    say();
  });

  const rowHeight = (): number => (numbers ? ROW : STRIP_ROW);
  const cellWidth = (): number => (numbers ? CELL : (inner - LEAD) / Math.max(1, shown?.columns ?? 1));

  function point(x: number, y: number): void {
    if (!shown) return;
    const column = Math.floor((x - LEAD + (numbers ? scroll.scrollLeft : 0)) / cellWidth());
    const row = Math.floor((y + scroll.scrollTop) / rowHeight());
    cell = x >= LEAD && column >= 0 && column < shown.columns && row >= 0 && row < shown.rows ? [row, column] : null;
    say();
  }

  function say(): void {
    if (!shown) return;
    said.textContent = cell ? `${shown.name}[${cell[0]}, ${cell[1]}] = ${fixed(shown.values[cell[0] * shown.columns + cell[1]], 6)}` : t(msg("Rows and columns count from 0. Colours end at ±{0}.", fixed(colourLimit(shown.values), 2)));
  }

  function paint(): void {
    if (!shown) return;
    const palette = host.palette();
    const scale = signScale(palette, colourLimit(shown.values));
    const height = Math.min(TALLEST, shown.rows * rowHeight());
    const context = sizeCanvas(canvas, inner, height);
    if (!context) return;
    const { rows, columns, values } = shown;
    const [top, left] = [scroll.scrollTop, numbers ? scroll.scrollLeft : 0];
    context.textBaseline = "middle";
    context.font = `11px ${palette.font}`;
    for (let row = Math.floor(top / rowHeight()); row < Math.min(rows, Math.ceil((top + height) / rowHeight())); row++) {
      const y = row * rowHeight() - top;
      if (!numbers) paintStrip(context, slice(values, row * columns, (row + 1) * columns), null, 0, columns, { x: LEAD, y: y + 1, width: inner - LEAD, height: STRIP_ROW - 2 }, scale);
      else {
        for (let column = Math.floor(left / CELL); column < Math.min(columns, Math.ceil((left + inner - LEAD) / CELL)); column++) {
          const value = values[row * columns + column];
          const x = LEAD + column * CELL - left;
          context.fillStyle = Number.isNaN(value) ? palette.paper : scale.colour(value);
          context.fillRect(x, y, CELL - 0.6, ROW - 0.6);
          context.fillStyle = Number.isNaN(value) ? palette.ink : scale.ink(value);
          context.textAlign = "right";
          context.fillText(fixed(value, 3), x + CELL - 5, y + ROW / 2);
        }
        context.fillStyle = palette.paper;
        context.fillRect(0, y, LEAD, ROW);
      }
      context.fillStyle = palette.quiet;
      context.textAlign = "right";
      context.fillText(String(row), LEAD - 8, y + rowHeight() / 2);
    }
  }

  return {
    element,
    get parts() {
      return viewer.hidden ? [] : [canvas];
    },
    draw(model, width) {
      const all = matricesOf(model);
      const name = host.ui<string>("stepsMatrix", "");
      shown = all.find((each) => each.name === name);
      const key = JSON.stringify([all.map((each) => [each.name, each.rows, each.columns]), name]);
      if (list.dataset.key !== key) {
        list.dataset.key = key;
        list.replaceChildren(...all.map((each) => {
          const button = h("button", { type: "button", class: "steps-shape", "aria-pressed": String(each.name === name) }, h("span", { class: "mono" }, each.name), ` ${each.rows} × ${each.columns}`);
          button.addEventListener("click", () => host.setUi("stepsMatrix", each.name === name ? "" : each.name));
          return button;
        }));
      }
      viewer.hidden = !shown;
      if (!shown) return;
      inner = Math.floor(width) - 14;
      const wanted = host.ui<"strips" | "numbers" | "">("stepsMatrixHow", "");
      numbers = wanted === "" ? shown.columns * CELL + LEAD <= inner : wanted === "numbers";
      how.show(numbers ? "numbers" : "strips");
      const height = Math.min(TALLEST, shown.rows * rowHeight());
      setAttributes(scroll, { "aria-label": `${shown.name} ${shown.rows} × ${shown.columns}` });
      scroll.style.height = `${height + 14}px`;
      space.style.height = `${shown.rows * rowHeight()}px`;
      space.style.width = `${numbers ? Math.max(inner, LEAD + shown.columns * CELL) : inner}px`;
      stage.style.height = `${height}px`;
      stage.style.width = `${inner}px`;
      paint();
      say();
    },
  };
}

function slice(values: ArrayLike<number>, from: number, to: number): ArrayLike<number> {
  return values instanceof Float32Array || values instanceof Float64Array ? values.subarray(from, to) : Array.from(values).slice(from, to);
}
