import { msg, type Progress } from "../contract/index.js";
import type { ThemeKind } from "../math/signScale.js";
import type { LanguageModel } from "../models/languageModel.js";
import { pieceOf } from "../models/tokenPieces.js";
import { decimal } from "../text/numberText.js";
import { tokenName } from "../text/tokenName.js";
import { LISTED, scoreText } from "./effectFigures.js";
import { barsPicture, type Line } from "./effectPicture.js";
import type { ContrastiveEffect, EffectPlace, EffectQuestion, NoEffect } from "./effectTypes.js";
import type { Hand } from "./runSource.js";
import { percent } from "./storyWords.js";
import { contrastiveSearch, type ContrastiveCandidate } from "./strategies/contrastive.js";

/** Each candidate has to be read by the model: more would keep the reader waiting. */
const MOST = 12;

type Weighed = Pick<ContrastiveCandidate, "token" | "probability" | "penalty">;
const weighed = new WeakMap<LanguageModel, { readonly key: string; readonly candidates: readonly Weighed[] }>();

/** The candidates of contrastive search's first step, and which of them penalty_alpha takes. */
export function* contrastiveEffect(hand: Hand, prompt: readonly number[], { with: config, labels, theme }: EffectQuestion, place: EffectPlace): Generator<Progress, ContrastiveEffect | NoEffect, void> {
  const { penalty_alpha: alpha = 0, top_k: k = 4 } = config;
  if (hand.model.hiddenSize === 0) return { kind: "nothing", place, why: msg("Contrastive search compares hidden states, which this source does not have.") };
  const candidates = yield* weigh(hand, prompt, { ...config, penalty_alpha: alpha, top_k: Math.min(k, MOST) });
  if (candidates.length === 0) return { kind: "nothing", place, why: msg("The model's context is full: nothing can follow.") };
  const rows = candidates.map(({ token, probability, penalty }) => ({ name: tokenName(pieceOf(hand.tokenizer, token)), probability, similarity: penalty, score: (1 - alpha) * probability - alpha * penalty }));
  let selected = 0;
  rows.forEach(({ score }, i) => {
    if (score > rows[selected].score) selected = i;
  });
  return { kind: "contrastive", place, alpha, k, rows, selected, picture: pictureOf(rows, selected, labels[1], theme) };
}

/** Read once for a prompt: another alpha weighs the same candidates anew. */
function* weigh(hand: Hand, prompt: readonly number[], config: EffectQuestion["with"]): Generator<Progress, readonly Weighed[], void> {
  const key = JSON.stringify([prompt, { ...config, penalty_alpha: 0 }]);
  const known = weighed.get(hand.model);
  if (known?.key === key) return known.candidates;
  const running = contrastiveSearch(hand.model, prompt, { ...config, max_new_tokens: 1 });
  for (;;) {
    const next = running.next();
    if (next.done) return [];
    if (next.value.kind === "working") {
      yield next.value.progress;
      continue;
    }
    const { candidates } = next.value.step;
    weighed.set(hand.model, { key, candidates });
    return candidates;
  }
}

function pictureOf(rows: ContrastiveEffect["rows"], selected: number, label: string, theme: ThemeKind) {
  const shown = rows.slice(0, Math.max(LISTED, selected + 1));
  const most = (read: (row: ContrastiveEffect["rows"][number]) => number) => Math.max(...shown.map(read), Number.MIN_VALUE);
  const [p, cosine, score] = [most((row) => row.probability), 1, most((row) => row.score)];
  const lines = shown.map((row, i): Line => ({
    name: row.name, chosen: i === selected,
    bars: [
      { share: row.probability / p, text: `${percent(row.probability)}%` },
      { share: row.similarity / cosine, text: decimal(row.similarity, 3) },
      // Below zero there is no bar: the number says it.
      { share: row.score > 0 ? row.score / score : NaN, text: scoreText(row.score) },
    ],
  }));
  return barsPicture([{ label: "p", strong: false }, { label: "max cos", strong: false }, { label, strong: false }], lines, theme);
}
