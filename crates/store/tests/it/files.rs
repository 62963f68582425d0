//! What holds a file, when nothing does any more, and where it is found.

use crate::support::{Home, said, with};
use protocol::view::FileKind;
use protocol::{Body, FileId, FileInfo, Preview, RoomId, Time, UserId};
use store::files::{self, After, Filter};
use store::{Lane, emoji, readers, users};

both!(
    same_bytes_are_kept_once,
    a_file_goes_with_the_last_that_holds_it,
    a_file_that_nobody_used_goes_after_its_time,
    pictures_and_emoji_hold_too,
    a_message_keeps_what_was_said_of_its_files,
    the_list_of_files_pages_and_narrows,
    readers_never_go_back,
);

const LATER: Time = Time(i64::MAX);
const NEVER: Time = Time(0);

async fn sweep(home: &Home, unsent: Time) -> Vec<String> {
    let (_, freed) =
        home.write(Lane::Server, move |tx| Box::pin(async move { files::sweep(tx, unsent, 100).await })).await.unwrap();
    freed
}

async fn is_there(home: &Home, file: FileId) -> bool {
    home.read(move |tx| Box::pin(files::get(tx, file))).await.is_some()
}

async fn same_bytes_are_kept_once(home: Home) {
    let [ana, bo] = home.people().await;
    let first = home.file_of(ana, "a.png", [7; 32]).await;
    let second = home.file_of(bo, "another name.png", [7; 32]).await;
    assert_ne!(first.info.id, second.info.id);
    assert_eq!(first.key, second.key, "the bytes that are there already are shared");
    let third = home.file_of(bo, "another.png", [8; 32]).await;
    assert_ne!(first.key, third.key);
    let size = home
        .read(move |tx| Box::pin(async move { Ok((files::size_of(tx, bo).await?, files::size_of_all(tx).await?)) }));
    assert_eq!(size.await, (20, 20));
    let forget = |file| home.write(Lane::Server, move |tx| Box::pin(files::forget(tx, file)));
    assert_eq!(forget(first.info.id).await.unwrap(), None, "another file has the same bytes");
    assert_eq!(forget(second.info.id).await.unwrap(), Some(first.key));
    assert_eq!(forget(second.info.id).await.unwrap(), None, "it is gone already");
}

async fn a_file_goes_with_the_last_that_holds_it(home: Home) {
    let [ana] = home.people().await;
    let (one, other) = (home.room("One", &[ana]).await, home.room("Other", &[ana]).await);
    let file = home.file(ana, "a.png").await;
    let first = home.append(one, ana, with("a", std::slice::from_ref(&file))).await.unwrap();
    let second = home.append(other, ana, with("b", std::slice::from_ref(&file))).await.unwrap();
    home.append(one, ana, Body::Deleted { target: first.seq, thread: None }).await.unwrap();
    assert_eq!(sweep(&home, LATER).await, Vec::<String>::new());
    assert!(is_there(&home, file.id).await, "another message holds it");
    let rooms = home.read(move |tx| Box::pin(files::rooms_with(tx, file.id, ana))).await;
    assert_eq!(rooms.iter().map(|row| row.id).collect::<Vec<_>>(), [other]);
    home.append(other, ana, Body::Deleted { target: second.seq, thread: None }).await.unwrap();
    assert_eq!(sweep(&home, NEVER).await, ["key-5"]);
    assert!(!is_there(&home, file.id).await);
    for room in [one, other] {
        home.verify(room).await;
    }
}

async fn a_file_that_nobody_used_goes_after_its_time(home: Home) {
    let [ana] = home.people().await;
    let file = home.file(ana, "a.png").await;
    assert_eq!(sweep(&home, NEVER).await, Vec::<String>::new());
    assert!(is_there(&home, file.id).await);
    assert_eq!(sweep(&home, LATER).await, ["key-5"]);
    assert!(!is_there(&home, file.id).await);
    // A message that comes too late finds it gone, and says so, because it looks with a lock.
    assert!(home.write(Lane::Personal, move |tx| Box::pin(files::lock(tx, file.id))).await.unwrap().is_none());
}

async fn pictures_and_emoji_hold_too(home: Home) {
    let [ana] = home.people().await;
    let (old, new) = (home.file(ana, "old.png").await, home.file(ana, "newer.png").await);
    let picture = |file| users::Change { picture: Some(file), ..users::Change::default() };
    for file in [old.id, new.id] {
        let change = picture(Some(file));
        home.write(Lane::Server, move |tx| Box::pin(async move { users::change(tx, ana, &change).await }))
            .await
            .unwrap();
    }
    assert_eq!(sweep(&home, LATER).await, ["key-7"], "the old one went when the new one came");
    assert!(is_there(&home, new.id).await);

    let (a, b) = (home.file(ana, "emoji a.png").await, home.file(ana, "emoji bb.png").await);
    for file in [a.id, b.id] {
        home.write(Lane::Server, move |tx| Box::pin(emoji::set(tx, "shed", file, ana))).await.unwrap();
    }
    let all = home.read(|tx| Box::pin(emoji::all(tx))).await;
    assert_eq!(all.iter().map(|one| (one.name.as_str(), one.file)).collect::<Vec<_>>(), [("shed", b.id)]);
    assert_eq!(sweep(&home, LATER).await.len(), 1);
    assert!(!is_there(&home, a.id).await && is_there(&home, b.id).await);
    assert!(home.write(Lane::Server, |tx| Box::pin(emoji::delete(tx, "shed"))).await.unwrap());
    assert!(!home.write(Lane::Server, |tx| Box::pin(emoji::delete(tx, "shed"))).await.unwrap());
    assert_eq!(sweep(&home, NEVER).await.len(), 1);
    assert!(!is_there(&home, b.id).await);
}

