import { msg, type Message } from "../../contract/index.js";
import { byteText, flopText } from "../../text/byteText.js";
import { decimal, grouped } from "../../text/numberText.js";
import { cacheBytes } from "./cache.js";
import { costModel } from "./costModel.js";
import { flopsOfToken } from "./flops.js";
import { GROUP, LORA_RANK, loraMemory, precisions, ruleOfThumb, trainingMemory, weightMemory } from "./memory.js";
import type { ModelShape } from "./modelShape.js";
import { parameterCount, parameterParts, sumOf, type ParameterPart, type PartGroup, type PartId } from "./parameters.js";

/** What a model has and takes, as the rows of two tables and the sentences that say how they were reckoned. */
export type ShapeTable = {
  /** [part, parameters, share]; they sum to `all`. */
  readonly parameters: readonly (readonly [Message, string, string])[];
  readonly all: string;
  /** [what for, bytes]. */
  readonly memory: readonly (readonly [Message, string])[];
  readonly notes: readonly Message[];
};

/** What a model has and takes, in words: the table of its hover. */
export function shapeTable(shape: ModelShape): ShapeTable {
  const all = parameterCount(shape);
  const rows = partRows(shape).map(([label, count]) => [label, grouped(count), shareText(count, all)] as const);
  return { parameters: rows, all: grouped(all), memory: memoryRows(shape), notes: [...inLayers(shape), ...notes(shape)] };
}

/** "31.0%", "0.062%". */
export function shareText(count: number, all: number): string {
  const share = (100 * count) / all;
  return share < 1 ? `${Number(share.toPrecision(2))}%` : `${decimal(share, 1)}%`;
}

function partRows(shape: ModelShape): [Message, number][] {
  const parts = parameterParts(shape);
  const { vocabulary, width, positions, segments, layers } = shape;
  const count = (test: (part: ParameterPart) => boolean) => sumOf(parts.filter(test));
  const of = (id: PartId) => count((part) => part.id === id);
  const group = (name: PartGroup) => count((part) => part.group === name);
  const rows: [Message, number][] = [[msg("embedding, {0} × {1}", grouped(vocabulary), grouped(width)), of("embedding")]];
  if (positions > 0) rows.push([msg("positions, {0} × {1}", grouped(positions), grouped(width)), of("positions")]);
  if (segments > 0) rows.push([msg("token types, {0} × {1}", grouped(segments), grouped(width)), of("segments")]);
  rows.push([msg("attention, {0} × {1}", grouped(layers), grouped(group("attention") / layers)), group("attention")]);
  rows.push([msg("MLP, {0} × {1}", grouped(layers), grouped(group("mlp") / layers)), group("mlp")]);
  rows.push([msg("norms"), group("norms")]);
  if (shape.head === "none") return rows;
  const language = shape.head === "language" || shape.head === "pretraining";
  rows.push([shape.head === "pooler" ? msg("pooler") : language && shape.tied ? msg("head, tied to the embedding") : msg("head"), group("head")]);
  return rows;
}

/** Matrices with their biases within a layer. */
function inLayers(shape: ModelShape): Message[] {
  return [msg("In each layer: attention {0}; MLP {1}.", eachPart(shape, { query: "Q", key: "K", value: "V", output: "O" }), eachPart(shape, { gate: "gate", up: "up", down: "down" }))];
}

/** "Q 590,592 + K 590,592": parameters of parts in one layer. */
export function eachPart(shape: ModelShape, names: Readonly<Partial<Record<PartId, string>>>): string {
  return parameterParts(shape).flatMap(({ id, matrix, vectors }) => (names[id] ? [`${names[id]} ${grouped(matrix + vectors)}`] : [])).join(" + ");
}

function memoryRows(shape: ModelShape): [Message, string][] {
  const all = parameterCount(shape);
  const lora = loraMemory(shape);
  const rows = precisions.map((precision): [Message, string] => {
    const { numbers } = weightMemory(shape, precision);
    return [precision === "F16" ? msg("weights in F16 or BF16") : msg("weights in {0}", precision), byteText(numbers)];
  });
  const cache = cacheBytes(costModel(shape, "own"), { length: shape.context });
  if (shape.causal) rows.push([msg("KV cache of {0} tokens, F16", grouped(shape.context)), byteText(cache)]);
  rows.push([msg("full fine-tuning"), byteText(trainingMemory(all).total)]);
  rows.push([msg("LoRA of rank {0}", LORA_RANK), byteText(lora.total)]);
  return rows;
}

function notes(shape: ModelShape): Message[] {
  const all = parameterCount(shape);
  const lora = loraMemory(shape);
  const [int8, int4] = [weightMemory(shape, "INT8"), weightMemory(shape, "INT4")];
  const [least, most] = ruleOfThumb(all).map(byteText);
  const flops = flopsOfToken(costModel(shape, "own"), shape.context);
  const sentences = [
    msg("INT8 and INT4: {0} more for scales, one in F16 for each group of {1} numbers. With embeddings, head, norms and biases left in F16, as in most tools, the weights take {2} in INT8 and {3} in INT4.", byteText(int4.scales), GROUP, byteText(int8.usual), byteText(int4.usual)),
    msg("Full fine-tuning with Adam in mixed precision: 16 bytes a parameter (weights 2, gradients 2, copy in F32 4, two moments 8), without activations. The rule of thumb, 16 to 20 GB a billion parameters, says {0} to {1}.", least, most),
    msg("LoRA of rank {0} on {1} trains {2} parameters, {3} of all; the others stay frozen in F16.", LORA_RANK, lora.targets.join(", "), grouped(lora.trained), shareText(lora.trained, all)),
    shape.causal
      ? msg("The last of {0} tokens takes {1} forward, {2} of them for scores and weighted sums.", grouped(shape.context), flopText(flops.total), shareText(flops.mixing, flops.total))
      : msg("Each of {0} tokens takes {1} forward, {2} of them for scores and weighted sums.", grouped(shape.context), flopText(flops.total), shareText(flops.mixing, flops.total)),
  ];
  if (shape.head === "other") sentences.push(msg("The head of {0} is not counted: Lumen does not know it.", shape.architecture));
  if (shape.family === "bert" && shape.head !== "pooler") {
    sentences.push(msg("{0} without this head, but with its pooler: {1} parameters.", shape.name, grouped(parameterCount({ ...shape, head: "pooler" }))));
  }
  if (shape.assumed.length > 0) sentences.push(msg("Not stated, so as transformers has it by default: {0}.", shape.assumed.join(", ")));
  sentences.push(msg("1 MB is 10⁶ bytes, 1 GB is 10⁹."));
  return sentences;
}
