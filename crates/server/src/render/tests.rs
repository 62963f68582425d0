//! What a text becomes, as tables.

use super::{fuzz, render};
use protocol::Limits;

const MOST: usize = 16 << 10;

fn check(text: &str, html: &str) {
    let rendered = render(text, MOST).html;
    assert_eq!(rendered.as_deref(), Some(html), "{text:?}");
    fuzz::check(html);
}

fn plain(text: &str) {
    assert_eq!(render(text, MOST).html, None, "{text:?}");
}
#[test]
fn show() {
    for t in [
        "| a | b |\n|---|:-:|\n| 1 |\n| 2 | 3 |\n|  | 4 |",
        "a $5-$10 b",
        "see `a_b` **x** ||spoiler|| and a || b || c",
        "- [x] a\n- [ ] b\nthanks",
        "Hello\n---\nx",
        "Foo:\n-",
        "$$x^2$$\nfoo",
        "1. a\n2. b\n   - c",
        "> q\nanswer",
        "[a](javascript:x) [b](https://x.example/a_b \"t\")",
        "![](https://x/y.png)",
        "**[https://bank.example](https://evil.example)**",
        "<b>x</b> &amp; *y*",
        "    let x\n    **y**",
        "```Rust foo\nlet a = \"<\";\n```",
        "\\*a\\* \\||b||",
    ] {
        println!("{t:?}\n   {:?}", render(t, MOST).html);
    }
}
