import { defaultsOf, type Env, type TextSource } from "../src/core/contract/index.js";
import { decoding } from "../src/core/decoding/explainer.js";
import { decodingParams, type DecodingParams } from "../src/core/decoding/params.js";
import { decodingPython } from "../src/core/decoding/python.js";
import type { DecodingTrace } from "../src/core/decoding/trace.js";
import { seededRandom } from "../src/core/math/random.js";
import { loadModel, type LoadedModel } from "../src/core/models/loadModel.js";
import type { Line } from "./benches.js";
import { filesOf, finish, must } from "./decoding.js";
import { findPython, Peer } from "./peer.js";

/** Runs programs one after the other in the folder that the built-in model is in, and says how each ended and what was warned of. */
const program = `
import contextlib, io, json, logging, sys, traceback, warnings
import transformers
class Kept(logging.Handler):
    def emit(self, record):
        said.append(record.getMessage())
root = logging.getLogger("transformers")
root.handlers = [Kept()]
root.propagate = False
answers = sys.stdout
for line in sys.stdin:
    said, error, out = [], "", io.StringIO()
    transformers.utils.logging.warning_once.cache_clear()
    scope = {"__name__": "__main__"}
    with warnings.catch_warnings(record=True) as caught, contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        warnings.simplefilter("always")
        try:
            exec(compile(json.loads(line)["program"], "program.py", "exec"), scope)
        except BaseException:
            error = traceback.format_exc()
    said += [str(each.message) for each in caught if issubclass(each.category, (UserWarning, FutureWarning))]
    scores = getattr(scope.get("output"), "scores", None)
    print(json.dumps(dict(error=error, said=said, kept=int(scores[0][0].isfinite().sum()) if scores else None)), file=answers, flush=True)
`;

type Case = { readonly patch: Partial<DecodingParams>; readonly text?: string };

const PROMPT = "The old king looked out at the snow and the sea, and past";
const search = { tab: "search", do_sample: false, max_new_tokens: 20 } as const;
const cases: readonly Case[] = [
  ...[
    {}, { do_sample: false }, { temperature: 0.3 }, { temperature: 1.7, top_k: 0 }, { top_k: 7 }, { top_k: 0, top_p: 0.8 }, { top_k: 0, min_p: 0.05 }, { top_k: 0, typical_p: 0.7 },
    { top_k: 0, epsilon_cutoff: 0.01 }, { top_k: 0, eta_cutoff: 0.02 }, { repetition_penalty: 1.4 }, { do_sample: false, repetition_penalty: 1.2, max_new_tokens: 60 },
    { frequency_penalty: 0.7 }, { presence_penalty: 1.5, repetition_penalty: 1.1 }, { do_sample: false, frequency_penalty: 0.6 }, { noise: 0.5 }, { do_sample: false, noise: 0.5 },
    { do_sample: false, no_repeat_ngram_size: 2, max_new_tokens: 80 }, { do_sample: false, bad_words: "the; sea; whatever it was", max_new_tokens: 30 }, { do_sample: false, min_new_tokens: 20, max_new_tokens: 25 },
    { temperature: 0.8, top_k: 100, top_p: 0.95, min_p: 0.001, typical_p: 0.9, epsilon_cutoff: 0.0001, eta_cutoff: 0.0001, repetition_penalty: 1.2, no_repeat_ngram_size: 3 },
    { order: "llama.cpp", temperature: 0.5, top_p: 0.8 }, { do_sample: false, forced: "0:5" }, { num_beams: 3 }, { do_sample: false, prompt: "" }, { do_sample: false, prompt: "Zwölf “Boxkämpfer” 😀\nand \\ \"so\" on" },
    { do_sample: false, prompt: "He went on and on and on and", max_new_tokens: 250 }, { do_sample: false, prompt: "word ".repeat(300), max_new_tokens: 5 },
    { do_sample: false, temperature: 0.4, top_p: 0.9, min_p: 0.1, typical_p: 0.5, epsilon_cutoff: 0.1 },
  ].map((patch): Case => ({ patch: { tab: "explore", ...patch } as Partial<DecodingParams> })),
  ...[
    { num_beams: 4 }, { num_beams: 4, length_penalty: 2, early_stopping: "true" }, { num_beams: 3, length_penalty: -1, early_stopping: "never" }, { num_beams: 3, no_repeat_ngram_size: 2, repetition_penalty: 1.2 },
    { num_beams: 4, do_sample: true, temperature: 0.7 }, { num_beams: 3, frequency_penalty: 0.5 }, { num_beams: 4, num_beam_groups: 2, diversity_penalty: 1 }, { num_beams: 6, num_beam_groups: 3, diversity_penalty: 0.5, repetition_penalty: 1.1, early_stopping: "true" },
    { num_beams: 4, num_beam_groups: 4, diversity_penalty: 2, length_penalty: 0.5, early_stopping: "never", max_new_tokens: 40, prompt: "He said" }, { num_beams: 4, num_beam_groups: 2, diversity_penalty: 1, frequency_penalty: 0.5, no_repeat_ngram_size: 2, min_new_tokens: 5 },
    { penalty_alpha: 0.6, top_k: 4 }, { penalty_alpha: 0.3, top_k: 8, repetition_penalty: 1.2 }, { penalty_alpha: 0.6, top_k: 4, do_sample: true },
    { penalty_alpha: 0.6, top_k: 4, bad_words: "the; sea", min_new_tokens: 3, presence_penalty: 0.5, no_repeat_ngram_size: 2 },
  ].map((patch): Case => ({ patch: { ...search, ...patch } as Partial<DecodingParams> })),
  { patch: { tab: "compare", max_new_tokens: 20, samples: 2 } },
  { patch: { tab: "compare", max_new_tokens: 20, samples: 2, strategies: JSON.stringify([
    { name: "CTRL", config: { do_sample: false, repetition_penalty: 1.2 } }, { name: "top-h", config: { do_sample: true, top_h: 0.4 } },
    { name: "prompt", config: { do_sample: false, encoder_repetition_penalty: 1.5, encoder_no_repeat_ngram_size: 2 } }, { name: "suppress", config: { do_sample: false, suppress_tokens: [262, 11], begin_suppress_tokens: [5], renormalize_logits: true } },
    { name: "broken", config: { do_sample: false, temperatur: 2 } }, { name: "own", config: { do_sample: false, presence_penalty: 1, min_length: 30 } },
  ]) } },
  { patch: { tab: "compare", max_new_tokens: 10, samples: 2, strategies: JSON.stringify([
    { name: "max_length", config: { do_sample: false, max_length: 20 } }, { name: "several", config: { do_sample: false, num_beams: 3, num_return_sequences: 2 } }, { name: "bad", config: { do_sample: true, bad_words_ids: [[5], [7, 8]], top_k: 3 } },
    { name: "contrastive", config: { do_sample: false, penalty_alpha: 0.5, top_k: 3, encoder_repetition_penalty: 1.5, encoder_no_repeat_ngram_size: 2, suppress_tokens: [262], begin_suppress_tokens: [5], renormalize_logits: true, min_length: 30, bad_words_ids: [[5], [7, 8]] } },
  ]) } },
  { patch: { tab: "training", do_sample: false, max_new_tokens: 30 } },
  { patch: { tab: "training", do_sample: true, max_new_tokens: 30, penalty_alpha: 0 } },
  ...["[3, 2, 1, 0.5]", '{"the": 0.5, "a": 0.3, "an": 0.2}', "[3, 2, -inf, 1]", '{"choices":[{"logprobs":{"content":[{"token":"a","logprob":-0.5,"top_logprobs":[{"token":"a","logprob":-0.5},{"token":"b","logprob":-1.5}]}]}}]}'].flatMap((text) =>
    [{}, { do_sample: false }, { temperature: 0.5, top_p: 0.8 }, { order: "llama.cpp" as const, temperature: 0.5, top_p: 0.8 }, { frequency_penalty: 0.3, noise: 0.1 }, { top_k: 2, min_p: 0.1, typical_p: 0.8, epsilon_cutoff: 0.01, eta_cutoff: 0.01 }].map((patch): Case => ({ patch: { top_k: 0, source: "given", ...patch }, text }))),
  { patch: { source: "words", max_new_tokens: 5 }, text: "a b c a b d a b" },
];

