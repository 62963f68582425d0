//! The hook for a virus scanner, against a real `clamd` and against peers that misbehave.

use blobs::scan::{ScanError, Scanner, Verdict};
use blobs::testing::{Clamd, eicar};
use std::path::PathBuf;
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

async fn scan(clamd: &Clamd, bytes: &[u8]) -> Result<Verdict, ScanError> {
    let path = clamd.folder.path().join("scanned");
    std::fs::write(&path, bytes).unwrap();
    clamd.scanner().scan(&path).await
}

#[tokio::test]
async fn a_real_one() {
    let clamd = Clamd::start().await;
    let mib = 1024 * 1024;
    for length in [0, 1, 64 * 1024 - 1, 64 * 1024, 64 * 1024 + 1, mib] {
        assert_eq!(scan(&clamd, &vec![b'x'; length]).await, Ok(Verdict::Clean), "{length}");
    }
    let found = scan(&clamd, eicar().as_bytes()).await.unwrap();
    assert!(matches!(&found, Verdict::Found(name) if name.starts_with("Eicar-Test")), "{found:?}");
    // Across two pieces, deep in a file.
    let mut deep = vec![b'x'; 64 * 1024 - 30];
    deep.extend_from_slice(eicar().as_bytes());
    deep.extend_from_slice(&[b'y'; 1000]);
    let found = scan(&clamd, &deep).await.unwrap();
    assert!(matches!(&found, Verdict::Found(name) if name.starts_with("Eicar-Test")), "{found:?}");
    for length in [mib + 1, 2 * mib, 40 * mib] {
        assert_eq!(scan(&clamd, &vec![b'x'; length]).await, Err(ScanError::TooLarge), "{length}");
    }
    assert_eq!(scan(&clamd, b"still well").await, Ok(Verdict::Clean));
    let missing = clamd.scanner().scan(&clamd.folder.path().join("missing")).await;
    assert!(matches!(missing, Err(ScanError::Unavailable(_))), "{missing:?}");
    let scanner = clamd.scanner();
    drop(clamd);
    assert!(matches!(scanner.ping().await, Err(ScanError::Unavailable(_))));
}

#[test]
fn settings() {
    for setting in
        ["tcp://127.0.0.1:3310", "localhost:3310", "tcp://[::1]:3310", "unix:/run/clamd.sock", "unix:///run/c"]
    {
        assert!(Scanner::parse(setting).is_ok(), "{setting}");
    }
    for setting in [
        "",
        "clamd",
        ":3310",
        "tcp://",
        "tcp://host",
        "host:",
        "host:0",
        "host:99999",
        "::1:3310",
        "unix:",
        "unix:clamd.sock",
        "http://host:3310",
        "user@host:3310",
        "tcp://host:3310/path",
        "/run/clamd.sock",
    ] {
        let error = Scanner::parse(setting).unwrap_err();
        assert!(error.contains("tcp://host:port"), "{setting}: {error}");
    }
}

/// A peer on a port of its own, which does `behave` with the one who calls.
async fn peer<F: Future<Output = ()> + Send>(behave: impl Fn(TcpStream) -> F + Send + 'static) -> Scanner {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut scanner = Scanner::parse(&listener.local_addr().unwrap().to_string()).unwrap();
    scanner.idle = Duration::from_millis(300);
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            behave(stream).await;
        }
    });
    scanner
}

/// What came, up to the end of the stream.
async fn swallow(stream: &mut TcpStream) -> Vec<u8> {
    let mut command = [0; 10];
    stream.read_exact(&mut command).await.unwrap();
    assert_eq!(&command, b"zINSTREAM\0");
    let mut bytes = Vec::new();
    loop {
        let length = stream.read_u32().await.unwrap() as usize;
        assert!(length <= 64 * 1024);
        if length == 0 {
            return bytes;
        }
        let mut piece = vec![0; length];
        stream.read_exact(&mut piece).await.unwrap();
        bytes.extend_from_slice(&piece);
    }
}

fn file(length: usize) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    std::fs::write(&path, vec![7; length]).unwrap();
    (folder, path)
}

