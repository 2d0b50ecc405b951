import type { DecodingTab } from "../../core/decoding/params.js";
import type { DecodingTrace } from "../../core/decoding/trace.js";
import { TabRuns } from "../tabRuns.js";
import type { Frame, ViewHost } from "../view.js";
import { traces } from "./sharedParts.js";
import type { Shared as SharedByTabs } from "./tab.js";
import { Tokens } from "./tokens.js";

/** What the tabs share: their runs, and the tokens of all traces as text. */
export class Shared extends TabRuns<DecodingTrace, DecodingTab> implements SharedByTabs {
  #tokens = new Tokens();
  #named: DecodingTrace | undefined;

  constructor(shell: ViewHost) {
    super(shell, traces);
  }

  override update(trace: DecodingTrace, frame: Frame): void {
    if (trace !== this.#named) this.#tokens.add(trace);
    this.#named = trace;
    super.update(trace, frame);
  }

  piece(id: number): string {
    return this.#tokens.piece(id);
  }

  name(id: number): string {
    return this.#tokens.name(id);
  }
}
