// What the page does beyond its own window: sounds, desktop notifications, the count in title and icon. Heard and shown by
// each room's level and my settings; of several tabs only one makes a sound.
import { paths, router } from "../lib/router.svelte";
import { app } from "../state/app.svelte";
import { feed } from "../state/feed.svelte";
import { live } from "../state/live.svelte";
import { people } from "../state/people.svelte";
import { reads } from "../state/reads.svelte";
import type { Room } from "../state/room.svelte";
import { rooms } from "../state/rooms.svelte";
import { self } from "../state/self.svelte";
import { settings } from "../state/settings.svelte";
import type { Event, EventOf, FileInfo } from "../wire/types";
import { words } from "../words/en";
import type { Light } from "./icon";
import { watchIdle } from "./idle";
import type { Sound } from "./sounds";
import { Tabs } from "./tabs";

/** A burst of one kind is one sound. */
const QUIET = 400;
const LONGEST = 180;

class Notifier {
  /** Says in a few words what a message says or has; set by whoever shows files. */
  about: (text: string, files: FileInfo[]) => Promise<string> = async () => "";
  #tabs = new Tabs();
  #last = new Map<Sound, number>();

  /** Called once, by main. */
  start(): void {
    feed.onEvent = (event) => this.#heard(event);
    feed.outbox.onSent = () => settings.soundSent && this.#sound("sent");
    watchIdle((away) => feed.away(away));
    addEventListener("online", () => live.check());
    document.addEventListener("visibilitychange", () => this.#turned());
    addEventListener("pagehide", () => reads.sendAgain());
    for (const kind of ["focus", "blur"]) addEventListener(kind, () => this.#look());
    $effect.root(() => {
      $effect(() => {
        void rooms.openId;
        this.#look();
      });
      $effect(() => this.#count());
    });
  }

  #turned(): void {
    this.#look();
    if (document.visibilityState !== "visible") return reads.sendAgain();
    // A machine that slept has a dead line and does not know it.
    live.check();
    void feed.outbox.adopt();
  }

  #look(): void {
    const visible = document.visibilityState === "visible" && document.hasFocus();
    this.#tabs.sees({ visible, room: rooms.openId });
  }

  #heard(event: Event): void {
    if (event.kind !== "message" || event.author === self.id || event.erased) return;
    if (event.thread !== undefined && !event.also) return;
    const room = rooms.get(event.room);
    if (!room || !this.#tabs.leads) return;
    const calls = event.everyone === true || (event.mentions ?? []).includes(self.id);
    if (room.level === "nothing" || (room.level === "mentions" && !calls)) return;
    if (settings.dnd || this.#tabs.seen(room.id)) return;
    if (calls ? settings.soundMention : settings.soundMessage) this.#sound(calls ? "mention" : "message");
    if (settings.desktop && !this.#tabs.visible) void this.#show(event, room);
  }

  #sound(sound: Sound): void {
    const now = Date.now();
    if (settings.dnd || now - (this.#last.get(sound) ?? 0) < QUIET) return;
    this.#last.set(sound, now);
    // Not part of the first screen. Without a line the next one will be heard.
    import("./sounds").then(({ play }) => play(sound)).catch(() => undefined);
  }

  async #show(event: EventOf<"message">, room: Room): Promise<void> {
    if (!("Notification" in globalThis) || Notification.permission !== "granted") return;
    const name = (await people.ask(event.author))?.name ?? words.room.somebody;
    const text = await this.about(event.text ?? "", event.files ?? []).catch(() => "");
    try {
      const note = new Notification(room.direct ? name : words.room.saysIn(name, room.title), {
        body: text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text,
        // The newest of a room takes the place of the one before.
        tag: `room ${room.id}`,
        icon: "/mark.svg",
        silent: true,
      });
      note.onclick = () => {
        focus();
        router.go(paths.message(room.id, event.seq));
        note.close();
      };
    } catch {
      // Phones want a service worker for this.
    }
  }

  #light: Light = "off";
  /** The tab's icon, drawn by code that comes when there is first something to draw. */
  #icon(light: Light): void {
    if (light === this.#light) return;
    this.#light = light;
    // By the time it is there another light may be on.
    import("./icon").then(({ showIcon }) => showIcon(this.#light)).catch(() => undefined);
  }

  #count(): void {
    if (app.stage !== "ready") {
      document.title = app.server?.name || "Parlour";
      return this.#icon("off");
    }
    // Whoever writes to me alone calls me.
    const calls = rooms.list
      .filter((room) => room.level !== "nothing")
      .reduce((sum, room) => sum + (room.direct && room.level === "all" ? room.unread : room.mentions), 0);
    const where = [rooms.open?.title, app.server?.name || "Parlour"].filter(Boolean).join(" · ");
    const sign = calls > 0 ? `(${calls > 999 ? "999+" : calls}) ` : rooms.unread > 0 ? "• " : "";
    document.title = sign + where;
    this.#icon(calls > 0 ? calls : rooms.unread > 0 ? "unread" : "off");
    const badge = calls > 0 ? navigator.setAppBadge?.(calls) : navigator.clearAppBadge?.();
    badge?.catch(() => undefined);
  }
}

export const notifier = new Notifier();
