//! What links show: after the message, to those who may read it, as long as its author and the room want it.

mod inside;
mod moments;

use super::kit::*;
use super::site::Site;
use crate::support::{Client, Db, Server};
use crate::talk::{Ear, at, finish, people, private, say, seq};
use serde_json::{Value, json};

pub async fn start(db: Db) -> Server {
    Server::with(db, |config| config.outbound_allow = vec!["127.0.0.0/8".parse().unwrap()]).await
}

/// What is said of the links of a message.
pub async fn hears(ear: &mut Ear, target: i64) -> Value {
    ear.until(|frame| frame["kind"] == "preview" && frame["target"] == target).await
}

/// Whoever looks at the links of this room has come to here.
pub async fn passed(who: &Client, room: i64, site: &Site, ear: &mut Ear) {
    let seq = say(who, room, &site.url("/passed")).await;
    hears(ear, seq).await;
}

pub async fn edit(who: &Client, room: i64, seq: i64, text: &str) {
    who.patch(&at(room, &format!("/messages/{seq}")), json!({"text": text})).await.ok(200);
}

pub async fn shown(who: &Client, room: i64, seq: i64) -> Value {
    who.get(&at(room, &format!("/messages/{seq}"))).await.ok(200)["previews"].clone()
}

pub fn titles(previews: &Value) -> Vec<&str> {
    let previews = previews["previews"].as_array().map(Vec::as_slice).unwrap_or_default();
    previews.iter().map(|preview| preview["title"].as_str().unwrap()).collect()
}

