import { msg, type Message } from "../../core/contract/index.js";
import { h, setAttributes } from "../marks/dom.js";
import { icon, type IconName } from "../marks/icons.js";
import type { ViewHost } from "../view.js";
import { following } from "./playerText.js";
import { dropdown } from "./toolkit.js";

export type PlayerOptions = {
  /** The place in words, such as "Iteration 2 of 12". */
  label(step: number): Message;
  /** What follows the place in plain weight, such as "E half-step". */
  detail?(step: number): Message | undefined;
  /** Odd positions are first halves (E) and even ones second halves (M) of a step: a switch between them is shown. */
  readonly half?: boolean;
  /** Names of the halves. */
  readonly halves?: readonly [Message, Message];
  /** A sentence when play must stop on reaching this step. */
  stopAt?(step: number): Message | undefined;
};

export type PlayerFrame = {
  readonly steps: number;
  readonly step: number;
  /** The x-extent of the curve above, in px from the player's left edge; the range then has a line of its own. */
  readonly track?: { readonly left: number; readonly width: number };
};

export interface Player {
  readonly element: HTMLElement;
  /** Idempotent. */
  draw(frame: PlayerFrame): void;
  /** Uses the player's keys; true when it did. The shell calls it for every key nobody else used. */
  key(event: KeyboardEvent): boolean;
  /** "play", "stepForward", "stepBack", "first", "last". */
  action(name: string): boolean;
  readonly playing: boolean;
  stop(): void;
  dispose(): void;
}

/** Milliseconds of a step at speed 1: it moves, then stands still. Speed takes from the pause first. */
const moveTime = 240;
const stepTime = 600;
const speeds = [0.25, 0.5, 1, 2, 4];
const thumb = 12;

const players = new WeakMap<ViewHost, Player>();

/** The player that the view of this host has made, for the shell's keys and commands. */
export function playerOf(host: ViewHost): Player | undefined {
  return players.get(host);
}

/** The event on the player's element when `stopAt` stopped it. */
export const pausedEvent = "lumen-paused";

