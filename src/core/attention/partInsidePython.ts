import { quote } from "../text/pythonText.js";
import type { AttentionTrace } from "./trace.js";

/** Where the parts of a family are found: final norm, and the class that has the output matrix. */
const families: { readonly [family: string]: { readonly model: string; readonly norm: string } } = {
  gpt2: { model: "AutoModelForCausalLM", norm: "model.transformer.ln_f" },
  llama: { model: "AutoModelForCausalLM", norm: "model.model.norm" },
};

/** A program that reads each layer's states through the last norm and the output matrix. */
export function insidePython({ source, tokens, inside }: AttentionTrace, token: number): string {
  const family = families[source.family];
  const listed = inside?.lens?.listed ?? 5;
  const ids = Array.from(tokens.ids).filter((_, t) => tokens.visible[t] === 1);
  const lines = [
    "# The same with transformers: pip install transformers torch",
    "import torch",
    `from transformers import ${family?.model ?? "AutoModelForMaskedLM"}`,
    "",
    source.name === "" ? 'folder = "media/models/tiny-gpt2"  # the built-in model, in the folder of the extension' : `folder = ${quote(source.name)}  # the model's folder`,
    `model = ${family?.model ?? "AutoModelForMaskedLM"}.from_pretrained(folder).float().eval()`,
    `ids = torch.tensor([[${ids.join(", ")}]])`,
    "with torch.no_grad():",
    "    output = model(ids, output_hidden_states=True)",
    "    for layer, state in enumerate(output.hidden_states):",
    ...(family
      ? [
          "        # The last of hidden_states is behind the final norm already.",
          `        normed = state if layer == len(output.hidden_states) - 1 else ${family.norm}(state)`,
          `        chances = torch.softmax(model.lm_head(normed)[0, ${token}], -1)`,
        ]
      : [`        chances = torch.softmax(model.cls(state)[0, ${token}], -1)`]),
    `        best = torch.topk(chances, ${listed})`,
    "        print(layer, list(zip(best.indices.tolist(), [round(p, 4) for p in best.values.tolist()])))",
  ];
  return `${lines.join("\n")}\n`;
}
