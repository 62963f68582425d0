//! Emoji of the community's own: other names for one, and who may add them.

use crate::files::kit::{path, png, sweep, upload};
use crate::support::{Client, Server};
use crate::talk::{Ear, people};
use serde_json::{Value, json};

fn at(name: &str) -> String {
    format!("/api/v1/emoji/{name}")
}

async fn add(who: &Client, name: &str, seed: u8) -> i64 {
    let file = upload(who, "a.png", &png(20, 20, seed)).await;
    who.put(&at(name), json!({"file": file})).await.ok(204);
    file
}

/// Name, picture and of what it is another name.
async fn all(who: &Client) -> Vec<(String, i64, Value)> {
    let list = who.get("/api/v1/emoji").await.ok(200);
    let one = |emoji: &Value| {
        let name = emoji["name"].as_str().unwrap().to_owned();
        (name, emoji["file"].as_i64().unwrap(), emoji["alias_of"].clone())
    };
    list["emoji"].as_array().unwrap().iter().map(one).collect()
}

fn named(name: &str, file: i64, alias_of: Value) -> (String, i64, Value) {
    (name.to_owned(), file, alias_of)
}

both! {
    async fn another_name_shares_the_picture_and_goes_with_it(db: Db) {
        let server = Server::with(db, |config| config.limits.emoji = 4).await;
        let owner = server.person("owner").await;
        let bo = people(&server, &["bo"]).await.remove(0);
        let mut hears = Ear::open(&server, &bo).await;
        let hut = add(&owner, "hut", 1).await;
        owner.put(&at("shed"), json!({"alias_of": "hut"})).await.ok(204);
        // A name of a name is one of the first.
        owner.put(&at("barn"), json!({"alias_of": ":Shed:"})).await.ok(204);
        let expected = [named("barn", hut, json!("hut")), named("hut", hut, Value::Null), named("shed", hut, json!("hut"))];
        assert_eq!(all(&bo).await, expected);
        for _ in 0..3 {
            hears.hear("emoji").await;
        }
        // The same again changes nothing.
        owner.put(&at("barn"), json!({"alias_of": "hut"})).await.ok(204);
        for (body, field) in [
            (json!({"alias_of": "nothing"}), "alias_of"),
            (json!({"alias_of": "a b"}), "alias_of"),
            (json!({"alias_of": "hut", "file": hut}), "file"),
            (json!({}), "file"),
        ] {
            assert_eq!(owner.put(&at("barn"), body.clone()).await.refused(400, "invalid").field(), field, "{body}");
        }
        // Neither itself nor, by a name of its own, in a circle.
        for of in ["hut", "shed"] {
            assert_eq!(owner.put(&at("hut"), json!({"alias_of": of})).await.refused(400, "invalid").field(), "alias_of");
        }
        assert_eq!(all(&bo).await, expected);
        // Another picture shows under every name, and a name may get one of its own.
        let new = add(&owner, "hut", 2).await;
        sweep(&server.db).await;
        bo.get(&path(hut)).await.refused(404, "not_found");
        let barn = add(&owner, "barn", 3).await;
        assert_eq!(all(&bo).await, [named("barn", barn, Value::Null), named("hut", new, Value::Null), named("shed", new, json!("hut"))]);
        // Where an emoji becomes another name, its own names go over with it.
        owner.put(&at("hut"), json!({"alias_of": "barn"})).await.ok(204);
        assert_eq!(all(&bo).await, [named("barn", barn, Value::Null), named("hut", barn, json!("barn")), named("shed", barn, json!("barn"))]);
        bo.get(&path(new)).await.refused(404, "not_found");
        // One name gone leaves the picture; the first one gone takes all.
        owner.delete(&at("hut")).await.ok(204);
        assert_eq!(bo.get(&path(barn)).await.status, 200);
        owner.put(&at("third"), json!({"alias_of": "barn"})).await.ok(204);
        owner.put(&at("fourth"), json!({"alias_of": "barn"})).await.ok(204);
        assert_eq!(owner.put(&at("fifth"), json!({"alias_of": "barn"})).await.refused(400, "invalid").field(), "name");
        owner.delete(&at("barn")).await.ok(204);
        assert_eq!(all(&bo).await, []);
        bo.get(&path(barn)).await.refused(404, "not_found");
        server.stop().await;
    }

    async fn where_everybody_may_add_each_changes_their_own(db: Db) {
        let server = Server::start(db).await;
        let owner = server.person("owner").await;
        let others = people(&server, &["ana", "bo"]).await;
        let [ana, bo] = &others[..] else { panic!("two people") };
        let picture = upload(bo, "b.png", &png(20, 20, 9)).await;
        let file = json!({"file": picture});
        add(&owner, "hut", 1).await;
        bo.put(&at("bos"), file.clone()).await.refused(403, "forbidden");
        bo.put(&at("cabin"), json!({"alias_of": "hut"})).await.refused(403, "forbidden");
        bo.patch("/api/v1/server", json!({"emoji": "anyone"})).await.refused(403, "forbidden");
        owner.patch("/api/v1/server", json!({"emoji": "anyone"})).await.ok(200);
        server.guest().put(&at("guests"), file.clone()).await.refused(401, "unauthenticated");
        bo.put(&at("bos"), file.clone()).await.ok(204);
        // An emoji of somebody else may be given one more name, and nothing else.
        ana.put(&at("cabin"), json!({"alias_of": "bos"})).await.ok(204);
        for name in ["hut", "bos"] {
            let new = upload(ana, "a.png", &png(20, 20, 30)).await;
            ana.put(&at(name), json!({"file": new})).await.refused(403, "forbidden");
            ana.put(&at(name), json!({"alias_of": "hut"})).await.refused(403, "forbidden");
            ana.delete(&at(name)).await.refused(403, "forbidden");
        }
        bo.delete(&at("cabin")).await.refused(403, "forbidden");
        let new = add(bo, "bos", 10).await;
        assert_eq!(all(bo).await.iter().filter(|(_, file, _)| *file == new).count(), 2);
        ana.delete(&at("cabin")).await.ok(204);
        owner.delete(&at("bos")).await.ok(204);
        add(ana, "anas", 11).await;
        // Switched back, it is for those who run the server again, one's own too.
        owner.patch("/api/v1/server", json!({"emoji": "admins"})).await.ok(200);
        ana.delete(&at("anas")).await.refused(403, "forbidden");
        assert_eq!(all(&owner).await.len(), 2);
        server.stop().await;
    }
}
