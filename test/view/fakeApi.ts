import type { ThemeVariables } from "./themes.js";

/**
 * Runs in the page before its script, and must not use anything from outside itself: gives the page what VS Code gives
 * a webview (the API, the theme's variables and body class) and carries messages with their typed arrays.
 */
export function installFakeApi({ id, theme, state }: { id: number; theme: ThemeVariables; state: string | null }): void {
  type Typed = { readonly $kind: string; readonly $bytes: string };
  const scope = window as unknown as Record<string, unknown> & {
    lumenPost(id: number, packed: string): void;
    lumenState(id: number, packed: string): void;
  };
  const unpack = (text: string): unknown =>
    JSON.parse(text, (_, each: unknown) => {
      if (typeof each !== "object" || each === null || !("$kind" in each)) return each;
      const { $kind, $bytes } = each as Typed;
      const bytes = Uint8Array.from(atob($bytes), (character) => character.charCodeAt(0));
      return new (scope[$kind] as new (buffer: ArrayBuffer) => unknown)(bytes.buffer);
    });
  const pack = (value: unknown): string =>
    JSON.stringify(value, (_, each: unknown) => {
      if (!ArrayBuffer.isView(each)) return each;
      const bytes = new Uint8Array(each.buffer, each.byteOffset, each.byteLength);
      let binary = "";
      for (let i = 0; i < bytes.length; i += 8192) binary += String.fromCharCode(...bytes.subarray(i, i + 8192));
      return { $kind: each.constructor.name, $bytes: btoa(binary) };
    });

  let current = state === null ? undefined : unpack(state);
  scope.acquireVsCodeApi = () => ({
    postMessage: (message: unknown) => scope.lumenPost(id, pack(message)),
    getState: () => current,
    setState: (next: unknown) => {
      current = next;
      scope.lumenState(id, pack(next));
    },
  });
  // The view listens before anything is sent to it, so that this listener is told of each message after the view's.
  const taken: (() => void)[] = [];
  const onTaken = (): void => taken.shift()?.();
  scope.lumenReceive = (packed: string) => {
    if (taken.length === 0) {
      window.removeEventListener("message", onTaken);
      window.addEventListener("message", onTaken);
    }
    return new Promise<void>((resolve) => {
      taken.push(resolve);
      window.postMessage(unpack(packed), "*");
    });
  };

  const nextFrame = window.requestAnimationFrame.bind(window);
  const dropFrame = window.cancelAnimationFrame.bind(window);
  const asked = new Set<number>();
  window.requestAnimationFrame = (draw) => {
    const handle = nextFrame((time) => {
      asked.delete(handle);
      draw(time);
    });
    asked.add(handle);
    return handle;
  };
  window.cancelAnimationFrame = (handle) => {
    asked.delete(handle);
    dropFrame(handle);
  };
  // Frames go on while the view asks for more, but not for ever: an animation may be under way.
  scope.lumenDrawn = async () => {
    for (let frames = 0; frames < 2 || (asked.size > 0 && frames < 12); frames++) await new Promise((resolve) => nextFrame(resolve));
  };

  scope.lumenTheme = ({ bodyClass, variables }: ThemeVariables) => {
    const { style } = document.documentElement;
    for (const name of Array.from(style)) style.removeProperty(name);
    for (const [name, value] of Object.entries(variables)) style.setProperty(name, value);
    document.body.className = bodyClass;
  };
  document.addEventListener("securitypolicyviolation", (event) => {
    console.error(`Content Security Policy refused ${event.violatedDirective}: ${event.blockedURI} ${event.sourceFile ?? ""}:${event.lineNumber}`);
  });
  new MutationObserver((_, observer) => {
    if (!document.body) return;
    observer.disconnect();
    (scope.lumenTheme as (theme: ThemeVariables) => void)(theme);
  }).observe(document, { childList: true, subtree: true });
}
