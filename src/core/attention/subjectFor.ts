import { msg, type Env, type Fix, type Parsed, type Problem, type Progress } from "../contract/index.js";
import type { LoadedEncoder, LoadedModel } from "../models/loadModel.js";
import { hashNumbers } from "../text/hash.js";
import { chosenText } from "./inputText.js";
import { tokenize, type Tokenized } from "./inputTokens.js";
import { readTokens, weightsMark } from "./modelReading.js";
import type { AttentionParams } from "./params.js";
import type { Reading } from "./reading.js";
import type { AttentionInput, Subject } from "./subject.js";
import { givenHead, noHead, type Head } from "./subjectHead.js";

type Loaded = LoadedModel | LoadedEncoder;
type Model = { readonly loaded: Loaded; readonly name: string; readonly problems: readonly Problem[] };
type HeadResult = { readonly ok: true; readonly trace: Head; readonly problems: readonly Problem[] } | { readonly ok: false; readonly problems: readonly Problem[] };

/** Tabs that have something to show without a text. */
const NEEDS_NO_TEXT = new Set<AttentionParams["tab"]>(["sequence", "position", "cost"]);

/** What parts are made from, and the trace without parts: the text in the tokens of the model, which has not read it yet. */
export function createSubject(input: AttentionInput, params: AttentionParams, env: Env): { readonly subject: Subject; head(): Generator<Progress, HeadResult, void> } {
  const given = params.source === "model" ? undefined : input.given;

  function* model(): Generator<Progress, Parsed<Model>, void> {
    if (!env.model) return refused(msg("No language model is in use. Choose a model's folder."), msg("No language model"), [otherFolder()]);
    const parsed = yield* env.model.read();
    if (!parsed.ok) return { ok: false, problems: withFixes(parsed.problems, env.model.name) };
    return { ok: true, input: { loaded: parsed.input as Loaded, name: env.model.name, problems: parsed.problems }, problems: [] };
  }

  let own: { readonly loaded: Loaded; readonly tokenized: Tokenized } | undefined;
  function ownTokens(loaded: Loaded): Tokenized {
    if (own?.loaded !== loaded) own = { loaded, tokenized: tokenize(loaded, chosenText(input, params), params) };
    return own.tokenized;
  }

  function* modelHead(): Generator<Progress, HeadResult, void> {
    const found = yield* model();
    if (!found.ok) return found;
    const { loaded, name, problems } = found.input;
    const { tokens, notes } = ownTokens(loaded);
    const { family, parameters } = loaded;
    const { vocabularySize, contextLength, hiddenSize } = "encoder" in loaded ? loaded.encoder : loaded.model;
    const anatomy = "encoder" in loaded ? loaded.encoder.anatomy : loaded.model.anatomy!;
    const { layers, heads, kvHeads, headSize } = anatomy;
    const source = { kind: "model", name, family, layers, heads, kvHeads, headSize, hiddenSize, vocabularySize, contextLength, parameters, causal: !("encoder" in loaded) } as const;
    const numbers = [...tokens.ids, -1, ...tokens.segments, -1, ...tokens.visible];
    return { ok: true, trace: { key: `model ${name} ${weightsMark(loaded)} ${hashNumbers(numbers)}`, source, tokens, notes: [...problems, ...textNotes(notes)] }, problems: [] };
  }

  /** What is to be said of the text, where the tab shows it: sentences are read one by one, so that not their tokens are too many. */
  function textNotes(notes: readonly Problem[]): readonly Problem[] {
    if (params.tab === "layers") return params.sentences.trim() === "" ? chosenText(input, params).notes : [];
    return NEEDS_NO_TEXT.has(params.tab) ? [] : notes;
  }

  function* head(): Generator<Progress, HeadResult, void> {
    if (params.source === "given" && !given) return noArrays();
    if (given) return { ok: true, trace: givenHead(input, given), problems: [] };
    const free = NEEDS_NO_TEXT.has(params.tab);
    // A configuration whose cost is asked for is no reason to load another model.
    if (free && input.config) return { ok: true, trace: noHead(input), problems: [] };
    const found = yield* modelHead();
    return !found.ok && free ? { ok: true, trace: noHead(input), problems: [] } : found;
  }

  function* withModel<T>(use: (model: Model) => Generator<Progress, Parsed<T>, void>): Generator<Progress, Parsed<T>, void> {
    if (given) return refused(msg("Arrays of your own have been given, which no model has read. Take the model as the source."), msg("No model"), [toModel()]);
    const found = yield* model();
    return found.ok ? yield* use(found.input) : found;
  }

  const subject: Subject = {
    input,
    given,
    reading: () => withModel((found) => readOnce(found, ownTokens(found.loaded))),
    read: (text) => withModel((found) => readOnce(found, tokenize(found.loaded, { text, parts: [{ start: 0, end: text.length }], notes: [] }, { text_pair: "", max_length: 0 }))),
    *modelConfig() {
      if (input.config) return { ok: true, input: { name: input.name, config: input.config }, problems: [] };
      const found = yield* model();
      return found.ok ? { ok: true, input: { name: found.input.name, config: found.input.loaded.config }, problems: [] } : found;
    },
  };
  return { subject, head };
}

function* readOnce({ loaded, name }: Model, { tokens, notes }: Tokenized): Generator<Progress, Parsed<Reading>, void> {
  const reading = yield* readTokens(loaded, tokens);
  if (!reading.strange) return { ok: true, input: reading, problems: notes };
  const { layer, token } = reading.strange;
  const piece = tokens.pieces[token].trim() || tokens.pieces[token];
  const message = layer === 0
    ? msg("The embedding of “{0}” holds NaN or infinity. The weights are damaged: copy them again from the model's page.", piece)
    : msg("Layer {0} makes NaN or infinity of “{1}”. Its weights are damaged, or too large for their type: copy them again, or save them as float32.", layer, piece);
  return { ok: false, problems: withFixes([{ severity: "error", message }], name) };
}

function noArrays(): HeadResult {
  return { ok: false, problems: refused(msg("The selection holds no arrays. Select a nested list of attention weights, or the matrices Q, K and V; or take the model as the source."), msg("No arrays"), [toModel()]).problems };
}

function refused(message: Problem["message"], title: Problem["title"], fixes: readonly Fix[]): { readonly ok: false; readonly problems: readonly Problem[] } {
  return { ok: false, problems: [{ severity: "error", title, message, fixes }] };
}

function withFixes(problems: readonly Problem[], name: string): Problem[] {
  const fixes = name === "" ? [otherFolder()] : [otherFolder(), { label: msg("Use the built-in model"), params: {}, choose: "builtInModel" as const }];
  return problems.map((problem) => (problem.severity === "error" ? { title: msg("The model can't be used"), ...problem, fixes: [...(problem.fixes ?? []), ...fixes] } : problem));
}

function otherFolder(): Fix {
  return { label: msg("Choose another folder…"), params: {}, choose: "modelFolder" };
}

function toModel(): Fix {
  return { label: msg("Use the language model"), params: { source: "model" } };
}

