import * as vscode from "vscode";

/** How VS Code names an explainer; one line each. */
export type Subject = {
  readonly explainer: string;
  readonly command: string;
  title(): string;
  lens(numbers: number): string;
};

export const subjects: readonly Subject[] = [
  {
    explainer: "mixture",
    command: "lumen.fitGmm",
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
