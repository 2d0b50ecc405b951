export type SequenceLayout = {
  readonly cellWidth: number;
  readonly cellHeight: number;
  /** Room for the output's labels, and for the input's. */
  readonly left: number;
  readonly top: number;
  /** Of the heatmap with its labels. */
  readonly width: number;
  readonly height: number;
  /** Context strips stand beside the heatmap, else under it. */
  readonly beside: boolean;
  /** x of the two columns of contexts, and the width of a strip. */
  readonly strips: { readonly x: number; readonly y: number; readonly width: number; readonly gap: number; readonly rowHeight: number };
  readonly total: { readonly width: number; readonly height: number };
};

const LARGEST_CELL = 28;
const BESIDE_FROM = 620;
const TALLEST = 520;
const GAP = 28;
const STRIPS_TOP = 42;

/**
 * Where alignment and contexts stand. Rows of both are the same where they stand side by side.
 * @param label width of the longest output's label
 * @param slant height of the input's labels
 * @param fixed whether a fixed context is shown beside
 */
export function sequenceLayout(width: number, inputs: number, steps: number, fixedSteps: number, label: number, slant: number, fixed: boolean): SequenceLayout {
  const left = Math.ceil(label) + 8;
  const beside = width >= BESIDE_FROM;
  const top = Math.max(beside ? STRIPS_TOP : 0, Math.ceil(slant) + 8);
  const columns = fixed ? 2 : 1;
  const forMap = beside ? Math.min(width * 0.56, left + inputs * LARGEST_CELL) : width;
  const cellWidth = Math.min(LARGEST_CELL, (forMap - left) / Math.max(1, inputs));
  const rows = beside ? Math.max(steps, fixedSteps) : steps;
  const cellHeight = Math.max(1, Math.min(LARGEST_CELL, Math.max(cellWidth, 20), TALLEST / Math.max(1, rows)));
  const mapWidth = left + cellWidth * inputs;
  const mapHeight = top + cellHeight * steps;
  if (beside) {
    const x = mapWidth + GAP;
    const gap = 44;
    const strip = Math.max(60, Math.min(260, (width - x - (columns - 1) * gap - 4) / columns));
    const height = top + cellHeight * rows;
    return { cellWidth, cellHeight, left, top, width: mapWidth, height: mapHeight, beside, strips: { x, y: top, width: strip, gap, rowHeight: cellHeight }, total: { width: x + columns * strip + (columns - 1) * gap, height: height + 4 } };
  }
  const gap = fixed ? left + 4 : 0;
  const rowHeight = Math.min(16, TALLEST / Math.max(1, steps));
  const y = mapHeight + STRIPS_TOP + 6;
  const strip = (width - left - (columns - 1) * gap) / columns;
  return { cellWidth, cellHeight, left, top, width: mapWidth, height: mapHeight, beside, strips: { x: left, y, width: strip, gap, rowHeight }, total: { width, height: y + rowHeight * Math.max(steps, fixedSteps) + 4 } };
}
