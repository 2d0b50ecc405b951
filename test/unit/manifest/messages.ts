import ts from "typescript";
import { visit } from "./repository.js";

/** A sentence for people, as it stands in the sources. */
export type Template = { readonly text: string; readonly place: string; readonly args: number };
export type Extracted = { readonly templates: readonly Template[]; readonly faults: readonly string[] };

/**
 * Finds the templates of `msg("…")`, `l10n.t("…")` and `l10n.t({message: "…"})`. A call whose template can not be read
 * from the source, and `msg` under another name, is a fault: nobody could translate what it says.
 */
export function extractMessages(sources: readonly ts.SourceFile[]): Extracted {
  const templates: Template[] = [];
  const faults: string[] = [];
  for (const source of sources) {
    const placeOf = (node: ts.Node) => `${source.fileName}:${source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1}`;
    visit(source, (node) => {
      if (ts.isIdentifier(node) && node.text === "msg" && !isPlainUse(node)) faults.push(`${placeOf(node)}: msg is not called by its name`);
      if (!ts.isCallExpression(node) || !isMessageCall(node, source)) return;
      const [first, ...rest] = node.arguments;
      const texts = first ? templatesIn(first) : undefined;
      if (!texts) faults.push(`${placeOf(node)}: the first argument is not a literal`);
      const args = rest.some(ts.isSpreadElement) ? Infinity : rest.length;
      for (const text of texts ?? []) templates.push({ text, place: placeOf(node), args });
    });
  }
  return { templates, faults };
}

function isMessageCall(node: ts.CallExpression, source: ts.SourceFile): boolean {
  const callee = node.expression.getText(source);
  return callee === "msg" || callee === "l10n.t" || callee === "vscode.l10n.t";
}

/** Literals, and a choice between literals. */
function templatesIn(node: ts.Expression): string[] | undefined {
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isParenthesizedExpression(node)) return templatesIn(node.expression);
  if (ts.isConditionalExpression(node)) {
    const [yes, no] = [templatesIn(node.whenTrue), templatesIn(node.whenFalse)];
    return yes && no && [...yes, ...no];
  }
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    const [left, right] = [templatesIn(node.left), templatesIn(node.right)];
    return left?.length === 1 && right?.length === 1 ? [left[0] + right[0]] : undefined;
  }
  if (!ts.isObjectLiteralExpression(node)) return undefined;
  const message = node.properties.find((each) => each.name?.getText() === "message");
  return message && ts.isPropertyAssignment(message) ? templatesIn(message.initializer) : undefined;
}

/** Whether this `msg` is its declaration, an import under its own name, or called on the spot. */
function isPlainUse(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isCallExpression(parent)) return parent.expression === node;
  if (ts.isImportSpecifier(parent)) return parent.propertyName === undefined;
  return ts.isFunctionDeclaration(parent);
}

/** The numbers of the {n} in a template, without repeats, in order. */
export function placeholdersOf(template: string): number[] {
  const numbers = [...template.matchAll(/\{(\d+)\}/g)].map((match) => Number(match[1]));
  return [...new Set(numbers)].sort((a, b) => a - b);
}

/** Half-width punctuation after a Chinese character, which Chinese typography does not have. */
export function halfWidthPunctuationIn(text: string): string[] {
  return text.match(/\p{Script=Han}[,;:!?](?!\w)|\p{Script=Han}\.(?=\s|$|\p{Script=Han})/gu) ?? [];
}
