import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { argumentsOf, englishNls, listNamed, literalsOf, manifest, nlsKeysOf, root, settingsReadIn, sourcesIn } from "./repository.js";
import { knownCommands, knownContextKeys, knownLanguages, knownMenus } from "./vscodeIds.js";

const { commands, submenus, menus, keybindings, configuration, viewsContainers, views, viewsWelcome, walkthroughs } = manifest.contributes;
const sources = sourcesIn("src/extension");
const literals = literalsOf(sources);
const commandIds = commands.map(({ command }) => command);
const menuItems = Object.values(menus).flat();
const viewIds = Object.values(views).flat().map(({ id }) => id);

/** The keys a when-clause asks for: its words, without operators, strings, regular expressions and the right side of a comparison with ==. */
function keysIn(when: string): string[] {
  return when
    .replace(/=~\s*\/(?:[^/\\]|\\.)*\/i?/g, "")
    .replace(/[!=]=\s*('[^']*'|[\w.-]+)/g, "")
    .replace(/ in /g, " ")
    .match(/[\w.]+/g)!;
}

/** The commands that a text of the manifest links to. */
function linksIn(key: string): string[] {
  return [...englishNls[key.slice(1, -1)].matchAll(/\(command:([\w.]+)/g)].map((match) => match[1]);
}

describe("commands", () => {
  test("are the program's and the program's are these", () => {
    expect([...commandIds].sort()).toEqual([...argumentsOf(sources, ["registerCommand", "register"])].sort());
  });

  test("have a title, and the category Lumen", () => {
    for (const { command, title, category } of commands) {
      expect(title, command).toBe(`%command.${command.slice("lumen.".length)}%`);
      expect(category, command).toBe("Lumen");
    }
    expect(new Set(commandIds).size).toBe(commandIds.length);
  });

  test("exist wherever one is named", () => {
    const steps = walkthroughs.flatMap((each) => each.steps);
    const named = [
      ...menuItems.flatMap(({ command }) => command ?? []),
      ...keybindings.map(({ command }) => command),
      ...steps.flatMap(({ completionEvents }) => completionEvents.filter((e) => e.startsWith("onCommand:")).map((e) => e.slice(10))),
      ...steps.flatMap(({ description }) => linksIn(description)),
      ...viewsWelcome.flatMap(({ contents }) => linksIn(contents)),
    ];
    expect(named.filter((id) => !commandIds.includes(id) && !knownCommands.has(id))).toEqual([]);
  });

  test("that VS Code brings are executed only when they are its own", () => {
    const executed = [...argumentsOf(sources, ["executeCommand"])];
    expect(executed.filter((id) => id.startsWith("lumen.") && !commandIds.includes(id) && !viewIds.some((view) => id === `${view}.focus`))).toEqual([]);
  });
});

describe("menus", () => {
  test("are menus that VS Code has, or submenus of ours", () => {
    const ours = submenus.map(({ id }) => id);
    expect(Object.keys(menus).filter((id) => !knownMenus.has(id) && !ours.includes(id))).toEqual([]);
    expect(ours.filter((id) => !(id in menus) || !menuItems.some(({ submenu }) => submenu === id))).toEqual([]);
    expect(menuItems.filter(({ submenu }) => submenu && !ours.includes(submenu))).toEqual([]);
  });

  test("offer the fit first, to a selection", () => {
    expect(menus["editor/context"]).toHaveLength(1);
    const items = [...menus[menus["editor/context"][0].submenu!]].sort((a, b) => (a.group! < b.group! ? -1 : 1));
    expect(items[0]).toEqual({ command: "lumen.fitGmm", group: "1_fit@1", when: "editorHasSelection" });
    expect(englishNls["command.fitGmm"]).toBe("Fit GMM to Selection");
  });

  test.each(["csv", "tsv", "json", "jsonl", "npy", "NPY", "npz", "safetensors"])("offer the fit of a .%s file in the Explorer", (extension) => {
    expect(matchesExplorer(`.${extension}`)).toBe(true);
  });

  test.each(["txt", "csv.gz", "bin", "jsonc", ""])("do not offer the fit of a .%s file in the Explorer", (extension) => {
    expect(matchesExplorer(`.${extension}`)).toBe(false);
  });

  function matchesExplorer(extension: string): boolean {
    const [, pattern] = /resourceExtname =~ \/(.*)\/i/.exec(menus["explorer/context"][0].when!)!;
    return new RegExp(pattern, "i").test(extension);
  }

  test("ask for context keys that somebody sets", () => {
    const set = new Set([...argumentsOf(sources, ["executeCommand"], 1), ...argumentsOf(sources, ["set"])]);
    const clauses = [...menuItems, ...keybindings, ...viewsWelcome, ...Object.values(views).flat()].flatMap(({ when }) => when ?? []);
    const enablements = [...commands, ...viewsWelcome].flatMap(({ enablement }) => enablement ?? []);
    const unknown = [...clauses, ...enablements].flatMap(keysIn).filter((key) => !knownContextKeys.has(key) && !set.has(key));
    expect(unknown).toEqual([]);
  });

  test("bind a key once", () => {
    const keys = keybindings.map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keybindings.filter(({ when }) => !when)).toEqual([]);
  });
});

describe("settings", () => {
  const names = configuration.flatMap(({ properties }) => Object.keys(properties));

  test("are those that the program reads", () => {
    const read = [...settingsReadIn(sources)].filter((name) => name.startsWith("lumen."));
    expect(read.sort()).toEqual([...names].sort());
  });

  test("are grouped, in order, described and within their own limits", () => {
    expect(configuration.map(({ order }) => order)).toEqual(configuration.map((_, i) => i + 1));
    for (const { properties } of configuration) {
      expect(Object.values(properties).map(({ order }) => order)).toEqual(Object.keys(properties).map((_, i) => i + 1));
      for (const [name, { type, default: value, markdownDescription }] of Object.entries(properties)) {
        expect(markdownDescription, name).toBe(`%setting.${name.slice("lumen.".length)}%`);
        expect(type === "integer" ? "number" : type, name).toBe(typeof value);
      }
    }
  });

  test("keep the two promises of the specification", () => {
    const all = Object.assign({}, ...configuration.map(({ properties }) => properties));
    expect(all["lumen.codeLens.minimumNumbers"].default).toBe(8);
    expect(all["lumen.live.delay"].default).toBe(250);
  });

  test("link only to settings that exist", () => {
    const links = Object.values(englishNls).flatMap((text) => [...text.matchAll(/`#([\w.]+)#`/g)].map((match) => match[1]));
    expect(links.filter((name) => !names.includes(name))).toEqual([]);
  });
});

describe("side bar and walkthrough", () => {
  test("have the views that the program fills", () => {
    const filled = [...argumentsOf(sources, ["createTreeView", "registerTreeDataProvider", "registerWebviewViewProvider"])];
    expect(filled.sort()).toEqual([...viewIds].sort());
    expect(Object.keys(views)).toEqual(viewsContainers.activitybar.map(({ id }) => id));
    expect(viewsWelcome.filter(({ view }) => !viewIds.includes(view))).toEqual([]);
  });

  test("make one walkthrough of three steps, linked to by its full name", () => {
    expect(walkthroughs).toHaveLength(1);
    expect(walkthroughs[0].steps).toHaveLength(3);
    const links = Object.values(englishNls).flatMap((text) => [...text.matchAll(/openWalkthrough\?([^)]*)\)/g)].map((match) => match[1]));
    expect(links.map((link) => JSON.parse(decodeURIComponent(link)))).toEqual([`${manifest.publisher}.${manifest.name}#${walkthroughs[0].id}`]);
  });

  test("show pictures that are there", () => {
    const pictures = [
      manifest.icon,
      ...viewsContainers.activitybar.map(({ icon }) => icon),
      ...Object.values(views).flat().map(({ icon }) => icon),
      ...walkthroughs.flatMap(({ steps }) => steps.map(({ media }) => media.svg)),
    ];
    expect(pictures.filter((file) => !existsSync(path.join(root, file)))).toEqual([]);
    const png = readFileSync(path.join(root, manifest.icon));
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([256, 256]);
  });
});

