// What programs really put on the clipboard, shortened where they repeat themselves.
import { expect, test } from "vitest";
import { fromRich } from "./rich";

const md = (html: string, plain = "something", language?: string) => fromRich(html, plain, language);

test("a word processor: emphasis, a title, and lists that are paragraphs", () => {
  const html = `<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word">
<head><meta http-equiv=Content-Type content="text/html; charset=utf-8"><meta name=Generator content="Microsoft Word 15">
<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><![endif]-->
<style><!-- p.MsoNormal {margin:0cm; font-family:"Calibri",sans-serif;} --></style></head>
<body lang=EN-GB style='tab-interval:36.0pt;word-wrap:break-word'><!--StartFragment-->
<h1>Plan for Friday<o:p></o:p></h1>
<p class=MsoNormal><span lang=EN-US>We <b>ship</b> on <i>Friday</i>, not <s>Thursday</s>.<o:p></o:p></span></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='font-family:Symbol;mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp; </span></span><![endif]>Bread</p>
<p class=MsoListParagraphCxSpMiddle style='margin-left:72.0pt;mso-list:l0 level2 lfo1'><![if !supportLists]><span
style='mso-list:Ignore'>o<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span><![endif]>of <b>rye</b></p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><![if !supportLists]><span
style='mso-list:Ignore'>1.<span style='font:7.0pt "Times New Roman"'>&nbsp; </span></span><![endif]>First</p>
<!--EndFragment--></body></html>`;
  expect(md(html)).toBe(
    "# Plan for Friday\n\nWe **ship** on *Friday*, not ~~Thursday~~.\n\n- Bread\n   - of **rye**\n1. First",
  );
});

test("a document of the web, all of which is wrapped in a bold that is none", () => {
  const html = `<meta charset='utf-8'><b style="font-weight:normal;" id="docs-internal-guid-1f"><p dir="ltr" style="line-height:1.38;"><span style="font-size:11pt;font-family:Arial,sans-serif;font-weight:400;font-style:normal;">Read </span><span style="font-weight:700;font-style:normal;">this</span><span style="font-weight:400;"> and </span><span style="font-weight:700;font-style:italic;">that</span></p><ul style="margin-top:0;"><li dir="ltr" style="list-style-type:disc;" aria-level="1"><p dir="ltr" role="presentation"><span style="font-weight:400;">one</span></p></li><ul><li dir="ltr" aria-level="2"><p dir="ltr" role="presentation"><span style="font-weight:400;">inner</span></p></li></ul><li dir="ltr" aria-level="1"><p><span>two</span></p></li></ul><p><a href="https://a.example/x" style="text-decoration:none;"><span style="color:#1155cc;text-decoration:underline;">the page</span></a></p></b><br class="Apple-interchange-newline">`;
  expect(md(html)).toBe(
    "Read **this** and ***that***\n\n- one\n   - inner\n- two\n\n[the page](https://a.example/x)",
  );
});

test("a spreadsheet: its rows and columns, numbers at their end", () => {
  const html = `<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><style><!--table {mso-displayed-decimal-separator:"\\.";} .xl65 {mso-number-format:"\\#\\,\\#\\#0";}--></style></head><body link="#0563C1">
<table border=0 cellpadding=0 cellspacing=0 width=192 style='border-collapse:collapse;width:144pt'>
<!--StartFragment-->
 <col width=64 span=3 style='width:48pt'>
 <tr height=20 style='height:15.0pt'>
  <td height=20 width=64 style='height:15.0pt;width:48pt'>What</td>
  <td width=64 style='width:48pt'>Cost</td>
  <td></td>
 </tr>
 <tr height=20>
  <td height=20>Rent | heat</td>
  <td align=right>1,200</td>
  <td></td>
 </tr>
 <tr height=20>
  <td height=20>Tea</td>
  <td align=right>35</td>
  <td></td>
 </tr>
<!--EndFragment-->
</table></body></html>`;
  expect(md(html, "What\tCost\t\nRent | heat\t1,200\t\nTea\t35\t")).toBe(
    "| What | Cost |\n| --- | ---: |\n| Rent \\| heat | 1,200 |\n| Tea | 35 |",
  );
});

test("a sheet of the web, and one cell of it, which is a text", () => {
  const sheet = (rows: string) =>
    `<google-sheets-html-origin><style type="text/css"><!--td {border: 1px solid #cccccc;}--></style><table xmlns="http://www.w3.org/1999/xhtml" dir="ltr" border="1" data-sheets-root="1"><colgroup><col width="100"/><col width="100"/></colgroup><tbody>${rows}</tbody></table>`;
  expect(
    md(
      sheet(
        '<tr style="height:21px;"><td style="font-weight:bold;">a</td><td style="font-weight:bold;">b</td></tr><tr><td>x</td><td>y</td></tr>',
      ),
    ),
  ).toBe("| a | b |\n| --- | --- |\n| x | y |");
  expect(md(sheet("<tr><td>alone</td></tr>"), "alone")).toBeUndefined();
});

