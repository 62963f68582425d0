// The emoji that we serve ourselves: found by name, remembered by use. The data is a chunk of its own, fetched when the
// picker opens or somebody types ":".
import { own } from "../state/emoji.svelte";

type Row = [char: string, label: string, names: string, words: string, tones?: 1 | string[]];
export type EmojiGroup =
  | "smileys"
  | "people"
  | "nature"
  | "food"
  | "travel"
  | "activities"
  | "objects"
  | "symbols"
  | "flags";
export type Emoji = {
  char: string;
  label: string;
  names: string[];
  words: string[];
  tones?: 1 | string[] | undefined;
  /** Of one of our own: where its picture is; `char` is then `:name:`. */
  src?: string;
};
export type Group = { id: EmojiGroup; emoji: Emoji[] };

const TONES = ["\u{1F3FB}", "\u{1F3FC}", "\u{1F3FD}", "\u{1F3FE}", "\u{1F3FF}"];
const RECENT = "parlour.emoji.recent";
const KEPT = 27; // three rows

/** The community's own, as the picker and the completion show them: each once, found by all of its names. */
export function ours(): Emoji[] {
  const list = own.list.filter(({ alias_of }) => !alias_of).sort((a, b) => a.name.localeCompare(b.name));
  return list.map(({ name }) => ({
    char: `:${name}:`,
    label: name,
    names: [name, ...own.list.flatMap((other) => (other.alias_of === name ? other.name : []))],
    words: [],
    src: own.url(name),
  }));
}

let loading: Promise<Group[]> | undefined;

export function loadEmoji(): Promise<Group[]> {
  loading ??= import("./emoji.gen.json").then(
    (found) => (found.default as unknown as { id: EmojiGroup; rows: Row[] }[]).map(read),
    (error: unknown) => {
      loading = undefined; // the line may be back when it is asked for again
      throw error;
    },
  );
  return loading;
}

function read(group: { id: EmojiGroup; rows: Row[] }): Group {
  return {
    id: group.id,
    emoji: group.rows.map(([char, label, names, words, tones]) => ({
      char,
      label,
      names: names.split(" "),
      words: words.split(" ").filter(Boolean),
      tones,
    })),
  };
}

/** The best matches for what was typed after ":", best first; empty for an empty query. */
export async function searchEmoji(query: string, most = 60): Promise<Emoji[]> {
  const groups = await loadEmoji();
  await own.load().catch(() => undefined);
  return rank([{ emoji: ours() }, ...groups], query, most);
}

export function rank(groups: Pick<Group, "emoji">[], query: string, most = 60): Emoji[] {
  const asked = query.trim().toLowerCase().replaceAll("_", " ");
  if (!asked) return [];
  const ranked: { it: Emoji; rank: number }[] = [];
  for (const { emoji } of groups)
    for (const it of emoji) {
      const rank = rankOf(it, asked);
      if (rank < 9) ranked.push({ it, rank });
    }
  // sort is stable: within one rank Unicode's order stays
  return ranked
    .sort((a, b) => a.rank - b.rank)
    .slice(0, most)
    .map(({ it }) => it);
}

function rankOf(it: Emoji, asked: string): number {
  const names = it.names.map((name) => name.replaceAll("_", " "));
  if (names.includes(asked) || it.char === asked) return 0;
  if (names.some((name) => name.startsWith(asked))) return 1;
  if (it.words.includes(asked)) return 2;
  if (names.some((name) => name.includes(` ${asked}`)) || ` ${it.label}`.includes(` ${asked}`)) return 3;
  if (it.words.some((word) => word.startsWith(asked))) return 4;
  return 9;
}

/** Exactly this short name, as `:name:` is written. */
export async function emojiNamed(name: string): Promise<Emoji | undefined> {
  for (const { emoji } of await loadEmoji()) {
    const found = emoji.find((it) => it.names.includes(name));
    if (found) return found;
  }
  return undefined;
}

/** In the chosen skin tone (0 = none, 1 to 5), where it has any. */
export function toned(it: Emoji, tone: number): string {
  if (!it.tones || tone === 0) return it.char;
  if (it.tones !== 1) return it.tones[tone - 1] ?? it.char;
  const [first = "", ...rest] = [...it.char];
  return first + TONES[tone - 1] + rest.join("").replace(/^\uFE0F/, "");
}

export function recentEmoji(): string[] {
  try {
    const list: unknown = JSON.parse(kept(RECENT) ?? "[]");
    return Array.isArray(list) ? list.filter((char) => typeof char === "string").slice(0, KEPT) : [];
  } catch {
    return [];
  }
}
export function keepRecent(char: string): void {
  write(RECENT, JSON.stringify([char, ...recentEmoji().filter((other) => other !== char)].slice(0, KEPT)));
}

// storage may be refused (a private window, a strict setting): then nothing is remembered, and nothing breaks
function kept(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}
function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {}
}
