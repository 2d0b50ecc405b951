import { msg, type Message } from "../../core/contract/index.js";
import { compact, fixed, percent } from "../text/number.js";
import type { ArcLayout } from "./mapLayout.js";
import type { MapModel, RoleShare } from "./mapModel.js";

/** A head's place, as people count. */
function headName(layer: number, head: number): Message {
  return msg("layer {0}, head {1}", layer + 1, head + 1);
}

/** What is shown in full. */
export function shownName({ part: { shown } }: MapModel): Message {
  switch (shown.reduce) {
    case "head":
      return headName(shown.layer, shown.head);
    case "heads":
      return msg("layer {0}, mean over its heads", shown.layer + 1);
    case "layers":
      return msg("mean over all heads of all layers");
    case "rollout":
      return msg("rollout up to layer {0}", shown.layer + 1);
  }
}

/** What a head does for the most part. */
function roleText({ role, share }: RoleShare): Message {
  switch (role) {
    case "previous":
      return msg("{0} of its attention goes to the token before (a previous-token head)", percent(share));
    case "first":
      return msg("{0} of its attention goes to the first token", percent(share));
    case "self":
      return msg("{0} of its attention stays at the token itself", percent(share));
    case "same":
      return msg("{0} of its attention goes to equal tokens before", percent(share));
  }
}

/** The role in a word or two, as a table and a label have room for. */
export function roleWord(role: RoleShare["role"]): Message {
  switch (role) {
    case "previous":
      return msg("previous token");
    case "first":
      return msg("first token");
    case "self":
      return msg("itself");
    case "same":
      return msg("same token");
  }
}

/** One head in a sentence: its entropy, and what it does. */
export function headText(model: MapModel, index: number): readonly Message[] {
  const heads = model.trace.source.heads;
  const place = msg("Layer {0}, head {1}: mean entropy {2} bits.", Math.floor(index / heads) + 1, (index % heads) + 1, fixed(model.part.entropy[index], 2));
  const role = model.role(index);
  return role ? [place, msg("{0}.", roleText(role))] : [place];
}

/** A weight as it fits a cell of this size; undefined where it does not, or is too small to matter there. */
export function cellText(weight: number, cell: number): string | undefined {
  if (cell < 24 || Number.isNaN(weight)) return undefined;
  if (cell >= 44) return fixed(weight, 3);
  if (weight >= 0.995) return cell >= 27 ? "1.00" : "1.0";
  return weight >= (cell >= 36 ? 0.005 : 0.05) ? fixed(weight, 2).replace(/^0/, "") : undefined;
}

/** What is pointed at: a cell, or a row with its entropy and the tokens that it looks at most. */
export function readout(model: MapModel, row: number, column: number | null, label: (token: number) => string): Message {
  if (model.isPadding(row)) return msg("“{0}” is padding: what it looks at is used by nobody.", label(row));
  if (column !== null) {
    if (model.isPadding(column)) return msg("“{0}” does not see “{1}”: padding is masked.", label(row), label(column));
    if (model.isMasked(row, column)) return msg("“{0}” does not see “{1}”: it comes later.", label(row), label(column));
    return msg("“{0}” looks at “{1}” with weight {2}.", label(row), label(column), fixed(model.weight(row, column), 4));
  }
  const entropy = model.part.shown.entropy[row];
  const visible = model.part.shown.visible[row];
  if (visible <= 1) return msg("“{0}” sees itself alone.", label(row));
  return msg("“{0}” sees {1} tokens; entropy {2} of at most {3} bits.", label(row), visible, fixed(entropy, 2), fixed(model.mostEntropy(row), 2));
}

/** What is said under the plot: that rows sum to 1, or how far they are from it. */
export function footText(model: MapModel): Message {
  if (model.undefinedCells === 1) return msg("1 cell is no number");
  if (model.undefinedCells > 0) return msg("{0} cells are no numbers", compact(model.undefinedCells));
  if (model.sumsToOne) return model.padded ? msg("each row sums to 1; hatched: padding") : msg("each row sums to 1");
  return msg("rows sum to {0} … {1}, not to 1", fixed(model.sums[0], 3), fixed(model.sums[1], 3));
}

/** Which tokens stand under the arcs, where not all have room, and how much of the row's weight goes to others. */
export function outsideText(model: MapModel, row: number, { first, count }: Pick<ArcLayout, "first" | "count">): Message {
  let outside = 0;
  for (let column = 0; column < model.columns; column++) {
    const weight = model.weight(row, column);
    if ((column < first || column >= first + count) && weight > 0) outside += weight;
  }
  return msg("Tokens {0} to {1} of {2} have room here; {3} of the row’s weight goes to others.", first + 1, first + count, compact(Math.max(model.rows, model.columns)), percent(outside));
}
