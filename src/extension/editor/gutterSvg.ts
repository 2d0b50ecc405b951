/** A part of a gutter bar: a colour and its share of the height. */
export type BarPart = { readonly color: string; readonly share: number };
export type Bar = readonly BarPart[];

/** Shares are drawn in this many steps, so that few different pictures are needed. */
const steps = 8;

/** A bar with its shares in eighths that sum to one; parts that round to nothing are left out. */
export function quantise(bar: Bar): Bar {
  const parts = bar.filter(({ color, share }) => isColor(color) && share > 0);
  const total = parts.reduce((sum, { share }) => sum + share, 0);
  if (!(total > 0)) return [];
  // Largest remainder: the whole eighths first, then one more where the most is missing.
  const exact = parts.map(({ share }) => (share / total) * steps);
  const counts = exact.map(Math.floor);
  const byMissing = exact.map((_, i) => i).sort((a, b) => exact[b] - counts[b] - (exact[a] - counts[a]) || a - b);
  const missing = steps - counts.reduce((sum, count) => sum + count, 0);
  for (const i of byMissing.slice(0, missing)) counts[i]++;
  return parts.map(({ color }, i) => ({ color, share: counts[i] / steps })).filter(({ share }) => share > 0);
}

/** A 4 px bar at the right edge of the gutter's square, split from top to bottom by share. */
export function gutterSvg(bar: Bar): string {
  let top = 0;
  const rects = bar.map(({ color, share }) => {
    const y = top;
    top += share * 16;
    return `<rect x="10" y="${y}" width="4" height="${share * 16}" fill="${color}"/>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" width="16" height="16">${rects.join("")}</svg>`;
}

export function svgDataUri(svg: string): string {
  return `data:image/svg+xml;base64,${Buffer.from(svg, "utf8").toString("base64")}`;
}

/** Colours as a style sheet computes them; anything else could be markup. */
function isColor(text: string): boolean {
  return /^#[0-9a-f]{3,8}$/i.test(text) || /^(rgb|rgba|hsl|hsla|oklab|oklch|color)\([\w\s.,%/+-]+\)$/i.test(text);
}
