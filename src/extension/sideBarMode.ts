import * as vscode from "vscode";

const key = "lumen.sidebar";
type Mode = "home" | "decoding";

/** What Lumen's side bar holds: its beginning and the samples, or, at full height, the explorer of decoding. */
export class SideBarMode {
  constructor(private readonly state: vscode.Memento) {
    void this.set(state.get<Mode>(key, "home"));
  }

  /** Shows the samples, with the beginning above them. */
  async showSamples(): Promise<void> {
    await this.set("home");
    await vscode.commands.executeCommand("lumen.gallery.focus");
  }

  async showDecoding(): Promise<void> {
    await this.set("decoding");
    await vscode.commands.executeCommand("lumen.decoding.focus");
  }

  private async set(mode: Mode): Promise<void> {
    await vscode.commands.executeCommand("setContext", "lumen.sidebar", mode);
    await this.state.update(key, mode);
  }
}
