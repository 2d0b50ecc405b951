import type { CostTimes } from "../../core/attention/partCostTimes.js";
import type { CostPart } from "../../core/attention/trace.js";
import { format, msg } from "../../core/contract/index.js";
import { csvLine } from "../../core/text/csvLine.js";
import { baseName } from "../text/baseName.js";
import type { ExportFile, ViewHost } from "../view.js";

function curvesCsv({ lengths, curves }: CostPart): string {
  const lines = curves.flatMap(({ name, flops, activations, cache }) => Array.from(lengths, (length, i) => csvLine([name, length, flops[i], activations[i], cache[i]])));
  return csvLine(["attention", "tokens", "flops_a_token", "activation_bytes", "cache_bytes"]) + lines.join("");
}

function partsCsv({ parts }: CostPart): string {
  return csvLine(["part", "formula", "parameters"]) + parts.map(({ label, formula, count }) => csvLine([format(label), formula, count])).join("");
}

function timesCsv(times: readonly CostTimes[]): string {
  const lines = times.map(({ length, headSize, milliseconds: { full, linear, recurrent } }) => csvLine([length, headSize, full, linear, recurrent]));
  return csvLine(["tokens", "head_size", "full_ms", "linear_ms", "recurrent_ms"]) + lines.join("");
}

function json(part: CostPart, times: readonly CostTimes[]): string {
  const { name, sizes, parts, parameters, facts, length, batch, bytes, lengths, curves, own, crossings } = part;
  return `${JSON.stringify({
    name, sizes, parameters, own, sequence_length: length, batch_size: batch, bytes_a_number: bytes,
    parts: parts.map(({ label, formula, count }) => ({ part: format(label), formula, count })),
    facts: facts.map(({ group, label, value, most, unit, formula }) => ({ group, what: format(label), value, ...(most === undefined ? {} : { most }), unit, formula: format(formula) })),
    lengths: Array.from(lengths),
    curves: curves.map((each) => ({ attention: each.name, parameters: each.parameters, flops: Array.from(each.flops), activations: Array.from(each.activations), cache: Array.from(each.cache), now: each.now })),
    crossings,
    ...(times.length > 0 ? { measured: times } : {}),
  }, null, 1)}\n`;
}

export function costFiles(host: ViewHost, part: CostPart, times: readonly CostTimes[]): ExportFile[] {
  const base = `${baseName(host, "attention")}-cost`;
  return [
    { label: msg("Cost against length (CSV)"), name: `${base}-lengths.csv`, data: () => curvesCsv(part) },
    { label: msg("Parameters by part (CSV)"), name: `${base}-parameters.csv`, data: () => partsCsv(part) },
    ...(times.length > 0 ? [{ label: msg("Measured times (CSV)"), name: `${base}-times.csv`, data: () => timesCsv(times) }] : []),
    { label: msg("All of it (JSON)"), name: `${base}.json`, data: () => json(part, times) },
  ];
}
