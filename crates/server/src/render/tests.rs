//! What a text becomes, as tables.

use super::{fuzz, page, render, source};
use protocol::mention::Calls;

const MOST: usize = 16 << 10;

#[track_caller]
fn check(text: &str, html: &str) {
    let rendered = render(text, MOST).html;
    assert_eq!(rendered.as_deref(), Some(html), "{text:?}");
    fuzz::check(html);
}

#[track_caller]
fn plain(text: &str) {
    assert_eq!(render(text, MOST).html, None, "{text:?}");
}

/// The anchor that leads there.
fn a(href: &str, words: &str) -> String {
    format!("<a href=\"{href}\" rel=\"noopener noreferrer nofollow\">{words}</a>")
}

#[test]
fn what_is_no_more_than_text_has_no_markup() {
    for text in [
        "",
        "hello",
        "two\nlines",
        "two\n\n\nparagraphs\n",
        "  indented a little",
        "    four spaces are no code\n    here",
        "\ta tab neither",
        "see https://a.example/x, and http://b.example.",
        "https://en.example/wiki/A_(b)_c and https://x.example/__init__.py",
        "https://x.example/*a*/~b~",
        "@_ana_ @a_b_ @ana: hi",
        "a * b * c, 2 * 3",
        "snake_case_name and another_one_",
        "$5 and $10",
        "$5-$10",
        "US$5, A$6, 7$ and 8$",
        "$HOME/bin:$PATH",
        "~5 minutes, ~6",
        "~one tilde~",
        "a || b || c",
        "|| |||| |||x|||",
        "<b>bold</b> <!-- no",
        "<script>alert(1)</script>",
        "a < b > c & d \"e\" 'f'",
        "[note]: this line stays",
        "[^1] [a] [a][b] [x]",
        "[x](javascript:alert(1))",
        "![x](data:image/png;base64,AAAA)",
        "[a](relative/path.md)",
        "-",
        "*",
        "#",
        ">",
        "1.",
        "```",
        "#room is no heading",
        "+1",
        ":shed: :-) >:",
        "Foo:\n-",
        "Hello\n=====",
        "\u{FDD0}**a**",
    ] {
        plain(text);
    }
}

#[test]
fn words_are_marked() {
    check("**bold** *it* _it_ ~~gone~~", "<p><strong>bold</strong> <em>it</em> <em>it</em> <del>gone</del></p>");
    check("***both***", "<p><em><strong>both</strong></em></p>");
    check("a\n**b**", "<p>a<br><strong>b</strong></p>");
    check("a\\\n*b*  \nc", "<p>a<br><em>b</em><br>c</p>");
    check("`a < b` ``x`y``", "<p><code>a &lt; b</code> <code>x`y</code></p>");
    check("*a*\n\nb", "<p><em>a</em></p><p>b</p>");
    check("# One\ntext\n### Three #", "<h1>One</h1><p>text</p><h3>Three</h3>");
    check("a\n\n---\nb", "<p>a</p><hr><p>b</p>");
    check("a\n---\nb", "<p>a</p><hr><p>b</p>");
    check("*a*\n--", "<p><em>a</em><br>--</p>");
}

#[test]
fn signs_can_be_taken_literally() {
    check("\\*a\\*", "<p>*a*</p>");
    check("&lt;b&gt; &copy; &#x41;", "<p>&lt;b&gt; © A</p>");
    check("<b>*x*</b>", "<p>&lt;b&gt;<em>x</em>&lt;/b&gt;</p>");
    check("<div>\n*x*", "<p>&lt;div&gt;<br><em>x</em></p>");
    check("*a* & \"b\" 'c'", "<p><em>a</em> &amp; &quot;b&quot; &#39;c&#39;</p>");
    check("[a]: *b*", "<p>[a]: <em>b</em></p>");
    check("~a~ *b*", "<p>~a~ <em>b</em></p>");
}

