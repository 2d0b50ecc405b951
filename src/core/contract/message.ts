/**
 * A sentence for a person, kept apart from its language: the English template is also the key of its translation.
 * Core and webview create messages; the edge that shows them renders them with `format`.
 */
export type Message = { readonly text: string; readonly args: readonly (string | number | Message)[] };

/** Translations by English template, as in `l10n/bundle.l10n.<language>.json`. */
export type Bundle = Readonly<Record<string, string>>;

/**
 * Makes a message. `text` is an English literal with `{0}`, `{1}` … where the arguments go. NaN and infinity become words here,
 * since messages go to the webview as JSON, which has neither.
 */
export function msg(text: string, ...args: readonly (string | number | Message)[]): Message {
  return { text, args: args.map((arg) => (typeof arg === "number" && !Number.isFinite(arg) ? String(arg).replace("-", "\u2212") : arg)) };
}

/** Renders a message in the bundle's language; without a translation, in English. Numbers get a true minus. */
export function format(message: Message, bundle: Bundle = {}): string {
  const template = bundle[message.text] ?? message.text;
  return template.replace(/\{(\d+)\}/g, (placeholder, digits: string) => {
    const arg = message.args[Number(digits)];
    if (arg === undefined) return placeholder;
    if (typeof arg === "string") return arg;
    return typeof arg === "number" ? String(arg).replace("-", "\u2212") : format(arg, bundle);
  });
}
