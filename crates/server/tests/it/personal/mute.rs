//! Rooms that are hushed for a while.

use super::kit::{from_now, heard_none, three, until_so};
use crate::support::Server;
use crate::talk::{Ear, at, finish};
use serde_json::json;
use std::time::Duration;

both! {
    async fn a_room_is_hushed_on_all_ones_devices_until_its_time(db: Db) {
        let server = Server::start(db).await;
        let (owner, bo, _, room) = three(&server).await;
        let path = at(room, "/level");
        let mut phone = Ear::open(&server, &bo).await;
        let mut stranger = Ear::open(&server, &owner).await;
        let until = from_now(Duration::from_secs(3600));
        let hushed = bo.put(&path, json!({"muted_until": until})).await.ok(200);
        assert_eq!(hushed, json!({"level": "all", "muted_until": until}));
        let told = json!({"t": "level", "room": room, "level": "all", "muted_until": until});
        assert_eq!(phone.hear("level").await, told);
        // Each part leaves the other as it is.
        let both = bo.put(&path, json!({"level": "mentions"})).await.ok(200);
        assert_eq!(both, json!({"level": "mentions", "muted_until": until}));
        assert_eq!(phone.hear("level").await["muted_until"], json!(until));
        let mine = bo.get(&at(room, "")).await.ok(200);
        assert_eq!((&mine["level"], &mine["muted_until"]), (&json!("mentions"), &json!(until)));
        assert_eq!(bo.get("/api/v1/rooms").await.ok(200)["rooms"][0]["muted_until"], json!(until));
        let heard = bo.put(&path, json!({"muted_until": null})).await.ok(200);
        assert_eq!(heard, json!({"level": "mentions"}));
        assert_eq!(phone.hear("level").await, json!({"t": "level", "room": room, "level": "mentions"}));
        // For ever; and a time that is over is none.
        let ever = bo.put(&path, json!({"muted_until": "9999-12-31T23:59:59Z"})).await.ok(200);
        assert_eq!(ever["muted_until"], "9999-12-31T23:59:59.000Z");
        assert_eq!(bo.get(&at(room, "")).await.ok(200)["muted_until"], "9999-12-31T23:59:59.000Z");
        let after = bo.put(&path, json!({"muted_until": "9999-12-31T23:59:59-01:00"})).await;
        assert_eq!(after.refused(400, "invalid").field(), "muted_until");
        let past = bo.put(&path, json!({"level": "all", "muted_until": "2001-01-01T00:00:00Z"})).await.ok(200);
        assert_eq!(past, json!({"level": "all"}));
        assert_eq!(bo.put(&path, json!({})).await.ok(200), json!({"level": "all"}));
        assert_eq!(bo.put(&path, json!({"muted_until": "soon"})).await.refused(400, "invalid").field(), "muted_until");
        // It ends by itself.
        bo.put(&path, json!({"muted_until": from_now(Duration::from_millis(1500))})).await.ok(200);
        assert!(bo.get(&at(room, "")).await.ok(200)["muted_until"].is_string());
        until_so(&bo, &at(room, ""), |mine| mine.get("muted_until").is_none()).await;
        // It is nobody else's business.
        heard_none(&mut stranger, &["level"]).await;
        assert_eq!(owner.get(&at(room, "")).await.ok(200).get("muted_until"), None);
        finish(server, &[&owner]).await;
    }
}
