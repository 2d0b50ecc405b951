/** Endings of the files whose words or characters are counted in a folder. */
export const textEndings: readonly string[] = [
  "txt", "md", "markdown", "rst", "tex", "html", "htm", "xml", "json", "jsonl", "csv", "tsv", "yaml", "yml", "toml", "py", "js", "ts", "tsx", "jsx", "java",
  "c", "h", "cc", "cpp", "hpp", "cs", "go", "rs", "rb", "php", "swift", "kt", "scala", "r", "sql", "sh", "log", "srt",
];

const endings = new Set(textEndings);

/** The ending of a file's name in lower case, without the dot; "" for none. */
export function endingOf(name: string): string {
  return /\.([^./\\]+)$/.exec(name)?.[1].toLowerCase() ?? "";
}

/** Whether a file of a folder is read as text. */
export function isTextFile(name: string): boolean {
  return endings.has(endingOf(name));
}
