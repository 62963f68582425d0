//! Plays the script: every line at its time, through the write door.

use super::clock::Clock;
use super::people::Crowd;
use super::script::{Line, Room, Script, What};
use crate::app::App;
use crate::fault::Result;
use crate::room::{self, Forward, Move, NewRoom, Said, Settle};
use protocol::{Code, Refusal, RoomId, Seq, Time, UserId};
use std::collections::HashMap;
use store::as_of;

/// The first room: it is there already.
pub const LOBBY: &str = "Lobby";

/// Where a room stands while the script is played.
struct Stage {
    room: RoomId,
    /// Each person's last message.
    last: HashMap<UserId, Seq>,
    /// What each line of the script became.
    said: HashMap<usize, Seq>,
    head: Seq,
    /// Up to where the owner has read, if not to the end.
    read: Option<Seq>,
    /// The newest minute, and how much was said in it.
    minute: (i64, i64),
}

/// Answers how many rooms there are.
pub async fn play(app: &App, script: &Script, crowd: &Crowd, clock: &Clock, opened: Time) -> Result<usize> {
    let mut stages = Vec::with_capacity(script.rooms.len());
    for (i, room) in script.rooms.iter().enumerate() {
        // One after another, as somebody who furnishes a house would.
        let at = Time(opened.0 + i64::try_from(i).unwrap_or(0) * 4 * super::MINUTE);
        let (room, head) = as_of(at, open(app, room, crowd)).await?;
        stages.push(Stage {
            room,
            last: HashMap::new(),
            said: HashMap::new(),
            head,
            read: None,
            minute: (i64::MIN, 0),
        });
    }
    // All rooms in the order of time: the newest comes last, also in the list of rooms.
    let mut lines: Vec<(usize, usize, &Line)> = Vec::new();
    for (i, room) in script.rooms.iter().enumerate() {
        lines.extend(room.lines.iter().enumerate().map(|(n, line)| (i, n, line)));
    }
    lines.sort_by_key(|(room, _, line)| (line.day, line.minute, *room));
    for (i, n, line) in lines {
        // What is brought over from another room is looked for there.
        let source = match &line.what {
            What::Forwards(whom, room) => Some(found(script, crowd, &stages, whom, room)?),
            _ => None,
        };
        let stage = &mut stages[i];
        let minute = clock.at(line.day, line.minute);
        let nth = if stage.minute.0 == minute { stage.minute.1 + 1 } else { 0 };
        stage.minute = (minute, nth);
        // Seconds that look like people typing, in order within the minute.
        let at = Time(minute + (nth * 9 + i64::try_from(i).unwrap_or(0) % 5).min(59) * 1_000 + 137);
        if line.unread && stage.read.is_none() {
            stage.read = Some(stage.head);
        }
        as_of(at, perform(app, crowd, stage, (n, line), source, clock)).await?;
    }
    // Threads too; some rooms are unread again after that.
    room::read_all(&app.core, crowd.owner).await?;
    for stage in &stages {
        let wish = Move { seq: stage.read.unwrap_or(stage.head), version: None, unread: stage.read.is_some() };
        match room::move_cursor(&app.core, crowd.owner, stage.room, wish, None).await {
            // There are rooms without the owner.
            Err(crate::fault::Fault::Refused(_)) | Ok(_) => {}
            Err(fault) => return Err(fault),
        }
    }
    Ok(stages.len())
}

async fn open(app: &App, room: &Room, crowd: &Crowd) -> Result<(RoomId, Seq)> {
    let people: Vec<UserId> = match room.people.is_empty() {
        true => crowd.residents.clone(),
        false => room.people.iter().filter_map(|name| crowd.named.get(name).copied()).collect(),
    };
    let Some(maker) = people.first().copied() else { return Err(unknown("nobody")) };
    if room.name.is_empty() {
        let (view, _) = room::direct(&app.core, maker, people).await?;
        return Ok((view.id, view.head));
    }
    if room.name == LOBBY {
        let topic = Settle { topic: Some(room.topic.clone()), ..Settle::default() };
        let view = room::settle(&app.core, crowd.owner, crowd.lobby, topic).await?;
        return Ok((view.id, view.head));
    }
    let new = NewRoom { name: room.name.clone(), topic: room.topic.clone(), private: room.private };
    let made = room::create(&app.core, maker, new).await?;
    let (view, _) = room::add(&app.core, maker, made.id, people).await?;
    Ok((view.id, view.head))
}

