import { msg, type Progress } from "../../core/contract/index.js";

/** Code that is read when a run first waits for it: see `split` in esbuild.mjs. */
export class Later<T extends object> {
  private loaded: T | undefined;
  private loading: Promise<void> | undefined;

  constructor(private readonly load: () => Promise<T>) {}

  /** What came of it, where a run has waited for it. */
  get done(): T | undefined {
    return this.loaded;
  }

  *wait(): Generator<Progress, T, void> {
    while (!this.loaded) {
      this.loading ??= this.read();
      yield { fraction: NaN, message: msg("Starting"), until: this.loading };
    }
    return this.loaded;
  }

  *use<R, P>(work: (loaded: T) => Generator<Progress<P>, R, void>): Generator<Progress<P>, R, void> {
    return yield* work(yield* this.wait());
  }

  /** What could not be read fails the runs that wait for it; the next one tries anew. */
  private async read(): Promise<void> {
    try {
      this.loaded = await this.load();
    } finally {
      this.loading = undefined;
    }
  }
}