#[test]
fn code_keeps_its_lines_and_knows_its_language() {
    check("```\na\n  b\n```", "<pre><code>a\n  b</code></pre>");
    check("~~~ Rust extra\nlet a;\n~~~", "<pre><code class=\"language-rust\">let a;</code></pre>");
    check("```c++\nx", "<pre><code class=\"language-c++\">x</code></pre>");
    check("```\"><script>\nx\n```", "<pre><code>x</code></pre>");
    check(&format!("```{}\nx\n```", "a".repeat(21)), "<pre><code>x</code></pre>");
    check("a\n```\n> b\nc\n```", "<p>a</p><pre><code>&gt; b\nc</code></pre>");
    check(
        "```\n@ana_b_ <b> https://x.example/_a_ [a]: ||\n```",
        "<pre><code>@ana_b_ &lt;b&gt; https://x.example/_a_ [a]: ||</code></pre>",
    );
}

#[test]
fn lists_and_quotes_end_with_their_lines() {
    check("- a\n- b", "<ul><li>a</li><li>b</li></ul>");
    check("- a\nthanks", "<ul><li>a</li></ul><p>thanks</p>");
    check("- a\n  more", "<ul><li>a<br>more</li></ul>");
    check("1. a\n2. b\n   - c", "<ol><li>a</li><li>b<ul><li>c</li></ul></li></ol>");
    check("7) a", "<ol start=\"7\"><li>a</li></ol>");
    check("- a\n\n- b", "<ul><li><p>a</p></li><li><p>b</p></li></ul>");
    check("> a\nb", "<blockquote><p>a</p></blockquote><p>b</p>");
    check("> a\n> b\n\nc", "<blockquote><p>a<br>b</p></blockquote><p>c</p>");
    check("> a\n> > b", "<blockquote><p>a</p><blockquote><p>b</p></blockquote></blockquote>");
    check("> - a\n> - b", "<blockquote><ul><li>a</li><li>b</li></ul></blockquote>");
    check(
        "- [ ] a\n- [x] *b*",
        "<ul><li><input type=\"checkbox\" disabled> a</li><li><input type=\"checkbox\" disabled checked> <em>b</em></li></ul>",
    );
}

#[test]
fn tables_have_the_cells_that_were_written() {
    check(
        "| a | b |\n|:--|--:|\n| 1 | `|` |\n| 2 |",
        "<table><thead><tr><th align=\"left\">a</th><th align=\"right\">b</th></tr></thead>\
         <tbody><tr><td align=\"left\">1</td><td align=\"right\">`</td></tr><tr><td align=\"left\">2</td></tr></tbody></table>",
    );
    check(
        "a|b\n-|:-:\n\\||*c*",
        "<table><thead><tr><th>a</th><th align=\"center\">b</th></tr></thead>\
         <tbody><tr><td>|</td><td align=\"center\"><em>c</em></td></tr></tbody></table>",
    );
    check("|a|\n|-|", "<table><thead><tr><th>a</th></tr></thead></table>");
}

#[test]
fn spoilers_hide_what_stands_between_them() {
    check("||boo||", "<p><span class=\"spoiler\">boo</span></p>");
    check("a ||**b** `c`\nd|| e", "<p>a <span class=\"spoiler\"><strong>b</strong> <code>c</code><br>d</span> e</p>");
    check("||a|| ||b||", "<p><span class=\"spoiler\">a</span> <span class=\"spoiler\">b</span></p>");
    check("**||a||**", "<p><strong><span class=\"spoiler\">a</span></strong></p>");
    check(
        "||https://x.example/a_b||",
        &format!("<p><span class=\"spoiler\">{}</span></p>", a("https://x.example/a_b", "https://x.example/a_b")),
    );
    // It begins and ends in one element, and an escaped sign is none.
    check("**a||b** c||", "<p><strong>a||b</strong> c||</p>");
    check("\\||a||", "<p>||a||</p>");
    check("\\|\\|a||", "<p>||a||</p>");
    check("&#124;&#124;a||", "<p>||a||</p>");
    check("`||`a||", "<p><code>||</code>a||</p>");
    check("\\\\||a||", "<p>\\<span class=\"spoiler\">a</span></p>");
}

#[test]
fn maths_is_told_from_prices() {
    check("so $x_1 < 2$ holds", "<p>so <span class=\"math\">x_1 &lt; 2</span> holds</p>");
    check("$$x^2$$", "<div class=\"math\">x^2</div>");
    check("a\n$$x$$\nb", "<p>a</p><div class=\"math\">x</div><p>b</p>");
    check("**a $$x$$**", "<p><strong>a <span class=\"math\">x</span></strong></p>");
    check("- $$x$$", "<ul><li><div class=\"math\">x</div></li></ul>");
    check("# $$x$$", "<h1><span class=\"math\">x</span></h1>");
    check("*a* $5-$10", "<p><em>a</em> $5-$10</p>");
    check("$a$, $b$", "<p><span class=\"math\">a</span>, <span class=\"math\">b</span></p>");
}

