import * as vscode from "vscode";
import type { ConfigInfo, SourceSpec, Values, ViewToHost } from "../core/protocol.js";
import { answer } from "./answers.js";
import { chooseTextFolder, textFolderSpec } from "./decoding/textFolders.js";
import type { EditorLink } from "./editorLink.js";
import type { Experiment } from "./experiment.js";
import type { Panel } from "./panel.js";
import { rememberChanges } from "./remembered.js";
import type { Services } from "./services.js";
import { subjectOf } from "./subjects.js";

/** The file that a session's parameters are taken from, and written to. */
export type ConfigOf = {
  info(): ConfigInfo | undefined;
  /** The reader changed parameters in the view. */
  changed(before: Values, after: Values): void;
  reveal(): Promise<void>;
};

/** What a session lets its view do. */
export type Receiver = {
  readonly explainer: string;
  readonly uri: string;
  readonly params: Values;
  readonly services: Services;
  readonly panel: Panel;
  readonly link: EditorLink;
  readonly experiment: Experiment;
  readonly config?: ConfigOf;
  /** Tells a view that has just begun everything it needs. */
  begin(): Promise<void>;
  run(params: Values, from: number | undefined): void;
  /** Takes parameters for the next run. */
  prepare(params: Values): void;
  pin(pinned: boolean): void;
  /** Shows another source, with some parameters changed. */
  turnTo(source: SourceSpec, params: Values): void;
};

/** Does what a view asks for. */
export async function receive(message: ViewToHost, session: Receiver): Promise<void> {
  const { explainer, uri, params, services, panel, link, experiment, config } = session;
  switch (message.type) {
    case "ready":
      return session.begin();
    case "run":
      // What is written to a file is the file's, and no habit of the reader.
      if (!config?.info()) services.remember(explainer, (values) => rememberChanges(values, params, message.params, subjectOf(explainer).ownParams));
      config?.changed(params, message.params);
      return session.run(message.params, message.from);
    case "stop":
      return experiment.stop();
    case "cancel":
      return experiment.cancel();
    case "ask":
      return experiment.ask(message.ask, message.question);
    case "pin":
      return session.pin(message.pinned);
    case "reveal":
      return link.reveal(message.span, message.line);
    case "revealConfig":
      return config?.reveal();
    case "highlight":
      return link.highlight(message.spans, message.weights, message.ring);
    case "select":
      return link.select(message.spans);
    case "decorate":
      return link.decorate(message);
    case "undecorate":
      return link.undecorate();
    case "params":
      return session.prepare(message.params);
    case "choose":
      return choose(message, session);
    default:
      return answer(message, { services, panel, explainer, uri, shown: experiment.shown() });
  }
}

/** Asks for what a remedy needs, and runs with it. */
async function choose({ choice, params }: Extract<ViewToHost, { type: "choose" }>, session: Receiver): Promise<void> {
  switch (choice) {
    case "textFolder": {
      const folder = await chooseTextFolder();
      return folder && session.turnTo(textFolderSpec(folder), params);
    }
    case "modelFolder":
    case "builtInModel":
      await vscode.commands.executeCommand("lumen.useModelFolder", ...(choice === "builtInModel" ? ["built-in"] : []));
      if (Object.entries(params).some(([name, value]) => session.params[name] !== value)) session.run({ ...session.params, ...params }, undefined);
      return;
    case "server":
      await vscode.commands.executeCommand("workbench.action.openSettings", "lumen.decoding.server");
      return;
  }
}
