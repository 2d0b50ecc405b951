import * as vscode from "vscode";
import type { Sample, Samples } from "./samples.js";

/** The gallery in the activity bar: a click opens a sample and fits it. */
export class Gallery implements vscode.TreeDataProvider<Sample> {
  constructor(private readonly samples: Samples) {}

  async getChildren(parent?: Sample): Promise<Sample[]> {
    return parent ? [] : [...(await this.samples.all())];
  }

  getTreeItem(sample: Sample): vscode.TreeItem {
    const item = new vscode.TreeItem(sample.title);
    item.description = sample.file;
    item.tooltip = new vscode.MarkdownString(
      `**${escaped(sample.title)}** — \`${sample.file}\`\n\n${escaped(sample.description)}`,
    );
    item.iconPath = new vscode.ThemeIcon("graph");
    item.accessibilityInformation = { label: `${sample.title}. ${sample.description}` };
    item.command = { command: "lumen.openSample", title: sample.title, arguments: [sample.file, sample.params] };
    return item;
  }
}

/** The welcome view has no items: its text is in the manifest. */
export class Welcome implements vscode.TreeDataProvider<never> {
  getChildren(): never[] {
    return [];
  }

  getTreeItem(item: never): vscode.TreeItem {
    return item;
  }
}

function escaped(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]()#+\-.!<>|~]/g, "\\$&");
}
