// The line between a page and its server, in a test's hands: held back, cut, let go.
import { whole } from "./whole.js";

/**
 * Call before the page is opened. `hold()` keeps back what the server says until `release()`. `cut()` closes the
 * sockets and lets no request through until `mend()`, as when a cable is pulled under pages that are all there.
 */
export async function line(context) {
  let held = null;
  const open = new Set();
  await context.routeWebSocket(/\/api\/v1\/live/, (page) => {
    const server = page.connectToServer();
    open.add(page);
    server.onMessage((text) => {
      if (held) held.push(() => page.send(text));
      else page.send(text);
    });
    page.onMessage((text) => server.send(text));
    page.onClose(() => open.delete(page));
  });
  return {
    hold() {
      held = [];
    },
    release() {
      const waiting = held ?? [];
      held = null;
      for (const send of waiting) send();
    },
    async cut() {
      for (const page of context.pages()) await whole(page);
      await context.setOffline(true);
      for (const page of open) await page.close({ code: 4000, reason: "cut" }).catch(() => {});
    },
    async mend() {
      await context.setOffline(false);
    },
  };
}
