import type { CrewState, KernelReport, KernelTiming } from "../core/protocol.js";

/** What is calculated with, and why not with what would be faster: English, for the log. */
export function describeKernels({ choice, implementation, milliseconds, refused }: KernelReport): string {
  const why = refused.map(({ build, reason }) => `; not ${build}: ${reason}`).join("");
  return `${implementation} (lumen.kernels: ${choice}), started and compared with TypeScript in ${milliseconds.toFixed(1)} ms${why}`;
}

export function describeTiming({ name, milliseconds, typescript }: KernelTiming): string {
  return `  ${name}: ${milliseconds.toFixed(3)} ms, TypeScript ${typescript.toFixed(3)} ms`;
}

/** Why helpers gain nothing, if they do not: none, lost, or late since the machine is busy. */
export function describeCrew({ helpers, running, jobs, stalls, lost }: CrewState): string {
  const why = lost.map((reason) => `; one was given up: ${reason}`).join("");
  if (helpers === 0) return `helper threads: none${why}`;
  return `helper threads: ${helpers} at most, ${running} running, ${jobs} jobs so far, ${stalls} waits for one that did not get on${why}`;
}
