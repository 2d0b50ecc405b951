import type { Reals } from "../math/affine.js";
import type { ModelConfig } from "./modelConfig.js";

/** Radians a position of each pair, [size / 2]: base^(−2i / size) (Su et al. 2021). */
export function plainFrequencies(size: number, base: number): Float64Array {
  return Float64Array.from({ length: size / 2 }, (_, i) => base ** (-(2 * i) / size));
}

/**
 * Angles per position of rotary embeddings (Su et al. 2021), [size / 2]: θ^(−2i / size), changed by the kind of scaling that the
 * configuration names. `linear` divides positions (Chen et al. 2023); `llama3` divides slow frequencies only, fast ones not, and blends between.
 * Reference: transformers, `modeling_rope_utils.py`.
 * @param size numbers of a head, even
 * @throws SourceFault for a scaling that is not known, or one that lacks a number
 */
export function rotaryFrequencies(config: ModelConfig, size: number): Float64Array {
  // The old name goes first, as in transformers 5.18, unless nothing is in it.
  const parameters = [config.section("rope_scaling"), config.section("rope_parameters")].find((section) => section && !section.isEmpty());
  const theta = parameters?.number("rope_theta", config.number("rope_theta", 10000)) ?? config.number("rope_theta", 10000);
  const frequencies = plainFrequencies(size, theta);
  const kind = parameters?.text("rope_type", parameters.text("type", "default")) ?? "default";
  if (kind === "default" || !parameters) return frequencies;
  if (kind === "linear") {
    const factor = parameters.number("factor");
    return frequencies.map((f) => f / factor);
  }
  if (kind !== "llama3") return config.refuseRope(kind, ["default", "linear", "llama3"]);
  return llama3Frequencies(frequencies, {
    factor: parameters.number("factor"),
    low: parameters.number("low_freq_factor", 1),
    high: parameters.number("high_freq_factor", 4),
    trained: parameters.number("original_max_position_embeddings", 8192),
  });
}

/**
 * Llama 3's scaling: pairs that turn less than `low` times within the trained length are slowed by the factor, those that turn
 * more than `high` times are not, and between it blends.
 */
export function llama3Frequencies(
  frequencies: Float64Array,
  { factor, low, high, trained }: { readonly factor: number; readonly low: number; readonly high: number; readonly trained: number },
): Float64Array {
  return frequencies.map((f) => {
    const waves = (trained * f) / (2 * Math.PI);
    const blend = Math.min(1, Math.max(0, (waves - low) / (high - low)));
    return (1 - blend) * (f / factor) + blend * f;
  });
}

/**
 * Turns pairs (j, j + size/2) of each head by position × frequency, as Llama's weights in Hugging Face's layout expect.
 * @param x heads of `size` numbers from an offset on
 */
export function rotate(x: Reals, at: number, heads: number, size: number, position: number, frequencies: Float64Array): void {
  const half = size / 2;
  for (let j = 0; j < half; j++) {
    const angle = position * frequencies[j];
    const c = Math.cos(angle);
    const s = Math.sin(angle);
    for (let h = 0; h < heads; h++) {
      const a = at + h * size + j;
      const b = a + half;
      const first = x[a];
      const second = x[b];
      x[a] = first * c - second * s;
      x[b] = second * c + first * s;
    }
  }
}

/** The same with pairs (2j, 2j + 1), as RoFormer and GPT-J have them. */
export function rotatePairs(x: Reals, at: number, heads: number, size: number, position: number, frequencies: Float64Array): void {
  for (let j = 0; j < size / 2; j++) {
    const angle = position * frequencies[j];
    const c = Math.cos(angle);
    const s = Math.sin(angle);
    for (let h = 0; h < heads; h++) {
      const a = at + h * size + 2 * j;
      const first = x[a];
      const second = x[a + 1];
      x[a] = first * c - second * s;
      x[a + 1] = second * c + first * s;
    }
  }
}
