import { expect, test } from "vitest";
import { glance } from "./glance";

test.each([
  ["plain, 2 * 3 * 4, snake_case and a || b", "plain, 2 * 3 * 4, snake_case and a || b"],
  ["It was ||the gardener||!", "It was ▒▒▒▒!"],
  ["||a **b** c||", "▒▒▒▒"],
  ["# Title\n**We** *ship* ~~not~~ `now`", "Title\nWe ship not now"],
  ["see [the docs](https://a.example/x)", "see the docs"],
  ["- [x] done\n- open", "done\n- open"],
  ["```rust\nlet a = 1;\n```", "let a = 1;"],
  ["| a | b |\n|---|--:|\n| 1 | 2 |", "| a | b |\n| 1 | 2 |"],
  ["***both***", "both"],
  ["_so_ it is, __init__ too, but a_b_c not", "so it is, init too, but a_b_c not"],
  ["> it was so\n>> or so\n2 > 1", "it was so\nor so\n2 > 1"],
])("%j is hinted at as %j", (text, want) => expect(glance(text)).toBe(want));

test("a hostile text is hinted at soon", () => {
  const begun = performance.now();
  for (const text of [
    "||".repeat(9000),
    "*a".repeat(9000),
    "_a".repeat(9000),
    " _".repeat(9000),
    "> ".repeat(9000),
    "[".repeat(9000),
    "|-".repeat(9000),
    "`".repeat(9000),
  ])
    glance(text);
  expect(performance.now() - begun).toBeLessThan(300);
});
