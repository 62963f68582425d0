//! People who are called by one name: who is in which group, and who of them is in a room.

use crate::support::Home;
use protocol::UserId;
use store::groups::{self, Change};
use store::{Committed, Lane, members, users};

both!(a_group_is_those_who_may_log_in, who_is_called_is_in_the_room, each_change_is_told_once);

fn named(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

async fn create(home: &Home, name: &'static str, people: &[UserId]) -> i64 {
    let people = people.to_vec();
    let made =
        home.write(Lane::Server, move |tx| Box::pin(async move { groups::create(tx, name, "", &people).await })).await;
    made.unwrap()
}

async fn a_group_is_those_who_may_log_in(home: Home) {
    let [ana, bo] = home.people().await;
    let id = create(&home, "design", &[ana, bo]).await;
    create(&home, "art", &[]).await;
    let all = home.read(|tx| Box::pin(groups::all(tx))).await;
    let names: Vec<_> = all.iter().map(|group| (group.name.as_str(), group.members.clone())).collect();
    assert_eq!(names, [("art", vec![]), ("design", vec![ana, bo])], "by name");
    home.write(Lane::Server, move |tx| Box::pin(users::set_ban(tx, bo, true))).await.unwrap();
    let change = Change { title: Some("Who draws".into()), members: None };
    home.write(Lane::Server, move |tx| Box::pin(groups::change(tx, id, change))).await.unwrap();
    let all = home.read(|tx| Box::pin(groups::all(tx))).await;
    assert_eq!((all[1].title.as_str(), &all[1].members), ("Who draws", &vec![ana]));
    let taken = |name: &'static str| home.read(move |tx| Box::pin(users::is_taken(tx, name)));
    assert!(taken("design").await && taken("person0").await && !taken("nobody").await);
}

async fn who_is_called_is_in_the_room(home: Home) {
    let [ana, bo, cy] = home.people().await;
    let room = home.room("Kitchen", &[ana, bo]).await;
    create(&home, "design", &[bo, cy]).await;
    create(&home, "art", &[ana, bo]).await;
    for (names, groups, people) in [
        (vec![], 0, vec![]),
        (vec!["nobody", "person0"], 0, vec![]),
        (vec!["design"], 1, vec![bo]),
        (vec!["design", "art", "design."], 2, vec![ana, bo]),
    ] {
        let called = named(&names);
        let found = home.read(move |tx| Box::pin(async move { groups::called(tx, room, &called).await })).await;
        assert_eq!(found, (groups, people), "{names:?}");
    }
    let found = home.read(move |tx| Box::pin(async move { members::named(tx, room, &named(&["design"])).await })).await;
    assert_eq!(found, [], "nobody bears a group's name");
}

async fn each_change_is_told_once(home: Home) {
    let [ana] = home.people().await;
    let id = create(&home, "design", &[ana]).await;
    let delete = || home.write(Lane::Server, move |tx| Box::pin(groups::delete(tx, id)));
    assert!(delete().await.unwrap());
    assert!(!delete().await.unwrap(), "it is gone already");
    let told = home.told.lock().unwrap().clone();
    let facts = told.iter().flatten().filter(|told| matches!(told, Committed::Fact(_))).count();
    assert_eq!(facts, 2, "made, and taken away");
}
