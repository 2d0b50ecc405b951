import { msg, type Message } from "../../core/contract/index.js";
import type { RunEvent, RunId } from "../../core/protocol.js";
import { FileError } from "./files.js";

/** What can be mended is a problem; everything else is Lumen's fault. */
export function endingFor(error: unknown, run: RunId): Extract<RunEvent, { type: "invalid" | "failed" }> {
  if (error instanceof FileError)
    return { type: "invalid", run, problems: [{ severity: "error", message: error.sentence }] };
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { type: "failed", run, message: failure(error), detail };
}

function failure(error: unknown): Message {
  if (error instanceof RangeError && /allocation|array (buffer|length)/i.test(error.message)) {
    return msg("There is not enough memory for this run. Choose less of the data, or a smaller model.");
  }
  const reason = error instanceof Error ? error.message : String(error);
  return msg("This run failed inside Lumen ({0}). The details are in the output channel Lumen.", reason);
}
