//! The second origin: files are shown from there, by tickets that die with their session, and nothing else is there.

use super::kit::*;
use crate::support::{Answer, Client, Db, Server};
use crate::talk::at;
use reqwest::redirect::Policy;
use serde_json::json;

const ORIGIN: &str = "http://files.test";

/// Asks as a browser asks for a picture of a page, and follows nothing.
async fn shown(server: &Server, who: &Client, path: &str) -> reqwest::Response {
    let http = reqwest::Client::builder().no_proxy().redirect(Policy::none()).build().unwrap();
    let request = http.get(format!("http://{}{path}", server.address)).header("sec-fetch-dest", "image");
    request.bearer_auth(who.token.as_ref().unwrap()).send().await.unwrap()
}

/// Where the answer leads, on the second origin.
fn there(response: &reqwest::Response) -> String {
    assert_eq!(response.status(), 307);
    let place = response.headers()["location"].to_str().unwrap();
    place.strip_prefix(ORIGIN).expect("it leads to the second origin").to_owned()
}

/// Asks the second origin, where nobody is known.
async fn second(server: &Server, path: &str) -> Answer {
    server.guest().saying("host", "files.test").get(path).await
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_shown_from_there_for_as_long_as_the_session_lives() {
    let server = Server::with(Db::sqlite(), |config| config.files_origin = Some(ORIGIN.to_owned())).await;
    let (ana, bo) = (server.person("ana").await, server.person("bo").await);
    let room = ana.post("/api/v1/rooms", json!({"name": "Den", "private": true})).await.ok(201)["id"].as_i64().unwrap();
    let file = upload(&ana, "a.txt", b"words").await;
    share(&ana, room, "", json!([file])).await;

    let place = there(&shown(&server, &ana, &path(file)).await);
    let got = second(&server, &place).await;
    assert_eq!((got.status, got.text.as_str()), (200, "words"));
    assert_eq!(got.header("cross-origin-resource-policy"), "cross-origin");
    assert!(got.header("content-security-policy").contains("sandbox"));

    // A script of the page gets it where it is; the page itself may show both origins.
    let own = ana.saying("sec-fetch-dest", "empty").get(&path(file)).await;
    assert_eq!((own.status, own.text.as_str()), (200, "words"));
    let page = ana.get("/").await;
    assert!(page.header("content-security-policy").contains(&format!("img-src 'self' {ORIGIN}")));

    // Who may not read it gets a ticket as well, and nothing for it: the rights are asked there.
    let bos = there(&shown(&server, &bo, &path(file)).await);
    second(&server, &bos).await.refused(404, "not_found");

    // A ticket is for one file; without one, or with a token, nobody is known there.
    let other = upload(&ana, "b.txt", b"other").await;
    let moved = place.replacen(&path(file), &path(other), 1);
    second(&server, &moved).await.refused(401, "unauthenticated");
    second(&server, &path(file)).await.refused(401, "unauthenticated");
    ana.saying("host", "files.test").get(&path(file)).await.refused(401, "unauthenticated");

    // Nothing else is there: no page, no call.
    for elsewhere in ["/", "/api/v1/me", "/api/v1/rooms", "/assets/x.js", "/healthz", "/api/v1/live"] {
        ana.saying("host", "files.test").get(elsewhere).await.refused(404, "not_found");
    }

    // Removed from the room, and logged out: the ticket that was given before is good for nothing.
    let member = ana.post(&at(room, "/members"), json!({"user": bo.id})).await;
    assert!(member.status < 300, "{}", member.text);
    assert_eq!(second(&server, &bos).await.status, 200);
    ana.delete(&at(room, &format!("/members/{}", bo.id))).await.ok(204);
    second(&server, &bos).await.refused(404, "not_found");
    ana.delete("/api/v1/sessions/current").await.ok(204);
    second(&server, &place).await.refused(401, "unauthenticated");
}
