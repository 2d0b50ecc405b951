import { contours, geoPath, geoTransform, select } from "d3";
import { evaluator } from "../../core/mixture/evaluate.js";
import type { Mixture } from "../../core/mixture/trace.js";
import type { Palette } from "../marks/palette.js";
import type { Layout } from "./scatterAxes.js";

/** Pixels between two evaluations of the density. */
const spacing = 6;
/** Each line has half the density of the one inside it. */
export const contourLevels = [1 / 2, 1 / 4, 1 / 8, 1 / 16, 1 / 32, 1 / 64];

/** Density of a mixture in pixels, on a grid over the plot's inner box; values are relative to the highest. */
function densityGrid(mixture: Mixture, layout: Layout): { values: number[]; columns: number; rows: number } {
  const columns = Math.ceil((layout.right - layout.left) / spacing) + 1;
  const rows = Math.ceil((layout.bottom - layout.top) / spacing) + 1;
  const { logJoint } = evaluator(mixture);
  const joint = new Float64Array(mixture.K);
  const logs = new Float64Array(columns * rows);
  const x = new Float64Array(2);
  let most = -Infinity;
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      x[0] = layout.left + c * spacing;
      x[1] = layout.top + r * spacing;
      const log = logJoint(x, 0, joint);
      logs[r * columns + c] = log;
      if (log > most) most = log;
    }
  }
  return { values: Array.from(logs, (log) => Math.exp(log - most)), columns, rows };
}

/** Draws the density contours of a mixture given in pixels, or takes them away for null. */
export function drawContours(g: SVGGElement, mixture: Mixture | null, layout: Layout, palette: Palette): void {
  const root = select(g);
  if (!mixture) {
    root.selectAll("path").remove();
    return;
  }
  const { values, columns, rows } = densityGrid(mixture, layout);
  // d3 puts the value of cell (c, r) at (c + 0.5, r + 0.5) of its own coordinates.
  const toPixels = geoTransform({
    point(x, y) {
      this.stream.point(layout.left + (x - 0.5) * spacing, layout.top + (y - 0.5) * spacing);
    },
  });
  const line = geoPath(toPixels);
  root
    .selectAll("path")
    .data(contours().size([columns, rows]).thresholds(contourLevels)(values))
    .join("path")
    .attr("data-level", (d) => d.value)
    .attr("d", (d) => line(d))
    .attr("fill", "none")
    .attr("stroke", palette.red)
    .attr("stroke-width", 1)
    .attr("stroke-dasharray", "5 3");
}
