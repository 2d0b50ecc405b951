import { byteOf } from "../text/tokenSpans.js";

/** Of tokens that are single bytes, each stands at the character that it is part of. */
export function bytesApart(text: string, pieces: readonly string[], spans: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  const apart = [...spans];
  for (let from = 0; from < pieces.length; from++) {
    if (byteOf(pieces[from]) === null) continue;
    let to = from;
    while (to + 1 < pieces.length && byteOf(pieces[to + 1]) !== null) to++;
    const [start, end] = spans[to];
    const places: (readonly [number, number])[] = [];
    let at = start;
    for (const character of text.slice(start, end)) {
      const place = [at, (at += character.length)] as const;
      for (let i = 0; i < utf8Length(character); i++) places.push(place);
    }
    if (places.length === to - from + 1) places.forEach((place, i) => (apart[from + i] = place));
    from = to;
  }
  return apart;
}

function utf8Length(character: string): number {
  const point = character.codePointAt(0)!;
  return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
}
