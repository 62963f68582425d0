//! The newest page of 50 where people did with the messages what people do: reactions, edits, threads, quotes. Beside it
//! a plain page, as long.

use super::{Plan, pages, room};
use crate::Result;
use crate::http::Http;
use crate::program::Person;
use crate::table::Table;
use serde_json::json;
use std::net::SocketAddr;

/// Twenty of them: as many as a person can put to a message.
const EMOJI: [&str; 20] = [
    "👍", "🎉", "😀", "🙏", "🔥", "👀", "🚀", "🍰", "☕", "🌱", "🐙", "🎲", "🦊", "🍋", "🎈", "🌙", "📌", "🧭", "🪴",
    "🫖",
];
const PAGE: usize = 50;
/// More than a reaction tells the names of, so that the page has to look for the reader's own.
const PEOPLE: usize = 24;

/// # Errors
/// The room cannot be made, or the server does not answer.
pub async fn conversation(plan: &Plan, table: &mut Table) -> Result<()> {
    let folder = plan.fresh()?;
    let data = folder.path().join("data");
    let people = plan.program.people(&data, "reader", PEOPLE, "Busy")?;
    let running = plan.program.serve(&data).await?;
    let mut https = Vec::with_capacity(people.len());
    for person in &people {
        https.push(open(running.address, person).await?);
    }
    let busy = room(&mut https[0], "Busy").await?;
    let plain =
        https[0].ask("POST", "/api/v1/rooms", Some(&json!({"name": "Plain"}))).await?["id"].as_i64().unwrap_or(0);
    https[PEOPLE - 1].ask("POST", &format!("/api/v1/rooms/{plain}/members"), Some(&json!({}))).await?;
    for n in 0..PAGE {
        let text = format!("The kettle is on, number {n}: who would like a cup of tea with a slice of lemon cake?");
        say(&mut https[0], plain, json!({"text": text})).await?;
        say(&mut https[n % PEOPLE], busy, json!({"text": text})).await?;
    }
    let page = https[0].get(&format!("/api/v1/rooms/{busy}/messages?limit=50")).await?;
    let seqs: Vec<i64> =
        page["messages"].as_array().into_iter().flatten().filter_map(|one| one["seq"].as_i64()).collect();
    for (n, seq) in seqs.into_iter().enumerate() {
        for (i, emoji) in EMOJI.iter().enumerate() {
            let path = format!("/api/v1/rooms/{busy}/messages/{seq}/reactions/{}", encoded(emoji));
            // The first by everybody, the others by some.
            let (from, many) = if i == 0 { (0, PEOPLE) } else { ((n + i) % (PEOPLE - 3), 3) };
            for http in https.iter_mut().skip(from).take(many) {
                http.ask("PUT", &path, None).await?;
            }
        }
        let text =
            json!({"text": format!("The kettle **was** on, number {n}: there is tea with a slice of lemon cake.")});
        https[n % PEOPLE].ask("PATCH", &format!("/api/v1/rooms/{busy}/messages/{seq}"), Some(&text)).await?;
        for reply in 0..3 {
            let body = json!({"text": "Yes, please!", "thread": seq});
            say(&mut https[(n + reply) % PEOPLE], busy, body).await?;
        }
    }
    // One whose own reaction the names do not tell.
    let http = &mut https[PEOPLE - 1];
    for (room, what) in [(plain, "plain"), (busy, "20 reactions each, edited, with threads")] {
        let times = pages::newest(plan, http, room, what, table).await?;
        table.row(
            format!("newest page of 50 over HTTP, {what}"),
            times.shown(),
            if room == busy { "≤ 2 ms" } else { "" },
        );
    }
    Ok(())
}

async fn open(address: SocketAddr, person: &Person) -> Result<Http> {
    Http::open(address, &person.token).await
}

async fn say(http: &mut Http, room: i64, body: serde_json::Value) -> Result<()> {
    http.ask("POST", &format!("/api/v1/rooms/{room}/messages"), Some(&body)).await.map(drop)
}

/// As it stands in an address.
fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
