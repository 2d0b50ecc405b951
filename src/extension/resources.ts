import { msg, type ServerAnswer } from "../core/contract/index.js";
import type { ModelSpec, SourceSpec, StoreSpec, Values } from "../core/protocol.js";
import type { Experiment, StartRequest } from "./experiment.js";
import type { Services } from "./services.js";
import type { Subject } from "./subjects.js";

/** What a run may use beside its source: word vectors, a language model, what a server answered. */
export type Resources = { readonly store?: StoreSpec; readonly model?: ModelSpec; readonly server?: ServerAnswer };

/** Whether to ask the server, which may take long. */
export function asksServer(subject: Pick<Subject, "usesModel">, params: Values): boolean {
  return subject.usesModel && params.source === "server";
}

/** Gathers what the runs of a session need before each begins; the latest wins. */
export class Gathering {
  private latest: AbortController | undefined;
  private readonly under = new Set<AbortController>();

  constructor(
    private readonly subject: Subject,
    private readonly services: Services,
    private readonly experiment: Experiment,
    private readonly report: (error: unknown) => void,
  ) {}

  /** Calls `begin` with the request and what it needs: at once where it needs nothing. What can't be had is a problem of the run. */
  start(request: StartRequest, begin: (request: StartRequest) => void): void {
    const { subject, services, experiment } = this;
    this.latest?.abort();
    if (!subject.looksUpWords && !subject.usesModel) return begin(request);
    const mine = (this.latest = new AbortController());
    this.under.add(mine);
    const { source, params, why } = request;
    const slow = services.server.slow(subject, source, params);
    const run = slow === undefined ? undefined : experiment.wait(params, why, msg("Asking {0}", slow), () => mine.abort());
    const then = (act: () => void) => {
      this.under.delete(mine);
      if (!mine.signal.aborted) act();
    };
    gather(subject, source, params, services, mine.signal).then(
      (resources) => then(() => begin({ ...request, ...(run === undefined ? {} : { run }), resources })),
      (error: unknown) => then(() => this.report(error)),
    );
  }

  /** Whether a run is about to begin. */
  busy(): boolean {
    return [...this.under].some(({ signal }) => !signal.aborted);
  }

  dispose(): void {
    this.latest?.abort();
  }
}

function usesModel({ usesModel, modelSources }: Subject, { source = "model" }: Values): boolean {
  return usesModel && (modelSources === undefined || modelSources.includes(String(source)));
}

async function gather(subject: Subject, source: SourceSpec, params: Values, services: Services, signal: AbortSignal): Promise<Resources> {
  return {
    ...(subject.looksUpWords ? { store: await services.wordVectors() } : {}),
    ...(usesModel(subject, params) ? { model: await services.model() } : {}),
    ...(asksServer(subject, params) ? { server: await services.server.ask(source, params, signal) } : {}),
  };
}
