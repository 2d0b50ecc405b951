import { matrix, quote, row } from "../text/pythonText.js";
import type { AttentionTab } from "./params.js";
import { projections } from "./pythonFamilies.js";
import type { AttentionTrace, HeadMap, StepsPart } from "./trace.js";

/** Weights of one row that are held against those of transformers. */
const CHECKED = 64;

/**
 * A program that does the same with transformers (or numpy for arrays of one's own), prints the numbers of the shown token and
 * holds them against Lumen's.
 * @param token the row of the map that is looked at
 */
export function attentionPython(trace: AttentionTrace, tab: AttentionTab, token: number): string {
  const { source, steps, map } = trace;
  if (source.kind === "matrices" && steps && tab === "steps") return lines(ownMatrices(trace, steps));
  if (source.kind === "maps" || source.kind === "matrices") return lines(ownMap(trace, map?.shown, token));
  if (source.kind !== "model") return lines(["# The same with transformers starts from a model's folder and a text.", ...loading(trace)]);
  const program = loading(trace);
  if (tab === "steps" && steps) program.push("", ...stepsProgram(trace, steps));
  else if (map) program.push("", ...mapProgram(map.shown, Math.max(0, Math.min(token, map.shown.rows - 1))));
  else program.push("print(len(output.attentions), output.attentions[0].shape)  # layers; batch, heads, rows, columns");
  return lines(program);
}

const lines = (program: readonly string[]): string => `${program.join("\n")}\n`;
/** A text within a comment's line. */
const comment = (text: string): string => text.replace(/\s+/g, " ").slice(0, 80);
const list = (values: ArrayLike<number>): string => `[${Array.from(values).join(", ")}]`;

/** Loads the model and reads the text. */
function loading({ source, tokens }: AttentionTrace): string[] {
  const padded = tokens.visible.some((visible) => visible === 0);
  const extra = [...(padded ? [`attention_mask=torch.tensor([${list(tokens.visible)}])`] : []), ...(source.family === "bert" ? [`token_type_ids=torch.tensor([${list(tokens.segments)}])`] : [])];
  return [
    "# The same with transformers: pip install transformers torch",
    "import torch",
    "from transformers import AutoModel",
    "",
    source.name === "" ? 'folder = "media/models/tiny-gpt2"  # the built-in model, in the folder of the extension' : `folder = ${quote(source.name)}  # the model's folder`,
    'model = AutoModel.from_pretrained(folder, attn_implementation="eager").float().eval()',
    `tokens = [${tokens.pieces.map(quote).join(", ")}]`,
    `ids = torch.tensor([${list(tokens.ids)}])  # ${comment(tokens.text)}`,
    "with torch.no_grad():",
    `    output = model(ids, ${[...extra, "output_attentions=True", "output_hidden_states=True"].join(", ")})`,
  ];
}

function mapProgram(shown: HeadMap, token: number): string[] {
  return [...shownMap(shown), ...printed(token), ...checked(shown, token)];
}

function shownMap({ reduce, layer, head }: HeadMap): string[] {
  switch (reduce) {
    case "head":
      return [`attention = output.attentions[${layer}][0, ${head}]  # layer ${layer + 1}, head ${head + 1}: [rows, columns]`];
    case "heads":
      return [`attention = output.attentions[${layer}][0].mean(0)  # the mean over the heads of layer ${layer + 1}`];
    case "layers":
      return ["attention = torch.stack(output.attentions)[:, 0].mean((0, 1))  # the mean over all heads of all layers"];
    case "rollout":
      return [
        "# Attention rollout (Abnar and Zuidema 2020)",
        "attention = torch.eye(len(tokens))",
        `for layer in output.attentions[: ${layer + 1}]:`,
        "    step = layer[0].mean(0) / 2 + torch.eye(len(tokens)) / 2",
        "    attention = step / step.sum(-1, keepdim=True) @ attention",
      ];
  }
}

function printed(token: number): string[] {
  return [`row = attention[${token}]  # where tokens[${token}] looks`, "for token, weight in zip(tokens, row.tolist()):", '    print(f"{token!r:14} {weight:.4f}")'];
}

function checked({ weights, columns }: HeadMap, token: number): string[] {
  const known = weights.slice(token * columns, token * columns + Math.min(columns, CHECKED));
  return [`torch.testing.assert_close(row[: ${known.length}], torch.tensor(${row(known)}), atol=1e-4, rtol=0)  # Lumen's`];
}

