//! Synapse knows accounts: whoever posts is registered first, and makes a room.

use crate::Result;
use crate::http::Http;
use crate::load::dialect::Member;
use crate::load::spec::RoomSpec;
use serde_json::{Value, json};
use std::net::SocketAddr;

/// The same rooms, as Synapse knows them, each with the one who made it.
///
/// # Errors
/// Synapse refuses.
pub async fn accounts(address: SocketAddr, rooms: Vec<RoomSpec>) -> Result<Vec<RoomSpec>> {
    let mut made = Vec::new();
    for room in rooms {
        let mut http = Http::open(address, "").await?;
        let who = json!({
            "username": format!("w{}", room.name), "password": "of a bench", "auth": { "type": "m.login.dummy" },
        });
        let token = field(&http.ask("POST", "/_matrix/client/v3/register", Some(&who)).await?, "access_token")?;
        let mut http = Http::open(address, &token).await?;
        let name = field(&http.ask("POST", "/_matrix/client/v3/createRoom", Some(&json!({}))).await?, "room_id")?;
        made.push(RoomSpec { name, members: vec![Member { token }], ..room });
    }
    Ok(made)
}

fn field(answer: &Value, name: &str) -> Result<String> {
    answer[name].as_str().map(str::to_owned).ok_or_else(|| format!("Synapse answers no {name}"))
}
