import { expect, test } from "vitest";
import { type Change, type Format, fenceAt, format, goOn, holds, linked, type Spot } from "./format";

/** `[` and `]` of ours: what is selected stands between « and », the caret is ¦. */
function spot(marked: string): Spot {
  if (marked.includes("¦")) {
    const at = marked.indexOf("¦");
    return { text: marked.replace("¦", ""), from: at, to: at };
  }
  const from = marked.indexOf("«");
  return { text: marked.replace(/[«»]/g, ""), from, to: marked.indexOf("»") - 1 };
}
function after({ text }: Spot, change: Change): string {
  const now = text.slice(0, change.from) + change.put + text.slice(change.to);
  const [from, to] = change.select;
  return from === to
    ? `${now.slice(0, from)}¦${now.slice(from)}`
    : `${now.slice(0, from)}«${now.slice(from, to)}»${now.slice(to)}`;
}
const press = (kind: Format, marked: string) => after(spot(marked), format(kind, spot(marked)));

test.each<[Format, string, string]>([
  ["bold", "say «this» now", "say **«this»** now"],
  ["bold", "say« this »now", "say **«this»** now"],
  ["bold", "say ¦", "say **¦**"],
  ["bold", "he¦llo", "**he¦llo**"],
  ["italic", "«a»", "*«a»*"],
  ["strike", "«a»", "~~«a»~~"],
  ["spoiler", "«who did it»", "||«who did it»||"],
  ["code", "«a»", "`«a»`"],
  ["code", "«a`b»", "`` «a`b» ``"],
  ["italic", "**«a»**", "***«a»***"],
  ["bold", "*«a»*", "***«a»***"],
])("%s puts its signs around %s", (kind, marked, want) => {
  expect(press(kind, marked)).toBe(want);
  // And the same press takes them away.
  if (marked.includes("«")) {
    const again = spot(want);
    expect(holds(kind, again)).toBe(true);
    expect(after(again, format(kind, again)).replace(/[«»]/g, "")).toBe(marked.replace(/[«»]/g, ""));
  }
});

test.each<[Format, string, string]>([
  ["bold", "a **b¦c** d", "a b¦c d"],
  ["bold", "«**bc**»", "«bc»"],
  ["bold", "__«bc»__", "«bc»"],
  ["bold", "a **¦** d", "a ¦ d"],
  ["italic", "***«a»***", "**«a»**"],
  ["italic", "_a¦b_", "a¦b"],
  ["bold", "***«a»***", "*«a»*"],
  ["code", "`a¦b`", "a¦b"],
  ["strike", "~~a¦b~~", "a¦b"],
])("%s takes its signs away from %s", (kind, marked, want) => {
  expect(press(kind, marked)).toBe(want);
});

test("a word with signs of its own is no emphasis", () => {
  expect(holds("italic", spot("snake_ca¦se_name"))).toBe(false);
  expect(holds("italic", spot("**bo¦ld**"))).toBe(false);
  expect(holds("bold", spot("*a¦b*"))).toBe(false);
  expect(holds("italic", spot("2 * 3¦ * 4"))).toBe(false);
});

test("over several lines each has its own signs, and marks of a list stay outside", () => {
  expect(press("bold", "«- a\n- b»")).toBe("«- **a**\n- **b**»");
  expect(press("bold", "«- **a**\n- **b**»")).toBe("«- a\n- b»");
  expect(press("code", "«a\nb»")).toBe("```\n«a\nb»\n```");
});

test.each<[Format, string, string]>([
  ["list", "¦", "- ¦"],
  ["list", "a¦b", "- a¦b"],
  ["list", "«a\nb»\nc", "«- a\n- b»\nc"],
  ["list", "x\n«a\n»b", "x\n«- a»\nb"],
  ["numbers", "«a\n\nb»", "«1. a\n\n2. b»"],
  ["tasks", "«- a\n- b»", "«- [ ] a\n- [ ] b»"],
  ["list", "«1. a\n2. b»", "«- a\n- b»"],
  ["list", "«- a\n- b»", "«a\nb»"],
  ["tasks", "- [x] a¦", "a¦"],
  ["quote", "«a\n\nb»", "«> a\n>\n> b»"],
  ["quote", "«> a\n> b»", "«a\nb»"],
  ["list", "> a¦", "> - a¦"],
])("%s makes of %s", (kind, marked, want) => {
  expect(press(kind, marked)).toBe(want);
});

test.each([
  ["say «let a = 1;» now", "say \n```\n«let a = 1;»\n```\n now"],
  ["¦", "```\n¦\n```"],
  ["«a\n```\nb»", "````\n«a\n```\nb»\n````"],
  ["x\n```js\na¦b\n```\ny", "x\n«ab»\ny"],
])("a block of code around %s", (marked, want) => {
  expect(press("block", marked)).toBe(want);
});

test.each([
  ["see «the docs» now", "see [the docs](«https://») now"],
  ["«https://a.example»", "[¦](https://a.example)"],
  ["¦", "[¦]()"],
  ["see [the d¦ocs](https://a.example/x_(y)) now", "see «the docs» now"],
])("a link of %s", (marked, want) => {
  expect(press("link", marked)).toBe(want);
});

test("an address pasted over words becomes their link, and over nothing else", () => {
  const url = "https://a.example/x_(y)";
  const at = (marked: string, pasted = url) => {
    const change = linked(spot(marked), pasted);
    return change && after(spot(marked), change);
  };
  expect(at("see «the [docs]» now")).toBe("see [the \\[docs\\]](https://a.example/x_%28y%29)¦ now");
  expect(at("see ¦ now")).toBeUndefined();
  expect(at("«a\nb»")).toBeUndefined();
  expect(at("«https://b.example»")).toBeUndefined();
  expect(at("«words»", "no address")).toBeUndefined();
  expect(at("«words»", "javascript:alert(1)")).toBeUndefined();
  expect(at("```\n«words»\n```")).toBeUndefined();
});

test.each([
  ["- a¦", "- a\n- ¦"],
  ["- a\n- ¦", "- a\n¦"],
  ["9. a¦", "9. a\n10. ¦"],
  ["3) a¦", "3) a\n4) ¦"],
  ["- [x] a¦", "- [x] a\n- [ ] ¦"],
  ["  * a¦ b", "  * a\n  * ¦ b"],
  ["> a¦", "> a\n> ¦"],
  ["> a\n> ¦", "> a\n¦"],
  ["> - a¦", "> - a\n> - ¦"],
  ["> - ¦", "> ¦"],
  ["```\n  a¦\n```", "```\n  a\n  ¦\n```"],
  ["```js¦", "```js\n¦"],
])("the next line after %s", (marked, want) => {
  const change = goOn(spot(marked));
  expect(change && after(spot(marked), change)).toBe(want);
});

test("elsewhere a new line is the field's own", () => {
  for (const marked of ["a¦", "¦", "  a¦", "-a¦", "2026 was¦ good"])
    expect(goOn(spot(marked))).toBeUndefined();
});

test("a place is inside a block of code or not", () => {
  const inside = (marked: string) => fenceAt(spot(marked).text, spot(marked).from) !== undefined;
  expect(inside("```¦")).toBe(true);
  expect(inside("```\na¦")).toBe(true);
  expect(inside("```\na\n¦```")).toBe(true);
  expect(inside("```\na\n```¦")).toBe(false);
  expect(inside("¦```\na\n```")).toBe(false);
  expect(inside("```\na\n```\nb¦")).toBe(false);
  expect(inside("```a``` b¦")).toBe(false);
  expect(inside("~~~\n```\n¦")).toBe(true);
});
