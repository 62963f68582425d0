// Which of my tabs are alive, and which of them speaks for all. A tab holds a lock for as long as it lives, which the
// browser gives back however it ends. Pages without TLS have no locks: each tab then stands for itself alone.

const PREFIX = "parlour:tab:";
const LEADER = "parlour:leader";
const locks = (): LockManager | undefined => globalThis.navigator?.locks;

/** Resolves when the lock is held. */
export async function holdTab(id: string): Promise<void> {
  await hold(PREFIX + id);
}

/** Ids of the tabs that are alive; empty where that cannot be known. */
export async function tabsAlive(): Promise<Set<string>> {
  const state = await locks()?.query();
  const names = state?.held?.map((lock) => lock.name ?? "") ?? [];
  return new Set(names.filter((name) => name.startsWith(PREFIX)).map((name) => name.slice(PREFIX.length)));
}

/** Resolves when that tab is gone: its lock is then ours, for the moment that it takes to give it back. */
export async function tabGone(id: string): Promise<void> {
  await locks()?.request(PREFIX + id, () => undefined);
}

/** Calls back when this tab has become the one that makes the sounds; it stays so until it closes. Resolves when it is known
 *  whether it is that one now. */
export async function lead(mine: () => void): Promise<void> {
  if (await hold(LEADER, true)) return mine();
  void hold(LEADER).then(mine);
}

/** Resolves when the lock is held; with `now` at once, and false where another has it. */
function hold(name: string, now = false): Promise<boolean> {
  const manager = locks();
  if (!manager) return Promise.resolve(true);
  return new Promise((resolve) => {
    manager
      .request(name, { ifAvailable: now }, (lock) => {
        resolve(lock !== null);
        return lock && new Promise(() => undefined); // never given back by hand
      })
      .catch(() => resolve(true));
  });
}
