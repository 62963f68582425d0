//! Threads, what is unread in them, and what concerns whom, over random histories: every count is what
//! docs/UNREAD.md says, every list is what its definition gives.

mod cost;
mod model;

use crate::history::{PEOPLE, Step};
use crate::support::Home;
use model::{Act, Model, acts};
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use protocol::view::Cause;
use protocol::{Body, RoomId, Seq, UserId};
use std::sync::atomic::{AtomicU32, Ordering};
use store::activity::{self, Place};
use store::{Committed, Error, Lane, Tx, log, rooms, threads, unread};

both!(every_count_is_what_its_definition_says);

static CASES: AtomicU32 = AtomicU32::new(0);

async fn every_count_is_what_its_definition_says(home: Home) {
    let runtime = tokio::runtime::Handle::current();
    let cases = if home.store.is_postgres() { 8 } else { 40 };
    tokio::task::block_in_place(|| {
        let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
        runner.run(&acts(), |acts| runtime.block_on(check(&home, acts))).unwrap();
    });
}

async fn check(home: &Home, acts: Vec<(usize, Act)>) -> Result<(), TestCaseError> {
    // People of their own for each case: what concerns them comes from all of their rooms.
    let case = CASES.fetch_add(1, Ordering::Relaxed);
    let mut people = Vec::new();
    for i in 0..PEOPLE {
        people.push(home.person(&format!("p{case}.{i}")).await);
    }
    let mut models = Vec::new();
    for i in 0..2 {
        let room = home.room(&format!("Room {case}.{i}"), &people[..3]).await;
        let mut model = Model::new(room, &people);
        home.log(room).await.into_iter().for_each(|event| drop(model.take(event)));
        models.push(model);
    }
    for (n, (room, act)) in acts.into_iter().enumerate() {
        let mut model = models.remove(room % 2);
        let before = home.told.lock().unwrap().len();
        let id = model.room;
        let write = home.write(Lane::Room(id), move |tx| {
            Box::pin(async move {
                let concerned = play(tx, &mut model, &act).await?;
                Ok((model, concerned))
            })
        });
        let (model, concerned) = write.await.unwrap();
        let told = home.told.lock().unwrap()[before..].concat();
        let told = told.into_iter().filter_map(|committed| match committed {
            Committed::Following { room, root, mut users } if room == id => {
                users.sort_unstable();
                Some((root, users))
            }
            _ => None,
        });
        assert_eq!(told.collect::<Vec<_>>(), concerned, "only those are told for whom something is new");
        models.insert(room % 2, model);
        if n % 12 == 0 {
            models = compare(home, models, &people).await;
        }
    }
    compare(home, models, &people).await;
    Ok(())
}

/// Does it in the store and in the model. Answers who follows a thread now that they did not follow before.
async fn play(tx: &mut Tx, model: &mut Model, act: &Act) -> Result<Vec<(Seq, Vec<UserId>)>, Error> {
    let room = model.room;
    let mut row = rooms::lock(tx, room).await?.unwrap();
    match act {
        Act::Log(step) => {
            // Names of rooms are none of this test's business.
            if matches!(step, Step::Rename) {
                return Ok(Vec::new());
            }
            if let Some((author, body)) = model.history.next(step) {
                return Ok(model.take(log::append(tx, &mut row, author, body).await?));
            }
        }
        Act::React { who, pick, emoji } => {
            if let (Some(user), Some((target, ..))) = (model.member(*who), model.message(*pick)) {
                let emoji = (*emoji).to_owned();
                let body = if model.reacted(target, user, &emoji) {
                    Body::Unreacted { target, emoji }
                } else {
                    Body::Reacted { target, emoji }
                };
                return Ok(model.take(log::append(tx, &mut row, user, body).await?));
            }
        }
        Act::Keyword { who, pick } => {
            if let (Some(user), Some((seq, author, at))) = (model.member(*who), model.message(*pick))
                && author != user
                && model.words.insert((user, seq))
            {
                let sql = "INSERT INTO keyword_hits (user_id, at, room, seq) VALUES ($1, $2, $3, $4)";
                tx.execute(sql, &[user.into(), at.into(), room.into(), seq.into()]).await?;
            }
        }
        Act::Follow { who, pick } => {
            if let (Some(user), Some(root)) = (model.member(*who), model.root(*pick)) {
                threads::follow(tx, room, root, user, None, row.head).await?;
                model.follow(root, user);
            }
        }
        Act::LetGo { who, pick } => {
            if let (Some(user), Some(root)) = (model.member(*who), model.root(*pick)) {
                threads::let_go(tx, room, root, user, row.head).await?;
                model.let_go(root, user);
            }
        }
        Act::Move { who, pick, to } => {
            if let (Some(user), Some(root)) = (model.member(*who), model.root(*pick))
                && let Some(mine) = model.threads.get_mut(&(root, user)).filter(|mine| mine.following)
            {
                let read = Seq(i64::try_from(*to >> 1).unwrap() % (row.head.0 + 1));
                (mine.read, mine.version) = (read, mine.version + i64::from(read < mine.read));
                threads::set_place(tx, room, root, user, (mine.read, mine.version)).await?;
            }
        }
    }
    Ok(Vec::new())
}

