// Which of my tabs are alive, and which of them speaks for all. A tab holds a lock for as long as it lives, which the
// browser gives back however it ends. Pages without TLS have no locks: each tab then stands for itself alone.

const PREFIX = "parlour:tab:";
const LEADER = "parlour:leader";
const locks = (): LockManager | undefined => globalThis.navigator?.locks;

/** Resolves when the lock is held. */
export function holdTab(id: string): Promise<void> {
  return hold(PREFIX + id);
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

/** Calls back when this tab has become the one that makes the sounds; it stays so until it closes. */
export function lead(mine: () => void): void {
  if (locks()) void hold(LEADER).then(mine);
  else mine();
}

function hold(name: string): Promise<void> {
  const manager = locks();
  if (!manager) return Promise.resolve();
  return new Promise((resolve) => {
    manager
      .request(name, () => {
        resolve();
        return new Promise(() => undefined); // never given back by hand
      })
      .catch(() => resolve());
  });
}
