import { msg, type Message, type Parsed, type Progress } from "../../core/contract/index.js";
import { isModelFile } from "../../core/models/isModelFile.js";
import { openModel, type LoadedEncoder, type LoadedModel } from "../../core/models/loadModel.js";
import type { ModelSpec } from "../../core/protocol.js";
import { FileError, memorySource, openFolder, type OpenedFolder } from "./files.js";
import { Shared } from "./shared.js";

export type AnyModel = LoadedModel | LoadedEncoder;
type Held = { readonly key: string; readonly own: boolean; readonly model: Shared<Parsed<AnyModel>> };

/** What the built-in model is called where a sentence needs a name. */
const builtIn = "tiny-gpt2";

/** Language models by their folders. Each is read once, and kept until one of its files changes or another one is used. */
export type ModelDesk = {
  /** Reads a model, or takes the one read before. A folder that can't be opened is a problem like others. */
  attach(spec: ModelSpec): Generator<Progress, Parsed<AnyModel>, void>;
};

export function createModelDesk(): ModelDesk {
  const models = new Map<string, Held>();

  function modelOf(spec: ModelSpec): Shared<Parsed<AnyModel>> {
    const opened = open(spec);
    const before = models.get(spec.uri);
    if (before?.key === opened.key) {
      opened.close();
      return before.model;
    }
    // The built-in model is small and stays; of the reader's own only the newest is kept.
    const own = spec.name !== "";
    for (const [uri, held] of models) if (uri === spec.uri || (own && held.own)) models.delete(uri);
    const model = new Shared(read(opened, spec.name || builtIn));
    models.set(spec.uri, { key: opened.key, own, model });
    return model;
  }

  function* attach(spec: ModelSpec): Generator<Progress, Parsed<AnyModel>, void> {
    const refused = (message: Message): Parsed<AnyModel> => ({ ok: false, problems: [{ severity: "error", message }] });
    try {
      const parsed = yield* modelOf(spec).wait();
      // A model that could not be read is read again the next time: the folder may be mended by then.
      if (!parsed.ok) models.delete(spec.uri);
      return parsed;
    } catch (error) {
      models.delete(spec.uri);
      if (error instanceof FileError) return refused(error.sentence);
      if (error instanceof RangeError && /allocation|array (buffer|length)/i.test(error.message)) {
        return refused(msg("There is not enough memory for the model {0}. Choose a smaller one.", spec.name || builtIn));
      }
      throw error;
    }
  }

  return { attach };
}

function open(spec: ModelSpec): OpenedFolder {
  if (spec.kind === "refused") throw new FileError(spec.message);
  if (spec.kind === "folder") return openFolder(spec.path, spec.name || builtIn, isModelFile);
  const names = Object.keys(spec.files).sort();
  const files = new Map(names.map((name) => [name, memorySource(spec.files[name])]));
  return { files, key: [spec.modified, ...names].join("\n"), close() {} };
}

function* read(opened: OpenedFolder, name: string): Generator<Progress, Parsed<AnyModel>, void> {
  try {
    return yield* openModel(opened.files, name);
  } finally {
    opened.close();
  }
}
