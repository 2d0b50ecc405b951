import * as vscode from "vscode";
import { typedSource, type SourceSpec, type Values } from "../../core/protocol.js";
import { chosenFiles, coversAll, isFitArgument } from "../commandArguments.js";
import { explorerSpec } from "../dataSource.js";
import { modelFileIn } from "../editor/configLanguages.js";
import { textSpec } from "../editor/documents.js";
import { editorSpec, type Sessions } from "../sessions.js";
import { subjectOf } from "../subjects.js";
import { holdsStates } from "./attentionInText.js";

const explainer = "attention";

export type AttentionContext = { readonly sessions: Sessions; lastEditor(): vscode.TextEditor | undefined };

/**
 * Shows the attention of what was asked for: of a place that a lens stands above, of files of the Explorer, of the selections of the
 * editor or its whole text; without an editor, of a text to be typed. `first` and `second` are what VS Code passes, as for a fit.
 */
export async function showAttention({ sessions, lastEditor }: AttentionContext, first: unknown, second: unknown): Promise<void> {
  const editor = lastEditor();
  const beside = () => sessions.columnBeside(editor?.viewColumn);
  if (isFitArgument(first)) {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(first.uri, true));
    const ranges = first.span ? [first.span] : [];
    const spec = textSpec(document, coversAll(document, ranges) ? [] : ranges);
    sessions.open(explainer, spec, { params: { ...paramsFor(spec), ...first.params }, column: beside() });
    return;
  }
  const files = chosenFiles(first, second, editor);
  for (const each of files) {
    const spec = await explorerSpec(each, subjectOf(explainer).textBelow);
    sessions.open(explainer, spec, { params: paramsFor(spec), column: vscode.ViewColumn.Active, preserveFocus: false });
  }
  if (files.length > 0) return;
  const spec: SourceSpec = editor ? await editorSpec(editor, false, explainer) : { kind: "text", uri: typedSource, name: "", languageId: "plaintext", text: "", ranges: [] };
  sessions.open(explainer, spec, { params: paramsFor(spec), column: beside() });
}

/** Nothing of what was typed or chosen for another source. */
export const fresh: Values = { text: "", source: "auto", token: -1, shape: "" };

/** The tab that has something to show of a source. */
function paramsFor(spec: SourceSpec): Values {
  return { ...fresh, tab: tabFor(spec) };
}

function tabFor(spec: SourceSpec): string {
  if (spec.kind !== "text") return "map";
  const { text, languageId, name, ranges } = spec;
  if (ranges.length === 0 && modelFileIn(text, languageId, name)) return "cost";
  const chosen = ranges.length === 0 ? text : ranges.map(({ start, end }) => text.slice(start, end)).join("\n");
  return holdsStates(chosen) ? "sequence" : "map";
}
