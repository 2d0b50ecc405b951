import { cpus } from "node:os";
import * as vscode from "vscode";
import { format } from "../core/contract/index.js";
import type { KernelReport } from "../core/protocol.js";
import { describeCrew, describeKernels, describeTiming, kernelAdvice } from "./kernelReport.js";
import type { Runner } from "./runner.js";
import type { Sessions } from "./sessions.js";
import { subjectOf } from "./subjects.js";

/** Tells menus and key bindings what there is to act on. */
export function updateContextKeys(sessions: Sessions): void {
  const set = (key: string, value: boolean | string) => void vscode.commands.executeCommand("setContext", key, value);
  const all = sessions.all();
  set("lumen.panelOpen", sessions.inUse());
  set(
    "lumen.panelActive",
    all.some(({ panel }) => panel.surface.active),
  );
  set("lumen.pinned", sessions.current()?.pinned ?? false);
  set("lumen.subject", sessions.current()?.explainer ?? "");
}

/** Says what is wrong with the kernels of a worker, in the log and, once a window, to the reader. */
export function kernelAdviser(log: vscode.LogOutputChannel): (kernels: KernelReport) => void {
  const said = new Set<string>();
  return (kernels) => {
    const advice = kernelAdvice(kernels);
    if (!advice) return;
    log.warn(format(advice));
    const text = format(advice, vscode.l10n.bundle);
    if (said.has(text)) return;
    said.add(text);
    const show = vscode.l10n.t("Show Diagnostics");
    void vscode.window.showWarningMessage(text, show).then((chosen) => chosen === show && vscode.commands.executeCommand("lumen.showDiagnostics"));
  };
}

/** Writes what a report of a fault needs into the output channel, and shows it. Names files, but nothing that is in them. */
export function showDiagnostics(
  context: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
  runner: Runner,
  sessions: Sessions,
  activation: number,
  inUse: { readonly wordVectors: string; readonly model: string },
): void {
  const { worker, active, started, readyAfter, kernels } = runner.state();
  const { version } = context.extension.packageJSON as { readonly version: string };
  const lines = [
    `Lumen ${version}, ${vscode.env.appName} ${vscode.version} (${vscode.env.appHost}, ${vscode.env.language}), Node ${process.versions.node}, ${process.platform} ${process.arch}`,
    `processor: ${cpus()[0]?.model ?? "unknown"}, ${cpus().length} cores`,
    `activation: ${activation.toFixed(1)} ms`,
    `worker: ${worker}, ${started} started, ${started > 0 ? `last ready after ${readyAfter.toFixed(0)} ms, ` : ""}${active} runs under way`,
    `word vectors: ${inUse.wordVectors}`,
    `language model: ${inUse.model}`,
    ...(kernels ? describedKernels(kernels) : []),
    `memory: ${(process.memoryUsage.rss() / 2 ** 20).toFixed(0)} MB`,
    ...sessions.all().map((session) => {
      const { uri, pinned, active: running, outcome, duration } = session.state();
      const ending = running ? "running" : `${outcome?.type ?? "not run"} after ${duration.toFixed(0)} ms`;
      const { ownParams } = subjectOf(session.explainer);
      const params = Object.fromEntries(Object.entries(session.state().params).filter(([name]) => !ownParams.includes(name)));
      return `panel: ${session.explainer} of ${uri}${pinned ? ", pinned" : ""}, ${ending}, ${JSON.stringify(params)}`;
    }),
  ];
  for (const line of lines) log.info(line);
  log.show();
  // Starts the worker if there is none.
  runner.diagnose((event) => {
    if (event.type === "failed") log.error(`The kernels were not timed: ${event.detail}`);
    if (event.type !== "diagnosed") return;
    const found = runner.state().kernels;
    if (!kernels && found) for (const line of describedKernels(found)) log.info(line);
    for (const timing of event.timings) log.info(describeTiming(timing));
    if (event.crew) log.info(describeCrew(event.crew));
    if (worker === "none" && runner.state().active === 0 && !sessions.inUse()) runner.end();
  });
}

function describedKernels(kernels: KernelReport): string[] {
  const advice = kernelAdvice(kernels);
  return [`kernels: ${describeKernels(kernels)}`, ...(advice ? [`  ${format(advice)}`] : [])];
}
