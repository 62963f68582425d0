// Whether the threads are here yet: who they are, and how far I am in them, is no part of the first screen. What wants to
// show it reads `following.threads`, which is undefined until then.
import type { Threads } from "./threads.svelte";

class Following {
  threads = $state.raw<Threads | undefined>();

  async load(): Promise<Threads> {
    const { threads } = await import("./threads.svelte");
    this.threads = threads;
    // Where the line is gone, they come with it.
    await threads.start().catch(() => undefined);
    return threads;
  }
}

export const following = new Following();