#[test]
fn links_lead_where_they_say() {
    let x = "https://x.example/";
    check("[a](https://x.example)", &format!("<p>{}</p>", a(x, "a")));
    check("[**a**](https://x.example \"t\")", &format!("<p>{}</p>", a(x, "<strong>a</strong>")));
    check("<https://x.example>", &format!("<p>{}</p>", a(x, "https://x.example")));
    check("<ana@x.example> *a*", &format!("<p>{} <em>a</em></p>", a("mailto:ana@x.example", "ana@x.example")));
    check("[m](mailto:ana@x.example)", &format!("<p>{}</p>", a("mailto:ana@x.example", "m")));
    check("![a cat](https://x.example)", &format!("<p>{}</p>", a(x, "a cat")));
    check("![](https://x.example)", &format!("<p>{}</p>", a(x, x)));
    check("[](https://x.example)", &format!("<p>{}</p>", a(x, x)));
    check("[![i](https://i.example)](https://x.example)", &format!("<p>{}</p>", a(x, "i")));
    check(
        "[a https://b.example/ c](https://b.example/d)",
        &format!("<p>{}</p>", a("https://b.example/d", "a https://b.example/ c")),
    );
    check("*see* https://x.example.", &format!("<p><em>see</em> {}.</p>", a(x, "https://x.example")));
    check("[a](https://x.example?a=1&b='\"<)", &format!("<p>{}</p>", a("https://x.example/?a=1&amp;b=%27%22%3C", "a")));
    // The true host stands beside words that name another.
    let evil = "https://evil.example/";
    let beside = |words: &str| format!("<p>{} (evil.example)</p>", a(evil, words));
    for words in [
        "https://bank.example",
        "bank.example",
        "bank.example/login",
        "go to bank.example now",
        "https://bank",
        "BANK.EXAMPLE",
        "bank。example",
        "me@bank.example",
        "10.0.0.1",
    ] {
        check(&format!("[{words}](https://evil.example)"), &beside(words));
    }
    check("[**bank**.example](https://evil.example)", &beside("<strong>bank</strong>.example"));
    for words in ["evil.example", "https://evil.example/x", "www.evil.example", "version 1.2", "the end.", "e.g. this"]
    {
        check(&format!("[{words}](https://evil.example)"), &format!("<p>{}</p>", a(evil, words)));
    }
    check(
        "[bücher.example](https://xn--bcher-kva.example)",
        &format!("<p>{} (xn--bcher-kva.example)</p>", a("https://xn--bcher-kva.example/", "bücher.example")),
    );
}

#[test]
fn what_leads_elsewhere_is_no_link() {
    for target in [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java&Tab;script:alert(1)",
        "java&#10;script:alert(1)",
        "&#1;javascript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "//x.example",
        "/api/v1/me",
        "https://bank.example@evil.example/",
        "https://a:b@evil.example/",
        "https://",
        "mailto:",
        "tel:112",
    ] {
        let html = render(&format!("*x* [a]({target})"), MOST).html.unwrap_or_default();
        assert!(!html.contains("href"), "{target}: {html}");
        assert!(html.contains("[a]("), "it stands as it was written: {html}");
    }
}

#[track_caller]
fn links(text: &str, expected: &[&str]) {
    let found: Vec<_> = render(text, MOST).links.into_iter().map(String::from).collect();
    assert_eq!(found, expected, "{text:?}");
}

