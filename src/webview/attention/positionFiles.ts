import type { PositionPart } from "../../core/attention/trace.js";
import { format, msg } from "../../core/contract/index.js";
import { csvLine } from "../../core/text/csvLine.js";
import { baseName } from "../text/baseName.js";
import type { ExportFile, ViewHost } from "../view.js";

function curvesCsv({ curves }: PositionPart): string {
  let head = 0;
  const lines = curves.flatMap(({ name, distances, scores }) => {
    const id = name === "alibi" ? `alibi_head_${++head}` : name;
    return Array.from(distances, (distance, i) => csvLine([id, distance, scores[i]]));
  });
  return csvLine(["curve", "distance", "score"]) + lines.join("");
}

function pairsCsv({ schemes }: PositionPart): string {
  const titles = schemes.flatMap(({ name }) => [`${name}_radians_a_position`, `${name}_angle`]);
  const lines = Array.from(schemes[0].frequencies, (_, pair) => csvLine([pair, ...schemes.flatMap(({ frequencies, angles }) => [frequencies[pair], angles[pair]])]));
  return csvLine(["pair", ...titles]) + lines.join("");
}

function codesCsv(places: Int32Array, values: Float32Array): string {
  const columns = values.length / Math.max(1, places.length);
  const lines = Array.from(places, (place, row) => csvLine([place, ...values.subarray(row * columns, (row + 1) * columns)]));
  return csvLine(["position", ...Array.from({ length: columns }, (_, i) => i)]) + lines.join("");
}

function json(part: PositionPart): string {
  const list = (values: ArrayLike<number>): (number | null)[] => Array.from(values, (value) => (Number.isFinite(value) ? value : null));
  const { hiddenSize, base, position, trained, target, factor, interpolated, ntkBase, schemes, slopes, curves } = part;
  return `${JSON.stringify({
    hidden_size: hiddenSize, rope_theta: base, position, max_position_embeddings: trained, target_length: target, factor, interpolated, ntk_rope_theta: ntkBase,
    schemes: schemes.map(({ name, frequencies, angles }) => ({ name, radians_a_position: list(frequencies), angles: list(angles) })),
    alibi_slopes: list(slopes),
    curves: curves.map(({ name, label, kind, distances, scores }) => ({ name, label: format(label), kind, distances: list(distances), scores: list(scores) })),
  }, null, 1)}\n`;
}

export function positionFiles(host: ViewHost, part: PositionPart): ExportFile[] {
  const base = `${baseName(host, "attention")}-position`;
  const { learned } = part;
  return [
    { label: msg("Score against distance (CSV)"), name: `${base}-distance.csv`, data: () => curvesCsv(part) },
    { label: msg("Rotated pairs (CSV)"), name: `${base}-pairs.csv`, data: () => pairsCsv(part) },
    { label: msg("Sinusoidal codes (CSV)"), name: `${base}-sinusoidal.csv`, data: () => codesCsv(part.places, part.sinusoidal) },
    ...(learned ? [{ label: msg("Learned positions (CSV)"), name: `${base}-learned.csv`, data: () => codesCsv(learned.places, learned.values) }] : []),
    { label: msg("All of it (JSON)"), name: `${base}.json`, data: () => json(part) },
  ];
}

/** Python that computes the same with numpy. */
export function positionPython({ hiddenSize, base, position, trained, target, interpolated, ntkBase, slopes, schemes }: PositionPart): string {
  return [
    "import numpy as np",
    "",
    `size, base, position, trained, target, heads = ${hiddenSize}, ${base}, ${position}, ${trained}, ${target}, ${slopes.length}`,
    "factor = max(1, target / trained)",
    "i = np.arange(0, size, 2)",
    "code = np.empty(size)",
    "code[0::2], code[1::2] = np.sin(position / 10000 ** (i / size)), np.cos(position / 10000 ** (i / size))",
    "theta = base ** (-i / size)  # RoPE, radians a position",
    "ntk_base = base * factor ** (size / (size - 2)) if size > 2 else base",
    "ntk = ntk_base ** (-i / size)",
    "score = lambda theta, distance: np.cos(theta * distance).mean()",
    'print("linear interpolation:", position / factor, "NTK-aware base:", ntk_base)',
    "for name, angle in zip([\"RoPE\", \"linear\", \"NTK\"], [position * theta, position / factor * theta, position * ntk]):",
    "    print(name, angle)",
    "def slopes(n):",
    "    power = 2 ** int(np.log2(n))",
    "    own = [2 ** (-8 * (h + 1) / power) for h in range(power)]",
    "    return own if power == n else own + slopes(2 * power)[0::2][: n - power]",
    'print("ALiBi", slopes(heads))',
    `np.testing.assert_allclose(position / factor, ${interpolated})  # Lumen's`,
    `np.testing.assert_allclose(ntk_base, ${ntkBase})`,
    `np.testing.assert_allclose(position * theta, [${Array.from(schemes[0].angles).join(", ")}])`,
    `np.testing.assert_allclose(slopes(heads), [${Array.from(slopes).join(", ")}])`,
    "",
  ].join("\n");
}
