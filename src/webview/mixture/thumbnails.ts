import { msg } from "../../core/contract/message.js";
import type { MixtureTrace } from "../../core/mixture/trace.js";
import { sizeCanvas } from "../marks/canvas.js";
import { h } from "../marks/dom.js";
import type { Palette } from "../marks/palette.js";
import type { Frame, ViewHost } from "../view.js";
import { matrixKey } from "./matrix.js";
import {
  matrixColumns, matrixLimit, pairId, pairPlane, pairsOf, pcaPlane, planeKey, positionsIn, rangesIn, rankedPairs, shownPlane, type Plane,
} from "./projection.js";
import { settledColourer } from "./scatterScene.js";
import type { Part, Shared } from "./shared.js";

/** Pairs shown as thumbnails when there are too many columns for all. */
const thumbnailLimit = 11;
/** Points a thumbnail draws at most, evenly taken. */
export const thumbnailPoints = 1000;
/** A thumbnail's side, and the least at which a row of them is made to fit. */
const size = 32;
const smallest = 26;
const between = 4;

/** The side at which all fit one row where that is not too small, else the usual one. */
function sideOf(count: number, width: number): number {
  const fitting = Math.floor((width + between) / Math.max(1, count)) - between;
  return fitting >= smallest ? Math.min(size, fitting) : size;
}

/** The planes offered as thumbnails: all pairs up to six columns, else those that part the components best; then PCA. */
export function offeredPlanes(trace: MixtureTrace, host: ViewHost): Plane[] {
  const pairs = trace.D <= matrixLimit ? pairsOf(trace.D) : rankedPairs(trace).slice(0, thumbnailLimit);
  const pca = pcaPlane(trace, host.bundle);
  return [...pairs.map((pair) => pairPlane(trace, pair)), ...(pca ? [pca] : [])];
}

type Thumb = { readonly plane: Plane; readonly button: HTMLButtonElement; readonly canvas: HTMLCanvasElement; readonly x: Float64Array; readonly y: Float64Array };

/** The margin's choice of a plane: a thumbnail for each pair of columns, and the matrix of all. For D > 2. */
export function createThumbnails(root: HTMLElement, host: ViewHost, shared: Shared): Part {
  const chosen = h("span", { class: "mixture-aside" });
  const title = h("h2", {}, "", chosen);
  const grid = h("div", { class: "mixture-thumbs", role: "group" });
  const axes = (["x", "y"] as const).map((name) => h("select", { class: "mixture-axis-choice", "data-axis": name }));
  const choices = h("div", { class: "mixture-axis-choices" }, axes[0], h("span", { "aria-hidden": "true" }, "×"), axes[1]);
  const note = h("p", { class: "mixture-note" });
  const all = h("button", { type: "button", class: "link" });
  root.classList.add("mixture-thumbnails");
  root.append(title, grid, choices, note, all);
  all.addEventListener("click", () => host.setUi(matrixKey, !host.ui(matrixKey, false)));

  let thumbs: Thumb[] = [];
  let madeFor: MixtureTrace | undefined;
  let madeAt = 0;
  let side = size;
  let painted: readonly unknown[] = [];

  const choose = (id: string) => {
    host.setUi(matrixKey, false);
    host.setUi(planeKey, id);
  };
  const onAxis = () => {
    const [a, b] = axes.map((select) => Number(select.value));
    if (madeFor && a !== b) choose(pairId(madeFor, [a, b]));
  };
  for (const select of axes) select.addEventListener("change", onAxis);

  function make(trace: MixtureTrace, width: number): void {
    madeFor = trace;
    painted = [];
    const planes = offeredPlanes(trace, host);
    side = sideOf(planes.length, width);
    thumbs = planes.map((plane) => {
      const canvas = h("canvas", { "aria-hidden": "true" });
      const name = `${plane.labels[0]} × ${plane.labels[1]}`;
      const button = h("button", { type: "button", class: "mixture-thumb", title: name, "aria-label": name, "data-plane": plane.id }, canvas);
      button.addEventListener("click", () => choose(plane.id));
      button.style.width = button.style.height = `${side}px`;
      const positions = positionsIn(trace, plane);
      const [rx, ry] = rangesIn(trace, plane, positions);
      const scale = (values: Float64Array, [low, high]: readonly [number, number], from: number, to: number) =>
        values.map((v) => from + ((v - low) / (high - low)) * (to - from));
      return { plane, button, canvas, x: scale(positions.x, rx, 1, side - 3), y: scale(positions.y, ry, side - 3, 1) };
    });
    grid.replaceChildren(...thumbs.map((thumb) => thumb.button));
    for (const select of axes) {
      select.replaceChildren(...trace.columns.map((name, d) => h("option", { value: d }, name)));
    }
  }

  function paint(trace: MixtureTrace, palette: Palette): void {
    const look = [palette, shared.fitIndex, shared.sharesStep];
    if (look.every((part, i) => part === painted[i])) return;
    painted = look;
    const color = settledColourer(shared, palette);
    const step = Math.max(1, Math.ceil(shared.M / thumbnailPoints));
    for (const { canvas, x, y } of thumbs) {
      const context = sizeCanvas(canvas, side - 2, side - 2);
      if (!context) continue;
      for (let i = 0; i < trace.lines.length; i += step) {
        context.fillStyle = color(i);
        context.beginPath();
        context.arc(x[i], y[i], 1, 0, 2 * Math.PI);
        context.fill();
      }
    }
  }

  return {
    draw(trace: MixtureTrace, frame: Frame) {
      root.hidden = trace.D < 3;
      if (root.hidden) return;
      if (madeFor !== trace || madeAt !== frame.width) make(trace, frame.width);
      madeAt = frame.width;
      const plane = shownPlane(trace, host);
      const matrix = host.ui(matrixKey, false);
      (title.firstChild as Text).data = `${host.t(msg("Columns"))} `;
      chosen.textContent = matrix ? host.t(msg("all pairs")) : plane.id === "pca" ? host.t(msg("principal axes")) : plane.labels.map(withoutUnit).join(" × ");
      grid.setAttribute("aria-label", host.t(msg("Columns of the main figure")));
      for (const { button, plane: { id } } of thumbs) button.setAttribute("aria-pressed", String(!matrix && id === plane.id));
      paint(trace, host.palette());
      const many = trace.D > matrixLimit;
      choices.hidden = !many;
      if (many) {
        axes.forEach((select, p) => {
          select.setAttribute("aria-label", host.t(p === 0 ? msg("Column of the x-axis") : msg("Column of the y-axis")));
          select.value = plane.pair ? String(plane.pair[p]) : "";
          for (const option of select.options) option.disabled = plane.pair !== null && Number(option.value) === plane.pair[1 - p];
        });
      }
      note.hidden = !many;
      note.textContent = host.t(msg("{0} of {1} pairs: those that part the components most.", thumbnailLimit, (trace.D * (trace.D - 1)) / 2));
      all.textContent = host.t(
        matrix ? msg("One pair")
        : many ? msg("All pairs of {0} columns", matrixColumns(trace).length)
        : msg("All pairs"),
      );
      all.setAttribute("aria-pressed", String(matrix));
      root.classList.toggle("mixture-stale", frame.status === "stale");
    },
    dispose() {
      root.replaceChildren();
    },
  };
}

/** "petal length (cm)" without its unit. */
function withoutUnit(name: string): string {
  return name.replace(/\s*\([^()]*\)$/, "") || name;
}