async fn a_message_keeps_what_was_said_of_its_files(home: Home) {
    let [ana] = home.people().await;
    let room = home.room("Kitchen", &[ana]).await;
    let mut file = home.file(ana, "a.png").await;
    file.alt = Some("A shed".into());
    file.spoiler = true;
    let sent = home.append(room, ana, with("a", std::slice::from_ref(&file))).await.unwrap();
    assert_eq!(home.say(room, ana, "a", "").await.unwrap(), sent, "a retry gives the first event, files and all");
    let image = home.file(ana, "image.png").await;
    let previews = vec![
        Preview { url: "https://a".into(), site: None, title: Some("A".into()), description: None, image: Some(image) },
        Preview { url: "https://b".into(), site: None, title: Some("B".into()), description: None, image: None },
    ];
    let body = Body::Preview { target: sent.seq, previews: previews.clone(), erased: false };
    home.append(room, ana, body).await.unwrap();
    home.append(room, ana, Body::Edited { target: sent.seq, said: said("words"), sole: false }).await.unwrap();
    home.verify(room).await;
    let body = Body::Preview { target: sent.seq, previews: previews[1..].to_vec(), erased: false };
    home.append(room, ana, body).await.unwrap();
    assert_eq!(sweep(&home, NEVER).await, ["key-9"], "the picture of what was closed");
    home.append(room, ana, Body::Deleted { target: sent.seq, thread: None }).await.unwrap();
    home.verify(room).await;
    let log = serde_json::to_string(&home.log(room).await).unwrap();
    assert!(!log.contains("shed") && !log.contains("https://"), "{log}");
}

async fn names(
    home: &Home,
    viewer: UserId,
    filter: Filter,
    after: Option<After>,
    limit: u32,
) -> (Vec<String>, Option<After>) {
    let found =
        home.read(move |tx| Box::pin(async move { files::list(tx, viewer, &filter, after, limit).await })).await;
    let last = found.last().map(|(_, after)| *after);
    (found.into_iter().map(|(sent, _)| sent.file.name).collect(), last)
}

async fn the_list_of_files_pages_and_narrows(home: Home) {
    let [ana, bo, cleo] = home.people().await;
    let (open, other) = (home.room("Open", &[ana, bo]).await, home.room("Other", &[ana]).await);
    let send = async |room: RoomId, who: UserId, id: &str, list: &[&str]| {
        let mut files: Vec<FileInfo> = Vec::new();
        for name in list {
            files.push(home.file(who, name).await);
        }
        home.append(room, who, with(id, &files)).await.unwrap()
    };
    send(open, ana, "a", &["Garten Übersicht.png", "two_100%.png"]).await;
    send(open, bo, "b", &["three three.png"]).await;
    send(other, ana, "c", &["four is secret.png"]).await;
    let gone = send(open, ana, "d", &["five"]).await;
    home.append(open, ana, Body::Deleted { target: gone.seq, thread: None }).await.unwrap();

    let here = |room| Filter { room: Some(room), ..Filter::default() };
    let all = ["three three.png", "Garten Übersicht.png", "two_100%.png"];
    assert_eq!(names(&home, ana, here(open), None, 10).await.0, all);
    assert_eq!(names(&home, ana, Filter::default(), None, 10).await.0.len(), 4);
    assert_eq!(names(&home, bo, Filter::default(), None, 10).await.0, all, "not what is in a room of others");
    assert_eq!(names(&home, cleo, Filter::default(), None, 10).await.0, Vec::<String>::new());

    let mut paged = Vec::new();
    let mut after = None;
    loop {
        let (page, next) = names(&home, ana, here(open), after, 1).await;
        if page.is_empty() {
            break;
        }
        paged.extend(page);
        after = next;
    }
    assert_eq!(paged, all);

    for (needle, found) in [("über", 1), ("ÜBER", 1), ("_100%", 1), ("%", 1), ("x", 0), ("three", 1), (".png", 3)] {
        let filter = Filter { name: needle.into(), ..here(open) };
        assert_eq!(names(&home, ana, filter, None, 10).await.0.len(), found, "{needle}");
    }
    let by = |author| Filter { author: Some(author), ..here(open) };
    assert_eq!(
        (names(&home, ana, by(ana), None, 9).await.0.len(), names(&home, ana, by(bo), None, 9).await.0.len()),
        (2, 1)
    );
    let kind = |kind| Filter { kind: Some(kind), ..here(open) };
    assert_eq!(names(&home, ana, kind(FileKind::Media), None, 9).await.0.len(), 3);
    assert_eq!(names(&home, ana, kind(FileKind::Audio), None, 9).await.0.len(), 0);
    let at = home.log(open).await[2].at;
    let when = |from: i64, to: i64| Filter { from: Some(Time(from)), to: Some(Time(to)), ..here(open) };
    assert_eq!(names(&home, ana, when(0, at.0), None, 9).await.0.len(), 0, "the end is exclusive");
    assert_eq!(names(&home, ana, when(at.0, i64::MAX), None, 9).await.0.len(), 3);
}

async fn readers_never_go_back(home: Home) {
    let room = RoomId(4);
    for seq in [3, 7, 5] {
        let keep = home.write(Lane::Personal, move |tx| {
            Box::pin(async move { readers::keep(tx, "previews", &[(room, protocol::Seq(seq))]).await })
        });
        keep.await.unwrap();
    }
    let places = home.read(|tx| Box::pin(readers::all(tx, "previews"))).await;
    assert_eq!(places.get(&room), Some(&protocol::Seq(7)));
    assert!(home.read(|tx| Box::pin(readers::all(tx, "other"))).await.is_empty());
}
