import type { Message, Span } from "../core/contract/index.js";
import type { SourceSpec } from "../core/protocol.js";
import { createFollowed, type Followed } from "./followed.js";

/** What a panel shows: a text that is followed, data that stays as it is, or a source that is not there any more. */
export type Target =
  | { readonly kind: "text"; readonly followed: Followed }
  | { readonly kind: "data"; spec: Exclude<SourceSpec, { kind: "text" }> }
  | {
      readonly kind: "missing";
      readonly uri: string;
      readonly name: string;
      readonly ranges: readonly Span[];
      readonly message: Message;
    };

export function targetOf(spec: SourceSpec): Target {
  return spec.kind === "text" ? { kind: "text", followed: createFollowed(spec) } : { kind: "data", spec };
}

/** What to make a picture of now; undefined for a missing source. */
export function specOf(target: Target): SourceSpec | undefined {
  if (target.kind === "text") return target.followed.spec();
  return target.kind === "data" ? target.spec : undefined;
}
