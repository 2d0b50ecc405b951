import type { AttachedModel, Parsed, Progress } from "../../core/contract/index.js";
import { loadSeq2seq, type Seq2seqModel } from "../../core/models/seq2seq.js";
import { FileError, openFolder } from "./files.js";
import { Shared } from "./shared.js";

const name = "tiny-seq2seq";
const files = new Set(["config.json", "model.safetensors"]);

/** The small encoder-decoder that ships with Lumen, read from its folder when it is first asked for. */
export function createSequenceDesk(folder: string): AttachedModel {
  let model: Shared<Parsed<Seq2seqModel>> | undefined;

  function* load(): Generator<Progress, Parsed<Seq2seqModel>, void> {
    const opened = openFolder(folder, name, (file) => files.has(file));
    try {
      return yield* loadSeq2seq(opened.files, name);
    } finally {
      opened.close();
    }
  }

  function* read(): Generator<Progress, Parsed<Seq2seqModel>, void> {
    model ??= new Shared(load());
    try {
      const parsed = yield* model.wait();
      if (!parsed.ok) model = undefined;
      return parsed;
    } catch (error) {
      model = undefined;
      if (error instanceof FileError) return { ok: false, problems: [{ severity: "error", message: error.sentence }] };
      throw error;
    }
  }

  return { name: "", read };
}
