//! A client's own settings, on all of a person's devices.

use super::kit::{ME, heard_none, three};
use crate::support::Server;
use crate::talk::{Ear, finish};
use serde_json::json;

both! {
    async fn settings_go_to_ones_other_devices_at_once(db: Db) {
        let server = Server::start(db).await;
        let (owner, bo, _, _) = three(&server).await;
        bo.patch(ME, json!({"settings": {"sound": true}})).await.ok(200);
        let mut phone = Ear::open(&server, &bo).await;
        let mut stranger = Ear::open(&server, &owner).await;
        let me = bo.patch(ME, json!({"settings": {"theme": "canary", "sound": null}})).await.ok(200);
        assert_eq!(me["settings"], json!({"theme": "canary"}));
        assert_eq!(phone.hear("settings").await, json!({"t": "settings", "settings": {"theme": "canary"}}));
        // What is refused, and what is no setting, tells nothing.
        bo.patch(ME, json!({"settings": {"big": "x".repeat(9_000)}})).await.refused(400, "invalid");
        bo.patch(ME, json!({"status": "at lunch"})).await.ok(200);
        phone.hear("user").await;
        phone.drain().await;
        assert_eq!(phone.frames.iter().filter(|frame| frame["t"] == "settings").count(), 1);
        heard_none(&mut stranger, &["settings"]).await;
        assert!(!stranger.heard("canary"));
        finish(server, &[&owner]).await;
    }
}