/** Runs the programs of "Copy as Python (transformers)" of the explorer of decoding: each checks itself that it comes to Lumen's numbers. */
export async function* benchDecodingPython(): AsyncGenerator<Line, void, void> {
  const found = findPython("transformers");
  if (!found) {
    yield { case: "Copy as Python (transformers)", peer: "transformers is not installed" };
    return;
  }
  const model = must(finish(loadModel(filesOf("media/models/tiny-gpt2"), "tiny-gpt2")));
  const peer = new Peer(found.python, program);
  try {
    for (const { patch, text = "" } of cases) {
      const title = `Copy as Python (transformers), ${JSON.stringify(patch)}${text === "" ? "" : ` of ${text}`}`;
      const params: DecodingParams = { ...defaultsOf(decodingParams), prompt: text === "" ? PROMPT : "", ...patch };
      const trace = traceOf(params, text, model);
      const source = decodingPython(trace, params.tab, params.random_state);
      const { error, said, kept } = (await peer.ask({ program: source })) as Answer;
      const last = error.trim().split("\n").slice(-3).join(" ");
      const failed = last !== "" ? last : otherKept(trace, kept);
      yield { case: title, peer: `transformers ${found.version}`, checks: (source.match(/assert/g) ?? []).length, kept, ...(said.length > 0 ? { said } : {}), ...(failed === "" ? {} : { failed }) };
    }
  } finally {
    peer.end();
  }
}

type Answer = { readonly error: string; readonly said: readonly string[]; readonly kept: number | null };

/** How many tokens were left to choose from at first; single precision may decide otherwise about one at the edge. */
function otherKept({ explore, strategy }: DecodingTrace, kept: number | null): string {
  const at = explore?.at[0];
  if (!at || kept === null || !["greedy", "sampling"].includes(strategy)) return "";
  const ours = at.kept[at.kept.length - 1];
  return Math.abs(ours - kept) <= 1 ? "" : `${kept} tokens are left instead of ${ours}`;
}

function traceOf(params: DecodingParams, text: string, loaded: LoadedModel): DecodingTrace {
  const source: TextSource = { kind: "text", uri: "file:///notes.txt", name: "notes.txt", languageId: "plaintext", text, ranges: [] };
  // eslint-disable-next-line require-yield -- it is loaded
  const read = function* (): ReturnType<NonNullable<Env["model"]>["read"]> {
    return { ok: true, input: loaded, problems: [] };
  };
  const env: Env = { random: seededRandom(params.random_state), stopping: () => false, now: () => 0, model: { name: "", read } };
  const outcome = finish(decoding.run(must(finish(decoding.parse(source))), params, env));
  if (!outcome.ok) throw new Error(JSON.stringify([params, outcome.problems]));
  return outcome.trace;
}
