//! Long lists of members, who knows whom, and the places that people have read to.

use crate::support::{Home, message};
use protocol::event::MemberRole;
use protocol::view::Level;
use protocol::{Body, RoomId, Seq, UserId};
use store::members::{self, Cursor};
use store::{Lane, Tx, rooms, users};

both!(
    a_list_of_twenty_thousand_pages_by_name,
    a_search_takes_its_signs_as_they_are,
    people_are_found_in_one_order,
    who_shares_a_room_is_acquainted,
    an_older_version_never_overwrites_a_newer,
    what_is_mine_in_a_room_is_kept,
);

const MANY: i64 = 20_000;

/// Twenty thousand accounts in one statement, their names in another order than their numbers, every third
/// name twice.
const PEOPLE: &str = "
    INSERT INTO users (username, name, folded, colour, avatar, role, created_at)
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)
    SELECT 'u' || i, 'Name ' || (i * 7919 % 13337), 'name ' || (i * 7919 % 13337), 'teal', 'N', 'member', 0 FROM n";

async fn page(
    home: &Home,
    room: RoomId,
    needle: &'static str,
    among: Option<Vec<UserId>>,
    after: Option<(String, UserId)>,
) -> Vec<(UserId, MemberRole, String)> {
    let read = home
        .read(move |tx| Box::pin(async move { members::page(tx, room, needle, among.as_deref(), after, 100).await }));
    read.await.into_iter().map(|(user, role, folded)| (user.id, role, folded)).collect()
}

async fn a_list_of_twenty_thousand_pages_by_name(home: Home) {
    let make = home.write(Lane::Server, |tx| Box::pin(async move { tx.execute(PEOPLE, &[MANY.into()]).await }));
    assert_eq!(make.await.unwrap(), MANY as u64);
    let all: Vec<UserId> = home.read(|tx| Box::pin(users::all(tx))).await;
    let room = home.room("Square", &all).await;
    assert_eq!(home.row(room).await.members, MANY);
    assert_eq!(home.log(room).await.len(), 2, "many joins are one event");

    let mut listed = Vec::new();
    let mut after = None;
    loop {
        let part = page(&home, room, "", None, after).await;
        let Some((id, _, name)) = part.last().cloned() else { break };
        after = Some((name, id));
        listed.extend(part);
    }
    let mut expected: Vec<(String, i64)> = (1..=MANY).map(|i| (format!("name {}", i * 7919 % 13337), i)).collect();
    expected.sort();
    assert!(listed.iter().map(|(id, _, name)| (name.clone(), id.0)).eq(expected), "each once, by bytes of the name");
    let owners: Vec<_> = listed.iter().filter(|(_, role, _)| *role == MemberRole::Owner).map(|(id, ..)| *id).collect();
    assert_eq!(owners, [all[0]]);

    let found: Vec<UserId> = page(&home, room, "U1999", None, None).await.into_iter().map(|(id, ..)| id).collect();
    assert_eq!(found.len(), 11, "u1999 and u19990 to u19999: {found:?}");
    let chosen = vec![UserId(7), UserId(MANY), UserId(MANY + 1)];
    let among = page(&home, room, "", Some(chosen.clone()), None).await;
    assert_eq!(among.len(), 2);
    assert!(page(&home, room, "", Some(Vec::new()), None).await.is_empty(), "among nobody is nobody");
    let there = home.read(move |tx| Box::pin(async move { members::among(tx, room, &chosen).await })).await;
    assert_eq!(there.len(), 2);
    let names = vec!["u5".to_owned(), "u19999".into(), "U7".into(), "nobody".into(), "u5".into()];
    let named = home.read(move |tx| Box::pin(async move { members::named(tx, room, &names).await })).await;
    assert_eq!(named, [UserId(5), UserId(19_999)]);

    home.append(room, all[0], Body::Left { users: all[1..].to_vec(), by: None, why: None }).await.unwrap();
    assert_eq!(home.row(room).await.members, 1);
    home.verify(room).await;
}

async fn a_search_takes_its_signs_as_they_are(home: Home) {
    let mut people = Vec::new();
    for (username, name) in
        [("a", "100% Ana"), ("b", "100 Bo"), ("c", "C_C"), ("d", "CxC"), ("e", "Wow!"), ("f", "Ödön \\")]
    {
        let person = home.person(username).await;
        let change = users::Change { name: Some(name.into()), ..users::Change::default() };
        home.write(Lane::Server, move |tx| Box::pin(async move { users::change(tx, person, &change).await }))
            .await
            .unwrap();
        people.push(person);
    }
    let room = home.room("Kitchen", &people).await;
    for (needle, expected) in
        [("100%", 1), ("100", 2), ("c_c", 1), ("c", 2), ("!", 1), ("ÖDÖN", 1), ("\\", 1), ("'", 0), ("%", 1), ("", 6)]
    {
        assert_eq!(page(&home, room, needle, None, None).await.len(), expected, "{needle}");
    }
}

