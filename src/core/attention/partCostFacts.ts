import { msg } from "../contract/index.js";
import { activationBytes, cacheBytes, costModel, flopsOfText, flopsOfToken, keptActivations, LORA_RANK, loraMemory, parameterCount, precisions, ruleOfThumb, trainingMemory, weightMemory, workingActivations, type ModelShape } from "../models/shape/index.js";
import { byteText, flopText } from "../text/byteText.js";
import { grouped } from "../text/numberText.js";
import type { CostLoad } from "./partCostCurves.js";
import type { CostFact } from "./trace.js";

const perNumber = { F32: "4", F16: "2", INT8: "1", INT4: "½" } as const;

/** What a model takes to serve, to train and for a text of this length, each with how it was reckoned. */
export function costFacts(shape: ModelShape, load: CostLoad): CostFact[] {
  return [...servingFacts(shape), ...textFacts(shape, load), ...trainingFacts(shape, load)];
}

function servingFacts(shape: ModelShape): CostFact[] {
  const all = grouped(parameterCount(shape));
  return precisions.map((precision): CostFact => {
    const { numbers, scales, usual } = weightMemory(shape, precision);
    const bytes = perNumber[precision];
    const formula = scales === 0
      ? msg("{0} × {1} bytes", all, bytes)
      : bytes === "1"
        ? msg("{0} × 1 byte; with a scale for each 128 numbers {1}, and with embeddings and norms left in F16 {2}", all, byteText(numbers + scales), byteText(usual))
        : msg("{0} × {1} bytes; with a scale for each 128 numbers {2}, and with embeddings and norms left in F16 {3}", all, bytes, byteText(numbers + scales), byteText(usual));
    return { group: "serving", label: precision === "F16" ? msg("weights in F16 or BF16") : msg("weights in {0}", precision), value: numbers, unit: "bytes", formula };
  });
}

function textFacts(shape: ModelShape, { length, batch, bytes }: CostLoad): CostFact[] {
  const own = costModel(shape, "own");
  const token = flopsOfToken(own, length);
  const text = flopsOfText(own, length);
  const cache = cacheBytes(own, { length, batch, bytes });
  const working = activationBytes(workingActivations, own, { length, batch, bytes });
  const { layers, kvHeads, headSize, causal, window } = shape;
  const many = batch === 1 ? "" : ` × ${grouped(batch)}`;
  const facts: CostFact[] = [
    {
      group: "text", label: causal ? msg("the last of {0} tokens", grouped(length)) : msg("each of {0} tokens", grouped(length)), value: token.total * batch, unit: "flops",
      formula: msg("attention’s matrices {0}, scores and sums {1}, MLP {2}, head {3}{4}", flopText(token.projections), flopText(token.mixing), flopText(token.mlp), flopText(token.head), many),
    },
    { group: "text", label: msg("all {0} tokens", grouped(length)), value: text.total * batch, unit: "flops", formula: msg("{0} of them for scores and weighted sums", flopText(text.mixing * batch)) },
    { group: "text", label: msg("activations while reading"), value: working.total, unit: "bytes", formula: msg("tokens between layers and one layer’s inside {0}, attention weights {1}, logits {2}", byteText(working.layers), byteText(working.maps), byteText(working.head)) },
  ];
  if (!causal) return facts;
  const seen = window ? msg("{0} tokens, {1} layers no more than {2}", grouped(length), grouped(window.layers), grouped(window.size)) : msg("{0} tokens", grouped(length));
  const formula = msg("2 × {0} layers × {1} heads × {2} numbers × {3} × {4} bytes{5}", grouped(layers), grouped(kvHeads), grouped(headSize), seen, bytes === 0.5 ? "½" : bytes, many);
  return [...facts, { group: "text", label: msg("KV cache"), value: cache, unit: "bytes", formula }];
}

function trainingFacts(shape: ModelShape, { length, batch }: CostLoad): CostFact[] {
  const count = parameterCount(shape);
  const all = grouped(count);
  const [least, most] = ruleOfThumb(count);
  const lora = loraMemory(shape);
  const kept = activationBytes(keptActivations, costModel(shape, "own"), { length, batch, bytes: 2 });
  return [
    { group: "training", label: msg("full fine-tuning"), value: trainingMemory(count).total, unit: "bytes", formula: msg("{0} × 16 bytes: weights 2, gradients 2, copy in F32 4, Adam’s two moments 8; without activations", all) },
    { group: "training", label: msg("by the rule of thumb"), value: least, most, unit: "bytes", formula: msg("16 to 20 GB a billion parameters") },
    { group: "training", label: msg("activations kept"), value: kept.total, unit: "bytes", formula: msg("{0} of {1} tokens in F16, {2} of it attention weights, which FlashAttention does not keep", batch === 1 ? msg("a text") : msg("{0} texts", grouped(batch)), grouped(length), byteText(kept.maps)) },
    { group: "training", label: msg("LoRA of rank {0}", LORA_RANK), value: lora.total, unit: "bytes", formula: msg("{0} frozen in F16, and {1} parameters on {2} × 16 bytes; without activations", byteText(lora.frozen), grouped(lora.trained), lora.targets.join(", ")) },
  ];
}