/** q, K and V by the family's own layers, then the three steps. */
function stepsProgram({ source, tokens }: AttentionTrace, part: StepsPart): string[] {
  const { layer, head, token, size, scale, temperature, query, ownQuery, weights, output, masked } = part;
  const own = query.every((value, i) => value === ownQuery[i]);
  const hidden = masked.some((each) => each === 1);
  return [
    ...projections(source, layer, head, size),
    `q = Q[${token}]  # of tokens[${token}]`,
    ...(own ? [] : [`q = torch.tensor(${row(query)})  # as it was changed`]),
    "similarity = K @ q",
    `scaled = similarity * ${scale}${Math.abs(scale * Math.sqrt(size) - 1) < 1e-12 ? "  # 1 / sqrt(size)" : ""}`,
    ...(hidden ? [`scaled[torch.tensor(${list(masked)}) == 1] = -torch.inf  # masked`] : []),
    `weights = torch.softmax(scaled${temperature === 1 ? "" : ` / ${temperature}`}, -1)`,
    "out = weights @ V",
    "for token, s, weight in zip(tokens, similarity.tolist(), weights.tolist()):",
    '    print(f"{token!r:14} {s:10.3f} {weight:.4f}")',
    'print("output", out.tolist())',
    `torch.testing.assert_close(weights[: ${Math.min(CHECKED, tokens.ids.length)}], torch.tensor(${row(Float32Array.from(weights.subarray(0, CHECKED)))}), atol=1e-4, rtol=0)  # Lumen's`,
    `torch.testing.assert_close(out, torch.tensor(${row(Float32Array.from(output))}), atol=1e-3, rtol=1e-3)`,
  ];
}

function ownMatrices({ tokens }: AttentionTrace, part: StepsPart): string[] {
  const { token, scale, temperature, query, ownQuery, bias, masked, weights, output, matrices } = part;
  const named = (name: string) => matrices!.find((each) => each.name === name)!;
  const array = (name: string) => {
    const { values, rows, columns } = named(name);
    return `${name} = ${matrix(values, rows, columns)}`;
  };
  const changed = query.some((value, i) => value !== ownQuery[i]);
  return [
    "import numpy as np",
    "",
    array("Q"), array("K"), array("V"),
    changed ? `q = np.array(${row(query)})  # as it was changed` : `q = Q[${token}]  # ${comment(tokens.pieces[token])}`,
    `scaled = K @ q * ${scale}  # 1 / sqrt(size)`,
    ...(bias ? [`scaled = scaled + np.array(${row(bias)})`] : []),
    ...(masked.some((each) => each === 1) ? [`scaled[np.array(${list(masked)}) == 1] = -np.inf  # masked`] : []),
    `weights = np.exp((scaled - scaled.max())${temperature === 1 ? "" : ` / ${temperature}`})`,
    "weights = weights / weights.sum()",
    "out = weights @ V",
    "print(weights, out)",
    `np.testing.assert_allclose(weights, ${row(weights)}, atol=1e-5)  # Lumen's`,
    `np.testing.assert_allclose(out, ${row(output)}, atol=1e-4, rtol=1e-4)`,
  ];
}

function ownMap({ source, tokens }: AttentionTrace, shown: HeadMap | undefined, token: number): string[] {
  if (!shown) return [];
  const at = Math.max(0, Math.min(token, shown.rows - 1));
  const values = shown.weights.slice(at * shown.columns, (at + 1) * shown.columns);
  return [
    "import numpy as np",
    "",
    ...(/\.npy$/i.test(source.name) && shown.reduce === "head" ? [`attention = np.load(${quote(source.name)})  # [layers, heads, rows, columns], or fewer`, `row = attention.reshape(${source.layers}, ${source.heads}, ${shown.rows}, ${shown.columns})[${shown.layer}, ${shown.head}, ${at}]`] : [`row = np.array(${row(values)})`]),
    `tokens = [${tokens.pieces.slice(0, shown.columns).map(quote).join(", ")}]`,
    "for token, weight in zip(tokens, row.tolist()):",
    '    print(f"{token!r:14} {weight:.4f}")',
    'print("entropy", -(row[row > 0] * np.log2(row[row > 0])).sum(), "bits")',
  ];
}
