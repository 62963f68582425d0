//! What happens while a page is being fetched, and around a restart of the server.

use super::*;

both! {
    async fn a_message_does_not_wait_for_a_page(db: Db) {
        let (server, site) = (start(db).await, Site::start().await);
        let ana = server.person("ana").await;
        let bo = people(&server, &["bo"]).await.remove(0);
        let room = private(&[&ana, &bo]).await;
        let mut ear = Ear::open(&server, &bo).await;
        let picture = format!("/show?{}", site.url("/slow-picture-1"));
        // Deleted while its page is fetched; edited while it is; and one that waits.
        let deleted = say(&ana, room, &site.url(&picture)).await;
        ear.reach(room, deleted).await;
        site.asked("/slow-picture-1", 1).await;
        ana.delete(&at(room, &format!("/messages/{deleted}"))).await.ok(204);
        let edited = say(&ana, room, &site.url("/slow-one")).await;
        ear.reach(room, edited).await;
        site.open.send_replace(true);
        site.asked("/slow-one", 1).await;
        hears(&mut ear, edited).await;
        site.open.send_replace(false);
        let waits = say(&ana, room, &format!("helo {}", site.url("/slow-two"))).await;
        site.asked("/slow-two", 1).await;
        edit(&ana, room, waits, &format!("hello {}", site.url("/slow-two"))).await;
        site.open.send_replace(true);
        assert_eq!(titles(&hears(&mut ear, waits).await), ["/slow-two"], "the words around a link were put right");
        passed(&ana, room, &site, &mut ear).await;
        assert!(!ear.frames.iter().any(|frame| frame["kind"] == "preview" && frame["target"] == deleted));
        assert_eq!(shown(&bo, room, waits).await.as_array().unwrap().len(), 1);
        sweep(&server.db).await;
        nothing_lies(&server.db);
        finish(server, &[&ana]).await;
    }

    async fn what_a_deleted_message_showed_is_nowhere(db: Db) {
        let (server, site) = (start(db).await, Site::start().await);
        let ana = server.person("ana").await;
        let mut ear = Ear::open(&server, &ana).await;
        let said = say(&ana, 1, &site.url(&format!("/show?{}", site.url("/picture-3")))).await;
        let image = id(&hears(&mut ear, said).await["previews"][0]["image"]);
        edit(&ana, 1, said, &site.url("/canary")).await;
        hears(&mut ear, said).await;
        ana.delete(&at(1, &format!("/messages/{said}"))).await.ok(204);
        for read in ["/events?after=0", "/messages"] {
            let text = ana.get(&at(1, read)).await.text;
            assert!(!text.contains("What it is about") && !text.contains("canary"), "{text}");
        }
        // From the tail's memory, too.
        let mut late = Ear::resume(&server, &ana, &[(1, 0)]).await;
        late.drain().await;
        assert!(!late.heard("What it is about") && !late.heard("canary"));
        assert_eq!(late.frames.iter().filter(|frame| frame["kind"] == "preview" && frame["erased"] == true).count(), 2);
        ana.get(&path(image)).await.refused(404, "not_found");
        sweep(&server.db).await;
        nothing_lies(&server.db);
        finish(server, &[&ana]).await;
    }

    async fn what_was_looked_at_is_not_looked_at_after_a_restart(db: Db) {
        let (server, site) = (start(db).await, Site::start().await);
        let ana = server.person("ana").await;
        let mut ear = Ear::open(&server, &ana).await;
        say(&ana, 1, &site.url("/nothing")).await;
        passed(&ana, 1, &site, &mut ear).await;
        let server = start(server.stop().await).await;
        let ana = server.login("ana").await;
        let mut ear = Ear::open(&server, &ana).await;
        let said = say(&ana, 1, &site.url("/after")).await;
        hears(&mut ear, said).await;
        assert_eq!(site.heard(), ["/nothing", "/passed", "/after"]);
        finish(server, &[&ana]).await;
    }
}

// The clock is the same beside every database.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_takes_too_long_shows_nothing_and_holds_up_nobody() {
    let site = Site::start().await;
    let server = Server::with(Db::sqlite(), |config| {
        config.outbound_allow = vec!["127.0.0.0/8".parse().unwrap()];
        config.limits.preview_ms = 300;
    })
    .await;
    let ana = server.person("ana").await;
    let mut ear = Ear::open(&server, &ana).await;
    let slow = say(&ana, 1, &format!("{} {}", site.url("/slow"), site.url("/fast"))).await;
    assert_eq!(titles(&hears(&mut ear, slow).await), ["/fast"]);
    passed(&ana, 1, &site, &mut ear).await;
    assert_eq!(site.times("/slow"), 1);
    finish(server, &[&ana]).await;
}

// A race with the reader, which rests between messages: one database, many times.
#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_comes_when_its_reader_goes_to_rest_is_not_forgotten() {
    let (server, site) = (start(Db::sqlite()).await, Site::start().await);
    let ana = server.person("ana").await;
    let mut ear = Ear::open(&server, &ana).await;
    for n in 0..50 {
        let link = site.url(&format!("/{n}"));
        // The first wakes the reader; the second comes about when it has nothing left to do.
        let (_, said) = tokio::join!(say(&ana, 1, "wake"), say(&ana, 1, &link));
        hears(&mut ear, said).await;
    }
    finish(server, &[&ana]).await;
}
