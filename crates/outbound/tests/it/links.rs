//! Which words of a plain text are links.

use outbound::links;
use std::time::{Duration, Instant};

fn check(text: &str, expected: &[&str]) {
    let found: Vec<_> = links(text).map(|(_, url)| String::from(url)).collect();
    assert_eq!(found, expected, "{text}");
}

/// The table of web/src/lib/text.test.ts, as URLs.
#[test]
fn the_web_client_draws_the_same() {
    check("see https://a.example/x.", &["https://a.example/x"]);
    check("(https://a.example/x)", &["https://a.example/x"]);
    check("https://en.example/wiki/A_(b) yes", &["https://en.example/wiki/A_(b)"]);
    check("http://a.example, https://b.example!", &["http://a.example/", "https://b.example/"]);
    check("javascript:alert(1) java\tscript:x data:text/html,x", &[]);
    check("ftp://a.example file:///etc/passwd", &[]);
    check("https://bank.example@evil.example/", &[]);
    check("https://", &[]);
    check("xhttps://a.example", &[]);
    check("https://a.example/@ana", &["https://a.example/@ana"]);
}

#[test]
fn links_end_where_people_mean_them_to() {
    check("HTTPS://A.Example/X", &["https://a.example/X"]);
    check("“https://a.example/x” \"https://a.example/y\"", &["https://a.example/x", "https://a.example/y"]);
    check(
        "https://a.example/x_(y)_(z)) [https://a.example/y]",
        &["https://a.example/x_(y)_(z)", "https://a.example/y"],
    );
    check(
        "*https://a.example/x*, ~https://a.example/y~ »https://a.example/z«",
        &["https://a.example/x", "https://a.example/y", "https://a.example/z%C2%AB"],
    );
    check("https://a.example/x?y=z&a=b#c.", &["https://a.example/x?y=z&a=b#c"]);
    check("https://a.example/x…", &["https://a.example/x%E2%80%A6"]);
    check("ähttps://a.example/x", &["https://a.example/x"]);
    check("_https://a.example/x", &[]);
    check(
        "https://a.example/ä https://bücher.example",
        &["https://a.example/%C3%A4", "https://xn--bcher-kva.example/"],
    );
    check("https://a.example\u{a0}x\u{feff}https://b.example", &["https://a.example/", "https://b.example/"]);
    check("https://a.example/https://b.example/", &["https://a.example/https://b.example/"]);
    check("[a](https://a.example/x) [https://bank.example](https://evil.example)", &["https://a.example/x"]);
    check("http http:// https://. http://, hhttp://x", &[]);
}

#[test]
fn hostile_text_takes_no_time() {
    let ticks: String = (1..1000).map(|n| "`".repeat(n) + "a").collect();
    let began = Instant::now();
    for text in [
        "h".repeat(1 << 18),
        "http://".repeat(1 << 15),
        "http://a ".repeat(1 << 14),
        format!("https://a.example/{}", ")".repeat(1 << 18)),
        format!("https://a.example/{}", "(".repeat(1 << 18)),
        "https://@ ".repeat(1 << 14),
        "`http://a` ".repeat(1 << 14),
        "`".repeat(1 << 18),
        "` ".repeat(1 << 17),
        ticks,
    ] {
        links(&text).for_each(drop);
    }
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
}
