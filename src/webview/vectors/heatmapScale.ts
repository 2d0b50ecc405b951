import { isDistance, LEVELS } from "../../core/vectors/heatmap.js";
import type { Metric } from "../../core/vectors/similarity.js";
import type { HeatmapPart } from "../../core/vectors/trace.js";
import { mixColours, parseColour } from "../marks/colour.js";
import type { Palette } from "../marks/palette.js";
import { NO_LEVEL } from "./heatmapMatrix.js";

const STEPS = 1024;
/** What is left of a cell's colour beyond the threshold. */
const FADED = 0.12;

/** Whether the metric has a range of its own, [−1, 1]. */
export function isBounded(metric: Metric): boolean {
  return metric === "cosine" || metric === "pearson" || metric === "spearman";
}

/**
 * The colours of a heatmap. Paper is zero whatever the metric; green says alike, ochre unlike. Cosines and correlations have
 * their own range; dot products end at the largest of two different rows; a distance is unlikeness, so it is ochre, and
 * identical rows are paper.
 */
export class Scale {
  readonly metric: Metric;
  /** Where the colours end: the strength of ±`limit` is ±1. */
  readonly limit: number;

  constructor(part: HeatmapPart, readonly palette: Palette) {
    this.metric = part.metric;
    const largest = Math.max(...[part.closest, part.farthest].map((pair) => (pair ? Math.abs(pair.value) : 0)));
    this.limit = isBounded(part.metric) || !(largest > 0) || !Number.isFinite(largest) ? 1 : largest;
  }

  /** Strength in [−1, 1], as `palette.strength` takes it. */
  strength(value: number): number {
    const share = Math.max(-1, Math.min(1, value / this.limit));
    return isDistance(this.metric) ? -Math.abs(share) : share;
  }

  colour(value: number): string {
    return this.palette.strength(this.strength(value));
  }

  /** Whether a value is at least as alike as the threshold. */
  passes(value: number, threshold: number | null): boolean {
    return threshold === null || (isDistance(this.metric) ? value <= threshold : value >= threshold);
  }

  /** Colours by level as 0xAABBGGRR, the layout of image data on all machines that run VS Code; cells beyond the threshold fade. */
  table({ low, high }: HeatmapPart, threshold: number | null): ColourTable {
    const colours = new Uint32Array(STEPS + 1);
    for (let step = 0; step <= STEPS; step++) {
      const value = low + (step / STEPS) * (high - low);
      const color = this.colour(value);
      colours[step] = pixel(this.passes(value, threshold) ? color : mixColours([color, this.palette.paper], [FADED, 1 - FADED]));
    }
    return { colours, none: pixel(this.palette.paper) };
  }
}

export type ColourTable = { readonly colours: Uint32Array; readonly none: number };

/** The colour of a level. */
export function pixelOf({ colours, none }: ColourTable, level: number): number {
  return level === NO_LEVEL ? none : colours[Math.round((level * STEPS) / LEVELS)];
}

function pixel(color: string): number {
  const [r, g, b] = (parseColour(color) ?? [0, 0, 0, 1]).map((v) => Math.round(255 * v));
  return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
}
