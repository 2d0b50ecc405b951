import * as vscode from "vscode";
import { format } from "../../core/contract/index.js";
import type { PinnedVector, VectorAnswer } from "../../core/protocol.js";
import { SourceError } from "../dataSource.js";
import type { PlaceArgument } from "../editor/vectorHover.js";
import type { Questions } from "./questions.js";
import type { WordVectors } from "./wordVectors.js";

/** The one pinned vector of the window, shown in the status bar, and the commands that need the vector at a place. */
export class Pins implements vscode.Disposable {
  private vector: PinnedVector | undefined;
  private status: vscode.StatusBarItem | undefined;

  constructor(
    private readonly questions: Questions,
    private readonly words: WordVectors,
    private readonly lastEditor: () => vscode.TextEditor | undefined,
  ) {}

  readonly pinned = (): PinnedVector | undefined => this.vector;

  /** Pins the vector or word at a place that a hover links to, else at the caret. */
  async pin(given: unknown): Promise<void> {
    const { name, values } = await this.find(given);
    this.vector = { name, values };
    this.show();
  }

  unpin(): void {
    this.vector = undefined;
    this.show();
  }

  /** Copies the vector at a place as a line of Python. */
  async copy(given: unknown): Promise<void> {
    const { name, values } = await this.find(given);
    const numbers = Array.from(values, pythonNumber).join(", ");
    await vscode.env.clipboard.writeText(`${identifier(name)} = np.array([${numbers}])`);
    vscode.window.setStatusBarMessage(vscode.l10n.t("Copied."), 3000);
  }

  /** The vector at a place. Throws a `SourceError` that says why there is none. */
  private async find(given: unknown): Promise<{ readonly name: string; readonly values: Float64Array }> {
    const { document, position } = await this.placeOf(given);
    const store = await this.words.spec();
    const answer = await this.questions.ask({ document, position, store, pinned: undefined, spellings: true });
    if (answer?.kind === "vector") return { name: answer.name || vscode.l10n.t("line {0}", answer.line), values: answer.values };
    if (answer?.kind === "word") return answer;
    throw new SourceError(refusal(answer));
  }

  private async placeOf(given: unknown): Promise<{ readonly document: vscode.TextDocument; readonly position: vscode.Position }> {
    if (isPlace(given)) {
      const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(given.uri, true));
      return { document, position: document.positionAt(given.offset) };
    }
    const editor = this.lastEditor();
    if (!editor) throw new SourceError(vscode.l10n.t("Open a file with vectors or words, put the caret on one, and run this again."));
    return { document: editor.document, position: editor.selection.active };
  }

  private show(): void {
    void vscode.commands.executeCommand("setContext", "lumen.vectorPinned", this.vector !== undefined);
    if (!this.vector) return this.status?.hide();
    if (!this.status) {
      this.status = vscode.window.createStatusBarItem("lumen.pinnedVector", vscode.StatusBarAlignment.Right);
      this.status.name = vscode.l10n.t("Pinned vector");
      this.status.command = "lumen.unpinVector";
    }
    const { name, values } = this.vector;
    this.status.text = `$(pin) ${name.replaceAll("$(", "$ (").slice(0, 30)}`;
    this.status.tooltip = vscode.l10n.t("{0} ({1} numbers) is pinned: hovers on other vectors compare them with it. Click to unpin it.", name, values.length);
    this.status.show();
  }

  dispose(): void {
    this.status?.dispose();
  }
}

function refusal(answer: VectorAnswer | undefined): string {
  if (answer?.kind === "unknown") {
    const { word, words, spellings } = answer;
    const count = words.toLocaleString("en-US");
    if (spellings.length === 0) return vscode.l10n.t("“{0}” is not among the {1} words in use.", word, count);
    return vscode.l10n.t("“{0}” is not among the {1} words in use. Spelled alike: {2}.", word, count, spellings.join(", "));
  }
  if (answer?.kind === "problem") return answer.problems.map(({ message }) => format(message, vscode.l10n.bundle)).join(" ");
  return vscode.l10n.t("There is no vector or word at the caret. Put it on a list of numbers or on a word, and run this again.");
}

function isPlace(value: unknown): value is PlaceArgument {
  return typeof value === "object" && value !== null && "uri" in value && typeof value.uri === "string" && "offset" in value && typeof value.offset === "number";
}

function pythonNumber(value: number): string {
  if (Number.isNaN(value)) return "np.nan";
  if (!Number.isFinite(value)) return value < 0 ? "-np.inf" : "np.inf";
  return Number.isInteger(value) && Math.abs(value) < 1e16 ? `${value}.` : String(value);
}

/** A name as Python allows it. */
function identifier(name: string): string {
  const bare = name.normalize("NFKC").replace(/[^\p{L}\p{N}_]+/gu, "_").replace(/^_+|_+$/g, "");
  return /^[\p{L}_]/u.test(bare) ? bare : `vector_${bare}`.replace(/_$/, "");
}
