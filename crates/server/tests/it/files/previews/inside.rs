//! Links that lead where no stranger may look, and pages that mean harm.

use super::*;

/// The outside is one address, all others of this machine are inside.
const OUTSIDE: &str = "127.0.0.9";

async fn guarded(db: Db) -> Server {
    Server::with(db, |config| config.outbound_allow = vec!["127.0.0.9/32".parse().unwrap()]).await
}

// What is fetched is the same on every database.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_inside_is_ever_asked() {
    let server = guarded(Db::sqlite()).await;
    let (outside, secret) = (Site::on(OUTSIDE).await, Site::start().await);
    let ana = server.person("ana").await;
    let mut ear = Ear::open(&server, &ana).await;
    let port = secret.url("").rsplit(':').next().unwrap().to_owned();
    for host in [
        "127.0.0.1",
        "127.1",
        "0x7f000001",
        "2130706433",
        "[::ffff:127.0.0.1]",
        "localhost",
        "0.0.0.0",
        "[::1]",
        "127.0.0.1.",
        "017700000001",
    ] {
        say(&ana, 1, &format!("http://{host}:{port}/secret")).await;
        // Outside leads there.
        say(&ana, 1, &outside.at(OUTSIDE, &format!("/to?http://{host}:{port}/secret"))).await;
    }
    say(&ana, 1, &format!("http://user:word@127.0.0.1:{port}/secret file:///etc/passwd gopher://127.0.0.1:{port}/"))
        .await;
    // Its picture is inside.
    let said = say(&ana, 1, &outside.at(OUTSIDE, &format!("/show?http://127.0.0.1:{port}/picture-1"))).await;
    let event = hears(&mut ear, said).await;
    assert_eq!(titles(&event), ["Shows"]);
    assert!(event["previews"][0].get("image").is_none());
    assert_eq!(ear.frames.iter().filter(|frame| frame["kind"] == "preview").count(), 1);
    assert_eq!(secret.heard(), [""; 0]);
    nothing_lies(&server.db);
    // Its own rooms are nobody's page, wherever they are said to be.
    say(&ana, 1, &outside.at(OUTSIDE, "/r/7/42")).await;
    say(&ana, 1, &outside.at(OUTSIDE, "/r/7#here")).await;
    let said = say(&ana, 1, &outside.at(OUTSIDE, "/r/rust")).await;
    assert_eq!(titles(&hears(&mut ear, said).await), ["/r/rust"]);
    assert!(!outside.heard().iter().any(|path| path.starts_with("/r/7")), "{:?}", outside.heard());
    finish(server, &[&ana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_without_end_is_cut_and_one_that_leads_on_for_ever_shows_nothing() {
    let (server, site) = (start(Db::sqlite()).await, Site::start().await);
    let ana = server.person("ana").await;
    let mut ear = Ear::open(&server, &ana).await;
    let said = say(&ana, 1, &site.url("/endless")).await;
    assert_eq!(titles(&hears(&mut ear, said).await), ["Endless"]);
    let poured = *site.poured.lock().unwrap();
    assert!(poured < 12 << 20, "no more than its cap, and what lay on the line: {poured}");
    let round = say(&ana, 1, &site.url("/to?/to")).await;
    let silent = say(&ana, 1, &site.url("/nothing")).await;
    passed(&ana, 1, &site, &mut ear).await;
    assert!(!ear.frames.iter().any(|frame| frame["target"] == round || frame["target"] == silent));
    assert!(site.heard().iter().filter(|path| path.starts_with("/to")).count() <= 6);
    finish(server, &[&ana]).await;
}
