/** How long a page may take to show something. Generous, since test machines are slow; nothing waits this long. */
export const PATIENCE = 20_000;

/** Waits until `check` no longer throws, and answers what it answers. */
export async function eventually(check, patience = PATIENCE) {
  const until = Date.now() + patience;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > until) throw error;
      await new Promise((go) => setTimeout(go, 30));
    }
  }
}
