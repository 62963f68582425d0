//! What is read from a page's head.

use outbound::Url;
use outbound::page::{self, Meta};
use proptest::prelude::*;
use std::time::{Duration, Instant};

fn url() -> Url {
    Url::parse("https://site.example/dir/page?x").unwrap()
}

fn read(html: impl AsRef<[u8]>) -> Meta {
    page::read(html.as_ref(), Some("text/html"), &url())
}

fn title(html: impl AsRef<[u8]>, content_type: &str) -> Option<String> {
    page::read(html.as_ref(), Some(content_type), &url()).title
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn link(text: &str) -> Option<Url> {
    Some(Url::parse(text).unwrap())
}

#[test]
fn open_graph_is_read() {
    let meta = read(
        r#"<!doctype html><html><head>
        <title>Plain &mdash; title</title>
        <meta name="description" content="Plain">
        <meta property="og:title" content="Tom &amp; Jerry&#39;s &lt;b&gt;">
        <META PROPERTY='OG:Description' CONTENT='  Two
            lines '/>
        <meta property=og:site_name content=Site>
        <meta property="og:type" content="Video.Other">
        <meta property="og:image" content="/a.png?x=1&amp;y=2">
        <meta property="og:image" content="/b.png">
        <meta property="og:image:alt" content="A picture">
        <link rel="canonical" href="https://site.example/page">
        <link rel="alternate" type="application/rss+xml" href="/feed">
        <link rel="ALTERNATE nofollow" type="application/json+oembed" href="../oembed?url=x&amp;format=json">
        </head><body><meta property="og:title" content="too late">"#,
    );
    assert_eq!(
        meta,
        Meta {
            title: some("Tom & Jerry's <b>"),
            description: some("Two lines"),
            site_name: some("Site"),
            image: link("https://site.example/a.png?x=1&y=2"),
            image_alt: some("A picture"),
            kind: some("video.other"),
            oembed: link("https://site.example/oembed?url=x&format=json"),
            canonical: link("https://site.example/page"),
        }
    );
}

#[test]
fn one_is_taken_where_another_is_missing() {
    for (html, expected) in [
        ("<title>T</title>", "T"),
        ("<title>T</title><meta name=twitter:title content=W>", "W"),
        ("<meta name=twitter:title content=W><meta name=og:title content=O>", "O"),
        ("<meta property=og:title content=' '><title>T</title>", "T"),
        ("<meta property=og:title content='\u{200b}'><meta property=og:title content=O><title>T</title>", "T"),
        ("<meta property=og:title content=A content=B>", "A"),
        ("<meta property=og:title content=A><meta property=og:title content=B>", "A"),
        ("<title></title><title>T</title>", "T"),
        ("<svg><title>icon</title></svg><title>T</title>", "T"),
        ("<script>'<title>no</title>'</script><title>T</title>", "T"),
        ("<style><title>no</title></style><title>T</title>", "T"),
        ("<!-- <title>no</title> --><title>T</title>", "T"),
        ("<noscript><title>no</title></noscript><title>T</title>", "T"),
        ("<title>a<b>b</b>c</title>", "a<b>b</b>c"),
        ("<title>no end", "no end"),
        ("<div><title>T</title>", "T"),
        ("\u{feff}<title>T</title>", "T"),
    ] {
        assert_eq!(read(html).title.as_deref(), Some(expected), "{html}");
    }
    for html in
        ["", "<body><title>T</title>", "<title>", "<title> \n </title>", "plain text", "<svg><title>T</title>", "<"]
    {
        assert_eq!(read(html).title, None, "{html}");
    }
}

#[test]
fn urls_are_absolute_and_of_the_web() {
    let image = |html: &str| read(html).image;
    for (html, expected) in [
        ("<meta property=og:image content=//cdn.example/a.png>", link("https://cdn.example/a.png")),
        ("<base href=/other/><meta property=og:image content=a.png>", link("https://site.example/other/a.png")),
        ("<meta property=og:image content=a.png><base href=https://b.example/>", link("https://b.example/a.png")),
        ("<base href='javascript:x'><meta property=og:image content=a.png>", link("https://site.example/dir/a.png")),
        ("<meta property=og:image content=' \n/a.png '>", link("https://site.example/a.png")),
        ("<meta property=og:image content='javascript:alert(1)'>", None),
        ("<meta property=og:image content='data:image/png;base64,x'>", None),
        ("<meta property=og:image content='file:///etc/passwd'>", None),
        ("<meta property=og:image content='http://['>", None),
        // Whether it is to be fetched is for the client to judge.
        ("<meta property=og:image content=http://127.1/a.png>", link("http://127.0.0.1/a.png")),
        (
            "<meta property=og:image content=a><meta property=og:image:secure_url content=/s>",
            link("https://site.example/s"),
        ),
        ("<meta name=twitter:image:src content=/t>", link("https://site.example/t")),
        ("<link rel=image_src href=/l>", link("https://site.example/l")),
    ] {
        assert_eq!(image(html), expected, "{html}");
    }
    let long = format!("<meta property=og:image content='/{}'>", "a".repeat(100_000));
    assert_eq!(image(&long), None);
}

#[test]
fn text_is_tidied_and_cut() {
    assert_eq!(read("<title>invoice&#x202e;gpj.exe&#0;&#7;\u{200f}</title>").title, some("invoicegpj.exe\u{fffd}"));
    let long = "ä".repeat(1000);
    let meta = read(format!(
        "<title>{long}</title><meta name=description content={long}><meta property=og:site_name content={long}>"
    ));
    let count = |text: Option<String>| text.unwrap().chars().count();
    assert_eq!(
        (count(meta.title), count(meta.description), count(meta.site_name)),
        (page::TITLE, page::DESCRIPTION, page::SITE)
    );
}

#[test]
fn charsets_are_found() {
    const CP1252: &[u8] = b"<title>caf\xe9 \x80</title>";
    const SJIS: &[u8] = b"<title>\x93\xfa\x96{\x8c\xea</title>";
    assert_eq!(title("<title>日本語</title>", "text/html; charset=utf-8"), some("日本語"));
    assert_eq!(title("<title>日本語</title>", "text/html"), some("日本語"));
    assert_eq!(title(CP1252, "text/html"), some("café €"));
    assert_eq!(title(CP1252, "text/html; charset=\"ISO-8859-1\""), some("café €"));
    assert_eq!(title(SJIS, "text/html;charset=shift_jis"), some("日本語"));
    let with = |meta: &str, rest: &[u8]| [meta.as_bytes(), rest].concat();
    assert_eq!(title(with("<meta charset=Shift_JIS>", SJIS), "text/html"), some("日本語"));
    let old = "<META http-equiv='Content-Type' content='text/html; charset=Shift_JIS'>";
    assert_eq!(title(with(old, SJIS), "text/html"), some("日本語"));
    // The header is believed before the page, a byte order mark before both.
    assert_eq!(title(with("<meta charset=utf-8>", SJIS), "text/html; charset=sjis"), some("日本語"));
    assert_eq!(
        title(with("\u{feff}<meta charset=shift_jis>", "<title>ä</title>".as_bytes()), "text/html; charset=sjis"),
        some("ä")
    );
    let utf16: Vec<u8> = "\u{feff}<title>日本語</title>".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(title(&utf16, "text/html"), some("日本語"));
    assert_eq!(title(&utf16[2..], "text/html; charset=utf-16le"), some("日本語"));
    // A page that can be read so far is not UTF-16.
    assert_eq!(title("<meta charset=utf-16><title>ä</title>", "text/html"), some("ä"));
    assert_eq!(title("<meta charset=nonsense><title>ä</title>", "text/html; charset=nonsense"), some("ä"));
    // Escapes that would hide a tag.
    assert_eq!(title(b"\x1b$B<title>x</title>", "text/html; charset=hz-gb-2312"), None);
    // Cut in the middle of a letter.
    assert_eq!(title(&"<title>aä".as_bytes()[..9], "text/html"), some("a\u{fffd}"));
}

#[test]
fn the_head_ends_with_the_body() {
    assert!(page::head_ended(b"<head><title>x</title></head><BODY class=x>"));
    assert!(page::head_ended(b"<frameset>"));
    for open in ["", "<head></head>", "<script>'<body>'</script>", "<!-- <body> -->", "<title><body></title>", "<body"]
    {
        assert!(!page::head_ended(open.as_bytes()), "{open}");
    }
}

#[test]
fn hostile_pages_take_no_time() {
    let began = Instant::now();
    let of = |text: &str| text.repeat((1 << 18) / text.len() + 1);
    for html in [
        of("<"),
        of("<a "),
        of("<meta "),
        of("<meta property=og:title content=x>"),
        format!("<meta {}", of("a=b ")),
        format!("<meta {}>", (0..100_000).map(|n| format!("a{n} ")).collect::<String>()),
        format!("<meta content='{}", of("x")),
        format!("<title>{}", of("&amp;")),
        format!("<title>{}", of("&#x202e;")),
        format!("<title>{}", of("</titl")),
        format!("<title>{}", of("a\u{301}")),
        format!("<script>{}", of("<!--<script>")),
        format!("<script>{}", of("</scrip")),
        of("<!--"),
        format!("<!--{}", of("--!")),
        of("<!doctype "),
        of("<svg><title>"),
        of("&"),
        of("&notit;"),
        of("<![CDATA["),
        of("\0"),
        of("<title>x</title>"),
        of("<link rel=canonical href=/>"),
        of("<base href=x>"),
    ] {
        let each = Instant::now();
        read(&html);
        page::head_ended(html.as_bytes());
        assert!(each.elapsed() < Duration::from_secs(3), "{:?}: {:.40}", each.elapsed(), html);
    }
    assert!(began.elapsed() < Duration::from_secs(30), "{:?}", began.elapsed());
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes: Vec<u8>, kind in "(text/html)?(; ?charset=.{0,12})?") {
        page::read(&bytes, Some(&kind), &url());
        page::head_ended(&bytes);
    }

    #[test]
    fn no_page_makes_it_panic(parts in prop::collection::vec(prop::sample::select(vec![
        "<", ">", "<meta ", "property=", "og:title", "og:image", " content=", "'", "\"", "/", "<title>", "</title>", "&#x",
        "&amp", ";", "<base href=", "//", "[", "\u{202e}", "ä", "\0", "<!--", "-->", "<svg", "<script>", "charset=utf-16", " ",
    ]), 0..40)) {
        let html: String = parts.concat();
        let meta = page::read(html.as_bytes(), None, &url());
        for text in [meta.title, meta.description, meta.site_name].into_iter().flatten() {
            prop_assert!(!text.is_empty() && text.chars().count() <= page::DESCRIPTION);
            let tricks = text.contains(|c: char| c.is_control() || c == '\u{202e}');
            prop_assert!(!tricks);
        }
    }
}
