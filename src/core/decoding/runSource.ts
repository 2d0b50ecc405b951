import { msg, type Env, type Fix, type Problem, type Progress } from "../contract/index.js";
import type { LanguageModel, ModelState } from "../models/languageModel.js";
import { idTokenizer } from "../models/idTokenizer.js";
import { noNextToken, type LoadedEncoder, type LoadedModel } from "../models/loadModel.js";
import { trainNgrams, type NgramModel } from "../models/ngram/ngramModel.js";
import type { Tokenizer } from "../models/tokenizer.js";
import { namesTokenizer } from "./namesTokenizer.js";
import type { DecodingParams } from "./params.js";
import { readGiven, type GivenTokens } from "./runGiven.js";
import type { DecodingInput } from "./runInput.js";
import { ServerTokens } from "./serverTokens.js";
import type { DecodingTrace } from "./trace.js";

/** What a run decodes with. */
export type Hand = {
  readonly kind: DecodingTrace["source"]["kind"];
  readonly name: string;
  readonly model: LanguageModel;
  readonly tokenizer: Tokenizer;
  /** Numbers of the reader's own: one distribution, behind which nothing can go on. */
  readonly given: GivenTokens | undefined;
  readonly parameters: number;
  readonly eos: readonly number[];
  readonly bos: number | undefined;
  /** What tells this source from another of the same kind. */
  readonly mark: string;
  readonly notes: readonly Problem[];
};

export type Taken = { readonly ok: true; readonly hand: Hand } | { readonly ok: false; readonly problems: readonly Problem[] };

const trained = new WeakMap<DecodingInput, Map<string, { readonly model: NgramModel; readonly problems: readonly Problem[] }>>();

/** The model, the counts or the numbers that the parameters ask for. */
export function* takeSource(input: DecodingInput, params: DecodingParams, env: Env): Generator<Progress, Taken, void> {
  switch (params.source) {
    case "model":
      return yield* takeModel(env);
    case "words":
    case "characters":
      return yield* takeNgrams(input, params.source, params.order_n);
    case "given":
      return takeGiven(input.name, input.ranges.length > 0 ? selected(input) : input.text, "given", params);
    case "server":
      return takeServer(params, env);
  }
}

function selected({ text, ranges }: DecodingInput): string {
  return ranges.map(({ start, end }) => text.slice(start, end)).join("\n");
}

function takeServer(params: DecodingParams, { server }: Env): Taken {
  if (!server) return { ok: false, problems: [{ severity: "error", title: msg("No server"), message: msg("No server was asked. Set its address, or take another source."), fixes: [toModel()] }] };
  return server.ok ? takeGiven(server.name, server.text, "server", params) : { ok: false, problems: [server.problem] };
}

function* takeModel(env: Env): Generator<Progress, Taken, void> {
  if (!env.model) {
    const fixes = [{ label: msg("Count words of the document instead"), params: { source: "words" } }];
    return { ok: false, problems: [{ severity: "error", title: msg("No language model"), message: msg("No language model is in use. Choose a model's folder, or take another source."), fixes }] };
  }
  const parsed = yield* env.model.read();
  if (!parsed.ok) return { ok: false, problems: withRemedies(parsed.problems, otherModels(env.model.name)) };
  const loaded = parsed.input as LoadedModel | LoadedEncoder;
  if ("encoder" in loaded) return { ok: false, problems: [noNextToken(loaded)] };
  const { model, tokenizer, eos, bos, parameters } = loaded;
  const { name } = env.model;
  return { ok: true, hand: { kind: "model", name, model, tokenizer: tokenizer ?? idTokenizer(model.vocabularySize), given: undefined, parameters, eos, bos, mark: `${name} ${parameters} ${weightsMark(model)}`, notes: parsed.problems } };
}

let marks = 0;
const numbered = new WeakMap<LanguageModel, number>();

/** A number for each model read: a folder may hold another one of the same size later. */
function weightsMark(model: LanguageModel): number {
  const known = numbered.get(model) ?? ++marks;
  numbered.set(model, known);
  return known;
}

function* takeNgrams(input: DecodingInput, kind: "words" | "characters", order: number): Generator<Progress, Taken, void> {
  let models = trained.get(input);
  if (!models) trained.set(input, (models = new Map()));
  const key = `${kind} ${order}`;
  let found = models.get(key);
  if (!found) {
    const parsed = yield* trainNgrams(input.documents, kind === "words" ? "word" : "character", order);
    if (!parsed.ok) return { ok: false, problems: [...parsed.problems.map((problem) => ({ ...problem, fixes: withoutText() })), ...(input.notes ?? [])] };
    models.set(key, (found = { model: parsed.input, problems: [...(input.notes ?? []), ...parsed.problems] }));
  }
  const { model, tokenizer, ngrams, units } = found.model;
  return { ok: true, hand: { kind, name: input.name, model, tokenizer, given: undefined, parameters: ngrams, eos: [], bos: undefined, mark: `${input.name} ${order} ${ngrams} ${units} ${weightsMark(model)}`, notes: found.problems } };
}

function takeGiven(name: string, text: string, kind: "given" | "server", { given: take }: DecodingParams): Taken {
  const given = readGiven(text, take);
  const errors = given.problems.filter(({ severity }) => severity === "error");
  if (errors.length > 0) return { ok: false, problems: withRemedies(errors, [toModel()]) };
  return { ok: true, hand: { kind, name, model: constantModel(given.logits), tokenizer: kind === "server" ? new ServerTokens(given.names) : namesTokenizer(given.names, given.logits.length), given, parameters: 0, eos: [], bos: undefined, mark: `${name} ${given.names.join(" ")} ${given.logits.slice(0, given.names.length).join(" ")}`, notes: given.problems } };
}

/** What is left to the reader whose document or folder has nothing to count. */
function withoutText(): Fix[] {
  return [toModel(), { label: msg("Choose a folder…"), params: {}, choose: "textFolder" }];
}

/** What is left to the reader whose model can't be run. */
export function otherModels(name: string): Fix[] {
  const another: Fix = { label: msg("Choose another folder…"), params: {}, choose: "modelFolder" };
  return name === "" ? [another] : [another, { label: msg("Use the built-in model"), params: {}, choose: "builtInModel" }];
}

function toModel(): Fix {
  return { label: msg("Use the language model"), params: { source: "model" } };
}

/** Errors with the remedies behind those that they have. */
function withRemedies(problems: readonly Problem[], fixes: readonly Fix[]): Problem[] {
  return problems.map((problem) => (problem.severity === "error" ? { title: msg("The source can't be used"), ...problem, fixes: [...(problem.fixes ?? []), ...fixes] } : problem));
}

/** A model that has one distribution, whatever comes before. */
function constantModel(logits: Float64Array): LanguageModel {
  const begin = (read: number): ModelState => {
    let length = read;
    return {
      get length() {
        return length;
      },
      logits,
      hidden: new Float64Array(0),
      // eslint-disable-next-line require-yield -- there is nothing to compute
      *feed(tokens) {
        length += tokens.length;
      },
      fork: () => begin(length),
    };
  };
  return { vocabularySize: logits.length, contextLength: Infinity, hiddenSize: 0, start: () => begin(0) };
}
