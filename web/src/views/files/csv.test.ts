import { expect, test } from "vitest";
import { parseTable } from "./csv";

test.each([
  [
    "a,b\n1,2\n",
    [
      ["a", "b"],
      ["1", "2"],
    ],
  ],
  [
    "a,b\r\n1,2",
    [
      ["a", "b"],
      ["1", "2"],
    ],
  ],
  [
    'a,"b, c"\n"say ""hi""",2',
    [
      ["a", "b, c"],
      ['say "hi"', "2"],
    ],
  ],
  ['"two\nlines",x', [["two\nlines", "x"]]],
  [
    "a;b\n1,5;2",
    [
      ["a", "b"],
      ["1,5", "2"],
    ],
  ],
  [
    "a\tb\n1\t2",
    [
      ["a", "b"],
      ["1", "2"],
    ],
  ],
  ["\u{feff}a,b", [["a", "b"]]],
  [
    "a,,c\n,,",
    [
      ["a", "", "c"],
      ["", "", ""],
    ],
  ],
  ['a,5" pipe', [["a", '5" pipe']]],
  ['"never closed,x', [["never closed,x"]]],
  ["", []],
  ["a\n\nb", [["a"], [""], ["b"]]],
])("%j", (text, rows) => expect(parseTable(text).rows).toEqual(rows));

test("no more rows than asked for, and it says whether there are more", () => {
  const text = (n: number) => Array.from({ length: n }, (_, i) => `${i},x`).join("\n");
  expect(parseTable(text(200)).more).toBe(false);
  const cut = parseTable(text(201));
  expect(cut.rows).toHaveLength(200);
  expect(cut.more).toBe(true);
});
