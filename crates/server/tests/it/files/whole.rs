//! Sending a file whole: what it becomes, under which name, what is refused, and that nothing is left of that.

use super::kit::*;
use crate::support::{Client, Db, PATIENCE, Server};
use reqwest::Method;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

both! {
    async fn a_file_is_what_its_bytes_say(db: Db) {
        let server = Server::start(db).await;
        let ana = server.person("ana").await;
        let page = b"<!doctype html><script>alert(1)</script>";
        let svg = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>";
        for (name, claimed, bytes, kind, served, shown) in [
            ("a.html", "image/png", &page[..], "text/plain", "text/plain; charset=utf-8", "attachment"),
            ("a.svg", "image/svg+xml", svg, "text/plain", "text/plain; charset=utf-8", "attachment"),
            ("a.js", "text/javascript", b"alert(1)", "text/plain", "text/plain; charset=utf-8", "attachment"),
            ("a.png", "text/html", &png(40, 30, 1), "image/png", "image/png", "inline"),
            ("a.html", "text/html", &bytes(100), "application/octet-stream", "application/octet-stream", "attachment"),
            ("a.zip", "image/png", b"PK\x03\x04\xff\xfe\0\0", "application/zip", "application/octet-stream", "attachment"),
            ("a.png", "image/png", &page[..], "text/plain", "text/plain; charset=utf-8", "attachment"),
            ("a.txt", "image/png", &page[..], "text/plain", "text/plain; charset=utf-8", "inline"),
            ("empty", "image/png", b"", "text/plain", "text/plain; charset=utf-8", "inline"),
        ] {
            let sent = post_form(&ana, form(&[], name, claimed, bytes)).await.ok(201);
            assert_eq!((&sent["name"], &sent["type"], &sent["size"]), (&json!(name), &json!(kind), &json!(bytes.len())));
            let got = ana.get(&path(id(&sent))).await;
            assert_eq!((got.status, got.header("content-type")), (200, served), "{name}");
            assert_eq!(got.bytes, bytes, "{name}");
            assert_eq!(got.header("x-content-type-options"), "nosniff");
            let policy = got.header("content-security-policy");
            assert!(policy.contains("sandbox") && policy.contains("default-src 'none'") && !policy.contains("script"), "{policy}");
            assert_eq!(got.header("cache-control"), "private, no-cache");
            assert!(got.header("content-disposition").starts_with(&format!("{shown}; ")), "{name}");
            let saved = ana.get(&format!("{}?download=1", path(id(&sent)))).await;
            assert!(saved.header("content-disposition").starts_with("attachment; "), "{name}");
        }
        // Larger than what forms have elsewhere.
        let large = bytes((5 << 20) + 1);
        assert_eq!(ana.get(&path(upload(&ana, "large", &large).await)).await.bytes, large);
        server.stop().await;
    }

    async fn what_is_refused_leaves_nothing(db: Db) {
        let server = Server::with(db, |config| config.limits.upload = 100_000).await;
        let ana = server.person("ana").await;
        let upload = |fields: &[(&str, &str)]| form(fields, "a", "text/plain", b"x");
        let long = format!("{{\"waveform\":[{}]}}", vec!["1"; 8 << 10].join(","));
        let file = bytes(100_001);
        let (open, none) = (String::from_utf8(opening("a", "x")).unwrap(), "--edge\r\ncontent-disposition: form-data; name=\"other\"\r\n\r\nx\r\n--edge--\r\n");
        for (what, kind, body, status, code, field) in [
            ("a hint of another kind", FORM, upload(&[("hints", "{\"width\":\"wide\"}")]), 400, "invalid", "hints"),
            ("hints that are no JSON", FORM, upload(&[("hints", "wide")]), 400, "invalid", "hints"),
            ("power among the hints", FORM, upload(&[("hints", "{\"role\":\"admin\"}")]), 400, "invalid", "hints"),
            ("deep hints", FORM, upload(&[("hints", &"[".repeat(8_000))]), 400, "invalid", "hints"),
            ("long hints", FORM, upload(&[("hints", &long)]), 400, "invalid", "hints"),
            ("no file", FORM, none.into(), 400, "invalid", "file"),
            ("an empty body", FORM, Vec::new(), 400, "invalid", "file"),
            ("a form that ends too early", FORM, format!("{open}and then").into(), 400, "invalid", "file"),
            ("no boundary", "multipart/form-data", upload(&[]), 400, "invalid", "file"),
            ("JSON", "application/json", b"{}".to_vec(), 415, "unsupported_media_type", ""),
            ("bytes", "image/png", png(2, 2, 0), 415, "unsupported_media_type", ""),
            ("one byte too many", FORM, form(&[], "a", "x", &file), 413, "too_large", "file"),
            ("far too many", FORM, form(&[], "a", "x", &bytes(1 << 20)), 413, "too_large", "file"),
        ] {
            let answer = ana.raw(Method::POST, FILES, Some((kind, body))).await;
            assert_eq!((answer.status, answer.code(), answer.field()), (status, code, field), "{what}: {}", answer.text);
        }
        server.guest().raw(Method::POST, FILES, Some((FORM, upload(&[])))).await.refused(401, "unauthenticated");
        let foreign = ana.by_cookie().saying("origin", "https://evil.example");
        post_form(&foreign, upload(&[])).await.refused(403, "forbidden");
        nothing_lies(&server.db);
        for size in [0, 1, 100_000] {
            assert_eq!(send(&ana, "a", &file[..size]).await.ok(201)["size"], size);
        }
        assert_eq!(lying(&server.db, "uploads").len(), 0);
        assert_eq!(lying(&server.db, "files").len(), 3);
        server.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_is_one_line_and_cannot_leave_its_header() {
    let server = Server::start(Db::sqlite()).await;
    let ana = server.person("ana").await;
    let long = format!("{}.jpeg", "é".repeat(4 << 10));
    let cut = format!("{}.jpeg", "é".repeat(250));
    for (sent, kept) in [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("../..", "file"),
        ("", "file"),
        (".htaccess", "htaccess"),
        ("C:\\fakepath\\a.txt", "a.txt"),
        ("gnp.\u{202e}exe.txt", "gnp.exe.txt"),
        ("say %22hi%22.txt", "say %22hi%22.txt"),
        ("\u{200b}\u{200d}", "file"),
        ("a\u{0}b\u{7f}c.txt", "abc.txt"),
        ("Straße – 夏.txt", "Straße – 夏.txt"),
        (&long, &cut),
    ] {
        let answer = send(&ana, sent, b"x").await;
        // What cannot stand in a form at all may be refused.
        if sent.contains('\0') && answer.status == 400 {
            continue;
        }
        let file = answer.ok(201);
        assert_eq!(file["name"], kept, "{sent:?}");
        let header = ana.get(&path(id(&file))).await;
        let disposition = header.headers["content-disposition"].as_bytes();
        assert!(disposition.iter().all(|byte| (0x20..0x7f).contains(byte)), "{disposition:?}");
        assert!(header.header("content-disposition").contains("; filename*=UTF-8''"));
        assert!(header.headers.get("x-evil").is_none());
    }
    // Line breaks and quotes come by the other way, which encodes names.
    for (sent, kept) in [("a\r\nx-evil: 1\r\n.txt", "ax-evil 1.txt"), ("a\"; x=\"b.txt", "a; x=b.txt")] {
        let who = ana.saying("tus-resumable", "1.0.0").saying("upload-length", "0");
        let who = who.saying("upload-metadata", &super::pieces::named(sent));
        let begun = who.raw(Method::POST, FILES, None).await;
        assert_eq!(begun.status, 201, "{}", begun.text);
        let file = ana.get(begun.header("location")).await.ok(200)["file"].clone();
        assert_eq!(file["name"], kept, "{sent:?}");
        let got = ana.get(&path(id(&file))).await;
        assert!(got.headers.get("x-evil").is_none());
        assert_eq!(got.header("content-disposition").matches('"').count(), 2);
    }
    server.stop().await;
}

/// A connection on which a form was begun: its head, and what comes first of its body.
async fn begin(server: &Server, who: &Client, headers: &str, body: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let token = who.token.as_deref().unwrap();
    let head = format!(
        "POST {FILES} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\ncontent-type: {FORM}\r\n{headers}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(body).await.unwrap();
    stream
}

/// The status of what is answered.
async fn answered(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    while !answer.windows(4).any(|end| end == b"\r\n\r\n") {
        let read = tokio::time::timeout(PATIENCE, stream.read_buf(&mut answer)).await.expect("an answer in time");
        assert_ne!(read.unwrap(), 0, "closed after {:?}", String::from_utf8_lossy(&answer));
    }
    String::from_utf8_lossy(&answer).split(' ').nth(1).unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_breaks_or_rests_leaves_nothing() {
    let server = Server::with(Db::sqlite(), |config| {
        config.limits.upload = 1 << 20;
        config.limits.upload_idle_ms = 300;
    })
    .await;
    let ana = server.person("ana").await;
    let body = form(&[], "a", "x", &bytes(1 << 20));
    let length = format!("content-length: {}", body.len());
    // Broken at 99 %.
    let stream = begin(&server, &ana, &length, &body[..body.len() / 100 * 99]).await;
    until("something has come", || !lying(&server.db, "uploads").is_empty()).await;
    drop(stream);
    until("it is gone", || lying(&server.db, "uploads").is_empty()).await;
    // Nothing more comes: in the midst of the bytes, before the file's field, in the hints, behind the limit.
    let hints = b"--edge\r\ncontent-disposition: form-data; name=\"hints\"\r\n\r\n{\"width\":";
    let beyond = [&opening("a", "x")[..], &bytes((1 << 20) + 1)].concat();
    for (what, part, status) in [
        ("bytes", &body[..1000], "408"),
        ("a field", b"--edge\r\n", "408"),
        ("nothing", b"", "408"),
        ("hints", hints, "408"),
        ("too much", &beyond, "413"),
    ] {
        let mut stream = begin(&server, &ana, &format!("content-length: {}", body.len() + 10), part).await;
        assert_eq!(answered(&mut stream).await, status, "{what}");
    }
    // A form that is longer than it says ends where it says.
    let mut stream = begin(&server, &ana, "content-length: 500", &body[..5_000]).await;
    assert_eq!(answered(&mut stream).await, "400");
    until("all are gone", || lying(&server.db, "uploads").is_empty()).await;
    nothing_lies(&server.db);
    // Without a length and without an end: refused at the limit, and cut off.
    let mut stream = begin(&server, &ana, "transfer-encoding: chunked", b"").await;
    let (mut answer, mut writes) = stream.split();
    let chunk = [b"10000\r\n".to_vec(), vec![b'x'; 0x10000], b"\r\n".to_vec()].concat();
    let first = opening("a", "x");
    let pour = async {
        writes.write_all(format!("{:x}\r\n", first.len()).as_bytes()).await?;
        writes.write_all(&[&first[..], b"\r\n"].concat()).await?;
        for n in 0_u32.. {
            writes.write_all(&chunk).await?;
            assert!(n < 1_000, "it takes 64 MiB");
        }
        Ok::<_, std::io::Error>(())
    };
    let mut heard = Vec::new();
    let hear = async { answer.read_to_end(&mut heard).await };
    let (_, _) = tokio::join!(pour, hear);
    assert!(heard.starts_with(b"HTTP/1.1 413"), "{:?}", String::from_utf8_lossy(&heard));
    until("it is gone", || lying(&server.db, "uploads").is_empty()).await;
    nothing_lies(&server.db);
    send(&ana, "a", b"still well").await.ok(201);
    server.stop().await;
}
