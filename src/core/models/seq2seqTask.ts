import type { TaskName } from "./seq2seq.js";

const months = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];
const month = `(${months.map((name) => `${name}|${name.slice(0, 3)}`).join("|")})`;
const weekday = "(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,? )?";
const year = "(\\d{4}|\\d\\d)";

/** Ways to write a date, and which of their parts are year, month and day. */
const forms: readonly { readonly pattern: RegExp; readonly order: readonly [number, number, number] }[] = [
  { pattern: new RegExp(`^${weekday}(\\d\\d?)(?:st|nd|rd|th)?(?: of|\\.)?[ -]${month}[ -]${year}$`), order: [3, 2, 1] },
  { pattern: new RegExp(`^${weekday}${month} (\\d\\d?)(?:st|nd|rd|th)?, ${year}$`), order: [3, 1, 2] },
  { pattern: new RegExp(`^(\\d\\d?)\\.(\\d\\d?)\\.${year}$`), order: [3, 2, 1] },
  { pattern: new RegExp(`^(\\d\\d?)/(\\d\\d?)/${year}$`), order: [3, 1, 2] },
  { pattern: /^(\d{4})([-/])(\d\d?)\2(\d\d?)$/, order: [1, 3, 4] },
  { pattern: /^(\d{4})年(\d\d?)月(\d\d?)日$/, order: [1, 2, 3] },
];

/** A character as the networks know it: letters in lower case, one kind of apostrophe. */
export function folded(character: string): string {
  if (character === "’") return "'";
  return /^[A-Z]$/.test(character) ? character.toLowerCase() : character;
}

/**
 * What is right, by rule and not by a network; null for a text that is no such date. 3/4/21 is the 4th of March, 3.4.21 the 3rd of
 * April, and two digits of a year stand for 1950 to 2049, as in the data that the networks were trained on.
 */
export function rightAnswer(task: TaskName, text: string): string | null {
  const characters = [...text.trim()].map(folded);
  return task === "reversal" ? characters.reverse().join("") : isoDate(characters.join(""));
}

function isoDate(text: string): string | null {
  for (const { pattern, order } of forms) {
    const found = pattern.exec(text);
    if (found) return isoOf(...(order.map((part) => found[part]) as [string, string, string]));
  }
  return null;
}

function isoOf(yearText: string, monthText: string, dayText: string): string | null {
  const short = Number(yearText);
  const y = yearText.length === 4 ? short : short + (short < 50 ? 2000 : 1900);
  const named = months.findIndex((name) => name.startsWith(monthText));
  const m = named < 0 ? Number(monthText) : named + 1;
  const d = Number(dayText);
  if (m < 1 || m > 12 || d < 1 || d > daysIn(y, m)) return null;
  return `${String(y).padStart(4, "0")}-${String(m).padStart(2, "0")}-${String(d).padStart(2, "0")}`;
}

function daysIn(y: number, m: number): number {
  if (m !== 2) return [4, 6, 9, 11].includes(m) ? 30 : 31;
  return y % 4 === 0 && (y % 100 !== 0 || y % 400 === 0) ? 29 : 28;
}
