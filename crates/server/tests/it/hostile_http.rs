//! Requests that mean harm, or are merely broken.

use crate::support::{Client, Db, PASSWORD, PATIENCE, Server};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const JSON: &str = "application/json";

async fn ana() -> (Server, Client) {
    let server = Server::start(Db::sqlite()).await;
    let ana = server.person("ana").await;
    (server, ana)
}

/// Writes bytes on a connection of its own and reads what comes until it is closed.
async fn bytes(server: &Server, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    // The server may answer and close before all is written.
    let _ = stream.write_all(bytes).await;
    let mut answer = Vec::new();
    let read = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut answer)).await;
    read.expect("the server closes in time").ok();
    String::from_utf8_lossy(&answer).into_owned()
}

/// The problem document of an answer as it stands on the wire.
#[track_caller]
fn problem(answer: &str, status: u16) -> Value {
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_default();
    assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
    let header = |name: &str| {
        let mut lines = head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
    };
    assert_eq!(header("content-type").as_deref(), Some("application/problem+json"), "{answer}");
    assert_eq!(header("content-length"), Some(body.len().to_string()), "{answer}");
    let problem: Value = serde_json::from_str(body).unwrap();
    assert_eq!(
        (&problem["status"], problem["request_id"].as_str()),
        (&json!(status), header("x-request-id").as_deref())
    );
    assert!(problem["title"].is_string() && problem["detail"].is_string(), "{answer}");
    problem
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_does_not_fit_is_refused_with_its_field() {
    let (server, ana) = ana().await;
    let path = "/api/v1/rooms/1/messages";
    let deep = |n: usize| format!("{{\"text\":\"deep\",\"x\":{}{}}}", "[".repeat(n), "]".repeat(n)).into_bytes();
    let bodies: Vec<(&str, Vec<u8>, u16, &str, &str)> = vec![
        ("text/plain", b"{\"text\":\"x\"}".to_vec(), 415, "unsupported_media_type", ""),
        ("", b"{\"text\":\"x\"}".to_vec(), 415, "unsupported_media_type", ""),
        ("application/json-seq", b"{\"text\":\"x\"}".to_vec(), 415, "unsupported_media_type", ""),
        (JSON, b"".to_vec(), 400, "invalid", ""),
        (JSON, b"nonsense".to_vec(), 400, "invalid", ""),
        (JSON, b"[\"text\"]".to_vec(), 400, "invalid", ""),
        (JSON, b"{\"text\":[\"x\"]}".to_vec(), 400, "invalid", "text"),
        (JSON, b"{\"text\":\"\xff\xfe\"}".to_vec(), 400, "invalid", "text"),
        (JSON, b"{\"text\":\"\\ud800\"}".to_vec(), 400, "invalid", "text"),
        (JSON, b"{\"text\":\"a\\u0000b\"}".to_vec(), 400, "invalid", "text"),
        (JSON, b"{\"text\":\"a\",\"text\":\"b\"}".to_vec(), 400, "invalid", "text"),
        (JSON, b"{\"text\":\"a\",\"client_id\":\"not allowed\"}".to_vec(), 400, "invalid", "client_id"),
        (JSON, b"{\"text\":\"a\",\"thread\":\"1\"}".to_vec(), 400, "invalid", "thread"),
        (JSON, b"{\"text\":\"a\",\"author\":1}".to_vec(), 400, "invalid", "author"),
        (JSON, b"{\"text\":\"a\",\"seq\":1}".to_vec(), 400, "invalid", "seq"),
        (JSON, b"{\"text\":\"a\",\"at\":\"2020-01-01T00:00:00Z\"}".to_vec(), 400, "invalid", "at"),
        (JSON, deep(32), 400, "invalid", ""),
        (JSON, deep(60_000), 400, "invalid", ""),
        (JSON, vec![b' '; 128 * 1024 + 1], 413, "too_large", ""),
        (JSON, json!({"text": "x".repeat(16 * 1024 + 1)}).to_string().into_bytes(), 413, "too_large", "text"),
    ];
    for (kind, body, status, code, field) in bodies {
        let start = String::from_utf8_lossy(body.get(..60).unwrap_or(&body)).into_owned();
        let answer = ana.raw(Method::POST, path, Some((kind, body))).await;
        assert_eq!((answer.status, answer.code(), answer.field()), (status, code, field), "{start}: {}", answer.text);
    }
    // At the limits, and with fields that it does not know, it is taken.
    ana.raw(Method::POST, path, Some((JSON, deep(31)))).await.ok(201);
    ana.post(path, json!({"text": "x".repeat(16 * 1024)})).await.ok(201);
    let spaces = format!("{{\"text\":\"x\"{}}}", " ".repeat(128 * 1024 - 12));
    assert_eq!(spaces.len(), 128 * 1024);
    ana.raw(Method::POST, path, Some((JSON, spaces.into_bytes()))).await.ok(201);
    ana.raw(Method::POST, path, Some(("application/json; charset=utf-8", b"{\"text\":\"x\",\"mood\":1}".to_vec())))
        .await
        .ok(201);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_body_is_refused_before_it_is_read() {
    let (server, _) = ana().await;
    let head = "POST /api/v1/accounts HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n";
    let announced = bytes(&server, format!("{head}content-length: 1073741824\r\n\r\n").as_bytes()).await;
    assert!(announced.starts_with("HTTP/1.1 413"), "{announced}");
    // Chunks without end.
    let mut endless = format!("{head}transfer-encoding: chunked\r\n\r\n").into_bytes();
    for _ in 0..64 {
        endless.extend(format!("{:x}\r\n{}\r\n", 4096, " ".repeat(4096)).into_bytes());
    }
    let chunked = bytes(&server, &endless).await;
    assert!(chunked.starts_with("HTTP/1.1 413"), "{chunked}");
    server.guest().get("/healthz").await.ok(200);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_slow_loses_the_slot() {
    let server = Server::with(Db::sqlite(), |config| {
        config.limits.header_ms = 200;
        config.limits.body_ms = 200;
    })
    .await;
    // A head that never ends; a connection on which nothing was asked is closed without a word.
    let head = bytes(&server, b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nx-slow: ").await;
    assert_eq!(problem(&head, 408)["code"], "timeout");
    assert_eq!(bytes(&server, b"").await, "");
    // A body that never comes.
    let request = "POST /api/v1/accounts HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 10\r\n\r\n{";
    let body = bytes(&server, request.as_bytes()).await;
    assert!(body.starts_with("HTTP/1.1 408"), "{body}");
    assert!(body.contains("\"code\":\"timeout\""), "{body}");
    server.guest().get("/healthz").await.ok(200);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_http_is_closed_and_the_server_goes_on() {
    let (server, ana) = ana().await;
    for text in [
        &b"nonsense\r\n\r\n"[..],
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: localhost\r\nno header\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ] {
        assert_eq!(problem(&bytes(&server, text).await, 400)["code"], "invalid");
    }
    // After a first request the library answers: in its words, but it does.
    let second = bytes(&server, b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\nnonsense\r\n\r\n").await;
    assert!(second.starts_with("HTTP/1.1 200") && second.contains("HTTP/1.1 400"), "{second}");
    let huge = format!("GET /healthz HTTP/1.1\r\nhost: localhost\r\nx-huge: {}\r\n\r\n", "x".repeat(64 << 10));
    let answer = bytes(&server, huge.as_bytes()).await;
    assert_eq!(problem(&answer, 431)["code"], "head_too_large");
    ana.get("/api/v1/me").await.ok(200);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_names_one_host() {
    let (server, _) = ana().await;
    for path in ["/api/v1/limits", "/healthz", "/"] {
        for hosts in ["", "host: localhost\r\nhost: localhost\r\n", "host: localhost\r\nHost: evil.example\r\n"] {
            let request = format!("GET {path} HTTP/1.1\r\n{hosts}connection: close\r\n\r\n");
            let answer = problem(&bytes(&server, request.as_bytes()).await, 400);
            assert_eq!((&answer["code"], &answer["field"]), (&json!("invalid"), &json!("Host")), "{hosts}");
        }
        // Checks of health speak HTTP/1.0, which knows no hosts.
        for head in ["HTTP/1.1\r\nhost: localhost", "HTTP/1.1\r\nhost:", "HTTP/1.0", "HTTP/1.0\r\nhost: localhost"] {
            let answer = bytes(&server, format!("GET {path} {head}\r\nconnection: close\r\n\r\n").as_bytes()).await;
            assert_ne!(answer.split(' ').nth(1), Some("400"), "{answer}");
        }
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn paths_and_queries_that_name_nothing() {
    let (server, ana) = ana().await;
    for path in [
        "/api",
        "/api/",
        "/api/v1",
        "/api/v1/",
        "/api/v1/nothing",
        "/api/v2/me",
        "/api/v1/me/",
        "/api/v1/rooms/1/nothing",
    ] {
        ana.get(path).await.refused(404, "not_found");
    }
    for room in ["0", "-1", "999999", "abc", "1.5", "9223372036854775808", "%00", "1%20", "..%2f1"] {
        ana.get(&format!("/api/v1/rooms/{room}")).await.refused(404, "not_found");
        ana.get(&format!("/api/v1/rooms/{room}/messages")).await.refused(404, "not_found");
    }
    for (query, field) in [
        ("limit=x", "limit"),
        ("limit=-1", "limit"),
        ("limit=0", "limit"),
        ("limit=1&limit=2", "limit"),
        ("before=x", "before"),
        ("before=1&after=2", "before"),
        ("after=1&around=2", "after"),
    ] {
        for what in ["messages", "events"] {
            let answer = ana.get(&format!("/api/v1/rooms/1/{what}?{query}")).await;
            assert_eq!(answer.refused(400, "invalid").field(), field, "{query}");
        }
    }
    for path in ["users?cursor=x", "rooms?cursor=x", "rooms?cursor=1", "rooms/1/members?cursor=x"] {
        assert_eq!(ana.get(&format!("/api/v1/{path}")).await.refused(400, "invalid").field(), "cursor");
    }
    assert_eq!(ana.get("/api/v1/rooms?scope=all").await.refused(400, "invalid").field(), "scope");
    for path in ["users?q=%00", "rooms?scope=open&q=%00", "rooms/1/members?q=%00"] {
        ana.get(&format!("/api/v1/{path}")).await.refused(400, "invalid");
    }
    for query in ["q=%FF", "limit=2&q=a%C3", "q=%ED%A0%80"] {
        assert_eq!(ana.get(&format!("/api/v1/users?{query}")).await.refused(400, "invalid").field(), "q", "{query}");
    }
    // Signs that a database might take for something else.
    for q in ["%25", "_", "'", "%5C", "\"", "%F0%9F%90%8E", "(", "*"] {
        let found = ana.get(&format!("/api/v1/users?q={q}")).await.ok(200);
        assert_eq!(found["users"], json!([]), "{q}");
    }
    let answer = ana.send(Method::PUT, "/api/v1/me", None).await;
    answer.refused(405, "method_not_allowed");
    assert_eq!(answer.header("allow"), "GET,HEAD,PATCH");
    server.guest().post("/anything", json!({})).await.refused(405, "method_not_allowed");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_site_makes_a_browser_send_is_refused() {
    let server = Server::with(Db::sqlite(), |config| config.origins = vec!["https://friend.example".into()]).await;
    let ana = server.person("ana").await;
    let own = format!("http://{}", server.address);
    let cookie = ana.by_cookie();
    let status = json!({"status": "hi"});
    for (name, value) in [
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("origin", "http://127.0.0.1"),
        ("origin", &format!("{own}.evil.example")),
        ("origin", &format!("https://{}", server.address)),
        ("origin", "https://friend.example"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ] {
        let foreign = cookie.saying(name, value);
        // The one that TLS would have: our own name, so our own page behind a proxy that we were not told of.
        if value.starts_with("https://127.0.0.1") {
            continue;
        }
        foreign.patch("/api/v1/me", status.clone()).await.refused(403, "forbidden");
        foreign.delete("/api/v1/sessions/current").await.refused(403, "forbidden");
        assert_eq!(foreign.socket().await.err().map(|status| status.as_u16()), Some(403), "{name}: {value}");
        // It may look like a login form of ours.
        let form = server.guest().saying(name, value);
        if value != "https://friend.example" {
            form.login("ana", PASSWORD).await.refused(403, "forbidden");
        }
        // Reading does no harm: without CORS the page does not get the answer.
        let read = foreign.get("/api/v1/me").await;
        assert_eq!(read.header("access-control-allow-credentials"), "");
        read.ok(200);
    }
    let page = cookie.saying("origin", &own).saying("sec-fetch-site", "same-origin");
    page.patch("/api/v1/me", status.clone()).await.ok(200);
    drop(page.live().await);
    cookie.patch("/api/v1/me", status.clone()).await.ok(200);

    // A page of a friend, with a token of its own.
    let friend = ana.saying("origin", "https://friend.example").saying("sec-fetch-site", "cross-site");
    let answer = friend.patch("/api/v1/me", status.clone()).await;
    assert_eq!(answer.header("access-control-allow-origin"), "https://friend.example");
    answer.ok(200);
    let preflight =
        server.guest().saying("origin", "https://friend.example").send(Method::OPTIONS, "/api/v1/me", None).await;
    let allowed = "authorization, content-type, range, tus-resumable, upload-length, upload-metadata, upload-offset";
    assert_eq!((preflight.status, preflight.header("access-control-allow-headers")), (204, allowed));
    let told = "content-range, location, retry-after, tus-resumable, upload-length, upload-offset, x-request-id";
    assert_eq!(preflight.header("access-control-expose-headers"), told);
    let preflight =
        server.guest().saying("origin", "https://evil.example").send(Method::OPTIONS, "/api/v1/me", None).await;
    assert_eq!(preflight.header("access-control-allow-origin"), "");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_has_the_headers_that_browsers_obey() {
    let (server, ana) = ana().await;
    for (client, path) in [
        (&ana, "/api/v1/me"),
        (&ana, "/api/v1/nothing"),
        (&server.guest(), "/api/v1/me"),
        (&server.guest(), "/"),
        (&server.guest(), "/r/7/42"),
        (&server.guest(), "/assets/missing.js"),
        (&server.guest(), "/healthz"),
    ] {
        let answer = client.get(path).await;
        let csp = answer.header("content-security-policy");
        for part in ["default-src 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'"] {
            assert!(csp.contains(part), "{path}: {csp}");
        }
        assert!(!csp.contains("unsafe") && !csp.contains('*'), "{csp}");
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("strict-transport-security", ""),
            ("access-control-allow-origin", ""),
            ("server", ""),
        ] {
            assert_eq!(answer.header(name), value, "{path}: {name}");
        }
        assert_eq!(answer.header("cache-control") == "no-store", path.starts_with("/api/"), "{path}");
        assert_eq!(answer.header("x-request-id").len(), 16, "{path}");
    }
    assert_eq!(server.guest().get("/assets/missing.js").await.status, 404);
    // Written as they stand: a client would tidy these paths up first.
    for path in [
        "/../../../../etc/passwd",
        "/../../Cargo.toml",
        "/%2e%2e/%2e%2e/Cargo.toml",
        "/..%2f..%2fCargo.toml",
        "//etc/passwd",
    ] {
        let answer =
            bytes(&server, format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").as_bytes())
                .await;
        assert!(
            answer.starts_with("HTTP/1.1 ") && !answer.contains("root:") && !answer.contains("[workspace]"),
            "{answer}"
        );
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn by_tls_the_cookie_is_secure() {
    let server =
        Server::with(Db::sqlite(), |config| config.trusted_proxies = vec!["127.0.0.1/32".parse().unwrap()]).await;
    server.person("ana").await;
    let by_tls = server.guest().saying("x-forwarded-proto", "https").saying("x-forwarded-for", "9.9.9.9");
    let answer = by_tls.login("ana", PASSWORD).await;
    let cookies: Vec<_> = answer.headers.get_all("set-cookie").iter().map(|line| line.to_str().unwrap()).collect();
    assert_eq!(cookies.len(), 2);
    for cookie in cookies {
        for part in ["; HttpOnly", "; SameSite=Lax", "; Path=/", "; Secure"] {
            assert!(cookie.contains(part), "{cookie}");
        }
    }
    assert_eq!(answer.header("strict-transport-security"), "max-age=31536000");
    assert!(!server.guest().login("ana", PASSWORD).await.header("set-cookie").contains("Secure"));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_token_is_not_made_good_by_a_cookie() {
    let (server, ana) = ana().await;
    let path = "/api/v1/me";
    let cookie = ana.by_cookie();
    cookie.get(path).await.ok(200);
    for value in ["Bearer nonsense", "Bearer ", "Basic YTpi", &format!("Bearer {}", "A".repeat(43))] {
        cookie.saying("authorization", value).get(path).await.refused(401, "unauthenticated");
    }
    let token = ana.token.clone().unwrap();
    server.guest().saying("authorization", &format!("bearer {token}")).get(path).await.ok(200);
    for cookie in [format!("x=1; parlour_session={token}"), format!("parlour_session={token}; y")] {
        server.guest().saying("cookie", &cookie).get(path).await.ok(200);
    }
    // Never in the address, where logs and histories keep it.
    server.guest().get(&format!("/api/v1/me?token={token}")).await.refused(401, "unauthenticated");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_about_the_server_are_not_for_everybody() {
    let server = Server::start(Db::sqlite()).await;
    server.guest().get("/metrics").await.refused(404, "not_found");
    server.stop().await;
    let server = Server::with(Db::sqlite(), |config| config.metrics_token = Some("let me see".into())).await;
    server.person("canary-name").await;
    server.guest().get("/metrics").await.refused(404, "not_found");
    server.guest().saying("authorization", "Bearer x").get("/metrics").await.refused(404, "not_found");
    let numbers = server.guest().saying("authorization", "Bearer let me see").get("/metrics").await;
    assert_eq!(numbers.status, 200);
    assert!(numbers.text.contains("parlour_requests_total{status=\"2xx\"}") && !numbers.text.contains("canary"));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_api_describes_itself() {
    let (server, _) = ana().await;
    let api: Value = server.guest().get("/api/v1/openapi.json").await.ok(200);
    assert!(api["paths"]["/rooms/{room}/messages"]["post"].is_object());
    let frames: Value = server.guest().get("/api/v1/frames.json").await.ok(200);
    assert!(frames["$defs"]["ServerFrame"].is_object());
    let limits = server.guest().get("/api/v1/limits").await.ok(200);
    assert_eq!((&limits["text"], &limits["json_depth"]), (&json!(16 * 1024), &json!(32)));
    server.stop().await;
}
