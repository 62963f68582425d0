import { svelte } from "@sveltejs/vite-plugin-svelte";
import { svelteTesting } from "@testing-library/svelte/vite";
import { defineConfig } from "vitest/config";

// A server of one's own to develop against: PARLOUR=http://127.0.0.1:8090 npm run dev
const server = process.env.PARLOUR ?? "http://127.0.0.1:8080";

/** The highlighter's core is the only module here in the old form, whose helpers every page would carry from its first screen. */
const newForm = {
  name: "new-form",
  apply: "build" as const,
  transform(code: string, id: string) {
    if (!id.endsWith("/highlight.js/lib/core.js")) return undefined;
    return code.replace("module.exports = highlight;", "export default highlight;");
  },
};

export default defineConfig({
  plugins: [svelte(), svelteTesting(), newForm],
  build: {
    outDir: "dist",
    target: "es2023",
    assetsDir: "assets",
    // The policy of the page allows nothing inline, so nothing may be inlined as data.
    assetsInlineLimit: 0,
    // The polyfill is an inline-less script, but no browser that we support needs it. Of what a lazy part needs only its
    // styles are named beforehand: the names of all scripts would be 0.7 KB more in the first of them.
    modulePreload: {
      polyfill: false,
      resolveDependencies: (_file, deps) => deps.filter((name) => name.endsWith(".css")),
    },
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        // What every page begins with is one file: cut up by who else wants a part of it, it packs worse, by 2 KB of 60.
        // So is what somebody who is signed in begins with, whatever the lazy parts share with it.
        codeSplitting: {
          groups: [
            { name: "index", tags: ["$initial"], priority: 2 },
            { name: "shell", test: /views\/shell\/Shell\.svelte$/, priority: 1 },
          ],
        },
      },
    },
  },
  server: {
    proxy: {
      "/api": { target: server, ws: true, changeOrigin: false },
    },
  },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.ts"],
    restoreMocks: true,
  },
});
