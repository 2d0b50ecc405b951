import { msg, type Message } from "../../core/contract/index.js";
import { mixtureAt, shapesStep, stepsOf } from "../../core/mixture/evaluate.js";
import { parametersCsv, responsibilitiesCsv, toJson, traceCsv } from "../../core/mixture/exports.js";
import { toPython, type PythonInfo } from "../../core/mixture/python.js";
import type { Mixture, MixtureTrace } from "../../core/mixture/trace.js";
import { pictureFiles } from "../marks/exportSvg.js";
import { baseName } from "../text/baseName.js";
import type { ExportFile, ViewHost } from "../view.js";
import type { Part, Shared } from "./shared.js";

/** The mixture of a player position. */
function shownMixture(trace: MixtureTrace, fitIndex: number, position: number): Mixture {
  const S = stepsOf(trace.fits[fitIndex]);
  return mixtureAt(trace, fitIndex, Math.floor(shapesStep(position, S)));
}

export function copiesOf(host: ViewHost, shared: Shared, step: number): readonly { readonly label: Message; text(): string }[] {
  const { trace, fitIndex } = shared;
  return [
    { label: msg("Copy as Python (scikit-learn)"), text: () => toPython(trace, pythonInfo(host, trace), fitIndex) },
    { label: msg("Copy parameters (JSON)"), text: () => insertOf(trace, fitIndex, step).text },
  ];
}

function pythonInfo(host: ViewHost, { format }: MixtureTrace): PythonInfo {
  const source = host.source();
  return { name: source?.name ?? "", format, selected: (source?.ranges.length ?? 0) > 0 };
}

export function insertOf(trace: MixtureTrace, fitIndex: number, step: number): { readonly text: string; readonly languageId: string } {
  return { text: toJson(trace, fitIndex, shapesOf(trace, fitIndex, step)), languageId: "json" };
}

function shapesOf(trace: MixtureTrace, fitIndex: number, step: number): number {
  return Math.floor(shapesStep(step, stepsOf(trace.fits[fitIndex])));
}

export function exportsOf(host: ViewHost, shared: Shared, step: number, figures: () => readonly Part[]): readonly ExportFile[] {
  const { trace, fitIndex } = shared;
  const base = baseName(host, "mixture");
  const s = shapesOf(trace, fitIndex, step);
  const files: ExportFile[] = [
    ...pictureFiles(host, `${base}-mixture`, host.source()?.name ?? "", () => figures().flatMap((part) => part.svgs?.() ?? [])),
    { label: msg("Parameters (CSV)"), name: `${base}-parameters.csv`, data: () => parametersCsv(trace, fitIndex, s) },
    { label: msg("Every iteration (CSV)"), name: `${base}-trace.csv`, data: () => traceCsv(trace, fitIndex) },
    { label: msg("Parameters and settings (JSON)"), name: `${base}-mixture.json`, data: () => toJson(trace, fitIndex, s) },
  ];
  // Of a sample only the worker can write all rows: see writeAll.
  if (trace.lines.length === trace.N) {
    files.splice(3, 0, { label: msg("Responsibilities (CSV)"), name: `${base}-responsibilities.csv`, data: () => responsibilitiesCsv(trace, shownMixture(trace, fitIndex, step)) });
  }
  return files;
}

/** Asks the worker to write the responsibilities of all rows, under the mixture shown. */
export function writeAll(host: ViewHost, shared: Shared): void {
  const { K, D, covarianceType, weights, means, covariances } = shownMixture(shared.trace, shared.fitIndex, shared.position);
  const at = { K, D, covarianceType, weights: weights.slice(), means: means.slice(), covariances: covariances.slice() };
  host.post({ type: "write", name: `${baseName(host, "mixture")}-responsibilities.csv`, export: "responsibilities", at });
}