#[tokio::test]
async fn answers() {
    let (_folder, path) = file(200_000);
    let protocol = |part: &str| ScanError::Protocol(part.to_owned());
    let found = |name: &str| Ok(Verdict::Found(name.to_owned()));
    for (answer, meaning) in [
        (&b"stream: OK\0"[..], Ok(Verdict::Clean)),
        (b"stream: OK\n\0", Ok(Verdict::Clean)),
        (b"stream: Win.Test-1 FOUND\0", found("Win.Test-1")),
        (b"stream: A name FOUND FOUND\0", found("A name FOUND")),
        (b"stream: \x1b[2J\xff FOUND\0", found("?[2J?")),
        (b"INSTREAM size limit exceeded. ERROR\0", Err(ScanError::TooLarge)),
        (b"stream: FOUND\0", Err(protocol("it says \"stream: FOUND\""))),
        (b"stream:  FOUND\0", Err(protocol("it says \"stream:  FOUND\""))),
        (b"stream: Can't allocate memory ERROR\0", Err(protocol("it says \"stream: Can't allocate memory ERROR\""))),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n\0", Err(protocol("it says \"HTTP/1.1 400 Bad Request\""))),
        (b"\0", Err(protocol("it says \"\""))),
        (b"stream: OK", Err(ScanError::Unavailable("it hung up before the end of its answer".into()))),
        (b"", Err(ScanError::Unavailable("it hung up before the end of its answer".into()))),
    ] {
        for at_once in [true, false] {
            let scanner = peer(move |mut stream| async move {
                assert_eq!(swallow(&mut stream).await.len(), 200_000);
                let step = if at_once { answer.len().max(1) } else { 1 };
                for part in answer.chunks(step) {
                    stream.write_all(part).await.unwrap();
                    tokio::task::yield_now().await;
                }
            });
            assert_eq!(scanner.await.scan(&path).await, meaning, "{:?}", String::from_utf8_lossy(answer));
        }
    }
}

#[tokio::test]
async fn silence() {
    let (_folder, path) = file(50_000_000);
    let late = Err(ScanError::Unavailable("it does not answer in time".into()));
    let hold = |stream| async move {
        tokio::time::sleep(Duration::from_secs(3600)).await;
        drop(stream);
    };
    let deaf = peer(hold).await;
    assert_eq!(deaf.scan(&path).await, late, "takes no bytes");
    let mute = peer(move |mut stream| async move {
        swallow(&mut stream).await;
        hold(stream).await;
    });
    assert_eq!(mute.await.scan(&path).await, late, "takes all, and says nothing");
    // Each byte comes in time, but there is no end of them.
    let slow = peer(|mut stream| async move {
        swallow(&mut stream).await;
        while stream.write_all(b"x").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    let mut slow = slow.await;
    slow.whole = Duration::from_millis(500);
    assert_eq!(slow.scan(&path).await, late, "never comes to an end");
    let mut ping = peer(hold).await;
    ping.whole = Duration::from_millis(100);
    assert_eq!(ping.ping().await.err(), late.err());
}

#[tokio::test]
async fn misbehaviour() {
    let (_folder, path) = file(10_000_000);
    let endless = peer(|mut stream| async move {
        swallow(&mut stream).await;
        while stream.write_all(&[b'x'; 1000]).await.is_ok() {}
    });
    assert_eq!(endless.await.scan(&path).await, Err(ScanError::Protocol("its answer has no end".into())));
    let gone = peer(|stream| async move { drop(stream) });
    assert!(matches!(gone.await.scan(&path).await, Err(ScanError::Unavailable(_))));
    // Nobody may be called clean whom the scanner has not seen as a whole.
    let hasty = peer(|mut stream| async move {
        stream.write_all(b"stream: OK\0").await.unwrap();
        let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
    });
    assert!(hasty.await.scan(&path).await.is_err());
    let enough = peer(|mut stream| async move {
        stream.write_all(b"INSTREAM size limit exceeded. ERROR\0").await.unwrap();
        let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
    });
    assert_eq!(enough.await.scan(&path).await, Err(ScanError::TooLarge));
    let other = peer(|mut stream| async move { stream.write_all(b"SSH-2.0-OpenSSH\r\n\0").await.unwrap() });
    assert!(matches!(other.await.ping().await, Err(ScanError::Protocol(_))));
}
