import * as vscode from "vscode";

/** How VS Code names an explainer; one line each. */
export type Subject = {
  readonly explainer: string;
  readonly command: string;
  /** Its runs may look words up in the word vectors in use, and are made again when others are chosen. */
  readonly looksUpWords: boolean;
  title(): string;
  lens(numbers: number): string;
};

export const subjects: readonly Subject[] = [
  {
    explainer: "mixture",
    command: "lumen.fitGmm",
    looksUpWords: false,
    title: () => vscode.l10n.t("Mixture"),
    lens: (numbers) => vscode.l10n.t("Fit GMM · {0} numbers", numbers.toLocaleString("en-US")),
  },
];

export function subjectOf(explainer: string): Subject {
  return subjects.find((each) => each.explainer === explainer) ?? subjects[0];
}

export function panelTitle(explainer: string, sourceName: string): string {
  return `${subjectOf(explainer).title()}: ${sourceName}`;
}
