import { select } from "d3";
import { msg } from "../../core/contract/message.js";
import { marginal } from "../../core/mixture/evaluate.js";
import type { Mixture, MixtureTrace } from "../../core/mixture/trace.js";
import { sizeCanvas } from "../marks/canvas.js";
import { h, svg } from "../marks/dom.js";
import { letter, type Palette } from "../marks/palette.js";
import { compact } from "../text/number.js";
import type { Frame, ViewHost } from "../view.js";
import { inPixels, matrixColumns, pairPlane, planeKey, positionsIn, rangesIn, type Plane, type ToPixels } from "./projection.js";
import { inSlices } from "./scatterCanvas.js";
import { settledColourer } from "./scatterScene.js";
import { outlineOf } from "./scatterShapes.js";
import type { Part, Shared } from "./shared.js";

/** Saved under this key of the view's state: whether the matrix of all pairs takes the main figure's place. */
export const matrixKey = "matrix";

/** Points a cell draws at most, evenly taken; the sentence under the matrix says so. */
export const matrixPoints = 5000;
const gap = 6;
/** Dots a slice of a frame may draw. */
const slice = 8000;

type Cell = {
  readonly plane: Plane;
  readonly row: number;
  readonly column: number;
  readonly map: ToPixels;
  readonly x: Float64Array;
  readonly y: Float64Array;
};