/// The last message of somebody in a room.
fn found(script: &Script, crowd: &Crowd, stages: &[Stage], whom: &str, room: &str) -> Result<(RoomId, Seq)> {
    let stage = script.rooms.iter().zip(stages).find(|(there, _)| there.name == room).map(|(_, stage)| stage);
    let seq = |stage: &Stage| stage.last.get(crowd.named.get(whom)?).copied();
    let stage = stage.ok_or_else(|| unknown(room))?;
    Ok((stage.room, seq(stage).ok_or_else(|| unknown(whom))?))
}

async fn perform(
    app: &App,
    crowd: &Crowd,
    stage: &mut Stage,
    (n, line): (usize, &Line),
    source: Option<(RoomId, Seq)>,
    clock: &Clock,
) -> Result<()> {
    let who = *crowd.named.get(&line.who).ok_or_else(|| unknown(&line.who))?;
    let last = stage.last.get(&who).copied();
    let client_id = format!("demo-{}-{}", stage.room, stage.head.next());
    let of = |name: &str| {
        let seq = crowd.named.get(name).and_then(|user| stage.last.get(user));
        seq.copied().ok_or_else(|| unknown(name))
    };
    match &line.what {
        What::Says(text) | What::Tells(text) | What::Quotes(_, text) => {
            let quote = match &line.what {
                What::Quotes(whom, _) => Some(of(whom)?),
                _ => None,
            };
            let said = Said {
                room: stage.room,
                client_id,
                text: clock.worded(text),
                thread: line.below.and_then(|root| stage.said.get(&root)).copied(),
                also: matches!(line.what, What::Tells(_)),
                quote,
                files: Vec::new(),
            };
            let (event, _) = room::send(&app.core, who, said, || Ok(())).await?;
            stage.head = event.seq;
            stage.last.insert(who, event.seq);
            stage.said.insert(n, event.seq);
        }
        What::Forwards(..) => {
            let from = source.ok_or_else(|| unknown(&line.who))?;
            let wish = Forward { room: stage.room, client_id, from };
            let (event, _) = room::forward(&app.core, who, wish, || Ok(())).await?;
            stage.head = event.seq;
            stage.said.insert(n, event.seq);
        }
        What::React(emoji, people, target) => {
            let target = *stage.said.get(target).ok_or_else(|| unknown(&line.who))?;
            for name in people {
                let user = *crowd.named.get(name).ok_or_else(|| unknown(name))?;
                room::react(&app.core, user, stage.room, target, emoji.clone()).await?;
                stage.head = stage.head.next();
            }
        }
        What::Pins(whom) => {
            let target = of(whom)?;
            room::pin(&app.core, who, stage.room, target, true).await?;
            stage.head = stage.head.next();
        }
        What::Edits(text) => {
            let target = last.ok_or_else(|| unknown(&line.who))?;
            room::edit(&app.core, who, stage.room, target, clock.worded(text)).await?;
            stage.head = stage.head.next();
        }
        What::Deletes => {
            let target = last.ok_or_else(|| unknown(&line.who))?;
            room::delete(&app.core, who, stage.room, target).await?;
            stage.head = stage.head.next();
        }
        What::Joins => stage.head = room::join(&app.core, who, stage.room).await?.0.head,
        What::Topic(topic) => {
            let wish = Settle { topic: Some(topic.clone()), ..Settle::default() };
            stage.head = room::settle(&app.core, who, stage.room, wish).await?.head;
        }
    }
    Ok(())
}

fn unknown(who: &str) -> crate::fault::Fault {
    Refusal::new(Code::NotFound, format!("the script speaks of {who} too early")).into()
}
