//! What is a person's own in a thread: whether they follow it, and their place in it. Counted anew each time;
//! docs/UNREAD.md says what counts.
//!
//! The version rises where a place goes back, and where somebody lets go or comes back: of two tellings of the same
//! thread, the one with the greater version is the newer, and with the same version the one further on. It begins with that
//! of the place in the room, which is greater than any that the thread had before its reader left the room and came back.
//!
//! Rows are written while the room's row is locked: a removal cannot race them, and on PostgreSQL no two
//! transactions take them in different orders.

use crate::Committed;
use crate::columns::{ids, json};
use crate::error::Error;
use crate::tx::Tx;
use crate::unread::MOST;
use crate::value::Row;
use protocol::event::Said;
use protocol::view::{Level, Read, Thread, Why};
use protocol::{Event, RoomId, Seq, Time, UserId};

/// A person's thread with what follows from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    pub user: UserId,
    pub thread: Thread,
    /// Of the room, where it was counted.
    pub head: Seq,
    /// When the newest reply was written; absent where there is none.
    pub at: Option<Time>,
}

/// Where a list goes on: after the thread with this newest reply.
pub type After = Option<(Time, RoomId, Seq)>;

/// Without statistics SQLite would rather go over all that the room has after a place: it is told by which index.
macro_rules! threads {
    ($tx:ident, $rest:expr) => {
        threads!($tx, $rest, $rest)
    };
    ($tx:ident, $sqlite:expr, $postgres:expr) => {
        $tx.either(threads!(@ " INDEXED BY entries_replies", $sqlite), threads!(@ "", $postgres))
    };
    (@ $by:literal, $rest:expr) => {
        concat!(
            "SELECT t.room, t.root, t.user_id, t.following, t.level, t.read, t.version, r.head, o.last_reply,
               CASE WHEN t.following = 1 THEN (SELECT count(*) FROM (SELECT 1 FROM entries n", $by, "
                  WHERE n.room = t.room AND n.thread = t.root AND n.seq > t.read AND n.also = 0 AND n.erased = 0
                    AND n.author <> t.user_id LIMIT 1000) AS u) ELSE 0 END,
               CASE WHEN t.following = 1 THEN (SELECT count(*) FROM (
                  SELECT c.seq FROM mentions c JOIN entries n ON n.room = c.room AND n.seq = c.seq
                  WHERE c.room = t.room AND c.thread = t.root AND c.thread > 0 AND c.user_id = t.user_id AND c.seq > t.read
                    AND n.author <> t.user_id
                  UNION
                  SELECT c.seq FROM mentions c JOIN entries n ON n.room = c.room AND n.seq = c.seq
                  WHERE c.room = t.room AND c.thread = t.root AND c.thread > 0 AND c.user_id = 0 AND c.seq > t.read
                    AND n.author <> t.user_id
                  LIMIT 1000) AS c) ELSE 0 END
             FROM threads t JOIN members m ON m.room = t.room AND m.user_id = t.user_id
             JOIN rooms r ON r.id = t.room JOIN entries o ON o.room = t.room AND o.seq = t.root ",
            $rest
        )
    };
}

fn standing_of(mut row: Row) -> Standing {
    let head = row.seq(7);
    let following = row.is(3);
    // Who does not follow has nothing before them.
    let read = if following { row.seq(5) } else { head };
    let count = |row: &Row, i| u32::try_from(row.int(i)).unwrap_or(0);
    let cursor = Read { read, version: row.int(6), unread: count(&row, 9), mentions: count(&row, 10) };
    let level = Level::parse(&row.text(4)).unwrap_or_default();
    let thread = Thread { room: row.room(0), root: row.seq(1), following, level, cursor };
    Standing { user: row.user(2), thread, head, at: row.opt_int(8).map(Time) }
}

/// What is this member's in a thread in which nothing is.
///
/// # Errors
/// The database failed.
pub async fn none(tx: &mut Tx, room: RoomId, root: Seq, user: UserId, head: Seq) -> Result<Thread, Error> {
    let sql = "SELECT version FROM members WHERE room = $1 AND user_id = $2";
    let version = tx.row(sql, &[room.into(), user.into()]).await?.map_or(0, |row| row.int(0));
    let cursor = Read { read: head, version, ..Read::default() };
    Ok(Thread { room, root, following: false, level: Level::All, cursor })
}

/// What is this person's in a thread, where there is something.
///
/// # Errors
/// The database failed.
pub async fn of(tx: &mut Tx, room: RoomId, root: Seq, user: UserId) -> Result<Option<Standing>, Error> {
    let sql = threads!(tx, "WHERE t.room = $1 AND t.root = $2 AND t.user_id = $3");
    Ok(tx.row(sql, &[room.into(), root.into(), user.into()]).await?.map(standing_of))
}

