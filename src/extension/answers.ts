import * as vscode from "vscode";
import { msg } from "../core/contract/index.js";
import type { ViewToHost } from "../core/protocol.js";
import type { StartRequest } from "./experiment.js";
import { askWhere, insertText, offerToOpen, saveAllRows } from "./output.js";
import type { Panel } from "./panel.js";
import type { Services } from "./services.js";

/** What a view sends out of the panel: to the clipboard, a file, an editor or the log. */
export type OutMessage = Extract<ViewToHost, { type: "copy" | "save" | "write" | "insert" | "openSample" | "error" }>;

export type Sender = {
  readonly services: Services;
  readonly panel: Panel;
  readonly explainer: string;
  readonly uri: string;
  /** What the shown picture is made of. */
  readonly shown: StartRequest | undefined;
};

export async function answer(message: OutMessage, { services, panel, explainer, uri, shown }: Sender): Promise<void> {
  switch (message.type) {
    case "copy":
      await vscode.env.clipboard.writeText(message.text);
      return panel.post({ type: "notice", message: msg("Copied.") });
    case "save": {
      const target = await askWhere(services.state, message.name, uri);
      if (!target) return;
      const { data } = message;
      await vscode.workspace.fs.writeFile(target, typeof data === "string" ? new TextEncoder().encode(data) : data);
      return offerToOpen(target);
    }
    case "write": {
      const target = shown && (await askWhere(services.state, message.name, uri));
      if (!target) return;
      const { source, params, resources } = shown;
      const request = { explainer, source, params, name: message.export, at: message.at, ...resources };
      return saveAllRows(services.runner, request, target);
    }
    case "insert":
      return insertText(message.text, message.languageId, services.lastEditor(), uri);
    case "openSample":
      await vscode.commands.executeCommand("lumen.openSample", message.file);
      return;
    case "error":
      services.log.error(`The view of ${uri}: ${message.message}\n${message.stack}`);
      return;
  }
}
