//! Quiet hours, and that one is not to be disturbed.

use super::kit::{ME, QUIET, from_now, heard_none, three};
use crate::support::{Client, PASSWORD, Server};
use crate::talk::{Ear, at, finish, people, say};
use serde_json::{Value, json};
use std::time::Duration;

/// A week in which it is always quiet.
fn always(zone: &str) -> Value {
    json!({"zone": zone, "days": vec![json!({"from": 0, "to": 0}); 7], "keywords": []})
}

fn hour() -> String {
    from_now(Duration::from_secs(3600))
}

/// Where somebody is told of as being so.
fn told(who: &Client, state: &str) -> impl Fn(&Value) -> bool {
    let change = json!([who.id, state]);
    move |frame| frame["t"] == "presence" && frame["users"].as_array().unwrap().contains(&change)
}

both! {
    async fn what_one_wishes_is_on_all_ones_devices_and_nowhere_else(db: Db) {
        let server = Server::start(db).await;
        let (owner, bo, cy, room) = three(&server).await;
        let (mut tab, mut phone) = (Ear::open(&server, &bo).await, Ear::open(&server, &bo).await);
        let (mut admin, mut friend) = (Ear::open(&server, &owner).await, Ear::open(&server, &cy).await);
        admin.ask(json!({"t": "watch", "users": [bo.id]})).await;
        assert_eq!(tab.frames[0]["me"]["quiet"], json!({"zone": "", "days": [], "keywords": []}));
        assert_eq!(tab.frames[0]["me"]["dnd"], false);

        let hours = json!({"from": 1111, "to": 421});
        let days = json!([hours, null, null, null, null, null, null]);
        let wish = json!({"zone": "Pacific/Chatham", "days": days, "keywords": [" Canary ", "canary"]});
        let kept = bo.put(QUIET, wish).await.ok(200);
        assert_eq!(kept, json!({"zone": "Pacific/Chatham", "days": days, "keywords": ["canary"]}));
        for ear in [&mut tab, &mut phone] {
            assert_eq!(ear.hear("quiet").await["quiet"], kept);
        }
        assert_eq!(bo.get(ME).await.ok(200)["quiet"], kept);
        let late = Ear::open(&server, &bo).await;
        assert_eq!(late.frames[0]["me"]["quiet"], kept);

        // Neither the hours nor the words, nor that there are any.
        let fence = say(&owner, room, "fence").await;
        for ear in [&mut admin, &mut friend] {
            ear.reach(room, fence).await;
            heard_none(ear, &["quiet", "user"]).await;
        }
        for who in [&owner, &cy] {
            for path in [
                "/api/v1/users".to_owned(),
                "/api/v1/users?q=bo".to_owned(),
                format!("/api/v1/users/{}", bo.id),
                at(room, "/members"),
                at(room, "/events?after=0"),
                at(room, ""),
            ] {
                let text = who.get(&path).await.text;
                for word in ["canary", "Canary", "Chatham", "1111", "quiet", "keywords"] {
                    assert!(!text.contains(word), "{path} says {word}: {text}");
                }
            }
        }
        for ear in [&admin, &friend] {
            assert!(!ear.heard("canary") && !ear.heard("Chatham") && !ear.heard("1111"));
        }
        // It survives the server.
        let server = Server::start(server.stop().await).await;
        let mut again = server.guest();
        again.token = bo.token.clone();
        assert_eq!(again.get(ME).await.ok(200)["quiet"], kept);
        finish(server, &[&again]).await;
    }

    async fn not_to_be_disturbed_is_seen_by_others_here_or_away(db: Db) {
        let server = Server::start(db).await;
        let (owner, bo, _, room) = three(&server).await;
        let mut shows = Ear::open(&server, &owner).await;
        let mut tab = Ear::open(&server, &bo).await;
        shows.ask(json!({"t": "watch", "users": [bo.id]})).await;
        let until = hour();
        let kept = bo.put(QUIET, json!({"until": until})).await.ok(200);
        assert_eq!(kept["until"], json!(until));
        assert_eq!(tab.hear("quiet").await, json!({"t": "quiet", "quiet": kept, "dnd": true}));
        shows.until(told(&bo, "dnd")).await;
        let state = |members: Value| members["members"][0]["state"].clone();
        assert_eq!(state(owner.get(&at(room, "/members?q=bo")).await.ok(200)), "dnd");
        assert_eq!(state(owner.get(&at(room, "/members?q=bo&online=true")).await.ok(200)), "dnd");
        tab.ask(json!({"t": "away", "away": true})).await;
        assert_eq!(state(owner.get(&at(room, "/members?q=bo")).await.ok(200)), "dnd");
        bo.put(QUIET, json!({})).await.ok(200);
        assert_eq!(tab.hear("quiet").await["dnd"], false);
        shows.until(told(&bo, "away")).await;
        // By hours, too; gone is gone.
        bo.put(QUIET, always("Europe/Lisbon")).await.ok(200);
        shows.until(told(&bo, "dnd")).await;
        assert_eq!(bo.get(ME).await.ok(200)["dnd"], true);
        drop(tab);
        shows.until(told(&bo, "offline")).await;
        finish(server, &[&owner]).await;
    }

    async fn who_comes_in_their_quiet_hours_is_never_seen_as_disturbable(db: Db) {
        let server = Server::start(db).await;
        let owner = server.person("owner").await;
        let bo = server.person("bo").await;
        bo.put(QUIET, always("Europe/Lisbon")).await.ok(200);
        let mut shows = Ear::open(&server, &owner).await;
        shows.ask(json!({"t": "watch", "users": [bo.id]})).await;
        let tab = Ear::open(&server, &bo).await;
        assert_eq!(tab.frames[0]["me"]["dnd"], true);
        shows.until(told(&bo, "dnd")).await;
        let online = json!([bo.id, "online"]);
        assert!(!shows.frames.iter().any(|frame| frame["users"].as_array().is_some_and(|users| users.contains(&online))));
        let login = server.guest().login("bo", PASSWORD).await.ok(201);
        assert_eq!(login["user"]["dnd"], true);
        finish(server, &[&owner]).await;
    }

    async fn the_clock_ends_it_and_says_so(db: Db) {
        let server = Server::start(db).await;
        let owner = server.person("owner").await;
        let bo = people(&server, &["bo"]).await.remove(0);
        let mut shows = Ear::open(&server, &owner).await;
        let mut tab = Ear::open(&server, &bo).await;
        shows.ask(json!({"t": "watch", "users": [bo.id]})).await;
        let until = from_now(Duration::from_secs(3));
        bo.put(QUIET, json!({"until": until, "keywords": ["hut"]})).await.ok(200);
        assert_eq!(tab.hear("quiet").await["dnd"], true);
        shows.until(told(&bo, "dnd")).await;
        let over = json!({"zone": "", "days": [], "keywords": ["hut"]});
        assert_eq!(tab.hear("quiet").await, json!({"t": "quiet", "quiet": over, "dnd": false}));
        assert!(from_now(Duration::ZERO) >= until, "not before its time");
        shows.until(told(&bo, "online")).await;
        let me = bo.get(ME).await.ok(200);
        assert_eq!((&me["quiet"], &me["dnd"]), (&over, &json!(false)));
        heard_none(&mut shows, &["quiet", "user"]).await;
        finish(server, &[&owner]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wish_that_is_wrong_names_its_field_and_changes_nothing() {
    let server = Server::with(crate::support::Db::sqlite(), |config| {
        (config.limits.keywords, config.limits.keyword) = (2, 5);
    })
    .await;
    let bo = server.person("bo").await;
    let kept = bo.put(QUIET, json!({"keywords": ["hut", "éééée"]})).await.ok(200);
    let day = |from: i64, to: i64| json!({"zone": "Asia/Tokyo", "days": vec![json!({"from": from, "to": to}); 7]});
    for (wish, field) in [
        (json!({"zone": "Mars/Olympus"}), "zone"),
        (json!({"zone": "../../etc/passwd"}), "zone"),
        (json!({"zone": 1}), "zone"),
        (json!({"days": vec![json!({"from": 0, "to": 1}); 7]}), "zone"),
        (json!({"days": [null]}), "days"),
        (json!({"days": vec![Value::Null; 8]}), "days"),
        (json!({"days": "all"}), "days"),
        (day(1440, 0), "from"),
        (day(0, 1440), "to"),
        (day(-1, 0), "days"),
        (json!({"until": "tomorrow"}), "until"),
        (json!({"keywords": ["a", "b", "c"]}), "keywords"),
        (json!({"keywords": ["éééééé"]}), "keywords"),
        (json!({"keywords": [""]}), "keywords"),
        (json!({"keywords": ["a\u{0}"]}), "keywords"),
        (json!({"keywords": "hut"}), "keywords"),
    ] {
        let answer = bo.put(QUIET, wish.clone()).await;
        assert_eq!(answer.refused(400, "invalid").field(), field, "{wish}");
    }
    assert_eq!(bo.get(ME).await.ok(200)["quiet"], kept);
    for wish in [day(0, 1439), day(1439, 0), json!({"until": null}), json!({"until": "9999-12-30T00:00:00Z"})] {
        bo.put(QUIET, wish).await.ok(200);
    }
    assert_eq!(bo.get(ME).await.ok(200)["dnd"], true, "for ever");
    // A time that is over is none.
    let past = bo.put(QUIET, json!({"until": "2001-01-01T00:00:00Z"})).await.ok(200);
    assert_eq!(past.get("until"), None);
    server.stop().await;
}
