//! Markdown: rendered once, the same live, in history and in the log, and never more than a few harmless elements.

use crate::support::{Db, Server};
use crate::talk::{Ear, at, finish, log, people, say};
use serde_json::{Value, json};
use server::render::fuzz;

/// What each of them must not become.
const ATTACKS: [&str; 12] = [
    "**x** <script>alert(1)</script>",
    "**x** <img src=x onerror=alert(1)>",
    "[x](javascript:alert(1)) **x**",
    "[x](java&Tab;script:alert(1)) **x**",
    "![x](data:text/html;base64,PHNjcmlwdD4=) **x**",
    "[x](https://bank.example@evil.example) **x**",
    "<a href=\"javascript:alert(1)\">x</a> **x**",
    "```\"><script>alert(1)</script>\nx\n```",
    "[x](https://x.example/\"onmouseover=\"alert(1)) **x**",
    "| a |\n|-|\n| <svg/onload=alert(1)> |",
    "$</span><script>alert(1)</script>$",
    "||</span><style>*{display:none}</style>|| **x**",
];

/// The message as a page shows it.
fn shown(page: &Value, seq: i64) -> Value {
    let messages = page["messages"].as_array().unwrap();
    messages.iter().find(|message| message["seq"] == seq).unwrap().clone()
}

both! {
    async fn a_text_has_its_markup_live_in_history_and_in_the_log_until_it_is_gone(db: Db) {
        let server = Server::start(db).await;
        let ana = server.person("ana").await;
        let bo = people(&server, &["bo"]).await.remove(0);
        let mut hears = Ear::open(&server, &bo).await;
        let bold = "<p><strong>tea</strong> at four, @bo</p>";
        let seq = say(&ana, 1, "**tea** at four, @bo").await;
        hears.reach(1, seq).await;
        let heard = hears.events(1).pop().unwrap();
        assert_eq!((&heard["html"], &heard["mentions"]), (&json!(bold), &json!([bo.id])));
        assert_eq!(log(&bo, 1).await.pop().unwrap(), heard);
        let page = bo.get(&at(1, "/messages")).await.ok(200);
        assert_eq!(shown(&page, seq)["html"], bold);
        assert_eq!(shown(&page, seq)["text"], "**tea** at four, @bo");
        // An edit has its own; a plain text has none.
        let edited = ana.patch(&at(1, &format!("/messages/{seq}")), json!({"text": "*coffee*"})).await.ok(200);
        assert_eq!(edited["html"], "<p><em>coffee</em></p>");
        hears.reach(1, seq + 1).await;
        assert_eq!(hears.events(1).pop().unwrap()["html"], "<p><em>coffee</em></p>");
        let edited = ana.patch(&at(1, &format!("/messages/{seq}")), json!({"text": "plain"})).await.ok(200);
        assert!(edited.get("html").is_none(), "{edited}");
        let page = bo.get(&at(1, "/messages")).await.ok(200);
        assert!(shown(&page, seq).get("html").is_none());
        // Over the socket too; and what is deleted is gone in every form.
        let acked = hears.ask(json!({"t": "send", "room": 1, "client_id": "one", "text": "# Canary"})).await;
        assert_eq!(acked["t"], "done", "{acked}");
        let canary = log(&bo, 1).await.pop().unwrap();
        assert_eq!(canary["html"], "<h1>Canary</h1>");
        bo.delete(&at(1, &format!("/messages/{}", canary["seq"]))).await.ok(204);
        for place in ["/events", "/messages"] {
            assert!(!ana.get(&at(1, place)).await.text.contains("Canary"), "{place}");
        }
        finish(server, &[&ana]).await;
    }

    async fn nothing_that_somebody_writes_becomes_more_than_the_elements_that_are_allowed(db: Db) {
        let server = Server::start(db).await;
        let ana = server.person("ana").await;
        for attack in ATTACKS {
            let sent = ana.post(&at(1, "/messages"), json!({"text": attack})).await.ok(201);
            let html = sent["html"].as_str().unwrap_or_else(|| panic!("{attack} is more than plain"));
            fuzz::check(html);
            for sign in ["<script", "<img", "<svg", "<style", "href=\"java", "href=\"data", "evil.example\"", "onmouseover=\""] {
                assert!(!html.contains(sign), "{attack}: {html}");
            }
        }
        finish(server, &[&ana]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_thousand_nested_signs_are_plain_text() {
    let server = Server::with(Db::sqlite(), |config| {
        config.limits.text = 100_000;
        config.limits.body = 1 << 20;
    })
    .await;
    let ana = server.person("ana").await;
    for sign in [">", "[", "*a ", "`", "- ", "![", "||", "$"] {
        let text = sign.repeat(100_000 / sign.len());
        let sent = ana.post(&at(1, "/messages"), json!({"text": text})).await.ok(201);
        assert!(sent.get("html").is_none(), "{sign} is plain");
        assert_eq!(sent["text"], text, "and kept as it was written");
        let more = ana.post(&at(1, "/messages"), json!({"text": format!("{text}{text}")})).await;
        more.refused(413, "too_large");
    }
    server.stop().await;
}

both! {
    async fn names_in_code_call_nobody_and_here_counts_for_nobody(db: Db) {
        let server = Server::start(db).await;
        let ana = server.person("ana").await;
        let bo = people(&server, &["bo"]).await.remove(0);
        for text in ["`@bo`", "```\n@bo @room @here\n```", "$@bo$", "https://x.example/@bo", "[x](https://x.example/@bo)"] {
            let sent = ana.post(&at(1, "/messages"), json!({"text": text})).await.ok(201);
            for called in ["mentions", "everyone", "here"] {
                assert!(sent.get(called).is_none(), "{text}: {sent}");
            }
        }
        let here = ana.post(&at(1, "/messages"), json!({"text": "tea is ready, @here"})).await.ok(201);
        assert_eq!((&here["here"], here.get("mentions"), here.get("everyone")), (&json!(true), None, None));
        let room = bo.get(&at(1, "")).await.ok(200);
        assert_eq!(room["mentions"], 0, "{room}");
        let called = ana.post(&at(1, "/messages"), json!({"text": "> **@bo**"})).await.ok(201);
        assert_eq!(called["mentions"], json!([bo.id]));
        assert_eq!(bo.get(&at(1, "")).await.ok(200)["mentions"], 1);
        finish(server, &[&ana]).await;
    }
}
