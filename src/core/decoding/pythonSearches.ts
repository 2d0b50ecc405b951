import type { GenerationConfig } from "./config.js";
import { allProcessors } from "./pythonProcessors.js";

/** Contrastive search over a model's logits and hidden states: transformers 5 has it no more. */
export const CONTRASTIVE: readonly string[] = [
  "",
  "@torch.no_grad()",
  "def contrastive_search(ids, alpha, k, count, processors, eos):",
  '    """Su et al. 2022: of the k most probable tokens, the one that is probable and unlike all before it."""',
  "    for _ in range(count):",
  "        scores = model(ids).logits[:, -1]",
  "        for processor in processors:",
  "            scores = processor(ids, scores)",
  "        p, tokens = scores.softmax(-1)[0].topk(k)",
  "        texts = torch.cat([ids.expand(k, -1), tokens[:, None]], 1)",
  "        states = model(texts, output_hidden_states=True).hidden_states[-1]",
  "        states = states / states.norm(dim=-1, keepdim=True)",
  "        penalty = (states[:, :-1] @ states[:, -1:].mT).amax((1, 2))",
  "        best = ((1 - alpha) * p - alpha * penalty).argmax()",
  "        ids = texts[best : best + 1]",
  "        if tokens[best].item() in eos:",
  "            break",
  "    return ids",
  "",
  "",
];

/** Diverse beam search over a model's logits, group by group: transformers 5 has it no more either. */
export const DIVERSE_BEAMS: readonly string[] = [
  "",
  "@torch.no_grad()",
  "def diverse_beam_search(ids, groups, width, diversity, length_penalty, early_stopping, count, processors, eos):",
  '    """Vijayakumar et al. 2018: groups of beams, each of which lowers the tokens that the groups before it chose."""',
  "    running = [[(0.0, ids)] for _ in range(groups)]",
  "    finished = [[] for _ in range(groups)]",
  "    going = [True] * groups",
  "    most = max(2, 1 + len(eos)) * width",
  "    for t in range(1, count + 1):",
  "        chosen = torch.zeros(model.config.vocab_size)",
  "        for g in range(groups):",
  "            if not going[g]:",
  "                continue",
  "            found = []",
  "            for total, text in running[g]:",
  "                scores = model(text).logits[:, -1].log_softmax(-1) - diversity * chosen",
  "                for processor in processors:",
  "                    scores = processor(text, scores)",
  "                best = scores[0].topk(most)",
  "                found += [(total + score, torch.cat([text, token[None, None]], 1)) for score, token in zip(best.values.tolist(), best.indices)]",
  "            found = sorted(found, key=lambda each: -each[0])[:most]",
  "            last = [text[0, -1].item() for _, text in found]",
  "            ends = [token in eos or t == count for token in last]",
  "            finished[g] += [(total / t**length_penalty, text) for (total, text), end in zip(found[:width], ends) if end]",
  "            finished[g] = sorted(finished[g], key=lambda each: -each[0])[:width]",
  "            running[g] = [each for each, end in zip(found, ends) if not end][:width]",
  "            for token in [token for token in last if token not in eos][:width]:",
  "                chosen[token] += 1",
  "            length = count if early_stopping == \"never\" and length_penalty > 0 else t",
  "            full = len(finished[g]) == width",
  "            better = running[g] and (not full or running[g][0][0] / length**length_penalty > finished[g][-1][0])",
  "            going[g] = bool(better) and not (full and early_stopping is True)",
  "    return max((each for group in finished for each in group), key=lambda each: each[0])[1]",
  "",
  "",
];

/** The call of diverse beam search. */
export function diverseCall(config: GenerationConfig, eos: readonly number[], count: number): string[] {
  const { num_beams: beams = 1, num_beam_groups: groups = 1, diversity_penalty: diversity = 0, length_penalty: penalty = 1, early_stopping: early = false } = config;
  const stopping = early === "never" ? '"never"' : early ? "True" : "False";
  return [
    "sequence = diverse_beam_search(",
    `    ids, groups=${groups}, width=${beams / groups}, diversity=${diversity}, length_penalty=${penalty}, early_stopping=${stopping},`,
    `    count=${count}, processors=[${searchProcessors(config, eos).join(", ")}], eos=[${eos.join(", ")}],`,
    ")",
    "new = sequence[0, ids.shape[1]:]",
  ];
}

/** What stands between a model and such a search. */
export function searchProcessors(config: GenerationConfig, eos: readonly number[]): string[] {
  return allProcessors({ ...config, diversity_penalty: 0 }, eos);
}

/** The call of contrastive search; `new` are the ids behind the prompt. */
export function contrastiveCall(config: GenerationConfig, eos: readonly number[], count: number): string[] {
  const { penalty_alpha: alpha = 0, top_k: k = 4 } = config;
  return [
    `sequence = contrastive_search(ids, alpha=${alpha}, k=${k}, count=${count}, processors=[${searchProcessors(config, eos).join(", ")}], eos=[${eos.join(", ")}])`,
    "new = sequence[0, ids.shape[1]:]",
  ];
}
