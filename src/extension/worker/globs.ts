import type { HiddenGlob } from "../../core/protocol.js";

/** Tells of a path whether it is hidden: `path` with slashes, relative to where the globs count from; `beside` are the names in its folder. */
export type Hides = (path: string, beside: ReadonlySet<string>) => boolean;

/** The globs of files.exclude as one test. */
export function hidesAny(globs: readonly HiddenGlob[]): Hides {
  const tests = globs.map(({ glob, when }) => ({ pattern: patternOf(glob), when }));
  return (path, beside) => tests.some(({ pattern, when }) => pattern.test(path) && (when === undefined || beside.has(besideName(path, when))));
}

/** "$(basename).ts" for "src/a.js" is "a.ts". */
function besideName(path: string, when: string): string {
  const base = path.slice(path.lastIndexOf("/") + 1).replace(/\.[^.]*$/, "");
  return when.replace("$(basename)", base);
}

/**
 * A glob as VS Code reads it: `*` and `?` stay within a segment, `**` crosses them, `{a,b}` and `[a-z]` are choices. Everything
 * below a folder that matches is hidden with it, since nobody walks into it.
 */
export function patternOf(glob: string): RegExp {
  let text = "";
  let open = 0;
  for (let i = 0; i < glob.length; i++) {
    const rest = glob.slice(i);
    const group = /^\[(!?)([^\]]+)\]/.exec(rest);
    if (rest.startsWith("**/")) {
      text += "(?:[^/]+/)*";
      i += 2;
    } else if (rest.startsWith("/**") && /^\/\*\*(?:$|[,}])/.test(rest)) {
      text += "(?:/.*)?";
      i += 2;
    } else if (rest.startsWith("**")) {
      text += ".*";
      i++;
    } else if (group) {
      text += `[${group[1] ? "^/" : ""}${group[2].replace(/[\\^]/g, "\\$&")}]`;
      i += group[0].length - 1;
    } else if (glob[i] === "*") text += "[^/]*";
    else if (glob[i] === "?") text += "[^/]";
    else if (glob[i] === "{" && rest.includes("}")) {
      text += "(?:";
      open++;
    } else if (glob[i] === "}" && open > 0) {
      text += ")";
      open--;
    } else text += glob[i] === "," && open > 0 ? "|" : glob[i].replace(/[.+^${}()|[\]\\]/g, "\\$&");
  }
  return new RegExp(`^${text}${")".repeat(open)}$`);
}
