import { expect, test } from "vitest";
import { type Node, readMarkup } from "./markup";

/** The tree in short: `p(a strong(b))`. */
function short(nodes: readonly Node[] | undefined): string | undefined {
  return nodes?.map((node) => (typeof node === "string" ? node : shortOf(node))).join("|");
}
function shortOf(node: Exclude<Node, string>): string {
  const { tag, ...rest } = node as { tag: string; children?: Node[] };
  const { children, ...more } = rest;
  const told = Object.keys(more).length > 0 ? JSON.stringify(more) : "";
  return `${tag}${told}${children ? `(${short(children)})` : ""}`;
}
const read = (html: string) => short(readMarkup(html));

test("words, emphasis and line breaks become a tree", () => {
  expect(read("<p>one <strong>two <em>three</em></strong> <del>four</del><br />\nfive</p>\n")).toBe(
    "p(one |strong(two |em(three))| |del(four)|br|five)",
  );
  expect(read("<h2>Title</h2>\n<hr />\n<p>a</p>\n")).toBe('h{"level":2}(Title)|hr|p(a)');
});

test("entities are what they stand for, once", () => {
  expect(read("<p>&lt;script&gt; &amp;amp; &quot;q&quot; &#39; &#x1F600; &unknown; &#0; &#xD800;</p>")).toBe(
    'p(<script> &amp; "q" \' 😀 &unknown; \ufffd \ufffd)',
  );
});

test("lists, tasks, quotes and tables keep no line breaks of the markup", () => {
  expect(read("<ul>\n<li>a\n<ul>\n<li>b</li>\n</ul>\n</li>\n<li>\n<p>c</p>\n</li>\n</ul>")).toBe(
    "ul(li(a|ul(li(b)))|li(p(c)))",
  );
  expect(read('<ol start="3">\n<li>x</li>\n</ol>')).toBe('ol{"start":3}(li(x))');
  expect(
    read(
      '<ul>\n<li><input type="checkbox" disabled="" checked="" /> done</li>\n<li><input type="checkbox" disabled=""> open</li></ul>',
    ),
  ).toBe('ul(li{"done":true}(done)|li{"done":false}(open))');
  expect(read('<ul><li>\n<p><input type="checkbox" disabled="" /> loose</p>\n</li></ul>')).toContain(
    'li{"done":false}',
  );
  expect(read("<blockquote>\n<p>q</p>\n</blockquote>")).toBe("blockquote(p(q))");
  expect(
    read(
      '<table>\n<thead>\n<tr>\n<th align="right">n</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td align="evil">1</td></tr></tbody></table>',
    ),
  ).toBe('table(thead(tr(th{"align":"end"}(n)))|tbody(tr(td(1))))');
});

test("code and maths are text, with what they are written in", () => {
  expect(read('<pre><code class="language-rust">let a = &amp;b;\n</code></pre>')).toBe(
    'pre{"language":"rust","text":"let a = &b;\\n"}',
  );
  expect(read("<p><code>a  b</code></p>")).toBe('p(code{"text":"a  b"})');
  expect(read('<p><span class="math">x^2</span></p><div class="math">\\int &lt; 1</div>')).toBe(
    'p(math{"tex":"x^2","block":false})|math{"tex":"\\\\int < 1","block":true}',
  );
  expect(read('<p><span class="spoiler">it was <em>him</em></span></p>')).toBe("p(spoiler(it was |em(him)))");
});

test("a link leads to the web or to a letter, and to nothing else", () => {
  expect(read('<p><a href="https://a.example/?a=1&amp;b=2" rel="nofollow">a</a></p>')).toBe(
    'p(a{"href":"https://a.example/?a=1&b=2"}(a))',
  );
  expect(read('<p><a href="mailto:ana@a.example">write</a></p>')).toBe(
    'p(a{"href":"mailto:ana@a.example"}(write))',
  );
  for (const evil of [
    "javascript:alert(1)",
    "java&#10;script:alert(1)",
    " &#x1;javascript:alert(1)",
    "data:text/html,x",
    "//evil.example",
    "/api/v1/logout",
    "https://bank.example@evil.example/",
    "vbscript:x",
    "",
  ])
    expect(read(`<p><a href="${evil}">click <em>me</em></a></p>`)).toBe("p(click |em(me))");
});

test("attributes that are not ours are dropped", () => {
  expect(read('<p onclick="alert(1)" style="position:fixed" id="x">a</p>')).toBe("p(a)");
  expect(read('<p><span class="evil" onmouseover="x">a</span>b</p>')).toBe("p(ab)");
});

test("whatever is not exactly the markup that we know is no markup", () => {
  for (const html of [
    "<script>alert(1)</script>",
    "<p><img src=x onerror=alert(1)></p>",
    "<svg><a></a></svg>",
    "<p>a",
    "a</p>",
    "<p><em>a</p></em>",
    "<p>a < b</p>",
    "<!-- a -->",
    "<p class=a>b</p>",
    "<P>a</P>",
    "<iframe></iframe>",
    '<p><input type="password" /></p>',
    '<blockquote><input type="checkbox" /></blockquote>',
    "<pre>a</pre>",
    "<p><code><em>a</em></code></p>",
    "<div>a</div>",
    '<p title="a>b</p>',
  ])
    expect(readMarkup(html), html).toBeUndefined();
});

test("what is too deep or too much is no markup either, and costs no time", () => {
  const deep = (n: number) => `${"<blockquote>".repeat(n)}<p>a</p>${"</blockquote>".repeat(n)}`;
  expect(readMarkup(deep(30))).toBeDefined();
  expect(readMarkup(deep(100))).toBeUndefined();
  expect(readMarkup(`<p>${"<em>a</em>".repeat(5000)}</p>`)).toBeUndefined();
  const begun = performance.now();
  for (const hostile of [
    "<p ".repeat(60_000),
    "<p a=".repeat(60_000),
    "&#".repeat(90_000),
    `<p${" a".repeat(90_000)}`,
  ])
    readMarkup(hostile);
  expect(performance.now() - begun).toBeLessThan(500);
});
