import { msg, type Message } from "../core/contract/index.js";
import type { CrewState, KernelReport, KernelTiming } from "../core/protocol.js";

/** What is calculated with, and why not with what would be faster: English, for the log. */
export function describeKernels({ choice, unknown, implementation, milliseconds, refused }: KernelReport): string {
  const asked = unknown === undefined ? choice : `${unknown}, taken as ${choice}`;
  const why = refused.map(({ build, reason }) => `; not ${build}: ${reason}`).join("");
  return `${implementation} (lumen.kernels: ${asked}), started and compared with TypeScript in ${milliseconds.toFixed(1)} ms${why}`;
}

/** What a reader should know and do about the kernels; undefined where they are as they should be. */
export function kernelAdvice({ choice, unknown, implementation, refused }: KernelReport): Message | undefined {
  const builds = (fault: string) => refused.filter((each) => each.fault === fault).map(({ build }) => build).join(", ");
  if (unknown !== undefined) return msg("lumen.kernels is “{0}”, which is no choice: Lumen takes it as “{1}”. Choose auto, relaxed, simd or typescript in the settings.", unknown, choice);
  const [different, failed] = [builds("different"), builds("failed")];
  if (different !== "") return msg("The kernels “{0}” give other results on this machine than TypeScript, so Lumen calculates with “{1}”. Please report this with what Show Diagnostics says.", different, implementation);
  if (failed !== "") return msg("The kernels “{0}” could not be started, so Lumen calculates with “{1}”. Reload the window; if it stays so, install Lumen again.", failed, implementation);
  if (implementation !== "typescript" || refused.length === 0) return undefined;
  if (choice !== "auto") return msg("This VS Code can't run the kernels “{0}” that lumen.kernels names, so Lumen calculates with TypeScript, which is slower. Update VS Code, or choose “auto”.", choice);
  return msg("This VS Code can't run Lumen's kernels, so Lumen calculates with TypeScript, which is slower. Update VS Code.");
}

export function describeTiming({ name, milliseconds, typescript }: KernelTiming): string {
  return `  ${name}: ${milliseconds.toFixed(3)} ms, TypeScript ${typescript.toFixed(3)} ms`;
}

/** Why helpers gain nothing, if they do not: none, lost, or late since the machine is busy. */
export function describeCrew({ sharing, helpers, running, jobs, stalls, lost }: CrewState): string {
  if (!sharing) return "helper threads: none, since threads can't share memory here (no SharedArrayBuffer); one thread does all. Update VS Code for more";
  const why = lost.map((reason) => `; one was given up: ${reason}`).join("") + (lost.length > 0 ? ". Reload the window for new ones" : "");
  if (helpers === 0) return `helper threads: none${lost.length === 0 ? ", since there is one core" : why}`;
  const late = stalls === 0 ? "" : `, ${stalls} of them finished without a helper that did not get on`;
  return `helper threads: ${helpers} at most, ${running} running, ${jobs} jobs so far${late}${why}`;
}
