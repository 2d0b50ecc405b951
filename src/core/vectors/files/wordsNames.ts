/** Names under which the words of a matrix are looked for beside its file, in this order. */
export function wordsNames(name: string): string[] {
  const stem = name.replace(/\.[^.]*$/, "");
  return [`${stem}.words.txt`, `${stem}.txt`, `${stem}.vocab`, "words.txt", "vocab.txt", "vocab.json"];
}

/** Whether a file is one of arrays, which have no words of their own. */
export function holdsArrays(name: string): boolean {
  return /\.(?:npy|npz|safetensors)$/i.test(name);
}