/// What is these people's in a thread, those who are members now.
///
/// # Errors
/// The database failed.
pub async fn among(tx: &mut Tx, room: RoomId, root: Seq, users: &[UserId]) -> Result<Vec<Standing>, Error> {
    let sql = threads!(
        tx,
        "WHERE t.room = $1 AND t.root = $2 AND t.user_id IN (SELECT value FROM json_each($3))",
        "WHERE t.room = $1 AND t.root = $2
             AND t.user_id IN (SELECT value::bigint FROM jsonb_array_elements_text($3::text::jsonb))"
    );
    let rows = tx.rows(sql, &[room.into(), root.into(), ids(users)]).await?;
    Ok(rows.into_iter().map(standing_of).collect())
}

/// What is a person's in these threads.
///
/// # Errors
/// The database failed.
pub async fn some(tx: &mut Tx, user: UserId, threads: &[(RoomId, Seq)]) -> Result<Vec<Standing>, Error> {
    let sql = threads!(
        tx,
        "WHERE t.user_id = $1 AND (t.room, t.root) IN (SELECT value ->> 0, value ->> 1 FROM json_each($2))",
        "WHERE t.user_id = $1 AND (t.room, t.root) IN (SELECT (value ->> 0)::bigint, (value ->> 1)::bigint
             FROM jsonb_array_elements($2::text::jsonb))"
    );
    let rows = tx.rows(sql, &[user.into(), json(&threads)?.into()]).await?;
    Ok(rows.into_iter().map(standing_of).collect())
}

/// All threads that a person follows, at most `limit`, the newest reply first.
///
/// # Errors
/// The database failed.
pub async fn places(tx: &mut Tx, user: UserId, limit: u32) -> Result<Vec<Thread>, Error> {
    let sql = threads!(
        tx,
        "WHERE t.user_id = $1 AND t.following = 1
         ORDER BY coalesce(o.last_reply, 0) DESC, t.room DESC, t.root DESC LIMIT $2"
    );
    let rows = tx.rows(sql, &[user.into(), i64::from(limit).into()]).await?;
    Ok(rows.into_iter().map(|row| standing_of(row).thread).collect())
}

/// Threads with replies that a person follows, the newest reply first; with `unread` those in which something counts.
///
/// # Errors
/// The database failed.
pub async fn list(
    tx: &mut Tx,
    user: UserId,
    unread: bool,
    after: After,
    limit: u32,
) -> Result<Vec<(Thread, Time)>, Error> {
    macro_rules! list {
        ($by:literal) => {
            concat!(
                "WHERE t.user_id = $1 AND t.following = 1 AND o.replies > 0
                   AND (o.last_reply, t.room, t.root) < ($2, $3, $4)
                   AND ($5 = 0 OR EXISTS (SELECT 1 FROM entries n",
                $by,
                " WHERE n.room = t.room AND n.thread = t.root AND n.seq > t.read AND n.also = 0 AND n.erased = 0
                     AND n.author <> t.user_id))
                 ORDER BY o.last_reply DESC, t.room DESC, t.root DESC LIMIT $6"
            )
        };
    }
    let sql = threads!(tx, list!(" INDEXED BY entries_replies"), list!(""));
    let (at, room, root) = after.unwrap_or((Time(i64::MAX), RoomId(i64::MAX), Seq(i64::MAX)));
    let unread = i64::from(unread);
    let params = [user.into(), at.into(), room.into(), root.into(), unread.into(), i64::from(limit).into()];
    let rows = tx.rows(sql, &params).await?;
    Ok(rows.into_iter().map(standing_of).filter_map(|found| Some((found.thread, found.at?))).collect())
}

/// The newest replies of these threads that are not deleted, at most `each`, in order.
///
/// # Errors
/// The database failed.
pub async fn newest(tx: &mut Tx, threads: &[(RoomId, Seq)], each: i64) -> Result<Vec<(RoomId, Seq, Seq)>, Error> {
    let sql = tx.either(
        "SELECT n.room, n.thread, n.seq FROM json_each($1) AS j CROSS JOIN entries n ON n.room = j.value ->> 0
           AND n.seq IN (SELECT x.seq FROM entries x INDEXED BY entries_thread WHERE x.room = j.value ->> 0 AND x.thread = j.value ->> 1
             AND x.erased = 0 ORDER BY x.seq DESC LIMIT $2)
         ORDER BY n.room, n.seq",
        "SELECT n.room, n.thread, n.seq FROM jsonb_array_elements($1::text::jsonb) AS j(value)
         CROSS JOIN LATERAL (SELECT x.room, x.thread, x.seq FROM entries x WHERE x.room = (j.value ->> 0)::bigint
             AND x.thread = (j.value ->> 1)::bigint AND x.erased = 0 ORDER BY x.seq DESC LIMIT $2) AS n
         ORDER BY n.room, n.seq",
    );
    let rows = tx.rows(sql, &[json(&threads)?.into(), each.into()]).await?;
    Ok(rows.iter().map(|row| (row.room(0), row.seq(1), row.seq(2))).collect())
}