async fn people_are_found_in_one_order(home: Home) {
    for (i, name) in ["zoe", "Ärmel", "abe", "a-z", "Abe", "Øre", "10"].into_iter().enumerate() {
        let new = users::New {
            username: format!("u{i}"),
            name: name.into(),
            password: None,
            role: protocol::view::ServerRole::Member,
        };
        home.write(Lane::Server, move |tx| Box::pin(async move { users::create(tx, &new).await })).await.unwrap();
    }
    let mut found = Vec::new();
    let mut after = None;
    loop {
        let part = home.read(move |tx| Box::pin(users::search(tx, "", after, 2))).await;
        let Some(last) = part.last() else { break };
        after = Some(last.user.id);
        found.extend(part.into_iter().map(|account| account.user.name));
    }
    assert_eq!(found, ["10", "a-z", "abe", "Abe", "zoe", "Ärmel", "Øre"]);
}

async fn who_shares_a_room_is_acquainted(home: Home) {
    let [ana, bo, cy, di] = home.people().await;
    home.room("Kitchen", &[ana, bo]).await;
    home.room("Hall", &[bo, cy]).await;
    let hall = home.room("Cellar", &[ana, di]).await;
    let ask = |who: UserId| {
        home.read(move |tx| Box::pin(async move { members::acquainted(tx, who, &[ana, bo, cy, di, UserId(99)]).await }))
    };
    assert_eq!(ask(ana).await, [ana, bo, di]);
    assert_eq!(ask(cy).await, [bo, cy]);
    assert_eq!(ask(UserId(99)).await, []);
    home.append(hall, di, Body::Left { users: vec![di], by: None, why: None }).await.unwrap();
    assert_eq!(ask(ana).await, [ana, bo]);
    assert_eq!(ask(di).await, []);
}

async fn keep(home: &Home, cursors: Vec<Cursor>) {
    let write = home.write(Lane::Personal, |tx| Box::pin(async move { members::keep_cursors(tx, &cursors).await }));
    write.await.unwrap();
}

async fn an_older_version_never_overwrites_a_newer(home: Home) {
    let [ana, bo] = home.people().await;
    let (kitchen, hall) = (home.room("Kitchen", &[ana, bo]).await, home.room("Hall", &[ana]).await);
    for i in 0..20 {
        home.append(kitchen, bo, message(&format!("m{i}"), "hello")).await.unwrap();
    }
    // What is kept, and what stands there then: (read, version).
    let steps = [
        ((5, 0), (5, 0)),
        ((3, 0), (5, 0)),
        ((9, 0), (9, 0)),
        ((2, 1), (2, 1)),
        ((15, 0), (2, 1)),
        ((2, 1), (2, 1)),
        ((4, 1), (4, 1)),
        ((3, 1), (4, 1)),
        ((1, 7), (1, 7)),
        ((20, 6), (1, 7)),
    ];
    for ((read, version), expected) in steps {
        keep(&home, vec![(kitchen, ana, Seq(read), version), (hall, bo, Seq(9), 9), (RoomId(99), ana, Seq(1), 1)])
            .await;
        let heads = home.read(move |tx| Box::pin(rooms::heads(tx, ana, 10))).await;
        let (_, head, read, version) = heads.into_iter().find(|(room, ..)| *room == kitchen).unwrap();
        assert_eq!((head, (read.0, version)), (Seq(22), expected));
    }
    keep(&home, Vec::new()).await;
    let others = home.read(move |tx| Box::pin(rooms::seen_by(tx, kitchen, bo))).await.unwrap().1.unwrap();
    assert_eq!((others.read, others.version), (Seq(1), 0), "only what was named moves");
}

async fn what_is_mine_in_a_room_is_kept(home: Home) {
    let [ana, bo] = home.people().await;
    let room = home.room("Kitchen", &[ana, bo]).await;
    async fn set(tx: &mut Tx, room: RoomId, user: UserId) -> Result<(), store::Error> {
        members::set_level(tx, room, user, Some(Level::Mentions), None).await?;
        members::set_draft(tx, room, user, "half a “thought” 🦀").await
    }
    home.write(Lane::Personal, move |tx| Box::pin(set(tx, room, ana))).await.unwrap();
    home.write(Lane::Personal, move |tx| Box::pin(set(tx, room, UserId(99)))).await.unwrap();
    let mine = |who| home.read(move |tx| Box::pin(rooms::seen_by(tx, room, who)));
    let ana = mine(ana).await.unwrap().1.unwrap();
    assert_eq!((ana.level, ana.draft.as_str()), (Level::Mentions, "half a “thought” 🦀"));
    let bo = mine(bo).await.unwrap().1.unwrap();
    assert_eq!((bo.level, bo.draft.as_str()), (Level::All, ""));
    assert!(mine(UserId(99)).await.unwrap().1.is_none());
}
