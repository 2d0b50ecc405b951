import { msg, type Message } from "../../core/contract/index.js";
import { isDistance } from "../../core/vectors/heatmap.js";
import { compact, fixed, significant } from "../text/number.js";
import { valueText } from "./derivationTex.js";
import type { HeatmapModel } from "./heatmapModel.js";
import { isBounded } from "./heatmapScale.js";

/** A value as it fits a cell: as many decimals as there is room for; undefined where not even one fits. */
export function cellText(value: number, fits: (text: string) => boolean, bounded: boolean): string | undefined {
  if (!Number.isFinite(value)) return [fixed(value, 0)].find(fits);
  if (!bounded) {
    // A large number is not to lose digits before its point.
    const texts = Math.abs(value) >= 1000 && Math.abs(value) < 1e9 ? [fixed(value, 0)] : [4, 3, 2].map((digits) => significant(value, digits));
    return texts.find(fits);
  }
  for (const decimals of [3, 2, 1]) {
    const text = fixed(value, decimals);
    if (fits(text)) return text;
    // The zero before the point says nothing that the point does not.
    const short = text.replace(/^(\u2212?)0(?=\.)/, "$1");
    if (decimals <= 2 && fits(short)) return short;
  }
  return undefined;
}

/** The value of the rows at two places, in words. */
export function pairText(model: HeatmapModel, [column, row]: readonly [number, number]): Message {
  const { trace: { names }, part, ordered: { order } } = model;
  const [a, b] = [order[row], order[column]];
  if (a === b) return msg("{0}", names[a]);
  const value = model.exact(a, b);
  return Number.isNaN(value) ? msg("{0} · {1}: undefined", names[a], names[b]) : msg("{0} · {1}: {2}", names[a], names[b], valueText(part.metric, value));
}

/** What stands at the ends of the tree's scale, in the metric's own terms. */
export function treeEnds({ tree, part }: HeatmapModel): readonly [string, string] {
  return [0, tree.highest].map((height) => significant(isDistance(part.metric) ? height : isBounded(part.metric) ? 1 - height : part.high - height, 2)) as [string, string];
}

/** What a branch of the tree joins. */
export function branchText({ tree, trace, part }: HeatmapModel, merge: number): Message {
  const rows = tree.rowsOf(merge);
  const named = rows.slice(0, 6).map((row) => trace.names[row]).join(", ");
  return msg("{0} rows joined at {1}: {2}", compact(rows.length), heightText(part, tree.heightOf(tree.n + merge)), rows.length > 6 ? `${named} …` : named);
}

/** The height of a branch in the metric's own terms. */
function heightText({ metric, high }: HeatmapModel["part"], height: number): string {
  if (isDistance(metric)) return `${metric} ${significant(height, 3)}`;
  return isBounded(metric) ? `${metric} ${fixed(1 - height, 3)}` : `${metric} ${significant(high - height, 3)}`;
}