/// The oldest reply after `read` that counts for this person, and the oldest that calls on them.
///
/// # Errors
/// The database failed.
pub async fn why(tx: &mut Tx, room: RoomId, root: Seq, user: UserId, read: Seq) -> Result<Why, Error> {
    let params = [room.into(), root.into(), read.into(), user.into()];
    let sql = tx.either(
        "SELECT seq FROM entries INDEXED BY entries_replies WHERE room = $1 AND thread = $2 AND seq > $3
           AND also = 0 AND erased = 0 AND author <> $4 ORDER BY seq LIMIT 1",
        "SELECT seq FROM entries WHERE room = $1 AND thread = $2 AND seq > $3
           AND also = 0 AND erased = 0 AND author <> $4 ORDER BY seq LIMIT 1",
    );
    let unread = tx.row(sql, &params).await?.map(|row| row.seq(0));
    let sql = "SELECT min(c.seq) FROM mentions c JOIN entries n ON n.room = c.room AND n.seq = c.seq
               WHERE c.room = $1 AND c.thread = $2 AND c.thread > 0 AND c.user_id IN ($4, 0) AND c.seq > $3
                 AND n.author <> $4";
    let mention = tx.row(sql, &params).await?.and_then(|row| row.opt_int(0).map(Seq));
    Ok(Why { unread, mention })
}

/// The threads that a person follows in which something counts, at most `limit`, the newest reply first.
///
/// # Errors
/// The database failed.
pub async fn unread(tx: &mut Tx, user: UserId, limit: u32) -> Result<Vec<(RoomId, Seq)>, Error> {
    let found = list(tx, user, true, None, limit).await?;
    Ok(found.into_iter().map(|(thread, _)| (thread.room, thread.root)).collect())
}

/// Follows a thread: from here on, where they did not follow it before.
///
/// # Errors
/// The database failed.
pub async fn follow(
    tx: &mut Tx,
    room: RoomId,
    root: Seq,
    user: UserId,
    level: Option<Level>,
    place: Seq,
) -> Result<(), Error> {
    let sql = "INSERT INTO threads (room, root, user_id, following, level, since, read, version)
               SELECT room, $2, user_id, 1, $4, $5, $5, version FROM members WHERE room = $1 AND user_id = $3
               ON CONFLICT (room, root, user_id) DO UPDATE SET following = 1,
                 level = CASE WHEN $6 = 1 THEN excluded.level ELSE threads.level END,
                 since = CASE WHEN threads.following = 1 THEN threads.since ELSE excluded.since END,
                 read = CASE WHEN threads.following = 1 THEN threads.read ELSE excluded.read END,
                 version = threads.version + 1 - threads.following";
    let params = [
        room.into(),
        root.into(),
        user.into(),
        level.unwrap_or_default().as_str().into(),
        place.into(),
        i64::from(level.is_some()).into(),
    ];
    tx.execute(sql, &params).await?;
    Ok(())
}

/// Lets a thread go: nothing but a wish of their own, or a reply, brings this person back to it.
///
/// # Errors
/// The database failed.
pub async fn let_go(tx: &mut Tx, room: RoomId, root: Seq, user: UserId, head: Seq) -> Result<(), Error> {
    let sql = "INSERT INTO threads (room, root, user_id, following, since, read, version)
               SELECT room, $2, user_id, 0, $4, $4, version FROM members WHERE room = $1 AND user_id = $3
               ON CONFLICT (room, root, user_id) DO UPDATE SET following = 0, version = threads.version + threads.following";
    tx.execute(sql, &[room.into(), root.into(), user.into(), head.into()]).await?;
    Ok(())
}

/// Sets a person's place in a thread that they follow.
///
/// # Errors
/// The database failed.
pub async fn set_place(
    tx: &mut Tx,
    room: RoomId,
    root: Seq,
    user: UserId,
    (read, version): (Seq, i64),
) -> Result<(), Error> {
    let sql = "UPDATE threads SET read = $4, version = $5 WHERE room = $1 AND root = $2 AND user_id = $3";
    tx.execute(sql, &[room.into(), root.into(), user.into(), read.into(), version.into()]).await?;
    Ok(())
}

