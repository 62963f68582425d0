//! Pages around a place: full wherever the room has so much.

use crate::support::Server;
use crate::talk::{at, finish, say, seq};

both! {
    async fn a_page_around_is_filled_from_the_other_side(db: Db) {
        let server = Server::start(db).await;
        let ana = server.person("ana").await;
        let room = ana.room("tea").await;
        for n in 0..8 {
            say(&ana, room, &format!("message {n}")).await;
        }
        for what in ["messages", "events"] {
            let page = async |query: &str| -> Vec<i64> {
                let page = ana.get(&at(room, &format!("/{what}?{query}"))).await.ok(200);
                page[what].as_array().unwrap().iter().map(seq).collect()
            };
            let all = page("limit=200").await;
            // Beyond the ends, too, there is what stands there.
            for around in -1..=all.len() as i64 + 4 {
                for limit in [1, 2, 3, 4, 7, all.len(), 50] {
                    let place = all.partition_point(|seq| *seq < around);
                    let end = (place.saturating_sub(limit / 2) + limit).min(all.len());
                    let expected = &all[end.saturating_sub(limit)..end];
                    let found = page(&format!("around={around}&limit={limit}")).await;
                    assert_eq!(found, expected, "{limit} {what} around {around}");
                }
            }
        }
        finish(server, &[&ana]).await;
    }
}