/** Makes the step player. It owns no step: it sets the host's, and shows the one it is drawn with. */
export function createPlayer(host: ViewHost, options: PlayerOptions): Player {
  let last = 0;
  let animation = 0;
  let playing = false;

  const t = (message: Message): string => host.t(message);
  const whole = (): number => Math.round(host.step());
  const unit = options.half ? 2 : 1;

  const range = h("input", { type: "range", class: "track", min: 0, max: 0, step: 1, "aria-label": t(msg("Step")) });
  const button = (name: IconName, label: Message, keys: string, run: () => void): HTMLButtonElement => {
    const element = h("button", { type: "button", class: "icon-button", "aria-label": t(label), title: `${t(label)} (${keys})` }, icon(name));
    element.addEventListener("click", run);
    return element;
  };
  const playButton = button("play", msg("Play"), "Space", () => toggle());
  playButton.classList.add("play");
  const buttons = h("span", { class: "player-buttons", role: "group", "aria-label": t(msg("Player")) },
    button("first", msg("First step"), "Home", () => jump(0)),
    button("back", msg("Back"), "←", () => jump(whole() - 1)),
    playButton,
    button("forward", msg("Forward"), "→", () => jump(whole() + 1)),
    button("last", msg("Last step"), "End", () => jump(last)),
  );
  const [firstHalf, secondHalf] = options.halves ?? [msg("E recolours"), msg("M moves")];
  const segments = [firstHalf, secondHalf].map((label, i) => {
    const element = h("button", { type: "button", "aria-pressed": "false" }, t(label));
    element.addEventListener("click", () => {
      const step = whole();
      const target = i === 0 ? (step % 2 === 1 ? step : Math.max(1, step - 1)) : step % 2 === 0 ? step : step + 1;
      jump(target);
    });
    return element;
  });
  const halves = options.half ? h("span", { class: "segmented", role: "group", "aria-label": t(msg("Half-step")) }, ...segments) : null;
  const place = h("b");
  const detail = h("span");
  const words = h("span", { class: "player-place" }, place, detail);
  const speed = dropdown({
    label: t(msg("Speed")),
    options: speeds.map((value) => ({ value: String(value), label: `${value}×` })),
    value: String(host.ui("speed", 1)),
    above: true,
    change: (value) => host.setUi("speed", Number(value)),
  });
  const speedBox = h("span", { class: "player-speed" }, h("span", { class: "quiet" }, t(msg("speed"))), speed);
  const row = h("div", { class: "player-row" }, buttons, range, halves, words, speedBox);
  const element = h("div", { class: "player" }, row);

  function stop(): void {
    if (animation) cancelAnimationFrame(animation);
    animation = 0;
    playing = false;
    showPlaying();
  }

  function showPlaying(): void {
    const label = t(playing ? msg("Pause") : msg("Play"));
    if (playButton.getAttribute("aria-label") === label) return;
    setAttributes(playButton, { "aria-label": label, title: `${label} (Space)`, "data-on": playing });
    playButton.replaceChildren(icon(playing ? "pause" : "play"));
  }

  function sentence(step: number): string {
    const more = options.detail?.(step);
    return t(options.label(step)) + (more ? t(following(more)) : "");
  }

  /** Goes to a step at once and says it. */
  function jump(step: number): void {
    stop();
    const target = Math.max(0, Math.min(last, step));
    host.setStep(target);
    host.announce(sentence(target));
  }

  function toggle(): void {
    if (playing) {
      const target = whole();
      stop();
      host.setStep(target);
      host.announce(sentence(target));
      return;
    }
    if (last === 0) return;
    if (whole() >= last) host.setStep(0);
    playing = true;
    showPlaying();
    advance(whole());
  }

  /** Moves from `from` to the next step, stands still, and goes on until the end or until the view objects. */
  function advance(from: number): void {
    const rate = host.ui("speed", 1);
    const total = stepTime / rate;
    const moving = host.reducedMotion ? 0 : Math.min(moveTime, total);
    let begin = 0;
    const tick = (now: number): void => {
      begin ||= now;
      const elapsed = now - begin;
      if (elapsed < moving) host.setStep(from + ease(elapsed / moving));
      else if (host.step() !== from + 1) host.setStep(from + 1);
      if (elapsed < moving || !arrived(from + 1, elapsed >= total)) animation = requestAnimationFrame(tick);
    };
    animation = requestAnimationFrame(tick);
  }

  /** True when this step is over: the next one began, or play ended. */
  function arrived(step: number, rested: boolean): boolean {
    const objection = options.stopAt?.(step);
    if (objection || step >= last) {
      stop();
      host.announce(objection ? t(objection) : sentence(step));
      if (objection) element.dispatchEvent(new CustomEvent(pausedEvent, { bubbles: true, detail: step }));
      return true;
    }
    if (rested) advance(step);
    return rested;
  }

  range.addEventListener("input", () => {
    stop();
    host.setStep(Number(range.value));
  });
  range.addEventListener("change", () => host.announce(sentence(whole())));

  const player: Player = {
    element,
    draw({ steps, step, track }) {
      if (steps - 1 !== last) {
        if (playing) stop();
        last = Math.max(0, steps - 1);
      }
      const shown = Math.max(0, Math.min(last, step));
      const rounded = Math.round(shown);
      setAttributes(range, { max: last, "aria-valuetext": sentence(rounded) });
      if (range.value !== String(rounded)) range.value = String(rounded);
      range.style.setProperty("--filled", `${last > 0 ? (100 * shown) / last : 0}%`);
      element.classList.toggle("has-track", track !== undefined);
      if (track && range.parentElement !== element) element.prepend(range);
      else if (!track && range.parentElement !== row) buttons.after(range);
      range.style.marginLeft = track ? `${track.left - thumb / 2}px` : "";
      range.style.width = track ? `${track.width + thumb}px` : "";
      segments.forEach((segment, i) => setAttributes(segment, { "aria-pressed": String(rounded > 0 && rounded % 2 === 1 - i), disabled: last === 0 }));
      place.textContent = t(options.label(rounded));
      const more = options.detail?.(rounded);
      detail.textContent = more ? t(following(more)) : "";
    },
    key(event) {
      if (event.ctrlKey || event.metaKey || event.altKey) return false;
      const target = event.target as HTMLElement | null;
      const native = target?.closest("button, a, select, [role=button], vscode-button, vscode-dropdown, vscode-checkbox, summary");
      if (event.key === " ") {
        if (native) return false;
        toggle();
        return true;
      }
      const direction = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
      if (direction !== 0) {
        if (target === range && !event.shiftKey) return false;
        const step = whole();
        jump(event.shiftKey ? unit * (direction > 0 ? Math.floor(step / unit) + 1 : Math.ceil(step / unit) - 1) : step + direction);
        return true;
      }
      if (event.key === "Home" || event.key === "End") {
        jump(event.key === "Home" ? 0 : last);
        return true;
      }
      return false;
    },
    action(name) {
      const actions: { [name: string]: () => void } = {
        play: toggle,
        stepForward: () => jump(whole() + 1),
        stepBack: () => jump(whole() - 1),
        first: () => jump(0),
        last: () => jump(last),
      };
      actions[name]?.();
      return name in actions;
    },
    get playing() {
      return playing;
    },
    stop,
    dispose() {
      stop();
      if (players.get(host) === player) players.delete(host);
      element.remove();
    },
  };
  players.set(host, player);
  return player;
}

/** Cubic in-out. */
function ease(t: number): number {
  return t < 0.5 ? 4 * t ** 3 : 1 - (2 - 2 * t) ** 3 / 2;
}
