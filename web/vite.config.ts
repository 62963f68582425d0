import { readFileSync } from "node:fs";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { svelteTesting } from "@testing-library/svelte/vite";
import type { Plugin } from "vite";
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

/**
 * Nearly everybody who comes is signed in, and what shows a room is named in the page: on a slow line it comes beside the first
 * script, not after it.
 *
 * The smallest of these scripts, the bundler's own, runs as soon as it is there. It has the browser look into its tables of
 * languages, which takes as long as drawing a screen of messages, while the others are on their way and the processor rests.
 */
const ahead: Plugin = {
  name: "ahead",
  apply: "build",
  renderChunk: (code, { name }) => (name === SMALLEST ? `${LOOK}${code}` : null),
  transformIndexHtml: {
    order: "post",
    handler(_html, { bundle = {} }) {
      const chunks = Object.values(bundle).filter((file) => file.type === "chunk");
      const there = new Set(chunks.filter((chunk) => chunk.isEntry).map((chunk) => chunk.fileName));
      const [scripts, styles] = [new Set<string>(), new Set<string>()];
      const add = (name: string) => {
        const chunk = chunks.find((one) => one.fileName === name);
        if (!chunk || there.has(name)) return;
        there.add(name);
        scripts.add(name);
        for (const style of chunk.viteMetadata?.importedCss ?? []) styles.add(style);
        for (const other of chunk.imports) add(other);
      };
      for (const chunk of chunks) if (chunk.name === "shell") add(chunk.fileName);
      const smallest = chunks.find((chunk) => chunk.name === SMALLEST)?.fileName ?? "";
      if (!scripts.delete(smallest)) throw new Error(`${SMALLEST} is not a script of its own any more`);
      const tag = (name: string, attrs: Record<string, string | boolean>) => ({
        tag: name,
        attrs: { ...attrs, crossorigin: "" },
        injectTo: "head" as const,
      });
      return [
        tag("script", { type: "module", async: true, src: `/${smallest}` }),
        ...[...scripts].map((name) => tag("link", { rel: "modulepreload", href: `/${name}` })),
        // Not only fetched: nothing has to be waited for once the script is there.
        ...[...styles].map((name) => tag("link", { rel: "stylesheet", href: `/${name}` })),
      ];
    },
  },
};
/**
 * What a lazy part needs besides its script, in the place of the bundler's own helper: that one remembers a stylesheet that could
 * not be fetched as one that is there, so that a part that was asked for while the line was gone stayed unstyled until a reload.
 */
const besides: Plugin = {
  name: "besides",
  apply: "build",
  enforce: "pre",
  transform: (_code, id) =>
    id === "\0vite/preload-helper.js" ? readFileSync("scripts/besides.js", "utf8") : undefined,
};
const SMALLEST = "rolldown-runtime";
const LOOK =
  'for(const l of["en",void 0])new Intl.DateTimeFormat(l,{hour:"numeric"}).format();new Intl.ListFormat("en");';

export default defineConfig({
  plugins: [svelte(), svelteTesting(), newForm, besides, ahead],
  build: {
    outDir: "dist",
    target: "es2023",
    assetsDir: "assets",
    // The policy of the page allows nothing inline, so nothing may be inlined as data.
    assetsInlineLimit: 0,
    // The polyfill is an inline-less script, but no browser that we support needs it. Of what a lazy part needs its styles are
    // named beforehand, and the one script that one waits for: the names of all would be 0.7 KB more in the first of them.
    modulePreload: {
      polyfill: false,
      resolveDependencies: (_file, deps) =>
        deps.filter((name) => name.endsWith(".css") || name.includes("/said-")),
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
            // What a page of messages needs to be drawn, once it has a link, a file, markup or a reply: in one piece, not several behind each other.
            { name: "said", test: /views\/(files\/code|room\/markup\/kit|room\/Lines\.svelte|threads\/kit)/ },
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
