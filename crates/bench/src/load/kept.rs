//! What was acknowledged is read again from the server's history: each message once, under the seq of its ack. Of a
//! chat room with an `archive`, all that was said.

use super::archive;
use super::dialect::Dialect;
use super::room::Room;
use super::spec::Spec;
use super::text::{self, Mark};
use crate::http::Http;
use crate::{Result, failed};
use std::collections::HashMap;

/// How many acknowledged messages of this room were looked for, and how many are not as they should be.
///
/// # Errors
/// The server does not answer.
pub fn read_again(spec: &Spec, number: usize, room: &Room) -> Result<(u64, u64)> {
    if spec.dialect == Dialect::Xmpp {
        return archive::read_again(spec, number, room);
    }
    if spec.dialect != Dialect::Parlour || room.kept.is_empty() {
        return Ok((0, 0));
    }
    let token = &spec.rooms[number].members[0].token;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(failed("the runtime"))?;
    let before = room.kept.iter().map(|acked| acked.seq).min().unwrap_or(1) - 1;
    let found = runtime.block_on(async {
        let mut http = Http::open(spec.address, token).await?;
        history(&mut http, &room.name, before).await
    })?;
    let acked = room.kept.iter().map(|acked| (Mark { room: number, writer: acked.writer, n: acked.n }, acked.seq));
    let wrong = acked.filter(|(mark, seq)| found.get(mark).map(Vec::as_slice) != Some(&[*seq])).count();
    Ok((room.kept.len() as u64, wrong as u64))
}

/// The seqs of each message in the log after `after`.
async fn history(http: &mut Http, room: &str, mut after: u64) -> Result<HashMap<Mark, Vec<u64>>> {
    let mut found: HashMap<Mark, Vec<u64>> = HashMap::new();
    loop {
        let page = http.get(&format!("/api/v1/rooms/{room}/events?after={after}&limit=1000")).await?;
        let events = page["events"].as_array().map_or(&[][..], Vec::as_slice);
        if events.is_empty() {
            return Ok(found);
        }
        for event in events {
            let seq = event["seq"].as_u64().ok_or("an event without a seq")?;
            if let Some(mark) = event["text"].as_str().and_then(|text| text::read(text.as_bytes())) {
                found.entry(mark).or_default().push(seq);
            }
            after = seq;
        }
    }
}