#[test]
fn the_links_of_a_text_are_those_that_are_drawn() {
    // As plain text.
    links("see http://a/x, http://b and http://b", &["http://a/x", "http://b/", "http://b/"]);
    links("http://a/x||y", &["http://a/x||y"]);
    links("xhttp://a", &[]);
    // In markup.
    links("[http://bank/x](https://evil/login)", &["https://evil/login"]);
    links("[x](http://a/1)[y](http://a/2)", &["http://a/1", "http://a/2"]);
    links("[x](<http://a/1>) [x](http://a/2 \"t\") ![i](http://a/3)", &["http://a/1", "http://a/2", "http://a/3"]);
    links("[![i](http://a/1)](http://a/2) [](http://a/3)", &["http://a/2", "http://a/3"]);
    links("_http://a/1_ **http://a/2** ~~http://a/3~~", &["http://a/1", "http://a/2", "http://a/3"]);
    links("*x* http://a/?a=1&b=2 [x](http://a?c=1&amp;d=2)", &["http://a/?a=1&b=2", "http://a/?c=1&d=2"]);
    links("[x](http&#58;//a/1) [m](mailto:ana@a.example)", &["http://a/1", "mailto:ana@a.example"]);
    links("> http://a/1\n\n- http://a/2\n\n# http://a/3", &["http://a/1", "http://a/2", "http://a/3"]);
    links("|a|\n|-|\n|http://a/1|", &["http://a/1"]);
    // Code and maths have none.
    links("`http://a/1` ``http://a/2 ` `` $http://a/3$ $$http://a/4$$", &[]);
    links("```\nhttp://a/1\n```\n~~~\nhttp://a/2\n~~~\n- ```\n  http://a/3\n  ```", &[]);
    links("it`s http://a/1 *x*", &["http://a/1"]);
    // What leads nowhere has none, and is drawn as it was written.
    links("[x](javascript:alert(1)) *x* https://bank@evil/", &[]);
}

#[test]
fn no_link_of_a_spoiler_or_in_brackets_is_to_be_looked_at() {
    links("||http://a/1|| http://a/2", &["http://a/2"]);
    links("||see **http://a/1** and [x](http://a/2)|| *x*", &[]);
    links("[||x||](http://a/1)", &["http://a/1"]);
    links("**a||http://a/1** http://a/2||", &["http://a/1", "http://a/2"]);
    links("<http://a/1> *http://a/2*", &["http://a/2"]);
    links("<<http://a/1>> <http://a/2 http://a/3>", &["http://a/2", "http://a/3"]);
    // Where it is too much to be drawn, too.
    links(&format!("{} <http://a/1> http://a/2", ">".repeat(17)), &["http://a/2"]);
}

#[track_caller]
fn calls(text: &str, names: &[&str], everyone: bool, here: bool) {
    let expected = Calls { names: names.iter().map(|name| (*name).to_owned()).collect(), everyone, here };
    assert_eq!(render(text, MOST).calls, expected, "{text:?}");
}

#[test]
fn nobody_is_called_from_code_maths_or_an_address() {
    calls("@ana **@bo** ||@cy|| > @dee", &["ana", "bo", "cy", "dee"], false, false);
    calls("# @ana\n- @bo\n> @cy\n\n|@dee|\n|-|", &["ana", "bo", "cy", "dee"], false, false);
    calls("[@ana](https://x.example/@bo) @cy", &["cy"], false, false);
    calls("[hi **@ana**](https://x.example) ![@room](https://x.example/a.png)", &[], false, false);
    calls("@ana@x.example and @bo", &["bo"], false, false);
    calls("`@ana` ``@room``", &[], false, false);
    calls("```\n@ana @here @room\n```", &[], false, false);
    calls("```\n@ana", &[], false, false);
    calls("$@ana$ $$@room$$", &[], false, false);
    calls("https://x.example/?q=@ana <https://x.example/@bo>", &[], false, false);
    calls("@here and @room", &[], true, true);
    calls("*@here*", &[], false, true);
    calls("@_ana_ @a_b_", &["_ana", "_ana_", "a_b", "a_b_"], false, false);
    calls("    @ana is called", &["ana"], false, false);
    calls("mail a@b.example, **x**@ana", &["ana"], false, false);
    // Where all of it is plain text, all of it is read as such.
    calls(&format!("{} @ana `@bo`", ">".repeat(17)), &["ana", "bo"], false, false);
}

#[test]
fn sixteen_elements_within_each_other_and_one_more() {
    let quotes = |n: usize| format!("{}*x*", ">".repeat(n));
    let deep = render(&quotes(14), MOST).html.expect("14 quotes, a paragraph, an emphasis");
    fuzz::check(&deep);
    plain(&quotes(15));
    plain(&quotes(17));
}

