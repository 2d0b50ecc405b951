import * as vscode from "vscode";
import type { Values } from "../core/protocol.js";

/** What a glance at a text finds to explain: numbers, of which some are vectors, a list of words, prose, or arrays of attention. */
export type Found =
  | { readonly kind: "numbers"; readonly count: number; readonly vectors: number }
  | { readonly kind: "words"; readonly count: number }
  | { readonly kind: "prose" | "attention" };
export type Lens = { readonly title: string; readonly params?: Values };

/** How VS Code names an explainer; one line each. */
export type Subject = {
  readonly explainer: string;
  readonly command: string;
  /** Its runs may look words up in the word vectors in use, and are made again when others are chosen. */
  readonly looksUpWords: boolean;
  /** Its runs may use the language model or the server in use, and are made again when another one is chosen. */
  readonly usesModel: boolean;
  /** The values of the parameter `source` with which they do; absent: they always may. */
  readonly modelSources?: readonly string[];
  /** Parameters that belong to one source: the next panel does not begin with them. */
  readonly ownParams: readonly string[];
  /** Text files up to so many bytes are read as an editor would read them, so that rows have places in the text. */
  readonly textBelow: number;
  title(): string;
  lenses(found: Found): readonly Lens[];
};

const shown = (count: number) => count.toLocaleString("en-US");

export const subjects: readonly Subject[] = [
  {
    explainer: "mixture",
    command: "lumen.fitGmm",
    looksUpWords: false,
    usesModel: false,
    ownParams: [],
    textBelow: 0,
    title: () => vscode.l10n.t("Mixture"),
    lenses: (found) => (found.kind === "numbers" ? [{ title: vscode.l10n.t("Fit GMM · {0} numbers", shown(found.count)) }] : []),
  },
  {
    explainer: "vectors",
    command: "lumen.compareVectors",
    looksUpWords: true,
    usesModel: false,
    ownParams: ["tab", "query", "expressions", "words"],
    textBelow: 5_000_000,
    title: () => vscode.l10n.t("Vectors"),
    lenses(found) {
      if (found.kind === "numbers") {
        return found.vectors > 0 ? [{ title: vscode.l10n.t("Compare {0} vectors", shown(found.vectors)), params: { tab: "heatmap" } }] : [];
      }
      if (found.kind !== "words") return [];
      return [
        { title: vscode.l10n.t("Compare {0} words", shown(found.count)), params: { tab: "heatmap" } },
        { title: vscode.l10n.t("Map"), params: { tab: "map" } },
      ];
    },
  },
  {
    explainer: "attention",
    command: "lumen.showAttention",
    looksUpWords: false,
    usesModel: true,
    ownParams: ["tab", "text", "text_pair", "source", "max_length", "layer", "head", "token", "softmax_temperature", "query_scale", "query_edit", "sequence_text", "shape", "word", "sentences"],
    textBelow: 5_000_000,
    title: () => vscode.l10n.t("Attention"),
    lenses: ({ kind }) => (kind === "prose" || kind === "attention" ? [{ title: vscode.l10n.t("Show Attention") }] : []),
  },
  {
    explainer: "decoding",
    command: "lumen.exploreDecoding",
    looksUpWords: false,
    usesModel: true,
    modelSources: ["model"],
    ownParams: ["tab", "prompt", "source", "given", "forced", "prompts", "strategies"],
    textBelow: 5_000_000,
    title: () => vscode.l10n.t("Decoding"),
    lenses: ({ kind }) => (kind === "prose" ? [{ title: vscode.l10n.t("Explore Decoding"), params: { tab: "explore", prompt: "", forced: "" } }] : []),
  },
];

export function subjectOf(explainer: string): Subject {
  return subjects.find((each) => each.explainer === explainer) ?? subjects[0];
}

export function panelTitle(explainer: string, sourceName: string): string {
  return `${subjectOf(explainer).title()}: ${sourceName}`;
}
