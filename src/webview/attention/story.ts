import type { AttentionTab } from "../../core/attention/params.js";
import type { AttentionTrace } from "../../core/attention/trace.js";
import { msg } from "../../core/contract/index.js";
import type { Mounted } from "../view.js";

export function attentionStory(trace: AttentionTrace, tab: AttentionTab, _step: number): ReturnType<Mounted<AttentionTrace>["story"]> {
  const { map } = trace;
  if (tab !== "map" || !map) return { title: msg("Not computed yet"), lede: [] };
  return { title: msg("{0}", trace.tokens.pieces[map.token]), lede: [] };
}
