import { checkValue, msg, type Message } from "../../core/contract/index.js";
import { decodingParams } from "../../core/decoding/params.js";
import type { Values } from "../../core/protocol.js";
import { readTyped, shortNumber, typed } from "../controls/scale.js";
import { h, linkButton, setAttributes } from "../marks/dom.js";
import { openMenu } from "../shellMenu.js";
import type { Preset, ViewHost } from "../view.js";
import { valueOf } from "./sharedParts.js";

/** The sliders that always stand open, with the part of the range that people use; the boxes take all of it. */
const sliders = [
  { name: "repetition_penalty", from: 1, to: 2, step: 0.01 },
  { name: "temperature", from: 0.01, to: 2, step: 0.01 },
  { name: "top_k", from: 0, to: 100, step: 1 },
  { name: "top_p", from: 0, to: 1, step: 0.01 },
] as const;
type SliderName = (typeof sliders)[number]["name"];
/** Those that sampling alone heeds; contrastive search takes top_k for the number of its candidates. */
const samplingOnly: readonly SliderName[] = ["temperature", "top_k", "top_p"];

const weighs = (params: Values): boolean => valueOf(params, "penalty_alpha") > 0 && valueOf(params, "num_beams") === 1;

function acts(name: SliderName, params: Values): boolean {
  return valueOf(params, "do_sample") || !samplingOnly.includes(name) || (name === "top_k" && weighs(params));
}

export type Controls = {
  readonly element: HTMLElement;
  draw(params: Values, presets: readonly Preset[]): void;
};

type Slider = { readonly name: SliderName; readonly element: HTMLElement; draw(params: Values): void };

/** The main sliders under their names in transformers, presets, and where changes are written to. */
export function createControls(host: ViewHost, change: (patch: Values) => void, choose: (preset: Preset) => void): Controls {
  const own = sliders.map((slider) => createSlider(host, slider, change));
  let offered: readonly Preset[] = [];
  const presets = h("button", { type: "button", class: "link", "aria-haspopup": "menu", "aria-expanded": "false" }, host.t(msg("Presets")), h("span", { "aria-hidden": "true" }, " ▾"));
  presets.addEventListener("click", () =>
    openMenu(presets, host.t(msg("Presets")), offered.map((preset) => ({ label: host.t(preset.label), run: () => choose(preset) }))));
  const greedy = h("span");
  const sample = linkButton(host.t(msg("Set do_sample")), () => change({ do_sample: true }));
  const config = h("span");
  const file = linkButton("", () => host.post({ type: "revealConfig" }));
  const note = h("p", { class: "decoding-note" }, presets, greedy, sample, config, file);
  const element = h("div", { class: "decoding-controls" }, h("div", { class: "decoding-sliders" }, ...own.map((slider) => slider.element)), note);
  return {
    element,
    draw(params, list) {
      offered = list;
      for (const slider of own) slider.draw(params);
      presets.hidden = list.length === 0;
      const idle = !valueOf(params, "do_sample");
      greedy.textContent = idle ? `${presets.hidden ? "" : " · "}${host.t(weighs(params) ? msg("do_sample is false: temperature and top_p do nothing, top_k is the number of candidates.") : msg("do_sample is false: temperature, top_k and top_p do nothing."))} ` : "";
      sample.hidden = !idle;
      const written = host.source()?.config;
      const first = presets.hidden && !idle ? "" : " · ";
      config.textContent = written ? `${first}${host.t(written.broken ? msg("Not written, since it can’t be read:") : msg("Writes to"))} ` : "";
      config.classList.toggle("warn", written?.broken === true);
      file.hidden = written === undefined;
      file.textContent = written?.name ?? "";
    },
  };
}

function createSlider(host: ViewHost, { name, from, to, step }: (typeof sliders)[number], change: (patch: Values) => void): Slider {
  const param = decodingParams[name];
  const help = host.t(param.help);
  const range = h("input", { type: "range", class: "track", min: from, max: to, step, "aria-label": name, "aria-description": help, title: help });
  const box = h("input", { type: "text", class: "slider-value", inputmode: "decimal", spellcheck: "false", autocomplete: "off", "aria-label": name, title: help });
  const problem = h("p", { class: "field-problem", role: "alert", hidden: true });
  const row = h("div", { class: "slider-row" }, h("span", { class: "mono slider-name", title: help }, name), range, box);
  const element = h("div", { class: "slider" }, row, problem);
  let timer: ReturnType<typeof setTimeout> | undefined;

  const place = (value: number): void => {
    range.value = String(Math.min(to, Math.max(from, value)));
    range.style.setProperty("--filled", `${(100 * (Math.min(to, Math.max(from, value)) - from)) / (to - from)}%`);
    setAttributes(range, { "aria-valuetext": shortNumber(value) });
  };
  const tell = (wrong: Message | undefined): void => {
    problem.hidden = wrong === undefined;
    problem.textContent = wrong ? host.t(wrong) : "";
    setAttributes(box, { "aria-invalid": wrong ? "true" : null });
  };
  const offer = (now: boolean): void => {
    clearTimeout(timer);
    const value = readTyped(box.value);
    const wrong = checkValue(param, value);
    tell(wrong);
    if (wrong) return;
    place(value);
    if (now) change({ [name]: value });
    else timer = setTimeout(() => change({ [name]: value }), 350);
  };

  range.addEventListener("input", () => {
    clearTimeout(timer);
    const value = Number(Number(range.value).toFixed(4));
    box.value = typed(value);
    tell(undefined);
    place(value);
    change({ [name]: value });
  });
  // Arrows move the slider here, not the player's step; the editor's own keys go on to it.
  range.addEventListener("keydown", (event) => (/^(?:Arrow|Page|Home|End| )/.test(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey ? event.stopPropagation() : undefined));
  box.addEventListener("input", () => offer(false));
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter") offer(true);
  });
  box.addEventListener("blur", () => {
    if (!problem.hidden) {
      tell(undefined);
      box.value = typed(shownValue);
    }
  });

  let shownValue: number = param.default;
  return {
    name, element,
    draw(params) {
      const value = valueOf(params, name);
      element.classList.toggle("idle", !acts(name, params));
      if (document.activeElement === box && readTyped(box.value) !== shownValue) return;
      shownValue = value;
      if (document.activeElement !== box) box.value = typed(value);
      if (Number(range.value) !== value || range.getAttribute("aria-valuetext") === null) place(value);
    },
  };
}
