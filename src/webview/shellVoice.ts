import { h } from "./marks/dom.js";

export interface Voice {
  /** The live region. */
  readonly element: HTMLElement;
  /** The confirmation that is still to be seen in the header, or "". */
  readonly notice: string;
  /** Speaks to screen readers. */
  announce(text: string): void;
  /** Speaks, and shows it in the header for a few seconds. */
  say(text: string): void;
}

const noticeTime = 4000;

export function createVoice(redraw: () => void): Voice {
  const element = h("div", { class: "unseen", role: "status", "aria-live": "polite" });
  let notice = "";
  const announce = (text: string): void => {
    // A live region is read out when it changes: the same sentence again needs a difference that nobody hears.
    element.textContent = element.textContent === text ? `${text}\u00a0` : text;
  };
  return {
    element,
    get notice() {
      return notice;
    },
    announce,
    say(text) {
      notice = text;
      announce(text);
      redraw();
      setTimeout(() => {
        if (notice === text) notice = "";
        redraw();
      }, noticeTime);
    },
  };
}
