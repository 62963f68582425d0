// How I like it, the same on all my devices: kept in the account (`me.settings`), and in this browser so that the first
// paint is right. Read a value (`settings.theme`), change by `settings.set({ theme: "dark" })`.
import { api } from "../wire/api";
import type { Me } from "../wire/types";

export type Values = {
  theme: "light" | "dark" | "system";
  contrast: "normal" | "more" | "system";
  /** The layout without bubbles. */
  dense: boolean;
  /** Where a thread opens: in the third column, or below its message. */
  threads: "side" | "place";
  /** Whether a line stands where a message was deleted. */
  deleted: boolean;
  /** When animated pictures play. A wish for less motion turns "always" into "never" by themselves. */
  animations: "hover" | "always" | "never";
  soundMessage: boolean;
  soundMention: boolean;
  soundSent: boolean;
  /** Somebody put an emoji to what I wrote. */
  soundReaction: boolean;
  /** Only of accounts that switched it on before there was `me.quiet`, which takes its place (state/quiet). */
  dnd: boolean;
  /** Desktop notifications while the tab is hidden; the browser's own permission comes on top. */
  desktop: boolean;
  /** 0 = as drawn, 1–5 = light to dark. */
  skinTone: number;
};

export const DEFAULTS: Values = {
  theme: "system",
  contrast: "system",
  dense: false,
  deleted: true,
  threads: "side",
  animations: "hover",
  soundMessage: true,
  soundMention: true,
  soundSent: true,
  soundReaction: false,
  dnd: false,
  desktop: false,
  skinTone: 0,
};

const KEY = "parlour:settings";

class Settings {
  #values = $state<Values>({ ...DEFAULTS, ...stored() });

  #sent: Promise<unknown> = Promise.resolve();

  get theme() {
    return this.#values.theme;
  }
  get contrast() {
    return this.#values.contrast;
  }
  get dense() {
    return this.#values.dense;
  }
  get threads() {
    return this.#values.threads;
  }
  get deleted() {
    return this.#values.deleted;
  }
  get animations() {
    return this.#values.animations;
  }
  get soundMessage() {
    return this.#values.soundMessage;
  }
  get soundMention() {
    return this.#values.soundMention;
  }
  get soundSent() {
    return this.#values.soundSent;
  }
  get soundReaction() {
    return this.#values.soundReaction;
  }
  get dnd() {
    return this.#values.dnd;
  }
  get desktop() {
    return this.#values.desktop;
  }
  get skinTone() {
    return this.#values.skinTone;
  }

  /** At once here; the account follows, one choice after the other. A refused save keeps the choice in this browser. */
  set(change: Partial<Values>): Promise<unknown> {
    this.#take(change);
    this.#sent = this.#sent.then(() => api.patch("me", { settings: change }).catch(() => undefined));
    return this.#sent;
  }

  /** What the account says, at the start and from my other devices. */
  fromAccount(me: Pick<Me, "settings">): void {
    this.#take(known(me.settings));
  }

  #take(change: Partial<Values>): void {
    Object.assign(this.#values, change);
    try {
      localStorage.setItem(KEY, JSON.stringify(this.#values));
    } catch {
      // A browser that keeps nothing still has the account.
    }
  }
}

/** Only names that we know, with values of the right kind: the account's object may hold anything. */
function known(from: Record<string, unknown>): Partial<Values> {
  return Object.fromEntries(
    Object.entries(DEFAULTS)
      .filter(([name, normal]) => typeof from[name] === typeof normal)
      .map(([name]) => [name, from[name]]),
  );
}

function stored(): Partial<Values> {
  try {
    return known(JSON.parse(localStorage.getItem(KEY) ?? "{}"));
  } catch {
    return {};
  }
}

export const settings = new Settings();
