//! Lines that break in mid-piece, pieces that take over from one that hangs, and a server that is started anew:
//! the upload goes on where the server stands, and the bytes are the same.

use super::kit::*;
use super::pieces::{PIECE, announce, named, offset, piece, tus};
use crate::support::{Client, PATIENCE, Server};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A piece that announces `length` bytes and sends these; more may follow, or not.
async fn hang(server: &Server, who: &Client, place: &str, at: usize, length: usize, sent: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let token = who.token.as_deref().unwrap();
    let head = format!(
        "PATCH {place} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\ntus-resumable: 1.0.0\r\n\
         content-type: {PIECE}\r\nupload-offset: {at}\r\ncontent-length: {length}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(sent).await.unwrap();
    stream
}

/// Waits until the server has so much of an upload.
async fn reaches(who: &Client, place: &str, at: usize) {
    let start = std::time::Instant::now();
    while offset(who, place).await != at {
        assert!(start.elapsed() < PATIENCE, "the server does not come to {at}");
    }
}

async fn first_line(stream: &mut TcpStream) -> String {
    let mut answer = [0; 12];
    tokio::time::timeout(PATIENCE, stream.read_exact(&mut answer)).await.expect("an answer in time").unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

both! {
    async fn a_broken_line_costs_nothing(db: Db) {
        let server = Server::start(db).await;
        let ana = server.person("ana").await;
        let whole = bytes(2 << 20);
        let place = announce(&ana, whole.len(), &named("film.bin")).await;
        let mut at = 0;
        // At a byte, in the midst, at the edges of what is written at once, one byte before the end.
        for to in [1, 1_000, 256 << 10, (256 << 10) + 1, 700_001, whole.len() - 1] {
            let stream = hang(&server, &ana, &place, at, whole.len() - at, &whole[at..to]).await;
            reaches(&ana, &place, to).await;
            drop(stream);
            at = to;
        }
        piece(&ana, &place, at, &whole[at..]).await.ok(204);
        let file = ana.get(&place).await.ok(200)["file"].clone();
        assert_eq!(ana.get(&path(id(&file))).await.bytes, whole);
        server.stop().await;
    }

    async fn a_new_piece_takes_over_from_those_that_hang(db: Db) {
        let server = Server::start(db).await;
        let ana = server.person("ana").await;
        let whole = bytes(5_000);
        let place = announce(&ana, whole.len(), "").await;
        let mut first = hang(&server, &ana, &place, 0, 5_000, &whole[..1_000]).await;
        reaches(&ana, &place, 1_000).await;
        // Several come at once, as from a client that lost its line again and again. Each hangs in its turn, and
        // only the last one sends all.
        let mut second = hang(&server, &ana, &place, 1_000, 4_000, b"").await;
        assert_eq!(first_line(&mut first).await, "HTTP/1.1 204", "the first one is told how far it came");
        let mut third = hang(&server, &ana, &place, 1_000, 4_000, b"").await;
        let fourth = hang(&server, &ana, &place, 1_000, 4_000, b"").await;
        let started = std::time::Instant::now();
        // One of those may come to the server after this one, and take over from it.
        while ana.get(&place).await.ok(200)["file"].is_null() {
            let at = offset(&ana, &place).await;
            let answer = piece(&ana, &place, at, &whole[at..]).await;
            assert!([204, 409].contains(&answer.status), "{}", answer.text);
        }
        assert!(started.elapsed() < PATIENCE / 2, "it does not wait until the others are given up");
        for hung in [&mut second, &mut third] {
            let told = first_line(hung).await;
            assert!(["HTTP/1.1 204", "HTTP/1.1 409"].contains(&told.as_str()), "{told}");
        }
        drop(fourth);
        let file = ana.get(&place).await.ok(200)["file"].clone();
        assert_eq!(ana.get(&path(id(&file))).await.bytes, whole);
        // Given up while somebody sends: the sender is let go, and nothing comes back.
        let place = announce(&ana, whole.len(), "").await;
        let mut sender = hang(&server, &ana, &place, 0, 5_000, &whole[..1_000]).await;
        reaches(&ana, &place, 1_000).await;
        tus(&ana).delete(&place).await.ok(204);
        first_line(&mut sender).await;
        ana.get(&place).await.refused(404, "not_found");
        assert_eq!(lying(&server.db, "uploads").len(), 1, "the note of what was kept");
        server.stop().await;
    }

    async fn a_restart_in_the_midst_costs_nothing(db: Db) {
        let server = Server::start(db).await;
        let ana = server.person("ana").await;
        let (whole, other) = (bytes(300_000), bytes(100));
        let hints = format!("{},hints {}", named("fi\u{202e}lm.txt"), "eyJ2b2ljZSI6dHJ1ZX0=");
        let place = announce(&ana, whole.len(), &hints).await;
        let done = announce(&ana, other.len(), &named("done")).await;
        piece(&ana, &done, 0, &other).await.ok(204);
        piece(&ana, &place, 0, &whole[..100_001]).await.ok(204);
        let stream = hang(&server, &ana, &place, 100_001, 199_999, &whole[100_001..150_000]).await;
        reaches(&ana, &place, 150_000).await;
        drop(stream);
        // What a killed server leaves half made.
        let db = server.stop().await;
        std::fs::write(db.folder.path().join("uploads/half.tmp"), b"half").unwrap();
        let server = Server::start(db).await;
        let ana = server.login("ana").await;
        assert_eq!(offset(&ana, &place).await, 150_000);
        piece(&ana, &place, 100_001, &whole[100_001..]).await.refused(409, "wrong_offset");
        piece(&ana, &place, 150_000, &whole[150_000..250_000]).await.ok(204);
        let server = Server::start(server.stop().await).await;
        let ana = server.login("ana").await;
        piece(&ana, &place, 250_000, &whole[250_000..]).await.ok(204);
        let file = ana.get(&place).await.ok(200)["file"].clone();
        assert_eq!((&file["name"], &file["type"]), (&"film.txt".into(), &"application/octet-stream".into()));
        assert_eq!(ana.get(&path(id(&file))).await.bytes, whole);
        // The same bytes in one piece are known as the same.
        upload(&ana, "again", &whole).await;
        assert_eq!(lying(&server.db, "files").len(), 2);
        assert_eq!(ana.get(&done).await.ok(200)["file"]["name"], "done", "what became of the other is still known");
        assert!(!lying(&server.db, "uploads").iter().any(|path| path.ends_with("half.tmp")));
        server.stop().await;
    }
}
