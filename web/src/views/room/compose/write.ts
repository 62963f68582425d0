// What keys and pastes do in the field where one writes, by format.ts and rich.ts.
import { isMac } from "../../shell/keys";
import { type Change, type Format, fenceAt, format, goOn, linked, type Spot } from "./format";
import { apply } from "./put";
import { fromRich } from "./rich";

export { default as FormatBar } from "./FormatBar.svelte";

export const spotOf = (field: HTMLTextAreaElement): Spot => ({
  text: field.value,
  from: field.selectionStart,
  to: field.selectionEnd,
});

export function press(kind: Format, field: HTMLTextAreaElement): void {
  apply(field, format(kind, spotOf(field)));
}

// K alone is the switcher's. None that a browser keeps for itself, none that an input method begins with.
const KEYS: Record<string, Format> = {
  KeyB: "bold",
  KeyI: "italic",
  KeyE: "code",
  "Shift KeyX": "strike",
  "Shift KeyE": "block",
  "Shift KeyK": "link",
  "Shift Digit7": "numbers",
  "Shift Digit8": "list",
  "Shift Digit9": "quote",
};

/** What to press, as this machine's people write it. */
export function keysOf(kind: Format): string | undefined {
  const code = Object.keys(KEYS).find((key) => KEYS[key] === kind);
  if (!code) return undefined;
  const sign = code.replace(/^Shift /, "").replace(/^(Key|Digit)/, "");
  const shift = code.startsWith("Shift");
  return isMac ? `${shift ? "⇧" : ""}⌘${sign}` : `Ctrl ${shift ? "Shift " : ""}${sign}`;
}

/** Pasted with Shift: as plain text, whatever else the clipboard has. */
let plainly = false;

/** Whether the key was ours. */
export function key(event: KeyboardEvent, field: HTMLTextAreaElement): boolean {
  const command = isMac ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey;
  plainly = command && event.shiftKey && event.code === "KeyV";
  if (command && !event.altKey) {
    const kind = KEYS[`${event.shiftKey ? "Shift " : ""}${codeOf(event)}`];
    if (kind) press(kind, field);
    return kind !== undefined;
  }
  if (event.key !== "Enter" || command || event.altKey) return false;
  const spot = spotOf(field);
  // Half a block of code is never sent: in it, Enter is a new line. Elsewhere Shift goes on with what one is in.
  if (!event.shiftKey && !fenceAt(spot.text, spot.from)) return false;
  const next = goOn(spot);
  if (next) apply(field, next);
  return next !== undefined;
}

/** By the letter where the layout has one: B is where this person's B is. */
function codeOf({ key, code }: KeyboardEvent): string {
  return /^[a-z]$/i.test(key) ? `Key${key.toUpperCase()}` : code;
}

/** Takes a paste that says more than its plain text; answers what was put in its place. */
export function paste(event: ClipboardEvent, field: HTMLTextAreaElement): string | undefined {
  const plain = event.clipboardData?.getData("text/plain") ?? "";
  const asIs = plainly;
  plainly = false;
  const spot = spotOf(field);
  if (asIs || plain.trim() === "") return undefined;
  const link = linked(spot, plain);
  const rich = link || fenceAt(spot.text, spot.from) ? undefined : richOf(event.clipboardData!, plain);
  if (!link && rich === undefined) return undefined;
  event.preventDefault();
  apply(field, link ?? insert(spot, rich!));
  return link?.put ?? rich;
}

function richOf(data: DataTransfer, plain: string): string | undefined {
  const html = data.getData("text/html");
  return html ? fromRich(html, plain, editorsLanguage(data)) : undefined;
}

/** One code editor tells which language it is. */
function editorsLanguage(data: DataTransfer): string {
  try {
    const { mode } = JSON.parse(data.getData("vscode-editor-data") || "{}");
    return typeof mode === "string" ? mode : "";
  } catch {
    return "";
  }
}

/** A list, a table or a block of code begins on a line of its own. */
function insert({ text, from, to }: Spot, words: string): Change {
  const blocks = /^(#{1,6} |> |- |\d+\. |\||```)/.test(words);
  const before = blocks && from > 0 && text[from - 1] !== "\n" ? "\n" : "";
  const put = before + words;
  return { from, to, put, select: [from + put.length, from + put.length] };
}