both! {
    async fn a_link_shows_what_is_behind_it(db: Db) {
        let (server, site) = (start(db).await, Site::start().await);
        let ana = server.person("ana").await;
        let mut others = people(&server, &["bo", "outsider"]).await;
        let (outsider, bo) = (others.pop().unwrap(), others.pop().unwrap());
        let room = private(&[&ana, &bo]).await;
        let (mut ear, mut far) = (Ear::open(&server, &bo).await, Ear::open(&server, &outsider).await);
        let link = site.url(&format!("/show?{}", site.url("/picture-1")));
        let said = say(&ana, room, &format!("look: {link}.")).await;
        let event = hears(&mut ear, said).await;
        assert!(seq(&event) > said && event["author"] == json!(ana.id));
        let preview = &event["previews"][0];
        assert_eq!(preview["url"], link);
        assert_eq!((&preview["site"], &preview["title"], &preview["description"]), (&json!("A site"), &json!("Shows"), &json!("What it is about")));
        let image = id(&preview["image"]);
        assert_eq!((&preview["image"]["width"], &preview["image"]["alt"]), (&json!(200), &json!("A shed")));
        assert_eq!(shown(&bo, room, said).await, event["previews"]);
        for who in [&ana, &bo] {
            assert_eq!(measured(&who.get(&path(image)).await.bytes), (200, 100));
            assert_eq!(who.get(&thumbnail(image, 80)).await.status, 200);
        }
        outsider.get(&path(image)).await.refused(404, "not_found");
        outsider.get(&thumbnail(image, 80)).await.refused(404, "not_found");
        // It is no file that somebody sent.
        for list in [at(room, "/files"), FILES.to_owned()] {
            assert_eq!(bo.get(&list).await.ok(200)["files"], json!([]));
        }
        ana.delete(&path(image)).await.refused(404, "not_found");
        assert_eq!(ana.post(&at(room, "/messages"), json!({"files": [image]})).await.refused(400, "invalid").field(), "files");
        // An edit takes another link; what the first one showed is gone, with its picture.
        edit(&ana, room, said, &format!("{} and {}", site.url("/one"), site.url("/two"))).await;
        assert_eq!(titles(&hears(&mut ear, said).await), ["/one", "/two"]);
        sweep(&server.db).await;
        bo.get(&path(image)).await.refused(404, "not_found");
        nothing_lies(&server.db);
        edit(&ana, room, said, &format!("{} and {}", site.url("/two"), site.url("/three"))).await;
        assert_eq!(titles(&hears(&mut ear, said).await), ["/two", "/three"]);
        assert_eq!(site.times("/two"), 1, "what is shown is not looked at again");
        edit(&ana, room, said, "no link").await;
        assert_eq!(titles(&hears(&mut ear, said).await), [""; 0]);
        assert_eq!(shown(&bo, room, said).await.as_array().map_or(0, Vec::len), 0);
        // At most three of a message, each once; not those that are written not to be looked at.
        let many = format!("<{0}/not> `{0}/nor` {0}/a {0}/a {0}/b {0}/c {0}/d", site.url(""));
        let said = say(&ana, room, &many).await;
        assert_eq!(titles(&hears(&mut ear, said).await), ["/a", "/b", "/c"]);
        assert_eq!(site.times("/a") + site.times("/d") + site.times("/not") + site.times("/nor"), 1);
        // What is looked at is where a link leads that can be seen, whatever its words are.
        let drawn = format!("[{0}/bank](<{0}/evil>) ||{0}/hidden|| ${0}/maths$ _{0}/soft_ [x]({0}/?a=1&amp;b=2)", site.url(""));
        let said = say(&ana, room, &drawn).await;
        let event = hears(&mut ear, said).await;
        let urls: Vec<_> = event["previews"].as_array().unwrap().iter().map(|one| one["url"].as_str().unwrap().to_owned()).collect();
        assert_eq!(urls, ["/evil", "/soft", "/?a=1&b=2"].map(|path| site.url(path)));
        assert!(!site.heard().iter().any(|path| ["bank", "hidden", "maths"].iter().any(|word| path.contains(word))));
        far.drain().await;
        assert!(!far.heard("preview") && !far.heard("A site"));
        finish(server, &[&ana]).await;
    }

    async fn its_author_closes_it_for_good(db: Db) {
        let (server, site) = (start(db).await, Site::start().await);
        let owner = server.person("owner").await;
        let mut others = people(&server, &["ana", "bo", "outsider"]).await;
        let (outsider, bo, ana) = (others.pop().unwrap(), others.pop().unwrap(), others.pop().unwrap());
        let room = private(&[&owner, &ana, &bo]).await;
        let mut ear = Ear::open(&server, &bo).await;
        let link = site.url(&format!("/show?{}", site.url("/picture-2")));
        let said = say(&ana, room, &format!("{link} {}", site.url("/stays"))).await;
        let image = id(&hears(&mut ear, said).await["previews"][0]["image"]);
        let close = |seq: i64, url: &str| {
            let url = url.replace(':', "%3A").replace('/', "%2F").replace('?', "%3F");
            at(room, &format!("/messages/{seq}/previews?url={url}"))
        };
        bo.delete(&close(said, &link)).await.refused(403, "forbidden");
        owner.delete(&close(said, &link)).await.refused(403, "forbidden");
        outsider.delete(&close(said, &link)).await.refused(404, "not_found");
        ana.delete(&close(999, &link)).await.refused(404, "not_found");
        ana.delete(&close(1, &link)).await.refused(404, "not_found");
        assert_eq!(ana.delete(&at(room, &format!("/messages/{said}/previews"))).await.refused(400, "invalid").field(), "url");
        ana.delete(&close(said, "https://elsewhere.example/")).await.ok(204);
        ana.delete(&close(said, &link)).await.ok(204);
        assert_eq!(titles(&hears(&mut ear, said).await), ["/stays"]);
        bo.get(&path(image)).await.refused(404, "not_found");
        nothing_lies(&server.db);
        ana.delete(&close(said, &link)).await.ok(204);
        // An edit that keeps the link does not bring it back.
        edit(&ana, room, said, &format!("still {link} and {} and {}", site.url("/stays"), site.url("/new"))).await;
        assert_eq!(titles(&hears(&mut ear, said).await), ["/stays", "/new"]);
        edit(&ana, room, said, &format!("only {link}")).await;
        assert_eq!(titles(&hears(&mut ear, said).await), [""; 0]);
        edit(&ana, room, said, &format!("only and ever {link}")).await;
        passed(&ana, room, &site, &mut ear).await;
        assert_eq!(shown(&bo, room, said).await.as_array().map_or(0, Vec::len), 0);
        assert_eq!(site.heard().iter().filter(|path| path.starts_with("/show")).count(), 1);
        finish(server, &[&owner]).await;
    }

    async fn a_room_and_a_server_can_do_without(db: Db) {
        let (server, site) = (start(db).await, Site::start().await);
        let ana = server.person("ana").await;
        let bo = people(&server, &["bo"]).await.remove(0);
        let (room, other) = (private(&[&ana, &bo]).await, private(&[&ana, &bo]).await);
        let mut ear = Ear::open(&server, &bo).await;
        bo.patch(&at(room, ""), json!({"previews": false})).await.refused(403, "forbidden");
        bo.patch("/api/v1/server", json!({"previews": false})).await.refused(403, "forbidden");
        assert_eq!(ana.patch(&at(room, ""), json!({"previews": false})).await.ok(200)["previews"], false);
        say(&ana, room, &site.url("/room-off")).await;
        passed(&ana, other, &site, &mut ear).await;
        ana.patch(&at(room, ""), json!({"previews": true})).await.ok(200);
        passed(&ana, room, &site, &mut ear).await;
        let kinds: Vec<_> = ear.events(room).iter().map(|event| event["kind"].as_str().unwrap().to_owned()).collect();
        assert_eq!(kinds, ["previews_off", "message", "previews_on", "message", "preview"]);
        assert_eq!(ana.patch("/api/v1/server", json!({"previews": false})).await.ok(200)["previews"], false);
        ear.until(|frame| frame["t"] == "server" && frame["previews"] == false).await;
        let off = say(&ana, room, &site.url("/server-off")).await;
        // Nobody waits for what does not come: the next message is looked at after this one.
        edit(&ana, room, off, &format!("more {}", site.url("/server-off"))).await;
        ana.patch("/api/v1/server", json!({"previews": true})).await.ok(200);
        passed(&ana, room, &site, &mut ear).await;
        assert_eq!(site.times("/room-off"), 0);
        finish(server, &[&ana]).await;
    }
}