describe("activation", () => {
  test("names languages, the panel, and nothing else", () => {
    const languages = manifest.activationEvents.filter((event) => event.startsWith("onLanguage:")).map((event) => event.slice(11));
    expect(languages.filter((language) => !knownLanguages.has(language))).toEqual([]);
    expect(manifest.activationEvents.filter((event) => !event.startsWith("onLanguage:"))).toEqual(["onWebviewPanel:lumen.explainer"]);
    expect(literals).toContain("lumen.explainer");
  });

  test("comes for exactly the languages that get a CodeLens", () => {
    const languages = manifest.activationEvents.filter((event) => event.startsWith("onLanguage:")).map((event) => event.slice(11));
    expect(languages).toEqual(listNamed(sources, "lensLanguages"));
  });

  test("needs trust for files and addresses that settings name, and works in virtual workspaces", () => {
    const { untrustedWorkspaces } = manifest.capabilities;
    expect(untrustedWorkspaces.supported).toBe("limited");
    expect(untrustedWorkspaces.restrictedConfigurations).toEqual(["lumen.vectors.file", "lumen.models.folder", "lumen.decoding.server", "lumen.decoding.serverModel"]);
    expect(nlsKeysOf(untrustedWorkspaces)).toHaveLength(1);
    expect(manifest.capabilities.virtualWorkspaces.supported).toBe(true);
    expect(nlsKeysOf(manifest.capabilities.virtualWorkspaces)).toHaveLength(1);
  });
});
