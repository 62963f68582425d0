//! The same rights over the socket.

use super::expected;
use super::house::{House, ROOMS};
use crate::support::Server;
use crate::talk::{Ear, finish};
use protocol::Code;
use serde_json::json;
use server::policy::Act;

both! {
    async fn every_frame_of_a_room_by_everybody(db: Db) {
        let server = Server::start(db).await;
        let house = House::build(&server).await;
        for kind in ROOMS {
            let place = house.furnish(kind).await;
            for who in &house.people {
                if who.dead {
                    let mut ear = Ear::connect(&server, &who.client, None).await;
                    ear.say(json!({"t": "hello", "v": 1})).await;
                    assert_eq!(ear.closed().await.0, 4401, "{}", who.name);
                    continue;
                }
                let mut ear = Ear::open(&server, &who.client).await;
                let frames = [
                    (Act::Post, json!({"t": "send", "client_id": format!("of-{}", who.name), "text": "hello"})),
                    (Act::Read, json!({"t": "typing"})),
                    (Act::Read, json!({"t": "read", "seq": 1})),
                ];
                for (act, mut frame) in frames {
                    frame["room"] = json!(place.id);
                    let must = expected(&place, who, act);
                    let mut answer = ear.ask(frame.clone()).await;
                    let what = format!("{} says {frame} in {kind:?}", who.name);
                    match must {
                        Ok(()) => assert_eq!(answer["t"], "done", "{what}"),
                        Err(code) => assert_eq!(answer["code"], json!(code), "{what}"),
                    }
                    if must == Err(Code::NotFound) {
                        frame["room"] = json!(999_999);
                        let mut nowhere = ear.ask(frame).await;
                        nowhere["id"].take();
                        answer["id"].take();
                        assert_eq!(answer, nowhere, "{what}: private and unknown look alike");
                    }
                }
                // What one may not watch is passed over in silence, like what is not there.
                let watch = json!({"t": "watch", "users": [999_999], "rooms": [place.id, 999_999]});
                assert_eq!(ear.ask(watch).await["t"], "done");
            }
        }
        finish(server, &[&house.who("owner").client]).await;
    }
}
