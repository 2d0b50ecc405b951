import * as vscode from "vscode";
import { format } from "../../core/contract/index.js";
import type { TensorInfo } from "../../core/protocol.js";
import { partOf, SourceError, withPart } from "../dataSource.js";
import type { Runner } from "../runner.js";
import { ended } from "../vectors/questions.js";
import { TensorDocument } from "./tensorDocument.js";

/** Why an array does not serve a purpose; undefined where it does. */
export type Fits = (tensor: TensorInfo) => TensorInfo["noTable"];

/**
 * The address of the array to take from a file: the file's own where it holds no more than one or already names one,
 * else the reader's choice; undefined when there was none. Throws a `SourceError` when no array serves the purpose.
 */
export async function chooseArray(uri: vscode.Uri, runner: Runner, refusal: Fits): Promise<vscode.Uri | undefined> {
  if (partOf(uri).part !== undefined || !/\.(?:npz|safetensors)$/i.test(uri.path)) return uri;
  const document = new TensorDocument(uri, () => undefined);
  try {
    await document.renew();
    const spec = await document.spec(true);
    const event = await ended(runner, (listener) => runner.inspect(spec, { kind: "open" }, listener));
    if (event.type === "invalid") throw new SourceError(event.problems.map(({ message }) => format(message, vscode.l10n.bundle)).join(" "));
    if (event.type !== "inspected" || event.answer.kind !== "opened") return undefined;
    const { tensors } = event.answer;
    if (tensors.length === 1) return uri;
    const fitting = tensors.filter((tensor) => refusal(tensor) === undefined);
    if (fitting.length === 1) return withPart(uri, fitting[0].name);
    const reason = refusal(tensors[0]);
    if (fitting.length === 0 && reason) throw new SourceError(format(reason, vscode.l10n.bundle));
    const items = fitting.map(({ name, shape, dtype }) => ({ label: name, description: `(${shape.join(", ")})  ${dtype}`, name }));
    const picked = await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t("Which array of {0}?", document.name), matchOnDescription: true });
    return picked && withPart(uri, picked.name);
  } finally {
    document.dispose();
  }
}