/// Notes who follows a thread from a reply on: who wrote it, who began the thread, whom it names.
pub(crate) async fn replied(tx: &mut Tx, event: &Event, root: Seq, said: &Said) -> Result<(), Error> {
    let sql = "SELECT author FROM entries WHERE room = $1 AND seq = $2";
    let began = tx.row(sql, &[event.room.into(), root.into()]).await?.map(|row| row.user(0));
    let mut called: Vec<UserId> = said.mentions.iter().copied().chain(began).collect();
    called.retain(|user| *user != event.author);
    let mut users = begin(tx, event.room, root, &called, Seq(event.seq.0 - 1)).await?;
    let place = [event.room.into(), root.into(), event.author.into()];
    let sql = "SELECT following FROM threads WHERE room = $1 AND root = $2 AND user_id = $3";
    if !tx.row(sql, &place).await?.is_some_and(|row| row.is(0)) {
        users.push(event.author);
    }
    let sql = "INSERT INTO threads (room, root, user_id, following, since, read, version)
               SELECT room, $2, user_id, 1, $4, $4, version FROM members WHERE room = $1 AND user_id = $3
               ON CONFLICT (room, root, user_id) DO UPDATE SET following = 1, read = excluded.read,
                 since = CASE WHEN threads.following = 1 THEN threads.since ELSE excluded.since END,
                 version = threads.version + 1 - threads.following";
    let [room, root_, author] = place;
    tx.execute(sql, &[room, root_, author, event.seq.into()]).await?;
    tell(tx, event.room, root, users);
    Ok(())
}

/// Notes who follows a thread from a reply on that names them now.
pub(crate) async fn named(tx: &mut Tx, event: &Event, root: Seq, target: Seq, said: &Said) -> Result<(), Error> {
    let called: Vec<UserId> = said.mentions.iter().copied().filter(|user| *user != event.author).collect();
    let users = begin(tx, event.room, root, &called, Seq(target.0 - 1)).await?;
    tell(tx, event.room, root, users);
    Ok(())
}

fn tell(tx: &mut Tx, room: RoomId, root: Seq, users: Vec<UserId>) {
    if !users.is_empty() {
        tx.told(Committed::Following { room, root, users });
    }
}

/// Members without a row of their own follow from `place` on, or from where they came. Answers who they are.
async fn begin(tx: &mut Tx, room: RoomId, root: Seq, called: &[UserId], place: Seq) -> Result<Vec<UserId>, Error> {
    if called.is_empty() {
        return Ok(Vec::new());
    }
    let sql = tx.either(
        "SELECT m.user_id FROM members m WHERE m.room = $1 AND m.user_id IN (SELECT value FROM json_each($3))
           AND NOT EXISTS (SELECT 1 FROM threads t WHERE t.room = $1 AND t.root = $2 AND t.user_id = m.user_id)
         ORDER BY m.user_id",
        "SELECT m.user_id FROM members m WHERE m.room = $1
           AND m.user_id IN (SELECT value::bigint FROM jsonb_array_elements_text($3::text::jsonb))
           AND NOT EXISTS (SELECT 1 FROM threads t WHERE t.room = $1 AND t.root = $2 AND t.user_id = m.user_id)
         ORDER BY m.user_id",
    );
    let rows = tx.rows(sql, &[room.into(), root.into(), ids(called)]).await?;
    let users: Vec<UserId> = rows.iter().map(|row| row.user(0)).collect();
    for user in &users {
        // What was said before somebody came is not unread.
        let sql = "INSERT INTO threads (room, root, user_id, following, since, read, version)
                   SELECT room, $2, user_id, 1, CASE WHEN joined > $4 THEN joined ELSE $4 END,
                     CASE WHEN joined > $4 THEN joined ELSE $4 END, version
                   FROM members WHERE room = $1 AND user_id = $3";
        tx.execute(sql, &[room.into(), root.into(), (*user).into(), place.into()]).await?;
    }
    Ok(users)
}

/// Nothing is left of those who left, but a version ([`crate::fold`]).
pub(crate) async fn left(tx: &mut Tx, room: RoomId, users: &[UserId]) -> Result<(), Error> {
    let sql = tx.either(
        "DELETE FROM threads WHERE room = $1 AND user_id IN (SELECT value FROM json_each($2))",
        "DELETE FROM threads WHERE room = $1
         AND user_id IN (SELECT value::bigint FROM jsonb_array_elements_text($2::text::jsonb))",
    );
    tx.execute(sql, &[room.into(), ids(users)]).await?;
    Ok(())
}

/// The macro's text says it by its number.
const _: () = assert!(MOST == 1000);
