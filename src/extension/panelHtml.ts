export type PanelHtml = {
  readonly scriptUri: string;
  readonly styleUri: string;
  readonly cspSource: string;
  /** Fresh random characters for each document. */
  readonly nonce: string;
  /** The display language, as in `vscode.env.language`. */
  readonly lang: string;
};

/**
 * The document of a panel. Its policy allows the one script, by nonce, and the one style sheet; nothing is fetched from
 * anywhere else. Pictures may be made in place (`data:`, `blob:`), which the export to PNG needs.
 */
export function panelHtml({ scriptUri, styleUri, cspSource, nonce, lang }: PanelHtml): string {
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${cspSource}`,
    `img-src ${cspSource} data: blob:`,
    `font-src ${cspSource}`,
  ].join("; ");
  return `<!DOCTYPE html>
<html lang="${escaped(lang)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escaped(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Lumen</title>
<link rel="stylesheet" href="${escaped(styleUri)}">
</head>
<body>
<main id="root"></main>
<script nonce="${escaped(nonce)}" src="${escaped(scriptUri)}"></script>
</body>
</html>
`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
