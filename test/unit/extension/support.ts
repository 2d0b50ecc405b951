import { createDriver, type DriveOptions } from "../../../src/extension/worker/drive.js";
import { openSource, openTarget } from "../../../src/extension/worker/files.js";
import { defineExplainer, msg, type AnyExplainer, type Explainers, type Outcome, type Parsed, type Progress } from "../../../src/core/contract/index.js";
import type { RunEvent, SourceSpec, WorkerToHost } from "../../../src/core/protocol.js";

/** What the counter says there is to choose from when it refuses a run. */
export const columns = [{ name: "n", numbers: 3, numeric: true }];

type Input = { readonly text: string; readonly values: Float64Array };
type Count = {
  readonly text: string;
  readonly start: number;
  readonly count: number;
  readonly values: Float64Array;
  readonly part: Float64Array;
  readonly first: number;
};

/** An explainer to try the machinery with: counts to `steps`, and misbehaves on request. */
export const counter = defineExplainer({
  id: "counter",
  params: {
    steps: { kind: "int", min: 0, max: 1e9, default: 3, label: "steps", help: msg("How many.") },
    mood: {
      kind: "choice",
      default: "good",
      label: "mood",
      help: msg("What to do."),
      options: [
        { value: "good", label: msg("good") },
        { value: "throw", label: msg("throw") },
        { value: "hang", label: msg("hang") },
        { value: "exit", label: msg("exit") },
        { value: "invalid", label: msg("invalid") },
        { value: "late", label: msg("late") },
      ],
    },
  },
  example: "none",
  *parse(source): Generator<Progress, Parsed<Input>, void> {
    yield { fraction: 0, message: msg("Reading") };
    if (source.kind !== "text") return { ok: false, problems: [{ severity: "error", message: msg("Not text.") }] };
    if (source.text === "bad")
      return { ok: false, problems: [{ severity: "error", message: msg("Bad text."), span: { start: 0, end: 3 } }] };
    return { ok: true, input: { text: source.text, values: new Float64Array([1, 2, 3]) }, problems: [] };
  },
  *run(input, params, env): Generator<Progress<Count>, Outcome<Count>, void> {
    const start = typeof env.carried === "number" ? env.carried : 0;
    const all = new Float64Array(100);
    const made = (count: number) => ({
      text: input.text,
      start,
      count,
      values: input.values,
      part: all.subarray(0, 2),
      first: env.random(),
    });
    if (params.mood === "throw") throw new Error("thrown on request");
    if (params.mood === "exit") process.exit(7);
    if (params.mood === "hang") for (;;);
    if (params.mood === "invalid")
      return { ok: false, problems: [{ severity: "error", message: msg("Not like this.") }], columns };
    for (let i = 0; i < params.steps; i++) {
      yield { fraction: i / params.steps, message: msg("step {0}", i), trace: () => made(i) };
      if (env.stopping() && params.mood === "late") return { ok: false, problems: [] };
      if (env.stopping()) return { ok: true, trace: made(i), problems: [] };
    }
    return { ok: true, trace: made(params.steps), problems: [] };
  },
  carry: (trace) => trace.start + trace.count,
  *write(name, input) {
    for (let i = 0; i < 3; i++) yield `${name} ${i} ${input.text}\n`;
    if (name === "broken") throw new Error("thrown while writing");
  },
});

export type CounterTrace = {
  readonly text: string;
  readonly start: number;
  readonly count: number;
  readonly values: Float64Array;
  readonly part: Float64Array;
  readonly first: number;
};

export function textSpec(text: string, uri = "file:///a.csv"): SourceSpec {
  return { kind: "text", uri, name: "a.csv", languageId: "csv", text, ranges: [] };
}

/** A driver in this thread, with everything it posts, and a clock that the pauses move on. */
export function driverHere(
  explainers: readonly AnyExplainer[] | Explainers = [counter as unknown as AnyExplainer],
  overrides: Partial<DriveOptions> = {},
) {
  const posted: { readonly message: WorkerToHost; readonly transfer: readonly ArrayBuffer[] }[] = [];
  const waiting: (() => void)[] = [];
  const receive = createDriver({
    explainers: Array.isArray(explainers) ? Object.fromEntries(explainers.map((each) => [each.id, async () => each])) : explainers,
    post(message, transfer = []) {
      posted.push({ message, transfer });
      for (const wake of waiting.splice(0)) wake();
    },
    open: openSource,
    openTarget,
    random: (seed) => () => seed / 10,
    now: () => performance.now(),
    pause: () => new Promise((resolve) => setImmediate(resolve)),
    ...overrides,
  });
  const endings = (run: number) =>
    posted
      .map((each) => each.message)
      .filter((message): message is RunEvent => "run" in message && message.run === run && message.type !== "progress");
  /** Waits for the ending of a run. */
  async function ending(run: number): Promise<RunEvent> {
    while (endings(run).length === 0) await new Promise<void>((resolve) => waiting.push(resolve));
    return endings(run)[0];
  }
  return { receive, posted, ending, endings };
}
