import type { TrainingPart } from "./trace.js";

/** The losses of unlikelihood training on the text shown, held against Lumen's sums. */
export function trainingProgram({ ids, likelihood, unlikelihood, sequenceMask, sequenceLoss }: TrainingPart): string[] {
  const known = Array.from(ids.keys()).filter((t) => Number.isFinite(likelihood[t]));
  if (known.length === 0) return [];
  const sum = (values: Float64Array) => known.reduce((total, t) => total + values[t], 0);
  return [
    "",
    "# Unlikelihood training (Welleck et al. 2020) on the text shown: at token level over all tokens before, at sentence level",
    "# over the tokens of repeated n-grams.",
    `text = torch.tensor([${Array.from(ids).join(", ")}])`,
    `repeated = [${Array.from(ids.keys()).filter((t) => sequenceMask[t] === 1).join(", ")}]`,
    "with torch.no_grad():",
    "    p = model(text[None, :-1]).logits[0].double().softmax(-1)  # p[t - 1] predicts text[t]",
    "places = range(1, len(text))",
    "likelihood = -sum(p[t - 1, text[t]].log() for t in places)",
    "unlikelihood = -sum((1 - p[t - 1, list(set(text[:t].tolist()) - {text[t].item()})]).log().sum() for t in places)",
    "sequence = -sum((1 - p[t - 1, text[t]]).log() for t in repeated)",
    'print(f"likelihood {likelihood:.3f}, unlikelihood of tokens {unlikelihood:.3f}, of repeated n-grams {sequence:.3f}")',
    `expected = [${sum(likelihood)}, ${sum(unlikelihood)}, ${sequenceLoss}]  # Lumen's`,
    "torch.testing.assert_close(torch.tensor([likelihood, unlikelihood, sequence]), torch.tensor(expected), atol=1e-3, rtol=1e-4, check_dtype=False)",
  ];
}
