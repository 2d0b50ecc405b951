import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

/** Reads what the tests of this folder compare: the manifest, its translations, and the program's sources. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../..");

export type MenuItem = { readonly command?: string; readonly submenu?: string; readonly when?: string; readonly group?: string };
export type Setting = { readonly type: string; readonly default: unknown; readonly order: number; readonly markdownDescription: string };
export type Manifest = {
  readonly name: string;
  readonly publisher: string;
  readonly icon: string;
  readonly l10n: string;
  readonly activationEvents: readonly string[];
  readonly capabilities: {
    readonly untrustedWorkspaces: { readonly supported: boolean | string; readonly restrictedConfigurations: readonly string[] };
    readonly virtualWorkspaces: { readonly supported: boolean; readonly description: string };
  };
  readonly contributes: {
    readonly commands: readonly {
      readonly command: string;
      readonly title: string;
      readonly category: string;
      readonly icon?: string;
      readonly enablement?: string;
    }[];
    readonly submenus: readonly { readonly id: string; readonly label: string }[];
    readonly menus: Readonly<Record<string, readonly MenuItem[]>>;
    readonly keybindings: readonly { readonly command: string; readonly key: string; readonly mac: string; readonly when?: string }[];
    readonly configuration: readonly { readonly id: string; readonly order: number; readonly properties: Readonly<Record<string, Setting>> }[];
    readonly viewsContainers: { readonly activitybar: readonly { readonly id: string; readonly icon: string }[] };
    readonly views: Readonly<Record<string, readonly { readonly id: string; readonly icon: string; readonly when?: string }[]>>;
    readonly viewsWelcome: readonly { readonly view: string; readonly contents: string; readonly enablement?: string; readonly when?: string }[];
    readonly walkthroughs: readonly {
      readonly id: string;
      readonly steps: readonly {
        readonly id: string;
        readonly description: string;
        readonly media: { readonly svg: string; readonly altText: string };
        readonly completionEvents: readonly string[];
      }[];
    }[];
  };
};
export type Sample = {
  readonly file: string;
  readonly title: string;
  readonly description: string;
  readonly explainer?: string;
  readonly params?: Readonly<Record<string, unknown>>;
};

export function readText(file: string): string {
  return readFileSync(path.join(root, file), "utf8");
}

export function readJson<T>(file: string): T {
  return JSON.parse(readText(file)) as T;
}

export const manifest = readJson<Manifest>("package.json");
export const englishNls = readJson<Record<string, string>>("package.nls.json");
export const chineseNls = readJson<Record<string, string>>("package.nls.zh-cn.json");
export const samples = readJson<readonly Sample[]>("samples/index.json");

/** The parsed TypeScript files under a folder. */
export function sourcesIn(folder: string): ts.SourceFile[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .sort()
    .map((file) => ts.createSourceFile(path.posix.join(folder, file), readText(path.join(folder, file)), ts.ScriptTarget.Latest, true));
}

export function visit(node: ts.Node, visitor: (node: ts.Node) => void): void {
  visitor(node);
  node.forEachChild((child) => visit(child, visitor));
}

/** Every string literal, also of templates without placeholders. */
export function literalsOf(sources: readonly ts.SourceFile[]): Set<string> {
  const literals = new Set<string>();
  for (const source of sources) visit(source, (node) => ts.isStringLiteralLike(node) && literals.add(node.text));
  return literals;
}

/** The string literals given as the argument at `index` to calls of a function or method of one of these names. */
export function argumentsOf(sources: readonly ts.SourceFile[], names: readonly string[], index = 0): Set<string> {
  const found = new Set<string>();
  for (const source of sources) {
    visit(source, (node) => {
      if (!ts.isCallExpression(node)) return;
      const { expression } = node;
      const name = ts.isPropertyAccessExpression(expression) ? expression.name.text : expression.getText(source);
      const argument = node.arguments[index];
      if (names.includes(name) && argument && ts.isStringLiteralLike(argument)) found.add(argument.text);
    });
  }
  return found;
}

/**
 * The settings read by `getConfiguration("section").get("name")`, also when the configuration is held in a variable.
 */
export function settingsReadIn(sources: readonly ts.SourceFile[]): Set<string> {
  const read = new Set<string>();
  for (const source of sources) {
    const held = new Map<string, string>(); // variable -> section
    visit(source, (node) => {
      if (!ts.isVariableDeclaration(node) || !node.initializer) return;
      const section = sectionOf(node.initializer);
      if (section !== undefined) held.set(node.name.getText(source), section);
    });
    visit(source, (node) => {
      if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return;
      const { expression: receiver, name } = node.expression;
      const [argument] = node.arguments;
      if (!argument || !ts.isStringLiteralLike(argument)) return;
      const section = sectionOf(receiver) ?? held.get(receiver.getText(source));
      if (name.text === "get" && section !== undefined) read.add(section === "" ? argument.text : `${section}.${argument.text}`);
    });
  }
  return read;
}

/** The section that an expression `….getConfiguration("section")` opens. */
function sectionOf(node: ts.Expression): string | undefined {
  if (!ts.isCallExpression(node) || !/\bgetConfiguration$/.test(node.expression.getText())) return undefined;
  const [argument] = node.arguments;
  return argument && ts.isStringLiteralLike(argument) ? argument.text : "";
}

/** The strings of `const name = ["…", …]`. */
export function listNamed(sources: readonly ts.SourceFile[], name: string): string[] {
  const found: string[] = [];
  for (const source of sources) {
    visit(source, (node) => {
      if (!ts.isVariableDeclaration(node) || node.name.getText(source) !== name || !node.initializer) return;
      visit(node.initializer, (each) => ts.isStringLiteralLike(each) && found.push(each.text));
    });
  }
  return found;
}

/** Keys named as %key% anywhere in the manifest. */
export function nlsKeysOf(value: unknown): string[] {
  if (typeof value === "string") return /^%([\w.-]+)%$/.exec(value)?.slice(1) ?? [];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(nlsKeysOf);
}
