/** Widths of the view's columns for a panel, CSS pixels. */
export type ViewLayout = {
  readonly kind: "narrow" | "column" | "margin" | "wide";
  readonly main: number;
  /** 0 where the side figures stand under the others. */
  readonly margin: number;
  /** Width of one side figure. */
  readonly side: number;
  readonly formula: number;
  readonly table: number;
  /** The formula stands beside the table. */
  readonly beside: boolean;
};

const gap = 24;
const marginWidth = 212;
const formulaWidth = 384;
const largest = 640;

/**
 * Under 620 px one column, side figures two abreast from 480; then a main figure with a margin column of 212; from 900 the
 * main figure stays at 640 and the margin grows. A single column of data needs no margin before 900: its figure is wide.
 */
export function layoutOf(width: number, D: number): ViewLayout {
  const beside = width >= 620 && D === 1;
  const formula = beside ? formulaWidth : width;
  const table = beside ? width - formulaWidth - gap : width;
  if (width > 900 || (width >= 620 && D > 1)) {
    const main = Math.min(largest, width - marginWidth - gap);
    const margin = width - main - gap;
    return { kind: width > 900 ? "wide" : "margin", main, margin, side: margin, formula, table, beside };
  }
  const abreast = width >= 480;
  return { kind: abreast ? "column" : "narrow", main: width, margin: 0, side: abreast ? (width - gap) / 2 : width, formula, table, beside };
}
