import * as vscode from "vscode";

const pattern = "**/{model.safetensors,model.safetensors.index.json}";
const most = 200;

/** Tells the Explorer's menu which folders hold a model. Begins to look for them only for a reader who uses models. */
export class ModelFolders implements vscode.Disposable {
  private watcher: vscode.FileSystemWatcher | undefined;
  private readonly listeners: vscode.Disposable[] = [];
  private found = new Set<string>();

  begin(): void {
    if (this.watcher) return;
    const watcher = (this.watcher = vscode.workspace.createFileSystemWatcher(pattern, false, true, false));
    this.listeners.push(
      watcher.onDidCreate((uri) => this.tell(this.found.add(folderOf(uri)))),
      watcher.onDidDelete(() => void this.look()),
      vscode.workspace.onDidChangeWorkspaceFolders(() => void this.look()),
    );
    void this.look();
  }

  dispose(): void {
    this.watcher?.dispose();
    for (const each of this.listeners) each.dispose();
  }

  private async look(): Promise<void> {
    const files = await vscode.workspace.findFiles(pattern, "**/node_modules/**", most);
    this.tell(new Set(files.map(folderOf)));
  }

  private tell(folders: Set<string>): void {
    this.found = folders;
    void vscode.commands.executeCommand("setContext", "lumen.modelFolders", [...folders]);
  }
}

/** As the when-clause key resourcePath has it. */
function folderOf(file: vscode.Uri): string {
  return vscode.Uri.joinPath(file, "..").fsPath;
}
