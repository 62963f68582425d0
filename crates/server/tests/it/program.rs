//! The program itself: its command line, its admin socket, its stop.

use crate::support::{Client, PASSWORD, PATIENCE, http};
use serde_json::json;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Instant;

const PROGRAM: &str = env!("CARGO_BIN_EXE_parlour");

fn parlour(data: &Path, arguments: &[&str]) -> Output {
    command(data, arguments).output().unwrap()
}

pub fn command(data: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM);
    command.args(arguments).env_clear().env("PARLOUR_DATA", data).env("PARLOUR_LISTEN", "127.0.0.1:0");
    command
}

/// Starts the server and answers where it is.
fn serve(data: &Path) -> (Child, String) {
    serve_with(command(data, &["serve"]))
}

pub fn serve_with(mut command: Command) -> (Child, String) {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    let url = line.trim().strip_prefix("Parlour is open at ").unwrap().to_owned();
    (child, url)
}

/// SIGTERM, and how it ends.
pub fn stop(mut child: Child) -> i32 {
    Command::new("kill").arg(child.id().to_string()).status().unwrap();
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code().unwrap_or(-1);
        }
        assert!(start.elapsed() < PATIENCE, "it does not stop");
        std::thread::yield_now();
    }
}

fn lines(out: &Output) -> Vec<String> {
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8_lossy(&out.stdout).lines().map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_added_with_and_without_a_running_server() {
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("people.csv");
    let add = |text: &str, more: &[&str]| {
        std::fs::write(&file, text).unwrap();
        let mut arguments = vec!["users", "add", "--from", file.to_str().unwrap()];
        arguments.extend(more);
        parlour(data.path(), &arguments)
    };
    // Nobody serves: the command does it itself.
    let added = lines(&add("username,display_name\nbo,Bo Lee\ncy,\"Cy, Jr\"\n", &["--room", "Garden", "--tokens"]));
    assert_eq!(added.len(), 2);
    assert!(added[0].starts_with("bo,1,") && added[1].starts_with("cy,2,"), "{added:?}");
    let token = added[1].split(',').nth(2).unwrap().to_owned();

    let (child, url) = serve(data.path());
    let http = http();
    let rooms = http.get(format!("{url}/api/v1/rooms")).bearer_auth(&token).send().await.unwrap();
    let rooms: serde_json::Value = serde_json::from_str(&rooms.text().await.unwrap()).unwrap();
    assert_eq!((&rooms["rooms"][0]["name"], &rooms["rooms"][0]["members"]), (&"Garden".into(), &2.into()));
    // Through the running server, into a room that is there and one that is not.
    let added = lines(&add("dee,\n", &["--room", "garden", "--room", "Attic"]));
    assert_eq!(added, ["dee,3"]);
    // One bad line, and nobody is added.
    for (text, line) in [
        ("eve,Eve\nfay,Fay\nbo,Bo\n", "line 3"),
        ("eve,Eve\neve,Eve\n", "line 2"),
        ("eve,Eve\nf,Too Short\n", "line 2"),
        ("eve,Eve,extra\n", "line 1"),
    ] {
        let out = add(text, &[]);
        assert!(!out.status.success());
        assert!(String::from_utf8_lossy(&out.stderr).contains(line), "{}", String::from_utf8_lossy(&out.stderr));
    }
    let people = http.get(format!("{url}/api/v1/users")).bearer_auth(&token).send().await.unwrap();
    let people: serde_json::Value = serde_json::from_str(&people.text().await.unwrap()).unwrap();
    assert_eq!(people["users"].as_array().unwrap().len(), 3);
    // The socket is its owner's alone, and gone with the server.
    let socket = data.path().join("admin.sock");
    let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&socket).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(stop(child), 0);
    assert!(!socket.exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn on_its_stop_sockets_are_told_when_to_come_back() {
    let data = tempfile::tempdir().unwrap();
    let (child, url) = serve(data.path());
    let mut ana = Client::at(url.strip_prefix("http://").unwrap().parse().unwrap());
    let answer = ana.post("/api/v1/accounts", json!({"username": "ana", "password": PASSWORD})).await;
    ana.take_login(&answer);
    let mut sockets = Vec::new();
    for _ in 0..10 {
        sockets.push(ana.live().await);
    }
    let stopped = tokio::task::spawn_blocking(move || stop(child));
    for mut socket in sockets {
        let (code, _) = socket.closed().await;
        assert_eq!(code, 1012);
    }
    assert_eq!(stopped.await.unwrap(), 0);
}

/// An account on a server that runs, and a room with something in it.
async fn settled(url: &str) -> (Client, i64) {
    let mut ana = Client::at(url.strip_prefix("http://").unwrap().parse().unwrap());
    let answer = ana.post("/api/v1/accounts", json!({"username": "ana", "password": PASSWORD})).await;
    ana.take_login(&answer);
    let room = ana.room("tea").await;
    ana.post(&format!("/api/v1/rooms/{room}/messages"), json!({"text": "before"})).await.ok(201);
    (ana, room)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_logged_stops_nothing() {
    // A log on a disk that is full, and one that nobody reads any more.
    for full in [true, false] {
        let data = tempfile::tempdir().unwrap();
        let mut command = command(data.path(), &["serve"]);
        command.env("PARLOUR_LOG", "debug").stdout(Stdio::piped());
        let disk = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let mut child = command.stderr(if full { disk.into() } else { Stdio::piped() }).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        drop(child.stderr.take());
        let (ana, room) = settled(line.trim().strip_prefix("Parlour is open at ").unwrap()).await;
        let mut socket = ana.live().await;
        ana.post(&format!("/api/v1/rooms/{room}/messages"), json!({"text": "after"})).await.ok(201);
        let stopped = tokio::task::spawn_blocking(move || stop(child));
        assert_eq!(socket.closed().await.0, 1012);
        assert_eq!(stopped.await.unwrap(), 0);
    }
}

/// The files of a data folder, as `cp -r` takes them.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), &to.join(entry.file_name())),
            false => drop(std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap()),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_that_is_put_back_is_another_history() {
    let folder = tempfile::tempdir().unwrap();
    let (data, backup) = (folder.path().join("data"), folder.path().join("backup"));
    let epoch =
        |ana: Client| async move { ana.get("/api/v1/server").await.ok(200)["epoch"].as_str().unwrap().to_owned() };
    let (child, url) = serve(&data);
    let (ana, room) = settled(&url).await;
    let first = epoch(ana.clone()).await;
    let at = |url: &str| {
        let mut moved = Client::at(url.strip_prefix("http://").unwrap().parse().unwrap());
        moved.token = ana.token.clone();
        moved
    };
    assert_eq!(stop(child), 0);
    copy(&data, &backup);

    let mut told = vec![first.clone()];
    let whole = || {
        std::fs::remove_dir_all(&data).unwrap();
        copy(&backup, &data);
    };
    let database = || {
        std::fs::copy(backup.join("parlour.db"), data.join("parlour.db")).unwrap();
        let _ = (std::fs::remove_file(data.join("parlour.db-wal")), std::fs::remove_file(data.join("parlour.db-shm")));
    };
    for put_back in [&whole as &dyn Fn(), &database] {
        // Once more as it was: nothing has begun anew. Said in it is what the backup does not know.
        let (child, url) = serve(&data);
        let ana = at(&url);
        assert_eq!(Some(&epoch(ana.clone()).await), told.last());
        ana.post(&format!("/api/v1/rooms/{room}/messages"), json!({"text": "lost"})).await.ok(201);
        assert_eq!(stop(child), 0);
        put_back();
        let (child, url) = serve(&data);
        let ana = at(&url);
        let begun = epoch(ana.clone()).await;
        assert!(Some(&begun) > told.iter().max(), "{begun} after {told:?}");
        told.push(begun);
        // Who knows the old one alone is told so.
        let mut socket = ana.socket().await.unwrap();
        socket.say(json!({"t": "hello", "v": 1, "epoch": first, "cursors": [[room, 3]]})).await;
        assert_eq!(socket.hear("reset").await["reason"], "epoch");
        assert_eq!(stop(child), 0);
    }
}

#[test]
fn what_looks_at_a_folder_makes_none() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("mistyped");
    for command in ["verify", "sweep"] {
        let out = parlour(&data, &[command]);
        assert!(!out.status.success());
        assert!(String::from_utf8_lossy(&out.stderr).contains("there is no database in"), "{command}");
        assert!(!data.exists());
    }
}

#[test]
fn a_second_server_on_the_same_data_is_refused() {
    let data = tempfile::tempdir().unwrap();
    let (child, _) = serve(data.path());
    let second = parlour(data.path(), &["serve"]);
    assert!(!second.status.success());
    assert!(String::from_utf8_lossy(&second.stderr).contains("another Parlour is running"));
    stop(child);
}

#[test]
fn settings_are_printed_without_secrets() {
    let data = tempfile::tempdir().unwrap();
    let mut config = command(data.path(), &["config", "--log-format", "json"]);
    config.env("DATABASE_URL", "postgres://me:hunter2@db.example/chat").env("PARLOUR_METRICS_TOKEN", "hunter3");
    let text = lines(&config.output().unwrap()).join("\n");
    assert!(!text.contains("hunter"), "{text}");
    for line in [
        "database = \"postgres://me:***@db.example/chat\"  # DATABASE_URL",
        "log-format = \"json\"  # --log-format",
        "text = 16384  # default",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
    let bad = command(data.path(), &["config", "--log-format", "xml"]).output().unwrap();
    assert!(!bad.status.success() && String::from_utf8_lossy(&bad.stderr).contains("--log-format"));
}
