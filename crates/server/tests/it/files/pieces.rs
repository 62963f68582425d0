//! Sending a file in pieces, as tus clients do: every boundary, every refusal.

use super::kit::*;
use crate::support::{Answer, Client, Server};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::Method;
use serde_json::json;

pub const PIECE: &str = "application/offset+octet-stream";

pub fn named(name: &str) -> String {
    format!("filename {}", STANDARD.encode(name))
}

pub fn tus(who: &Client) -> Client {
    who.saying("tus-resumable", "1.0.0")
}

/// Announces a file and answers where its pieces go.
pub async fn announce(who: &Client, size: usize, metadata: &str) -> String {
    let who = tus(who).saying("upload-length", &size.to_string()).saying("upload-metadata", metadata);
    let begun = who.raw(Method::POST, FILES, None).await;
    assert_eq!(begun.status, 201, "{}", begun.text);
    begun.header("location").to_owned()
}

pub async fn piece(who: &Client, place: &str, offset: usize, bytes: &[u8]) -> Answer {
    let who = tus(who).saying("upload-offset", &offset.to_string());
    who.raw(Method::PATCH, place, Some((PIECE, bytes.to_vec()))).await
}

/// Where the server says the next piece begins.
pub async fn offset(who: &Client, place: &str) -> usize {
    let head = tus(who).raw(Method::HEAD, place, None).await;
    assert_eq!((head.status, head.header("tus-resumable"), head.text.as_str()), (200, "1.0.0", ""));
    assert_eq!(head.header("cache-control"), "no-store");
    head.header("upload-offset").parse().unwrap()
}

