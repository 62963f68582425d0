//! The sweep: takes what nothing holds, and nothing else.

use super::kit::*;
use super::pieces::{announce, piece};
use crate::support::{Client, Db, Server};
use crate::talk::{at, finish};
use serde_json::json;
use server::files::sweep::Swept;
use std::collections::HashMap;
use std::path::Path;
use std::time::{Duration, SystemTime};

/// Makes it look as if it had lain there for some time.
fn age(path: &Path, hours: u64) {
    let file = std::fs::File::options().write(true).open(path).unwrap();
    file.set_modified(SystemTime::now() - Duration::from_secs(hours * 3_600)).unwrap();
}

both! {
    async fn what_was_never_sent_goes_after_its_time(db: Db) {
        let server = Server::start(db).await;
        let ana = server.person("ana").await;
        let (sent, face) = (upload(&ana, "sent.png", &png(700, 20, 1)).await, upload(&ana, "face.png", &png(9, 9, 2)).await);
        share(&ana, 1, "", json!([sent])).await;
        ana.patch("/api/v1/me", json!({"picture": face})).await.ok(200);
        let unsent = upload(&ana, "unsent.png", &png(20, 20, 3)).await;
        let twin = upload(&ana, "twin.png", &png(700, 20, 1)).await;
        let place = announce(&ana, 10, "").await;
        piece(&ana, &place, 0, &[1; 5]).await.ok(204);
        assert_eq!(sweep(&server.db).await, Swept::default(), "all of it is young");
        assert_eq!(ana.get(&path(unsent)).await.status, 200);
        // The same server, a day later.
        let server = Server::with(server.stop().await, |config| config.limits.unsent_ms = 1).await;
        let ana = server.login("ana").await;
        until("they are old", || SystemTime::now().elapsed().is_ok()).await;
        let mut config = server.db.config();
        config.limits.unsent_ms = 1;
        // The start swept already, or this does.
        let _: Swept = server::admin::ask(config, server::admin::Request::Sweep).await.unwrap();
        for gone in [unsent, twin] {
            ana.get(&path(gone)).await.refused(404, "not_found");
            assert_eq!(ana.post(&at(1, "/messages"), json!({"files": [gone]})).await.refused(400, "invalid").field(), "files");
        }
        for kept in [sent, face] {
            assert_eq!(ana.get(&path(kept)).await.status, 200);
        }
        // However short that time is, what is on its way stays.
        piece(&ana, &place, 5, &[1; 5]).await.ok(204);
        finish(server, &[&ana]).await;
    }

    async fn what_a_crash_left_goes_and_what_is_held_stays(db: Db) {
        let server = Server::start(db).await;
        let ana = server.person("ana").await;
        let held = upload(&ana, "held.png", &png(700, 20, 1)).await;
        share(&ana, 1, "", json!([held])).await;
        let given_up = announce(&ana, 10, "").await;
        piece(&ana, &given_up, 0, &[1; 5]).await.ok(204);
        let goes_on = announce(&ana, 10, "").await;
        piece(&ana, &goes_on, 0, &[2; 5]).await.ok(204);
        // Bytes that no row names, old ones and young ones; names that are none of ours; an upload that nobody goes
        // on with; what a form left half.
        let place = lying(&server.db, "files").into_iter().find(|path| path.extension().is_none()).unwrap();
        let (folder, key) = (place.parent().unwrap(), place.file_name().unwrap().to_str().unwrap());
        let uploads = server.db.folder.path().join("uploads");
        let young = folder.join(format!("{}-00000000000000aa", &key[..64]));
        let old = [folder.join(format!("{}-00000000000000bb", &key[..64])), folder.join(format!("{}-00000000000000bb.640.webp", &key[..64])), uploads.join("half.tmp")];
        for path in old.iter().chain([&young]) {
            std::fs::write(path, b"left").unwrap();
        }
        old.iter().for_each(|path| age(path, 25));
        lying(&server.db, "files").iter().filter(|path| path.to_str().unwrap().contains(key)).for_each(|path| age(path, 9_999));
        let id = |place: &str| place.rsplit('/').next().unwrap().to_owned();
        let of = |place: &str| lying(&server.db, "uploads").into_iter().filter(|path| path.to_str().unwrap().contains(&id(place))).collect::<Vec<_>>();
        of(&given_up).iter().for_each(|path| age(path, 25));
        // Of one that goes on, the note is old and the bytes are young.
        of(&goes_on).iter().filter(|path| path.extension().unwrap() == "json").for_each(|path| age(path, 25));
        assert_eq!(sweep(&server.db).await, Swept { files: 0, orphans: 2 });
        assert!(old.iter().all(|path| !path.exists()) && young.exists());
        ana.get(&given_up).await.refused(404, "not_found");
        assert_eq!((of(&given_up).len(), of(&goes_on).len()), (0, 2));
        piece(&ana, &goes_on, 5, &[2; 5]).await.ok(204);
        for path in [path(held), thumbnail(held, 640), thumbnail(held, 80)] {
            assert_eq!(ana.get(&path).await.status, 200);
        }
        age(&young, 25);
        // By the command, beside the running server.
        let mut command = crate::program::command(server.db.folder.path(), &["sweep"]);
        let told = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
        assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
        assert_eq!(told.stdout, b"0 files that nothing held and 1 that a crash had left are gone.\n");
        assert!(!young.exists());
        finish(server, &[&ana]).await;
    }
}

