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
