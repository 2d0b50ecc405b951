import type { EffectSource } from "../editor/effectAnswer.js";
import type { Session } from "../session.js";

/** What the explorer shows: what its picture is made of, and the tokens written behind the prompt. */
export type ShownDecoding = { readonly source: EffectSource; readonly text: readonly number[] };

/** What a session of the explorer shows, if it does. */
export function shownDecoding(session: Pick<Session, "state"> | undefined): ShownDecoding | undefined {
  const { request, trace } = session?.state() ?? {};
  if (!request) return undefined;
  const { source, params, resources } = request;
  const { explore } = (trace?.trace ?? {}) as { readonly explore?: { readonly ids: ArrayLike<number> } };
  return { source: { source, params, ...resources }, text: Array.from(explore?.ids ?? []) };
}
