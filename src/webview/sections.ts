import { pictureFiles } from "./marks/exportSvg.js";
import type { Section } from "./section.js";
import { baseName } from "./text/baseName.js";
import type { Chip, ExportFile, ViewHost } from "./view.js";

/** What a view passes on to the sections that are in sight, the main one first. */
export type PassedOn = {
  chips(): readonly Chip[];
  /** Letters alone: with Ctrl and its kin they are the editor's. */
  key(event: KeyboardEvent): boolean;
  action(name: string): boolean;
};

export function passedOn(shown: () => readonly Section[]): PassedOn {
  return {
    chips: () => shown().flatMap((section) => section.chips?.() ?? []),
    key: (event) => !(event.ctrlKey || event.metaKey || event.altKey) && shown().some((section) => section.key?.(event)),
    action(name) {
      if (shown().some((section) => section.action?.(name))) return true;
      if (name !== "table") return false;
      shown()[0]?.toggleTable();
      return true;
    },
  };
}

/** The pictures and files of the sections in sight, named after the source: "note-map.svg". */
export function exportsOf(host: ViewHost, subject: string, tab: string, title: string, shown: readonly Section[]): ExportFile[] {
  const base = baseName(host, subject);
  const pictures = () => shown.flatMap((section) => section.pictures());
  const drawn = pictures().length === 0 ? [] : pictureFiles(host, `${base}-${tab}`, title, pictures);
  const files = shown.flatMap((section) => section.files());
  return [...drawn, ...files.map((file) => (file.name.startsWith(base) ? file : { ...file, name: `${base}-${file.name}` }))];
}
