import { msg, type Env, type Progress } from "../contract/index.js";
import { joinTokens } from "../models/tokenPieces.js";
import type { ExploreHand } from "./explore.js";
import { contrastiveSearch } from "./strategies/contrastive.js";
import { roomFor } from "./strategies/generate.js";
import { hiddenStates } from "./runHidden.js";
import type { SearchPart } from "./trace.js";

type Contrastive = Extract<SearchPart, { readonly kind: "contrastive" }>;

/** Contrastive search with all its candidates, and how alike the hidden states of prompt and text are. */
export function* contrastivePart({ hand, prompt, config }: ExploreHand, env: Env): Generator<Progress<SearchPart>, SearchPart, void> {
  const begun = env.now();
  const { penalty_alpha: alpha = 0, top_k: k = 4 } = config;
  const { count } = roomFor(config, prompt.length, hand.model.contextLength - 1);
  const cosines = cosinesOf(yield* hiddenStates(hand.model, prompt), hand.model.hiddenSize);
  const steps: Contrastive["steps"][number][] = [];
  const ids = [...prompt];
  const part = (finish: Contrastive["finish"]): Contrastive => ({
    kind: "contrastive", alpha, k, finish,
    steps: [...steps],
    similarity: squareOf(cosines),
    ids: Int32Array.from(ids),
    text: joinTokens(hand.tokenizer, ids.slice(prompt.length), prompt).text,
    milliseconds: env.now() - begun,
  });
  const running = contrastiveSearch(hand.model, prompt, config);
  for (;;) {
    const next = running.next();
    if (next.done) return part(next.value.finish);
    if (next.value.kind === "working") {
      yield next.value.progress;
      continue;
    }
    const { candidates, selected, token } = next.value.step;
    steps.push({
      token: candidates.map((each) => each.token),
      probability: Float64Array.from(candidates, ({ probability }) => probability),
      penalty: Float64Array.from(candidates, ({ penalty }) => penalty),
      nearest: Int32Array.from(candidates, ({ nearest }) => nearest),
      score: Float64Array.from(candidates, ({ score }) => score),
      selected,
    });
    cosines.push(candidates[selected].similarities);
    ids.push(token);
    yield { fraction: steps.length / count, message: msg("Step {0} of at most {1}", steps.length, count), trace: () => part("running"), ...(steps.length === 1 ? { urgent: true } : {}) };
    if (env.stopping()) return part("stopped");
  }
}

/** Row i holds the cosines of the state i [n, d] to those before it. */
function cosinesOf(states: Float32Array, d: number): ArrayLike<number>[] {
  const n = states.length / d;
  const lengths = Float64Array.from({ length: n }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < d; j++) sum += states[i * d + j] ** 2;
    return Math.sqrt(sum);
  });
  return Array.from({ length: n }, (_, i) => Float64Array.from({ length: i }, (__, j) => {
    let dot = 0;
    for (let k = 0; k < d; k++) dot += states[i * d + k] * states[j * d + k];
    return lengths[i] > 0 && lengths[j] > 0 ? dot / (lengths[i] * lengths[j]) : 0;
  }));
}

/** A symmetric square of its rows' parts below the diagonal, ones on it. */
function squareOf(rows: readonly ArrayLike<number>[]): Float32Array {
  const n = rows.length;
  const square = new Float32Array(n * n);
  rows.forEach((row, i) => {
    square[i * n + i] = 1;
    for (let j = 0; j < i; j++) square[i * n + j] = square[j * n + i] = row[j];
  });
  return square;
}
