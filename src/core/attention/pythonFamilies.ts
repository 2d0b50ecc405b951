import { keyHeadOf } from "../models/anatomy.js";
import type { AttentionTrace } from "./trace.js";

/** Lines that take Q, K and V [tokens, size] of a head out of a model of transformers, in front of attention. */
export function projections(source: AttentionTrace["source"], layer: number, head: number, width: number): string[] {
  const { family, heads, kvHeads, headSize: size } = source;
  const shared = keyHeadOf(head, source);
  const part = (index: number) => `${index * size}:${(index + 1) * size}`;
  switch (family) {
    case "gpt2":
      return [
        `block = model.h[${layer}]`,
        "with torch.no_grad():",
        `    qkv = block.attn.c_attn(block.ln_1(output.hidden_states[${layer}]))[0]`,
        `Q, K, V = (each[:, ${part(head)}] for each in qkv.split(${heads * size}, -1))`,
      ];
    case "llama":
      return [
        "from transformers.models.llama.modeling_llama import apply_rotary_pos_emb",
        "",
        `block = model.layers[${layer}]`,
        "with torch.no_grad():",
        `    x = block.input_layernorm(output.hidden_states[${layer}])`,
        "    cos, sin = model.rotary_emb(x, torch.arange(len(tokens))[None])",
        `    q = block.self_attn.q_proj(x).view(1, -1, ${heads}, ${size}).transpose(1, 2)`,
        `    k = block.self_attn.k_proj(x).view(1, -1, ${kvHeads}, ${size}).transpose(1, 2)`,
        "    q, k = apply_rotary_pos_emb(q, k, cos, sin)  # turned by position",
        `    V = block.self_attn.v_proj(x)[0, :, ${part(shared)}]`,
        `Q, K = q[0, ${head}], k[0, ${shared}]`,
      ];
    default:
      return [
        `own = model.encoder.layer[${layer}].attention.self`,
        "with torch.no_grad():",
        `    x = output.hidden_states[${layer}][0]`,
        `    Q, K, V = (each(x)[:, ${part(head)}] for each in (own.query, own.key, own.value))  # ${width} numbers each`,
      ];
  }
}
