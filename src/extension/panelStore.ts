import type * as vscode from "vscode";
import type { ViewState } from "../core/protocol.js";

export type KeptPanel = { readonly title: string; readonly state: ViewState };

const key = "lumen.panels";
const rest = 300;

/** A copy of what the open panels show, in the workspace's state, for the times when VS Code has none. */
export class PanelStore {
  private readonly left: KeptPanel[];
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly memento: vscode.Memento,
    private readonly current: () => readonly KeptPanel[],
    /** Whether the window has a tab of this title. */
    private readonly hasTab: (title: string) => boolean,
  ) {
    this.left = [...memento.get<readonly KeptPanel[]>(key, [])];
  }

  /** The state of a panel that was open when the window ended; each is given once. */
  take(title: string): ViewState | undefined {
    const at = this.left.findIndex((each) => each.title === title);
    return at < 0 ? undefined : this.left.splice(at, 1)[0].state;
  }

  /** Panels whose tabs are there, but which VS Code restores only when they are looked at. */
  waiting(): readonly KeptPanel[] {
    return this.left.filter(({ title }) => this.hasTab(title));
  }

  /** Writes the open panels down, once they have rested for a moment. */
  keepSoon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.memento.update(key, [...this.current(), ...this.waiting()]), rest);
  }

  dispose(): void {
    clearTimeout(this.timer);
  }
}
