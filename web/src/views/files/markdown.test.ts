import { describe, expect, test } from "vitest";
import { blocks, runs } from "./markdown";

const text = (text: string) => ({ kind: "text", text });

describe("blocks", () => {
  test("headings, paragraphs, lists, quotes, code", () => {
    const written = [
      "# Title #",
      "Two lines",
      "of one paragraph.",
      "",
      "- one",
      "  - two",
      "3. three",
      "",
      "> said",
      "> before",
      "```js",
      "# no heading",
      "```",
      "---",
      "end",
    ].join("\n");
    expect(blocks(written)).toEqual([
      { kind: "heading", level: 1, runs: [text("Title")] },
      { kind: "text", runs: [text("Two lines\nof one paragraph.")] },
      { kind: "item", depth: 0, sign: "•", runs: [text("one")] },
      { kind: "item", depth: 1, sign: "•", runs: [text("two")] },
      { kind: "item", depth: 0, sign: "3.", runs: [text("three")] },
      { kind: "quote", runs: [text("said\nbefore")] },
      { kind: "code", text: "# no heading", lang: "js" },
      { kind: "rule" },
      { kind: "text", runs: [text("end")] },
    ]);
  });
  test("a fence that is never closed runs to the end", () => {
    expect(blocks("```\na\nb")).toEqual([{ kind: "code", text: "a\nb", lang: "" }]);
  });
  test("HTML stays text", () => {
    expect(blocks("<img src=x onerror=alert(1)>")).toEqual([
      { kind: "text", runs: [text("<img src=x onerror=alert(1)>")] },
    ]);
  });
});

test.each([
  "# ".padEnd(65_000),
  `# ${" #".repeat(32_000)}x`,
  "[".repeat(65_000),
  "* ".repeat(32_000),
  "_a".repeat(32_000),
  "- ".repeat(32_000),
])("a line made to take long takes no time (%#)", (line) => {
  const start = performance.now();
  blocks(line);
  expect(performance.now() - start).toBeLessThan(1000);
});

describe("runs", () => {
  test.each([
    ["a **b** c", [text("a "), { kind: "strong", text: "b" }, text(" c")]],
    [
      "*a* _b_ ~~c~~",
      [
        { kind: "em", text: "a" },
        text(" "),
        { kind: "em", text: "b" },
        text(" "),
        { kind: "strike", text: "c" },
      ],
    ],
    ["snake_case_name", [text("snake_case_name")]],
    ["2 * 3 * 4", [text("2 * 3 * 4")]],
    ["`**x**`", [{ kind: "code", text: "**x**" }]],
    ["[here](https://example.org/a)", [{ kind: "link", text: "here", href: "https://example.org/a" }]],
    [
      "[https://bank.example](https://evil.example/)",
      [{ kind: "link", text: "https://bank.example (evil.example)", href: "https://evil.example/" }],
    ],
    [
      "[example.org](https://example.org/)",
      [{ kind: "link", text: "example.org", href: "https://example.org/" }],
    ],
    [
      "see https://example.org.",
      [text("see "), { kind: "link", text: "https://example.org", href: "https://example.org/" }, text(".")],
    ],
  ])("%s", (written, asked) => expect(runs(written)).toEqual(asked));

  test.each(["javascript:alert(1)", "data:text/html,x", "/r/7/3", "https://bank@evil.example/"])(
    "%s is no link",
    (href) => expect(runs(`[x](${href})`).every((run) => run.kind !== "link")).toBe(true),
  );
});
