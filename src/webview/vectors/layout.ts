/** Widths of the heatmap's tab for a panel, CSS pixels. */
export type VectorsLayout = {
  readonly kind: "narrow" | "column" | "margin" | "wide";
  readonly main: number;
  /** Width of what stands beside the heatmap, or under it. */
  readonly side: number;
};

const gap = 24;
const marginWidth = 212;
const largest = 640;

/** One column under 620 px, its side figures two abreast from 480; then a margin, which grows once the main figure is at its largest. */
export function vectorsLayout(width: number): VectorsLayout {
  if (width < 620) return width < 480 ? { kind: "narrow", main: width, side: width } : { kind: "column", main: width, side: (width - gap) / 2 };
  const main = Math.min(largest, width - marginWidth - gap);
  return { kind: width > 900 ? "wide" : "margin", main, side: width - main - gap };
}
