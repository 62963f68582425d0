import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { svelteTesting } from "@testing-library/svelte/vite";
import { defineConfig } from "vitest/config";

// A server of one's own to develop against: PARLOUR=http://127.0.0.1:8090 npm run dev
const server = process.env.PARLOUR ?? "http://127.0.0.1:8080";

/** The modules that the page itself needs: what main.ts imports, and what those import. */
function base(build: { getModuleInfo(id: string): { importedIds: readonly string[] } | null }): Set<string> {
  const found = new Set<string>();
  const open = [fileURLToPath(new URL("src/main.ts", import.meta.url))];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    open.push(...(build.getModuleInfo(id)?.importedIds ?? []));
  }
  return found;
}
let known: Set<string> | undefined;

export default defineConfig({
  plugins: [svelte(), svelteTesting()],
  build: {
    outDir: "dist",
    target: "es2023",
    assetsDir: "assets",
    // The policy of the page allows nothing inline, so nothing may be inlined as data.
    assetsInlineLimit: 0,
    // The polyfill is an inline-less script, but no browser that we support needs it.
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        // One file for all of it: cut by who else uses what, it would become a dozen small ones that pack badly.
        codeSplitting: {
          groups: [
            {
              name(id, build) {
                known ??= base(build);
                return known.has(id) ? "base" : null;
              },
            },
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