/** Small multiples: every pair of up to six columns below the diagonal, each column's own density on it. */
export function createMatrix(root: HTMLElement, host: ViewHost, shared: Shared): Part {
  const canvas = h("canvas", { class: "mixture-canvas" });
  const figure = svg("svg", { "aria-hidden": "true" });
  const buttons = h("div", { class: "mixture-matrix-cells", role: "group" });
  const plot = h("div", { class: "mixture-plot" }, canvas, figure, buttons);
  const hint = h("p", { class: "mixture-hint" });
  const layers = { frames: svg("g"), shapes: svg("g"), names: svg("g") };
  figure.append(layers.frames, layers.shapes, layers.names);
  root.classList.add("mixture-matrix");
  root.append(plot, hint);

  let made: { readonly trace: MixtureTrace; readonly width: number; readonly columns: number[]; readonly side: number; readonly cells: Cell[] } | undefined;
  let painted: readonly unknown[] = [];
  let job: { stop(): void } | undefined;

  function make(trace: MixtureTrace, width: number) {
    const columns = matrixColumns(trace);
    const side = Math.floor((width - gap * (columns.length - 1)) / columns.length);
    const cells: Cell[] = [];
    for (let row = 1; row < columns.length; row++) {
      for (let column = 0; column < row; column++) {
        const plane = pairPlane(trace, [columns[column], columns[row]]);
        const positions = positionsIn(trace, plane);
        const [rx, ry] = rangesIn(trace, plane, positions);
        const map = { x: affine(rx, column * (side + gap), 1, side), y: affine(ry, row * (side + gap), -1, side) };
        cells.push({
          plane, row, column, map,
          x: positions.x.map((v) => map.x[0] + map.x[1] * v),
          y: positions.y.map((v) => map.y[0] + map.y[1] * v),
        });
      }
    }
    const total = columns.length * side + (columns.length - 1) * gap;
    for (const [name, value] of Object.entries({ width: total, height: total })) figure.setAttribute(name, String(value));
    plot.style.width = plot.style.height = `${total}px`;
    buttons.replaceChildren(...cells.map(({ plane, row, column }) => {
      const name = `${plane.labels[0]} × ${plane.labels[1]}`;
      const button = h("button", { type: "button", class: "mixture-matrix-cell", title: name, "aria-label": name, "data-plane": plane.id });
      button.style.left = `${column * (side + gap)}px`;
      button.style.top = `${row * (side + gap)}px`;
      button.style.width = button.style.height = `${side}px`;
      button.addEventListener("click", () => {
        host.setUi(planeKey, plane.id);
        host.setUi(matrixKey, false);
      });
      return button;
    }));
    painted = [];
    return { trace, width, columns, side, cells };
  }

  /** The dots; they do not fade, and a finished picture replaces the one before. */
  function paint(cells: readonly Cell[], side: number, total: number, palette: Palette): void {
    const look = [palette, cells, shared.fitIndex, shared.sharesStep];
    if (look.every((part, i) => part === painted[i])) return;
    painted = look;
    job?.stop();
    const back = document.createElement("canvas");
    const context = sizeCanvas(back, total, total);
    if (!context) return;
    const color = settledColourer(shared, palette);
    const every = Math.max(1, Math.ceil(shared.M / matrixPoints));
    const drawn = Math.ceil(shared.M / every);
    const radius = side > 90 ? 1.7 : 1.2;
    job = inSlices(cells.length * drawn, slice, (from, to) => {
      for (let j = from; j < to; j++) {
        const { x, y } = cells[Math.floor(j / drawn)];
        const i = (j % drawn) * every;
        context.fillStyle = color(i);
        context.beginPath();
        context.arc(x[i], y[i], radius, 0, 2 * Math.PI);
        context.fill();
      }
    }, () => sizeCanvas(canvas, total, total)?.drawImage(back, 0, 0, total, total));
  }

  function draw(trace: MixtureTrace, frame: Frame): void {
    root.hidden = trace.D < 3 || !host.ui(matrixKey, false);
    if (root.hidden) return;
    const width = Math.max(200, Math.floor(frame.width));
    if (made?.trace !== trace || made.width !== width) made = make(trace, width);
    const { cells, side, columns } = made;
    const palette = host.palette();
    const total = columns.length * side + (columns.length - 1) * gap;
    paint(cells, side, total, palette);
    drawFrames(layers.frames, cells, side, palette);
    drawCellShapes(layers.shapes, cells, side, shared.mixture, palette);
    drawDiagonal(layers.names, trace, columns, side, shared.mixture, palette);
    buttons.setAttribute("aria-label", host.t(msg("Pairs of columns; a cell becomes the main figure")));
    const sampled = shared.M > matrixPoints ? host.t(msg("Each cell draws {0} points, evenly taken.", compact(Math.ceil(shared.M / Math.ceil(shared.M / matrixPoints))))) : "";
    const some = columns.length < trace.D ? host.t(msg("{0} of {1} columns: those that part the components most.", columns.length, trace.D)) : "";
    hint.textContent = [host.t(msg("A cell becomes the main figure when it is clicked.")), some, sampled].filter((text) => text !== "").join(" ");
    root.classList.toggle("mixture-stale", frame.status === "stale");
  }

  return {
    draw,
    svgs: () => (root.hidden ? [] : [canvas, figure]),
    dispose() {
      job?.stop();
      root.replaceChildren();
    },
  };
}

/** Maps a range onto a cell from `start`, growing rightwards (1) or upwards (−1), with 3 px of air. */
function affine([low, high]: readonly [number, number], start: number, sign: 1 | -1, side: number): [number, number] {
  const factor = (sign * (side - 6)) / (high - low);
  const from = sign === 1 ? start + 3 : start + side - 3;
  return [from - low * factor, factor];
}

function drawFrames(g: SVGGElement, cells: readonly Cell[], side: number, palette: Palette): void {
  select(g)
    .selectAll("rect")
    .data(cells)
    .join("rect")
    .attr("x", (cell) => cell.column * (side + gap) + 0.5)
    .attr("y", (cell) => cell.row * (side + gap) + 0.5)
    .attr("width", side - 1)
    .attr("height", side - 1)
    .attr("fill", "none")
    .attr("stroke", palette.contrast ? palette.axis : palette.grid);
}