/// A row of numbers that looks like chance, the same each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }
}

/// What one person holds: the bytes of each file, and the messages that hold it.
#[derive(Default)]
struct Held {
    unsent: Vec<(i64, usize)>,
    sent: HashMap<i64, (i64, usize)>,
    face: Option<(i64, usize)>,
}

/// Some contents, of which several people send the same.
fn content(n: usize) -> Vec<u8> {
    if n.is_multiple_of(3) { png(20, 20, n as u8) } else { bytes(1_000 + n) }
}

/// Sends, says, deletes and drops, in an order of its own.
async fn live(who: Client, seed: u64, steps: usize) -> Held {
    let (mut dice, mut held, mut small) = (Dice(seed), Held::default(), Vec::new());
    for _ in 0..steps {
        match dice.roll(6) {
            0 | 1 => {
                let n = dice.roll(6);
                held.unsent.push((upload(&who, "any", &content(n)).await, n));
            }
            2 if !held.unsent.is_empty() => {
                let (file, n) = held.unsent.swap_remove(dice.roll(held.unsent.len()));
                let said = share(&who, 1, "", json!([file])).await;
                held.sent.insert(said["seq"].as_i64().unwrap(), (file, n));
            }
            3 if held.sent.len() > 2 => {
                let seq = *held.sent.keys().nth(dice.roll(held.sent.len())).unwrap();
                who.delete(&at(1, &format!("/messages/{seq}"))).await.ok(204);
                held.sent.remove(&seq);
            }
            4 if !held.unsent.is_empty() => {
                let (file, n) = held.unsent.swap_remove(dice.roll(held.unsent.len()));
                if n.is_multiple_of(3) {
                    who.patch("/api/v1/me", json!({"picture": file})).await.ok(200);
                    held.face = Some((file, n));
                } else {
                    who.delete(&path(file)).await.ok(204);
                }
            }
            5 if !held.sent.is_empty() => {
                // Nobody waits for it: its message may be deleted while it is made.
                let (file, _) = held.sent.values().nth(dice.roll(held.sent.len())).copied().unwrap();
                let (who, width) = (who.clone(), [80, 160, 320][dice.roll(3)]);
                small.push(tokio::spawn(async move { who.get(&thumbnail(file, width)).await }));
            }
            _ => {}
        }
    }
    for answer in futures_util::future::join_all(small).await {
        let answer = answer.unwrap();
        assert!([200, 404].contains(&answer.status), "{}", answer.text);
    }
    held
}

// Four people at once on one writer: what is tried are the races between a sweep and those who come with the same
// bytes. PostgreSQL has the same lanes.
#[tokio::test(flavor = "multi_thread")]
async fn whatever_happens_at_once_what_is_held_is_there_and_nothing_else() {
    let server = Server::start(Db::sqlite()).await;
    let mut people = Vec::new();
    for name in ["ana", "bo", "cy", "dee"] {
        people.push(server.person(name).await);
    }
    let lives: Vec<_> = people.iter().zip(1..).map(|(who, seed)| tokio::spawn(live(who.clone(), seed, 50))).collect();
    while !lives.iter().all(tokio::task::JoinHandle::is_finished) {
        sweep(&server.db).await;
    }
    sweep(&server.db).await;
    let mut contents = std::collections::HashSet::new();
    for (who, life) in people.iter().zip(lives) {
        let held = life.await.unwrap();
        for (file, n) in held.unsent.iter().chain(held.sent.values()).chain(&held.face) {
            assert!(who.get(&path(*file)).await.bytes == content(*n), "{} holds {file}", who.id);
            contents.insert(*n);
        }
    }
    assert!(contents.len() > 3, "{contents:?}");
    let (originals, small): (Vec<_>, Vec<_>) =
        lying(&server.db, "files").into_iter().partition(|path| path.extension().is_none());
    assert_eq!(originals.len(), contents.len());
    for path in small {
        let original = path.with_extension("").with_extension("");
        assert!(originals.contains(&original), "{} is of nothing", path.display());
    }
    assert_eq!(lying(&server.db, "uploads").len(), 0);
    finish(server, &[&people[0]]).await;
}
