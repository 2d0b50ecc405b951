import { createHash } from "node:crypto";
import type { Span } from "../core/contract/index.js";
import type { SourceSpec } from "../core/protocol.js";
import { changesBetween, lineLabel, shiftSpans, unshiftOffset, type Change } from "./editor/ranges.js";

/** More edits than this since the last picture, and text and picture no longer point at each other. */
const longestTrail = 5000;
const statesKept = 64;
/** Changes of line breaks times ranges that are worked out one by one. */
const mostShifts = 5e6;

export type TextSpec = Extract<SourceSpec, { kind: "text" }>;

/**
 * A text that a picture is made of, followed through its edits. The ranges move with the edits; a pin freezes what
 * the picture is made of. The offsets in a picture are those of the text it was made of, so they are translated to and
 * from the text of now.
 */
export type Followed = {
  /** What to make the next picture of. */
  spec(): TextSpec;
  /**
   * The document was edited; `text` gives its text after the changes, each in offsets before it, and is asked only when
   * the text is needed. `undone`: by undo or redo, so that a text that a picture was made of gets its very ranges back.
   */
  edit(changes: readonly Change[], text: () => string, undone?: boolean): void;
  /** The document's text of now is this one, by whatever way it came about. */
  replace(text: string): void;
  /** The document is gone: goes on with what the shown picture is made of. Tells whether that was another text. */
  settle(): boolean;
  rename(uri: string, name: string): void;
  pin(pinned: boolean): void;
  pinned(): boolean;
  /** The picture now shown is made of this spec. */
  shown(spec: TextSpec): void;
  /** Whether the text of now differs from what the shown picture is made of. */
  changed(): boolean;
  /** Where something in the picture, or in another spec, is in the text of now; undefined when that is no longer known. */
  toText(span: Span, spec?: TextSpec): Span | undefined;
  /** The selected ranges in the text of now; empty means all of it. */
  ranges(): readonly Span[];
  uri(): string;
  name(): string;
  /** Where a place in the text of now is in the picture's text. */
  toPicture(offset: number): number | undefined;
  lines(): string;
};

export function createFollowed(first: TextSpec): Followed {
  let { uri, name } = first;
  const { kind, languageId } = first;
  let text = first.text;
  let fetch: (() => string) | undefined; // gives the text of now, when `text` is older
  let ranges = first.ranges;
  let frozen: TextSpec | undefined;
  let shown: TextSpec | undefined;
  // Changes since the oldest text that still matters; each spec remembers how many there were when it was made.
  let trail: Change[] = [];
  let dropped = 0;
  const madeAt = new WeakMap<TextSpec, number>();

  const rangesOf = new Map<string, readonly Span[]>(); // by text, of the states that a picture was made of

  const hold = () => {
    if (fetch) text = fetch();
    fetch = undefined;
    return text;
  };
  const current = (): TextSpec => {
    hold();
    if (ranges.length > 0) {
      rangesOf.set(hashOf(text), ranges);
      for (const old of rangesOf.keys()) if (rangesOf.size > statesKept) rangesOf.delete(old);
    }
    const spec: TextSpec = { kind, uri, name, languageId, text, ranges };
    madeAt.set(spec, dropped + trail.length);
    return spec;
  };
  const between = (before: string, after: string) => changesBetween(before, after, mostShifts / (ranges.length + 1));
  /**
   * Formatting and a change of line ends replace the whole text by one change; what really changed is less. Without it a
   * followed part would grow to the whole. Only known while the text just before the change is.
   */
  const narrowed = (changes: readonly Change[], newText: () => string): readonly Change[] => {
    if (changes.length !== 1 || fetch) return changes;
    const [{ offset, removed }] = changes;
    const cuts = (at: number) => offset < at && at < offset + removed;
    const wide = removed === text.length || ranges.some(({ start, end }) => cuts(start) || cuts(end));
    return removed > 0 && wide ? between(text, newText()) : changes;
  };
  const apply = (made: readonly Change[], newText: () => string, undone = false) => {
    const changes = narrowed(made, newText);
    fetch = newText;
    if (ranges.length > 0) ranges = (undone && rangesOf.get(hashOf(hold()))) || shiftSpans(ranges, changes);
    trail.push(...changes);
    const excess = trail.length - longestTrail;
    if (excess > 0) {
      trail = trail.slice(excess);
      dropped += excess;
    }
  };
  /** Changes since a spec's text; undefined when they are no longer all known. */
  const since = (spec = shown): readonly Change[] | undefined => {
    const at = spec && madeAt.get(spec);
    return at === undefined || at < dropped ? undefined : trail.slice(at - dropped);
  };
  /** The spec at the address of now, which its file may have got since it was made. */
  const here = (spec: TextSpec): TextSpec => {
    if (spec.uri === uri) return spec;
    const moved = { ...spec, uri, name };
    madeAt.set(moved, madeAt.get(spec) ?? 0);
    return moved;
  };

  return {
    spec: () => frozen ?? current(),
    edit: apply,
    replace(newText) {
      const changes = between(hold(), newText);
      if (changes.length > 0) apply(changes, () => newText, true);
    },
    settle() {
      const differs = shown !== undefined && (shown.text !== hold() || !sameSpans(shown.ranges, ranges));
      if (!shown || !differs) return false;
      ({ text, ranges } = shown);
      madeAt.set(shown, dropped + trail.length);
      return true;
    },
    rename(newUri, newName) {
      uri = newUri;
      name = newName;
      frozen &&= here(frozen);
      shown &&= here(shown);
    },
    pin: (pinned) => void (frozen = pinned ? (frozen ?? shown ?? current()) : undefined),
    pinned: () => frozen !== undefined,
    shown(spec) {
      shown = here(spec);
      const at = madeAt.get(spec) ?? dropped;
      const oldest = Math.min(at, (frozen && madeAt.get(frozen)) ?? at);
      if (oldest > dropped) {
        trail = trail.slice(oldest - dropped);
        dropped = oldest;
      }
    },
    changed: () => !shown || shown.text !== hold() || !sameSpans(shown.ranges, ranges),
    toText(span, spec) {
      const changes = since(spec);
      return changes && shiftSpans([span], changes)[0];
    },
    ranges: () => ranges,
    uri: () => uri,
    name: () => name,
    toPicture(offset) {
      const changes = since();
      return changes && unshiftOffset(offset, changes);
    },
    lines: () => (frozen ? lineLabel(frozen.text, frozen.ranges) : ranges.length > 0 ? lineLabel(hold(), ranges) : ""),
  };
}

function hashOf(text: string): string {
  return createHash("sha1").update(text).digest("base64");
}

export function sameSpans(a: readonly Span[], b: readonly Span[]): boolean {
  return a.length === b.length && a.every((span, i) => span.start === b[i].start && span.end === b[i].end);
}
