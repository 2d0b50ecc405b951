import { OWN_CLASS, OWN_STAGES, stageCall } from "./pythonProcessors.js";
import type { DecodingTrace } from "./trace.js";

/** The processors of transformers over the given numbers, held against Lumen's probabilities where these are all. */
export function givenProgram({ explore, prompt, pieces, pieceIds }: DecodingTrace): string[] {
  const at = explore?.at[0];
  if (!at) return [];
  const order = Array.from(at.ids.keys()).sort((a, b) => at.ids[a] - at.ids[b]);
  const last = (at.kept.length - 1) * at.ids.length;
  const unlisted = at.tailKept[0];
  const noise = at.stages.some(({ name }) => name === "NoiseLogitsProcessor");
  return [
    "# The same with transformers: pip install transformers torch",
    "import torch",
    "from transformers.generation.logits_process import *",
    "",
    ...(at.stages.some(({ name }) => OWN_STAGES.has(name)) ? OWN_CLASS : []),
    `names = ${JSON.stringify(order.map((i) => pieces[pieceIds.indexOf(at.ids[i])]))}`,
    `scores = torch.tensor([[${order.map((i) => (at.scores[i] === -Infinity ? "-torch.inf" : String(at.scores[i]))).join(", ")}]], dtype=torch.float64)`,
    ...(unlisted > 0 ? [`# ${unlisted} more tokens are not listed here; Lumen counts them in.`] : []),
    `ids = torch.tensor([[${Array.from(prompt.ids).join(", ")}]], dtype=torch.long)`,
    "for processor in [",
    ...at.stages.map(({ name, parameters }) => `    ${stageCall(name, parameters.map(([, value]) => value))},`),
    "]:",
    "    scores = processor(ids, scores)",
    "probabilities = scores.softmax(-1)[0]",
    "for name, p in zip(names, probabilities.tolist()):",
    '    print(f"{name!r:12} {p:.4f}")',
    ...(unlisted > 0 || noise ? [] : [`torch.testing.assert_close(probabilities, torch.tensor([${order.map((i) => at.probabilities[last + i]).join(", ")}], dtype=torch.float64))  # Lumen's`]),
  ];
}
