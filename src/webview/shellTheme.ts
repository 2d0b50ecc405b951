import { readPalette, type Palette } from "./marks/palette.js";

export interface ThemeWatch {
  palette(): Palette;
  readonly reducedMotion: boolean;
  dispose(): void;
}

/** Reads the palette and reads it again after each change of theme: VS Code changes body's class and the root's variables. */
export function watchTheme(changed: () => void): ThemeWatch {
  const { body, documentElement } = document;
  let palette = readPalette(body);
  let signature = themeSignature();
  const motion = window.matchMedia("(prefers-reduced-motion: reduce)");
  const observer = new MutationObserver(() => {
    const now = themeSignature();
    if (now === signature) return;
    signature = now;
    palette = readPalette(body);
    changed();
  });
  observer.observe(documentElement, { attributes: true, attributeFilter: ["style", "class"] });
  observer.observe(body, { attributes: true, attributeFilter: ["class", "data-vscode-theme-id"] });
  return {
    palette: () => palette,
    get reducedMotion() {
      return motion.matches || body.classList.contains("vscode-reduce-motion");
    },
    dispose: () => observer.disconnect(),
  };
}

function themeSignature(): string {
  const { body, documentElement } = document;
  return `${body.className}|${body.dataset.vscodeThemeId ?? ""}|${documentElement.style.cssText}`;
}