#[test]
fn markup_is_at_most_four_times_what_a_text_may_have() {
    let rows = |n: usize| format!("|a|\n|-|\n{}", "|b|\n".repeat(n));
    let (head, row) = (render(&rows(0), MOST).html.expect("a head"), "<tr><td>b</td></tr>".len());
    let whole = |n: usize| head.len() + "<tbody></tbody>".len() + n * row;
    let n = (1..).take_while(|n| whole(*n) <= 4 * 1024).last().unwrap_or(0);
    assert_eq!(render(&rows(n), 1024).html.map(|html| html.len()), Some(whole(n)));
    assert_eq!(render(&rows(n + 1), 1024).html, None);
}

/// What has been expensive for readers of Markdown: for each, the parser's events stay few, and so does what is written.
#[test]
fn hostile_texts_are_few_events() {
    let deep = [
        "[", "![", ">", "> ", "- ", "* ", "1. ", "*a ", "**a __", "*a_ ", "a***", "`", "$", "${", "||", "||a", "<",
        "(<",
    ];
    let long = [
        "[a](",
        "[a](<b",
        "[ (](",
        "a <!A",
        "a <?",
        "<![CDATA[",
        "<!--",
        "[x]: x\n[x]",
        "` a``",
        "|a",
        "a|b\n",
        "\\",
        "&",
        "]",
        "a](b) ",
    ];
    let ticks: String = (1..300).map(|n| "`".repeat(n) + "a").collect();
    let columns = 2_000;
    let wide = format!("{}\n{}\n{}", "a|".repeat(columns), "-|".repeat(columns), "a\n".repeat(columns));
    let references = format!("[x]: {}\n{}", "y".repeat(8_000), "[x]".repeat(8_000));
    let texts = deep.iter().chain(&long).map(|unit| unit.repeat(100_000 / unit.len()));
    for text in texts.chain([ticks, wide, references, "a\u{301}".repeat(30_000)]) {
        let count = source::of(&text).map_or(0, |source| page::events(&source).count());
        assert!(count <= 2 * text.len() + 8, "{count} events for {:?}…", &text.chars().take(20).collect::<String>());
        fuzz::markup(text.as_bytes());
    }
}

mod random {
    use super::*;
    use proptest::prelude::*;

    /// Texts of the signs that mean something, close together.
    fn signs() -> impl Strategy<Value = String> {
        let pieces = [
            "*",
            "**",
            "_",
            "__",
            "~~",
            "~",
            "`",
            "```",
            "||",
            "|",
            "$",
            "$$",
            "[",
            "](",
            ")",
            "![",
            "<",
            ">",
            "> ",
            "- ",
            "1. ",
            "# ",
            "\n",
            "\n\n",
            "  ",
            "    ",
            "\\",
            "&",
            "&lt;",
            "&#124;",
            "-|-\n",
            "[x] ",
            "https://x.example/a_b",
            "https://",
            "mailto:a@b.c",
            "@ana",
            "@_",
            "a",
            "b ",
            "é",
            "\u{301}",
            "\"",
            "'",
            "\r\n",
            "\t",
            "---\n",
            "===\n",
            "<b>",
            "<!--",
            "javascript:",
            "]:",
            "\u{FDD5}",
        ];
        prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..60).prop_map(|parts| parts.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2_000, ..ProptestConfig::default() })]

        #[test]
        fn any_signs_become_what_the_strict_reader_takes(text in signs()) {
            fuzz::markup(text.as_bytes());
        }

        #[test]
        fn what_is_told_to_be_plain_is(text in "[a-cA-C0-2 .,;:!?'\"()/@%={}+\n\té€\u{200d}\u{85}😀-]{0,60}(@ana)?[ a\n]{0,3}") {
            fuzz::markup(text.as_bytes());
        }

        #[test]
        fn nothing_that_can_be_seen_is_lost(text in "[a-z \n]{0,40}(\\*\\*|_|> |- )?[a-z \n]{0,40}") {
            let letters = |text: &str| text.chars().filter(char::is_ascii_lowercase).collect::<String>();
            if let Some(html) = render(&text, MOST).html {
                let shown: String = html.split('<').filter_map(|part| part.split_once('>').map_or(Some(part), |(_, text)| Some(text))).collect();
                prop_assert_eq!(letters(&shown.replace("&gt;", "")), letters(&text));
            }
        }
    }
}
