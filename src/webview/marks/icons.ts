import { svg } from "./dom.js";

/** 16 px pictures in the colour of the text around them. `solid` shapes are filled, the others are lines. */
const shapes = {
  first: { d: "M3.5 3.5v9M12.5 3.5v9L6 8z", solid: true },
  back: { d: "M11 3.5v9L4.5 8z", solid: true },
  play: { d: "M4.5 3v10L12.5 8z", solid: true },
  pause: { d: "M5 3.5v9M11 3.5v9", solid: false },
  forward: { d: "M5 3.5v9L11.5 8z", solid: true },
  last: { d: "M12.5 3.5v9M3.5 3.5v9L10 8z", solid: true },
  pin: { d: "M9.3 2.6l4.1 4.1-2.9 1-2.3 4-4-4 4-2.3zM6.1 9.9L2.6 13.4", solid: false },
  more: { d: "M3 8h.01M8 8h.01M13 8h.01", solid: false },
  chevron: { d: "M6 4l4 4-4 4", solid: false },
} as const;

export type IconName = keyof typeof shapes;

/** An icon; decorative, so the control around it carries the name. */
export function icon(name: IconName): SVGSVGElement {
  const { d, solid } = shapes[name];
  const width = name === "more" || name === "pause" ? 2.2 : 1.2;
  return svg(
    "svg",
    { width: 16, height: 16, viewBox: "0 0 16 16", "aria-hidden": "true", class: "icon" },
    svg("path", {
      d,
      fill: solid ? "currentColor" : "none",
      stroke: "currentColor",
      "stroke-width": width,
      "stroke-linejoin": "round",
      "stroke-linecap": "round",
    }),
  );
}