/// Holds all that the store answers against the definitions.
async fn compare(home: &Home, models: Vec<Model>, people: &[UserId]) -> Vec<Model> {
    for model in &models {
        home.verify(model.room).await;
    }
    let people = people.to_vec();
    let read = home.read(move |tx| {
        Box::pin(async move {
            for user in people {
                for model in &models {
                    each_thread(tx, model, user).await?;
                }
                lists(tx, &models, user).await?;
                let all = [Cause::Mention, Cause::Room, Cause::Keyword, Cause::Reaction, Cause::Reply];
                concerns(tx, &models, user, &all).await?;
                for cause in all {
                    concerns(tx, &models, user, &[cause]).await?;
                }
            }
            Ok(models)
        })
    });
    read.await
}

async fn each_thread(tx: &mut Tx, model: &Model, user: UserId) -> Result<(), Error> {
    for root in model.roots() {
        let kept = threads::of(tx, model.room, root, user).await?;
        let defined = model.standing(root, user);
        assert_eq!(kept.map(|kept| kept.thread), defined, "{user} in {root} of {:#?}", model.history.log);
        let read = defined.filter(|mine| mine.following).map_or(model.history.fold.head, |mine| mine.cursor.read);
        assert_eq!(threads::why(tx, model.room, root, user, read).await?, model.why(root, user, read));
    }
    for read in [Seq(0), Seq(model.history.fold.head.0 / 2), model.history.fold.head] {
        assert_eq!(unread::count(tx, model.room, user, read).await?, model.history.unread(user, read));
        assert_eq!(unread::why(tx, model.room, user, read).await?, model.room_why(user, read));
        let behind = unread::rooms(tx, user, &[(model.room, read)]).await?;
        assert_eq!(!behind.is_empty(), model.history.unread(user, read).0 > 0);
    }
    Ok(())
}

async fn lists(tx: &mut Tx, models: &[Model], user: UserId) -> Result<(), Error> {
    let mut defined: Vec<_> = models.iter().flat_map(|model| model.following(user)).collect();
    defined.sort_unstable_by_key(|(thread, at)| std::cmp::Reverse((*at, thread.room, thread.root)));
    let places = threads::places(tx, user, 2_000).await?;
    assert_eq!(places, defined.iter().map(|(thread, _)| *thread).collect::<Vec<_>>());
    for only_unread in [false, true] {
        let mut listed = Vec::new();
        loop {
            let after = listed.last().map(|(thread, at): &(protocol::view::Thread, _)| (*at, thread.room, thread.root));
            let page = threads::list(tx, user, only_unread, after, 3).await?;
            if page.is_empty() {
                break;
            }
            listed.extend(page);
        }
        let fits = |thread: &protocol::view::Thread| !only_unread || thread.cursor.unread > 0;
        let shown = defined.iter().filter_map(|(thread, at)| Some((*thread, (*at)?)).filter(|_| fits(thread)));
        assert_eq!(listed, shown.collect::<Vec<_>>());
    }
    let roots: Vec<(RoomId, Seq)> =
        models.iter().flat_map(|m| m.roots().into_iter().map(|root| (m.room, root))).collect();
    let newest = threads::newest(tx, &roots, 3).await?;
    assert_eq!(newest, models.iter().flat_map(|model| model.newest(3)).collect::<Vec<_>>());
    Ok(())
}

async fn concerns(tx: &mut Tx, models: &[Model], user: UserId, causes: &[Cause]) -> Result<(), Error> {
    let mut defined: Vec<(Cause, Place)> = models.iter().flat_map(|model| model.concerns(user)).collect();
    defined.retain(|(cause, _)| causes.contains(cause));
    defined.sort_unstable_by(|(_, a), (_, b)| b.cmp(a));
    for step in [2, 100] {
        let mut listed: Vec<(Cause, Place)> = Vec::new();
        loop {
            let after = listed.last().map(|(_, place)| place.clone());
            let page = activity::list(tx, user, causes, after, step).await?;
            if page.is_empty() {
                break;
            }
            listed.extend(page);
        }
        assert_eq!(listed, defined, "what concerns {user} by {causes:?}");
    }
    Ok(())
}
