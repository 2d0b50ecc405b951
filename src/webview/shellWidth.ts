/** Measures the width to draw for. */
export interface WidthRuler {
  /** Whether a new drawing is due. */
  readonly changed: boolean;
  measure(): number;
}

/** No scrollbar is wider. */
const scrollbar = 20;

/**
 * A scrollbar that goes away does not widen the picture: were its height to follow its width, the scrollbar could come
 * and go for ever.
 */
export function createRuler(element: HTMLElement): WidthRuler {
  let width = 0;
  let outer = 0;
  return {
    get changed() {
      return element.clientWidth !== width;
    },
    measure() {
      const now = element.clientWidth;
      const scrollbarWent = window.innerWidth === outer && now > width && now - width <= scrollbar;
      if (!scrollbarWent) width = now;
      outer = window.innerWidth;
      return width;
    },
  };
}
