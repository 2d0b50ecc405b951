import type { Message, Span } from "../core/contract/index.js";
import { typedSource, type SourceInfo, type SourceSpec } from "../core/protocol.js";
import { createFollowed, type Followed } from "./followed.js";

/**
 * What a panel shows: a text that is followed, data that stays as it is, nothing but what is typed in the panel, or a source
 * that is not there any more.
 */
export type Target =
  | { readonly kind: "text"; readonly followed: Followed }
  | { readonly kind: "data"; spec: Exclude<SourceSpec, { kind: "text" }> }
  | { readonly kind: "typed"; readonly name: string }
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
  if (target.kind === "typed") return { kind: "text", uri: typedSource, name: target.name, languageId: "plaintext", text: "", ranges: [] };
  return target.kind === "data" ? target.spec : undefined;
}

export function placeOf(target: Target): { readonly uri: string; readonly name: string } {
  if (target.kind === "text") return { uri: target.followed.uri(), name: target.followed.name() };
  if (target.kind === "missing") return target;
  if (target.kind === "typed") return { uri: typedSource, name: target.name };
  const { spec } = target;
  const part = spec.kind === "folder" ? undefined : spec.part;
  return { uri: spec.uri, name: part === undefined ? spec.name : `${part} · ${spec.name}` };
}

/** What the view is told of a target; `active`: a picture of it is being made. */
export function infoOf(target: Target, active: boolean): SourceInfo {
  const { uri, name } = placeOf(target);
  if (target.kind !== "text") {
    return { uri, name, ranges: target.kind === "missing" ? target.ranges : [], lines: "", pinned: false, text: false };
  }
  const { followed } = target;
  const [pinned, lines, ranges] = [followed.pinned(), followed.lines(), followed.ranges()];
  return { uri, name, ranges, lines, pinned, outdated: !pinned && !active && followed.changed(), text: true };
}

/** The target's file is elsewhere now, with the same contents. */
export function moveTarget(target: Target, to: { readonly uri: string; readonly name: string; readonly path: string }): void {
  const { uri, name, path } = to;
  if (target.kind === "text") target.followed.rename(uri, name);
  if (target.kind === "data") target.spec = { ...target.spec, uri, name, ...(target.spec.kind === "bytes" ? {} : { path }) };
}