both! {
    async fn pieces_make_a_file_wherever_they_are_cut(db: Db) {
        let server = Server::start(db).await;
        let ana = server.person("ana").await;
        let whole = bytes(3_000);
        for cuts in [vec![3_000], vec![0, 3_000], vec![1, 3_000], vec![2_999, 3_000], vec![1, 1, 1_000, 2_999, 3_000, 3_000]] {
            let place = announce(&ana, whole.len(), &format!("{},hints {}", named("a.bin"), STANDARD.encode("{\"voice\":true}"))).await;
            let mut at = 0;
            for cut in cuts {
                assert_eq!(offset(&ana, &place).await, at);
                let answer = piece(&ana, &place, at, &whole[at..cut]).await;
                assert_eq!((answer.status, answer.header("upload-offset")), (204, cut.to_string().as_str()), "{}", answer.text);
                at = cut;
            }
            // The answer to the last piece may have been lost: everything is told once more.
            assert_eq!(offset(&ana, &place).await, 3_000);
            let done = ana.get(&place).await.ok(200);
            assert_eq!((&done["offset"], &done["size"], &done["file"]["name"]), (&json!(3_000), &json!(3_000), &json!("a.bin")));
            assert_eq!(piece(&ana, &place, 3_000, b"").await.status, 204);
            assert_eq!(ana.get(&place).await.ok(200), done, "and nothing new came of it");
            assert_eq!(ana.get(&path(id(&done["file"]))).await.bytes, whole);
        }
        assert_eq!(lying(&server.db, "files").len(), 1, "the same bytes lie there once");
        // With the announcement.
        let who = tus(&ana).saying("upload-length", "3000").saying("upload-metadata", &named("b.bin"));
        let begun = who.raw(Method::POST, FILES, Some((PIECE, whole[..2_000].to_vec()))).await;
        assert_eq!((begun.status, begun.header("upload-offset")), (201, "2000"));
        let place = begun.header("location").to_owned();
        assert!(ana.get(&place).await.ok(200)["file"].is_null());
        assert_eq!(piece(&ana, &place, 2_000, &whole[2_000..]).await.status, 204);
        // Nothing at all is a file, too, and has no name of its own.
        let place = announce(&ana, 0, "").await;
        let file = ana.get(&place).await.ok(200)["file"].clone();
        assert_eq!((&file["size"], &file["name"]), (&json!(0), &json!("file")));
        server.stop().await;
    }

    async fn what_does_not_fit_is_refused_and_changes_nothing(db: Db) {
        let server = Server::with(db, |config| config.limits.upload = 5_000).await;
        let (ana, bo) = (server.person("ana").await, server.person("bo").await);
        let begin = |headers: &[(&'static str, &str)]| {
            let who = headers.iter().fold(ana.clone(), |who, (name, value)| who.saying(name, value));
            async move { who.raw(Method::POST, FILES, None).await }
        };
        let (tus_1, length) = (("tus-resumable", "1.0.0"), ("upload-length", "5"));
        for (headers, status, field) in [
            (&[("tus-resumable", "0.2.2"), length][..], 412, ""),
            (&[tus_1], 400, "upload-length"),
            (&[tus_1, ("upload-length", "-1")], 400, "upload-length"),
            (&[tus_1, ("upload-length", "99999999999999999999999")], 400, "upload-length"),
            (&[tus_1, ("upload-length", "5001")], 413, "file"),
            (&[tus_1, length, ("upload-metadata", "filename a b c")], 400, "upload-metadata"),
            (&[tus_1, length, ("upload-metadata", "filename /w==")], 400, "upload-metadata"),
            (&[tus_1, length, ("upload-metadata", "hints e30=,filename ???")], 400, "upload-metadata"),
            (&[tus_1, length, ("upload-metadata", "hints e3")], 400, "upload-metadata"),
            // `{"width":"x"}`
            (&[tus_1, length, ("upload-metadata", "hints eyJ3aWR0aCI6IngifQ==")], 400, "hints"),
        ] {
            let answer = begin(headers).await;
            assert_eq!((answer.status, answer.field()), (status, field), "{headers:?}: {}", answer.text);
        }
        // One byte more than was announced in the same breath: no upload came of it.
        let more = tus(&ana).saying(length.0, length.1).raw(Method::POST, FILES, Some((PIECE, b"123456".to_vec()))).await;
        assert!(more.refused(413, "too_large").headers.get("location").is_none());
        nothing_lies(&server.db);

        let whole = bytes(5_000);
        let place = announce(&ana, 5_000, "").await;
        piece(&ana, &place, 0, &whole[..3_000]).await.ok(204);
        for (at, message) in [(0, "begins at 3000"), (2_999, "begins at 3000"), (3_001, "begins at 3000"), (5_000, "begins at 3000")] {
            let answer = piece(&ana, &place, at, &whole[3_000..]).await;
            assert!(answer.refused(409, "wrong_offset").text.contains(message));
        }
        let patch = |who: Client, kind: &'static str| {
            let place = place.clone();
            async move { who.raw(Method::PATCH, &place, Some((kind, b"xx".to_vec()))).await }
        };
        let at = ("upload-offset", "3000");
        patch(tus(&ana).saying(at.0, at.1), "application/octet-stream").await.refused(415, "unsupported_media_type");
        let silent = patch(ana.saying(at.0, at.1), PIECE).await;
        assert_eq!(silent.refused(412, "unknown_version").header("tus-version"), "1.0.0");
        // One byte more than was announced: refused, and all that came before stays.
        piece(&ana, &place, 3_000, &bytes(2_001)).await.refused(413, "too_large");
        assert_eq!(ana.get(&place).await.ok(200)["offset"], 3_000);
        assert_eq!(patch(tus(&ana), PIECE).await.refused(400, "invalid").field(), "upload-offset");
        patch(tus(&ana.by_cookie()).saying(at.0, at.1).saying("origin", "https://evil.example"), PIECE).await.refused(403, "forbidden");
        // Somebody else's looks like none, whatever is asked.
        let (mine, none) = (place.as_str(), "/api/v1/uploads/0123456789abcdef0123456789abcdef");
        for method in [Method::GET, Method::PATCH, Method::DELETE] {
            let mut said = Vec::new();
            for place in [mine, none] {
                let who = tus(&bo).saying(at.0, at.1);
                let answer = who.raw(method.clone(), place, Some((PIECE, b"xx".to_vec()))).await;
                let mut json = answer.refused(404, "not_found").json.clone();
                json["request_id"].take();
                said.push(json);
            }
            assert_eq!(said[0], said[1]);
            let guest = tus(&server.guest()).saying(at.0, at.1);
            guest.raw(method, mine, Some((PIECE, b"xx".to_vec()))).await.refused(401, "unauthenticated");
        }
        assert_eq!(offset(&ana, &place).await, 3_000, "and nothing of that was taken");
        piece(&ana, &place, 3_000, &whole[3_000..]).await.ok(204);
        let file = ana.get(&place).await.ok(200)["file"].clone();
        assert_eq!(ana.get(&path(id(&file))).await.bytes, whole);

        // Given up.
        let place = announce(&ana, 10, "").await;
        piece(&ana, &place, 0, &whole[..5]).await.ok(204);
        tus(&ana).delete(&place).await.ok(204);
        tus(&ana).delete(&place).await.refused(404, "not_found");
        piece(&ana, &place, 5, &whole[..5]).await.refused(404, "not_found");
        assert_eq!(lying(&server.db, "uploads").len(), 1, "the note of the one that was kept");
        assert_eq!(lying(&server.db, "files").len(), 1);
        server.stop().await;
    }

    async fn what_this_door_can_do_is_told(db: Db) {
        let server = Server::with(db, |config| config.limits.upload = 5_000).await;
        let answer = server.guest().raw(Method::OPTIONS, FILES, None).await;
        assert_eq!((answer.status, answer.header("tus-version"), answer.header("tus-max-size")), (204, "1.0.0", "5000"));
        assert_eq!(answer.header("tus-extension"), "creation,creation-with-upload,termination");
        server.stop().await;
    }
}