/** The 2-sigma ellipse of each component in each cell, with its letter; what reaches over the cell's edge is cut. */
function drawCellShapes(g: SVGGElement, cells: readonly Cell[], side: number, mixture: Mixture, palette: Palette): void {
  select(g)
    .selectAll<SVGSVGElement, Cell>("svg")
    .data(cells)
    .join("svg")
    .attr("x", (cell) => cell.column * (side + gap))
    .attr("y", (cell) => cell.row * (side + gap))
    .attr("width", side)
    .attr("height", side)
    .attr("overflow", "hidden")
    .each(function ({ plane, map, column, row }) {
      const [left, top] = [column * (side + gap), row * (side + gap)];
      const within: ToPixels = { x: [map.x[0] - left, map.x[1]], y: [map.y[0] - top, map.y[1]] };
      const shapes = inPixels(mixture, plane, within);
      const marks = Array.from({ length: mixture.K }, (_, k) => ({ k, ...outlineOf(shapes, k, 2) }));
      const cell = select(this);
      cell
        .selectAll("ellipse")
        .data(marks)
        .join("ellipse")
        .attr("rx", (d) => Math.max(0.5, d.rx))
        .attr("ry", (d) => Math.max(0.5, d.ry))
        .attr("transform", (d) => `translate(${d.x},${d.y}) rotate(${(d.angle * 180) / Math.PI})`)
        .attr("fill", "none")
        .attr("stroke", (d) => palette.component(d.k).color)
        .attr("stroke-dasharray", (d) => palette.component(d.k).dash || null)
        .attr("stroke-width", 1.25);
      cell
        .selectAll("text")
        .data(marks)
        .join("text")
        .attr("class", "mixture-halo mixture-cell-letter")
        .attr("x", (d) => d.x)
        .attr("y", (d) => d.y + 4)
        .attr("text-anchor", "middle")
        .style("fill", (d) => palette.component(d.k).color)
        .attr("stroke", palette.paper)
        .text((d) => letter(d.k));
    });
}

/** On the diagonal: the column's name over the components' densities in this column alone, weighted, to a common peak. */
function drawDiagonal(g: SVGGElement, trace: MixtureTrace, columns: readonly number[], side: number, mixture: Mixture, palette: Palette): void {
  const samples = 48;
  const curves = columns.flatMap((column, place) => {
    const own = marginal(mixture, [column]);
    const { min, max } = trace.stats;
    const pad = (max[column] - min[column]) * 0.1 || 1;
    const [low, high] = [min[column] - pad, max[column] + pad];
    const heights = Array.from({ length: own.K }, (_, k) => Array.from({ length: samples }, (_, j) => {
      const x = low + ((j + 0.5) / samples) * (high - low);
      const sd = Math.max(Math.sqrt(own.covariances[k]), (high - low) / (4 * samples));
      return (own.weights[k] / sd) * Math.exp(-0.5 * ((x - own.means[k]) / sd) ** 2);
    }));
    const peak = Math.max(...heights.flat());
    const [left, bottom] = [place * (side + gap), place * (side + gap) + side - 1];
    return heights.map((row, k) => ({
      k,
      d: row.map((v, j) => `${j === 0 ? "M" : "L"}${left + ((j + 0.5) / samples) * side},${bottom - (v / peak) * (side - 24)}`).join(""),
    }));
  });
  select(g)
    .selectAll("path")
    .data(curves)
    .join("path")
    .attr("d", (d) => d.d)
    .attr("fill", "none")
    .attr("stroke", (d) => palette.component(d.k).color)
    .attr("stroke-dasharray", (d) => palette.component(d.k).dash || null)
    .attr("stroke-width", 1.5);
  select(g)
    .selectAll<SVGTextElement, number>("text")
    .data(columns)
    .join("text")
    .attr("class", "mixture-column-name mixture-halo")
    .attr("x", (_, place) => place * (side + gap))
    .attr("y", (_, place) => place * (side + gap) + 12)
    .style("fill", palette.ink)
    .attr("stroke", palette.paper)
    .text((column) => trace.columns[column]);
}