const EDITOR = `<meta charset='utf-8'><div style="color: #cccccc;background-color: #1f1f1f;font-family: Consolas, 'Courier New', monospace;font-weight: normal;font-size: 14px;line-height: 19px;white-space: pre;"><div><span style="color: #569cd6;">const</span><span style="color: #cccccc;"> </span><span style="color: #4fc1ff;">a</span><span> = </span><span>1</span><span>;</span></div><div><span>b</span><span>(</span><span>a</span><span>);</span></div></div>`;

test("a code editor: colours are no markup; several lines are a block, one stands in a sentence", () => {
  expect(md(EDITOR, "const a = 1;\r\n  b(a);\r\n", "typescript")).toBe(
    "```typescript\nconst a = 1;\n  b(a);\n```\n",
  );
  expect(md(EDITOR, "const a = 1;", "typescript")).toBeUndefined();
  const other = `<html><head><meta http-equiv="content-type" content="text/html; charset=UTF-8"></head><body><pre style="background-color:#2b2b2b;color:#a9b7c6;font-family:'JetBrains Mono',monospace;font-size:9.8pt;"><span style="color:#cc7832;">fun </span>main() {<br>    run()<br>}</pre></body></html>`;
  expect(md(other, "fun main() {\n    run()\n}")).toBe("```\nfun main() {\n    run()\n}\n```\n");
});

test("a page: links, code, quotes, tasks, and code blocks among words", () => {
  const html = `<html><body>
<!--StartFragment--><h2 style="color: rgb(31, 35, 40);">How&nbsp;to</h2><p style="margin:0">Run <code>bin/run</code> and see <a href="https://a.example/docs(1)">the [docs]</a> or <a href="https://a.example/">https://a.example/</a>.</p><pre><code class="language-sh">bin/run --now
exit
</code></pre><blockquote><p>said</p><p>twice</p></blockquote><ul class="contains-task-list"><li class="task-list-item"><input type="checkbox" checked disabled> done</li><li><input type="checkbox"> open</li></ul><ol start="3"><li>three</li><li>four</li></ol><hr><p>end<!--EndFragment-->
</body></html>`;
  expect(md(html)).toBe(
    "## How to\n\nRun `bin/run` and see [the \\[docs\\]](https://a.example/docs%281%29) or https://a.example/.\n\n```\nbin/run --now\nexit\n```\n\n> said\n>\n> twice\n\n- [x] done\n- [ ] open\n3. three\n4. four\n\n---\n\nend",
  );
});

test("what only has colours and fonts is pasted as the text that it is", () => {
  expect(
    md(
      '<span style="color: rgb(0,0,0); font-family: Arial; font-weight: 400;">just words</span>',
      "just words",
    ),
  ).toBeUndefined();
  expect(md("<p>one</p><p>two</p>", "one\n\ntwo")).toBeUndefined();
  // A word out of a bold title, or out of code in a page, is a word.
  expect(md('<span style="font-weight: 700;">Title</span>', "Title")).toBeUndefined();
  expect(md("<code>cargo test</code>", "cargo test")).toBeUndefined();
  expect(md('<a href="https://a.example/x">https://a.example/x</a>', "https://a.example/x")).toBeUndefined();
  expect(md('<a href="https://a.example/x">Words</a>', "Words")).toBe("[Words](https://a.example/x)");
  expect(md("<img src=x>", "")).toBeUndefined();
});

test("signs that were signs stay signs", () => {
  expect(md("<p><b>2</b> * 3 * 4, snake_case_name, _private_, a || b || c, `tick`</p>")).toBe(
    "**2** \\* 3 \\* 4, snake_case_name, \\_private\\_, a \\|\\| b \\|\\| c, \\`tick\\`",
  );
  expect(md("<p><b>a</b></p><p># no title</p><p>1. no list</p><p>&gt; no quote</p>")).toBe(
    "**a**\n\n\\# no title\n\n1\\. no list\n\n\\> no quote",
  );
  expect(md("<p>a <b> spaced </b>b<b>c</b></p>")).toBe("a **spaced** b**c**");
  expect(md("<p><b>x</b> $5 and $6</p>")).toBe("**x** \\$5 and $6");
});

test("nothing that is hidden or runs comes along", () => {
  expect(
    md(
      '<p><b>a</b><script>alert("<b>x</b>")</script><style>p{}</style><span style="display:none">hidden</span><a href="javascript:alert(1)">b</a></p>',
    ),
  ).toBe("**a**b");
});

test("a broken or hostile clipboard ends soon", () => {
  const begun = performance.now();
  for (const html of [
    "<".repeat(50_000),
    `${"<b>".repeat(50_000)}deep`,
    '<a href="'.repeat(20_000),
    "<!--".repeat(50_000),
    "<td>".repeat(50_000),
    "&#1;".repeat(50_000),
    "<b>_</b>$`*".repeat(10_000),
  ])
    fromRich(html, "plain");
  expect(performance.now() - begun).toBeLessThan(5000);
  expect(fromRich(`<b>${"x".repeat(500_000)}</b>`, "plain")).toBeUndefined();
});
