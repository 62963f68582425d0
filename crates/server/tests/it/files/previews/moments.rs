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
