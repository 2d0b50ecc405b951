import path from "node:path";
import { fileURLToPath } from "node:url";
import { format, type Parsed } from "../../../src/core/contract/index.js";
import { loadSeq2seq, type Seq2seqModel } from "../../../src/core/models/seq2seq.js";
import type { ContextKind } from "../../../src/core/models/seq2seqNetwork.js";
import { translate, type Seq2seqRun } from "../../../src/core/models/seq2seqTranslate.js";
import { finish } from "../../oracle/kmeans.js";
import { filesOf } from "../../oracle/models.js";

export const seq2seqFolder = path.join(path.dirname(fileURLToPath(import.meta.url)), "../../../media/models/tiny-seq2seq");

function need<T>(parsed: Parsed<T>): T {
  if (!parsed.ok) throw new Error(sentence(parsed));
  return parsed.input;
}

/** What a reader is told. */
export function sentence(parsed: Parsed<unknown>): string {
  return parsed.problems.map(({ message }) => format(message)).join(" ");
}

export const model: Seq2seqModel = need(finish(loadSeq2seq(filesOf(seq2seqFolder), "tiny-seq2seq")));

export function translated(task: "dates" | "reversal", context: ContextKind, text: string): Seq2seqRun {
  return need(finish(translate(model.tasks[task], context, text)));
}
