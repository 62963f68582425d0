//! What concerns the server as a whole, and what needs no login.

use super::house::House;
use crate::support::Server;
use protocol::view::ServerRole;
use reqwest::Method;
use serde_json::{Value, json};
use server::http::TABLE;
use server::policy::{ServerAct, decide_server};
/// What must be asked of the policy for the server: call, path, body that changes nothing.
fn acts(house: &House) -> Vec<(ServerAct, &'static str, String, Option<Value>)> {
    use ServerAct::*;
    let (member, gone) = (house.id("member"), house.id("gone"));
    vec![
        (Change, "patch", "/server".into(), Some(json!({}))),
        (Invite, "get", "/invites".into(), None),
        (Invite, "post", "/invites".into(), Some(json!({}))),
        (Invite, "delete", "/invites/999999".into(), None),
        (SetRole, "put", format!("/users/{member}/role"), Some(json!({"role": "member"}))),
        (BanAccount, "put", format!("/users/{gone}/ban"), None),
        (Emoji, "delete", "/emoji/nothing".into(), None),
        (Groups, "delete", "/groups/999999".into(), None),
        (Groups, "patch", "/groups/999999".into(), Some(json!({}))),
    ]
}

both! {
    async fn only_those_who_run_the_server_run_it(db: Db) {
        let server = Server::start(db).await;
        let house = House::build(&server).await;
        for who in house.people.iter().filter(|who| !who.dead) {
            for (act, method, path, body) in acts(&house) {
                let method: Method = method.to_uppercase().parse().unwrap();
                let body_is_there = body.is_some();
                let answer = who.client.send(method, &format!("/api/v1{path}"), body).await;
                match decide_server(act, who.role) {
                    // What is not there is not found by those who may look.
                    Ok(()) if path == "/invites/999999" || (path == "/groups/999999" && body_is_there) => drop(answer.refused(404, "not_found")),
                    Ok(()) => assert!((200..=204).contains(&answer.status), "{act:?}: {}", answer.text),
                    Err(_) => drop(answer.refused(403, "forbidden")),
                }
            }
        }
        let admin = &house.who("admin").client;
        let owner = &house.who("server_owner").client;
        let ban = |id: i64| format!("/api/v1/users/{id}/ban");
        admin.put(&ban(owner.id.0), json!({})).await.refused(403, "forbidden");
        admin.put(&ban(admin.id.0), json!({})).await.refused(403, "forbidden");
        owner.put(&format!("/api/v1/users/{}/role", owner.id), json!({"role": "admin"})).await.refused(409, "last_owner");
        // A ban that is lifted brings nobody's session back.
        let gone = house.who("gone");
        admin.delete(&ban(gone.client.id.0)).await.ok(204);
        gone.client.get("/api/v1/me").await.refused(401, "unauthenticated");
        assert_eq!(house.who("outsider").role, ServerRole::Member);
        server.stop().await;
    }

    async fn whoever_is_not_logged_in_gets_nowhere(db: Db) {
        let server = Server::start(db).await;
        let house = House::build(&server).await;
        for who in house.people.iter().filter(|who| who.dead) {
            for (method, path) in TABLE.iter().filter(|route| !crate::routes::PUBLIC.contains(route)) {
                let path = ["{room}", "{user}", "{seq}", "{id}"].iter().fold((*path).to_owned(), |path, part| path.replace(part, "1"));
                let method: Method = method.to_uppercase().parse().unwrap();
                let body = (method != Method::GET).then(|| json!({}));
                let answer = who.client.send(method, &format!("/api/v1{path}"), body).await;
                answer.refused(401, "unauthenticated");
            }
        }
        server.stop().await;
    }
}
