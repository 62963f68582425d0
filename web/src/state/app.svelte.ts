// The root: who I am, where this is, and starting and ending a session.
//   app.stage    "starting" · "away" (no answer from the server) · "signed-out" · "ready"
//   app.server   the community: name, join, setup (true while there is no owner yet: show the first-run screen)
//   app.me       me, while ready
// What one does about it, signing in and out among it, is in `accounts`.
import { router } from "../lib/router.svelte";
import { ApiError, api } from "../wire/api";
import type { Me, RoomsPage, Server } from "../wire/types";
import { feed } from "./feed.svelte";
import { rooms } from "./rooms.svelte";
import { DEFAULTS, settings } from "./settings.svelte";
import { Timeline } from "./timeline.svelte";

export type Stage = "starting" | "away" | "signed-out" | "ready";

class App {
  stage = $state<Stage>("starting");
  server = $state.raw<Server | null>(null);
  me = $derived(feed.me);
  /** My session ended, and not by my doing here. */
  ended = $state(false);
  /** I leave, here and now: the line may tell of it before the answer does. */
  leaving = false;
  /** Somebody was here in this page. */
  #used = false;

  /** Called once by main, and by "Try again" when the server did not answer. */
  async start(): Promise<void> {
    this.stage = "starting";
    feed.onSignedOut = () => this.signedOut(!this.leaving);
    feed.onServer = (change) => {
      if (this.server) this.server = { ...this.server, ...change };
    };
    // Asked side by side: on a slow line each answer takes as long as all of them.
    const { route } = router;
    if (route.name === "room") Timeline.ahead(route.room, route.seq);
    const [server, me, listed] = [api.get<Server>("server"), api.get<Me>("me"), rooms.first()];
    for (const answer of [me, listed]) answer.catch(() => undefined);
    try {
      this.server = await server;
      await this.enter(await me, listed);
    } catch (error) {
      if (error instanceof ApiError && error.code === "unauthenticated") this.stage = "signed-out";
      else this.stage = "away";
    }
  }

  /** With a session. */
  async enter(me: Me, listed?: Promise<RoomsPage>): Promise<void> {
    // Whoever signs in has none of the settings that lie in this browser from others.
    settings.fromAccount(listed ? me : { settings: { ...DEFAULTS, ...me.settings } });
    // Nor anything else that a page still holds of who was in it before, or asked for then.
    if (this.#used) {
      location.reload();
      return new Promise(() => undefined);
    }
    this.#used = true;
    await feed.start(me, listed);
    this.stage = "ready";
  }

  async signedOut(ended: boolean): Promise<void> {
    if (this.stage !== "ready") return;
    this.ended = ended;
    this.stage = "signed-out";
    await feed.stop();
    this.server = await api.get<Server>("server").catch(() => this.server);
  }
}

export const app = new App();
