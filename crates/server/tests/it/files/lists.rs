//! The lists of files that were sent: newest first, page by page, narrowed to what one looks for.

use super::kit::*;
use crate::support::{Client, Server};
use crate::talk::{at, finish, people, private};
use serde_json::{Value, json};

/// The ids of a whole list, page by page.
async fn listed(who: &Client, path: &str, limit: usize) -> Vec<i64> {
    let (mut all, mut cursor) = (Vec::new(), String::new());
    let sign = if path.contains('?') { '&' } else { '?' };
    loop {
        let page = who.get(&format!("{path}{sign}limit={limit}{cursor}")).await.ok(200);
        let files = page["files"].as_array().unwrap();
        assert!(files.len() <= limit);
        all.extend(files.iter().map(id));
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return all,
        }
    }
}

both! {
    async fn what_was_sent_is_found(db: Db) {
        let server = Server::start(db).await;
        let ana = server.person("ana").await;
        let bo = people(&server, &["bo"]).await.remove(0);
        let (room, other) = (private(&[&ana, &bo]).await, private(&[&ana, &bo]).await);
        let ogg = [b"OggS\0\x02\xff\xfe\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\x13".to_vec(), b"OpusHead".to_vec()].concat();
        let mut files = Vec::new();
        let mut times: Vec<Value> = Vec::new();
        for (who, room, name, bytes) in [
            (&ana, room, "Garten Überblick.png", png(9, 9, 1)),
            (&bo, room, "notes.md", b"# notes".to_vec()),
            (&ana, other, "song.ogg", ogg),
            (&bo, other, "100%_sure!.bin", bytes(9)),
            (&ana, room, "report.pdf", b"%PDF-1.7 \xff".to_vec()),
        ] {
            let file = upload(who, name, &bytes).await;
            let said = share(who, room, "", json!([file])).await;
            files.push(file);
            times.push(said["at"].clone());
        }
        let [garden, notes, song, sure, report] = files[..] else { panic!() };
        let here = at(room, "/files");
        let time = |n: usize| times[n].as_str().unwrap().replace(':', "%3A");
        for (path, found) in [
            (FILES.to_owned(), vec![report, sure, song, notes, garden]),
            (here.clone(), vec![report, notes, garden]),
            (format!("{FILES}?kind=media"), vec![garden]),
            (format!("{FILES}?kind=audio"), vec![song]),
            (format!("{FILES}?kind=document"), vec![report, notes]),
            (format!("{FILES}?kind=other"), vec![sure]),
            (format!("{FILES}?user={}", bo.id), vec![sure, notes]),
            (format!("{here}?user={}", bo.id), vec![notes]),
            (format!("{FILES}?q=%C3%BCberb"), vec![garden]),
            (format!("{FILES}?q=GART"), vec![garden]),
            (format!("{FILES}?q=100%25_s"), vec![sure]),
            (format!("{FILES}?q=_"), vec![sure]),
            (format!("{FILES}?q=%25"), vec![sure]),
            (format!("{FILES}?q=!"), vec![sure]),
            (format!("{FILES}?q=nowhere"), vec![]),
            (format!("{FILES}?from={}", time(2)), vec![report, sure, song]),
            (format!("{FILES}?to={}", time(2)), vec![notes, garden]),
            (format!("{FILES}?from={}&to={}&q=n", time(1), time(3)), vec![song, notes]),
        ] {
            for limit in [1, 2, 5, 200] {
                assert_eq!(listed(&ana, &path, limit).await, found, "{path}, {limit} at once");
            }
        }
        for (wrong, field) in [("limit=0", "limit"), ("cursor=x", "cursor"), ("cursor=1.2.3", "cursor"), ("kind=film", "kind"), ("from=today", "from"), ("user=x", "user")] {
            assert_eq!(ana.get(&format!("{FILES}?{wrong}")).await.refused(400, "invalid").field(), field, "{wrong}");
        }
        // Several with one message, in its order; who leaves the room sees them no more.
        let more = [upload(&ana, "a", b"a").await, upload(&ana, "b", b"b").await, upload(&ana, "c", b"c").await];
        share(&ana, room, "", json!(more)).await;
        for limit in [1, 2, 3] {
            assert_eq!(listed(&bo, &here, limit).await[..3], more);
        }
        bo.delete(&at(room, "/members/me")).await.ok(204);
        assert_eq!(listed(&bo, FILES, 2).await, [sure, song]);
        finish(server, &[&ana]).await;
    }
}
