// What the page does beyond its own window: sounds, desktop notifications, the count in title and icon. What of it is heard and shown is
// judged in heard.ts; of several tabs only one makes a sound.
import { router } from "../lib/router.svelte";
import { app } from "../state/app.svelte";
import { feed } from "../state/feed.svelte";
import { following } from "../state/following.svelte";
import { live } from "../state/live.svelte";
import { reads } from "../state/reads.svelte";
import { rooms } from "../state/rooms.svelte";
import { words } from "../words/en";
import type { Light } from "./icon";
import { watchIdle } from "./idle";

/** Not part of the first screen. Without a line the next one will be heard. */
const ears = () => import("./heard");

class Notifier {
  /** Called once, by main. */
  start(): void {
    feed.onEvent = (event) =>
      void ears().then(
        ({ heard }) => heard(event),
        () => undefined,
      );
    feed.outbox.onSent = () =>
      void ears().then(
        ({ sent }) => sent(),
        () => undefined,
      );
    watchIdle((away) => feed.away(away));
    addEventListener("online", () => live.check());
    document.addEventListener("visibilitychange", () => this.#turned());
    addEventListener("pagehide", () => reads.sendAgain());
    $effect.root(() => {
      $effect(() => this.#count());
    });
  }

  #turned(): void {
    if (document.visibilityState !== "visible") {
      void following.threads?.tellNow();
      return reads.sendAgain();
    }
    // A machine that slept has a dead line and does not know it.
    live.check();
    void feed.outbox.adopt();
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
    const threads = following.threads;
    const all = calls + (threads?.calls ?? 0);
    const lit = rooms.unread > 0 || threads?.lit;
    const page = (words.shell.pages as Partial<Record<string, string>>)[router.route.name];
    const where = [rooms.open?.title ?? page, app.server?.name || "Parlour"].filter(Boolean).join(" · ");
    const sign = all > 0 ? `(${all > 999 ? "999+" : all}) ` : lit ? "• " : "";
    document.title = sign + where;
    this.#icon(all > 0 ? all : lit ? "unread" : "off");
    this.#badge(all);
  }

  #badged = -1;
  #badge(all: number): void {
    if (all === this.#badged) return;
    this.#badged = all;
    const badge = all > 0 ? navigator.setAppBadge?.(all) : navigator.clearAppBadge?.();
    badge?.catch(() => undefined);
  }
}

export const notifier = new Notifier();
