//! A property: whatever people write, join and leave, however often sockets come and go and however slowly they
//! read, each reader holds exactly the log that it was entitled to: no gap, no double, in order. With every hint
//! dropped the same holds, two seconds later at most.

use crate::support::{Client, Db, Server};
use crate::talk::{Ear, at, log, people, same, say, seq, verify};
use futures_util::future::join_all;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};
use std::sync::Mutex;
use std::time::{Duration, Instant};

const READERS: usize = 3;

#[derive(Clone, Debug)]
enum Write {
    Say,
    Edit,
    Delete,
    /// Joins; leaves, where they are in.
    Toggle,
}

#[derive(Clone, Debug)]
enum Read {
    /// Reads all that waits for it; until then it reads nothing.
    Drain,
    Drop,
    Resume,
}

/// What happens at once: writes by several people, and one reader that does something.
type Step = (Vec<(usize, Write)>, (usize, Read));

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let write =
        prop_oneof![5 => Just(Write::Say), 1 => Just(Write::Edit), 1 => Just(Write::Delete), 2 => Just(Write::Toggle)];
    let read = prop_oneof![2 => Just(Read::Drain), 2 => Just(Read::Drop), 3 => Just(Read::Resume)];
    let step = (prop::collection::vec((0..=READERS, write), 1..6), (0..READERS, read));
    prop::collection::vec(step, 1..12)
}

/// A person with what they hold of the room.
struct Reader {
    client: Client,
    ear: Option<Ear>,
    copy: Vec<Value>,
    /// The room was taken from it, or it was told to begin anew, since the last event of its copy.
    cut: bool,
    /// Where its copy begins: after that.
    from: i64,
}

impl Reader {
    async fn connect(&mut self, server: &Server, room: i64) {
        if self.ear.is_some() {
            return;
        }
        let cursor = self.copy.last().map_or(self.from, seq);
        self.ear = Some(Ear::resume(server, &self.client, &[(room, cursor)]).await);
    }

    /// Takes over what the socket heard. Between two of its events nothing is missing, but for the time in which it
    /// had left the room.
    fn take(&mut self, room: i64) {
        let Some(ear) = &mut self.ear else { return };
        for frame in ear.frames.drain(..).filter(|frame| frame["room"] == room) {
            match frame["t"].as_str().unwrap() {
                "gone" | "reset" => self.cut = true,
                "event" => {
                    let event = crate::talk::bare(&frame);
                    let last = self.copy.last().map_or(self.from, seq);
                    let comes = event["kind"] == "joined" && event["users"] == json!([self.client.id]);
                    let fits = seq(&event) == last + 1 || (self.cut && comes && seq(&event) > last);
                    assert!(
                        fits,
                        "{} holds the log up to {last} (cut: {}), and hears {event}",
                        self.client.id, self.cut
                    );
                    self.cut = false;
                    self.copy.push(event);
                }
                _ => {}
            }
        }
    }
}

async fn write(who: &Client, what: &Write, room: i64, last: &Mutex<Vec<i64>>, n: usize) {
    let seq = last.lock().unwrap()[n];
    let answer = match what {
        // The owner stays: somebody has to see all of it.
        Write::Toggle if n == READERS => return,
        Write::Say => {
            let answer = who.post(&at(room, "/messages"), json!({"text": "words"})).await;
            if let Some(seq) = answer.json["seq"].as_i64() {
                last.lock().unwrap()[n] = seq;
            }
            answer
        }
        Write::Edit => who.patch(&at(room, &format!("/messages/{seq}")), json!({"text": format!("edit {seq}")})).await,
        Write::Delete => who.delete(&at(room, &format!("/messages/{seq}"))).await,
        Write::Toggle => match who.post(&at(room, "/members"), json!({})).await {
            there if there.status == 200 => who.delete(&at(room, "/members/me")).await,
            came => came,
        },
    };
    assert!(answer.status < 500, "{}", answer.text);
}

async fn case(server: &Server, owner: &Client, others: &[Client], steps: Vec<Step>) {
    let name = format!("room {}", number());
    let room = owner.room(&name).await;
    let mut readers = Vec::new();
    for client in others {
        client.post(&at(room, "/members"), json!({})).await.ok(201);
        readers.push(Reader { client: client.clone(), ear: None, copy: Vec::new(), cut: false, from: 0 });
    }
    let mut steady = Reader { client: owner.clone(), ear: None, copy: Vec::new(), cut: false, from: 0 };
    steady.connect(server, room).await;
    let last = Mutex::new(vec![1; READERS + 1]);
    for (writes, (n, read)) in steps {
        let writes = writes.iter().map(|(n, what)| write(others.get(*n).unwrap_or(owner), what, room, &last, *n));
        let reader = &mut readers[n];
        let reads = async {
            match read {
                Read::Resume => reader.connect(server, room).await,
                Read::Drop => {
                    reader.take(room);
                    reader.ear = None;
                }
                Read::Drain => {
                    if let Some(ear) = &mut reader.ear {
                        ear.drain().await;
                    }
                    reader.take(room);
                }
            }
        };
        tokio::join!(join_all(writes), reads);
    }
    let (end, since) = (say(owner, room, "the end").await, Instant::now());
    let log = log(owner, room).await;
    readers.push(steady);
    for mut reader in readers {
        reader.take(room);
        let member = reader.client.get(&at(room, "/events?limit=1")).await.status == 200;
        reader.connect(server, room).await;
        let ear = reader.ear.as_mut().unwrap();
        match member {
            true if reader.copy.last().map_or(0, seq) < end => ear.reach(room, end).await,
            _ => ear.drain().await,
        }
        assert!(since.elapsed() < Duration::from_secs(3), "two seconds after its commit all have it");
        reader.take(room);
        // Each event is the log's own, at its place in it.
        for event in &reader.copy {
            same(std::slice::from_ref(event), &log, seq(event) - 1);
        }
        assert!(!member || reader.copy.last().map_or(0, seq) == end);
    }
    verify(owner, room).await;
}

fn number() -> u64 {
    static MADE: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
    MADE.fetch_add(1, std::sync::atomic::Ordering::Relaxed)
}

fn check(db: Db) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let (server, owner, others) = runtime.block_on(async {
        let server = Server::start(db).await;
        let owner = server.person("owner").await;
        let others = people(&server, &["ana", "bo", "cy"]).await;
        (server, owner, others)
    });
    let begun = Instant::now();
    let config = Config { cases: 40, max_shrink_iters: 30, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new(config);
    let checked = runner.run(&steps(), |steps| {
        // As many as a test may take time for.
        if begun.elapsed() < Duration::from_secs(15) {
            runtime.block_on(case(&server, &owner, &others, steps));
        }
        Ok(())
    });
    checked.unwrap_or_else(|error| panic!("{error}"));
    runtime.block_on(server.stop());
}

/// Runs a test again, in a process in which no reader is told of a commit.
fn without_hints(test: &str) {
    let mut again = std::process::Command::new(std::env::current_exe().unwrap());
    let status = again.args(["--exact", test, "--nocapture"]).env("PARLOUR_PLANTED", "hints_dropped").status();
    assert!(status.unwrap().success());
}

mod any_interleaving {
    #[test]
    fn sqlite() {
        super::check(super::Db::sqlite());
    }

    #[test]
    fn postgres() {
        super::check(super::Db::postgres());
    }
}

mod any_interleaving_with_every_hint_dropped {
    #[test]
    fn sqlite() {
        super::without_hints("follow::any_interleaving::sqlite");
    }

    #[test]
    fn postgres() {
        super::without_hints("follow::any_interleaving::postgres");
    }
}
