//! The tables, and how an older database becomes a newer one. Migrations only go forward.

use crate::error::{Error, OpenError};
use crate::tx::Tx;

/// One text for both: `{id}` a key that counts by itself and is never given again, `{row}` one whose
/// rows are never deleted, `{blob}` bytes, `{bytewise}` a text in the order of its bytes, `{clustered}` a table that is its own index,
/// `{named}` among `{names}` whom the words of event `t` name, `{everyone}` whether they name everybody, `{repliers}` who replied last, `{emoji}` which emoji
/// event `e` gave, `{reactions}` what a page shows of those of an entry.
const MIGRATIONS: &[&str] = &[FIRST, FILES, CONVERSATION, ONE_INDEX, CASE_FOLDED, DEPARTED, GIVEN];

const FIRST: &str = "
CREATE TABLE users (
    id {id},
    username TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    folded TEXT {bytewise} NOT NULL,
    colour TEXT NOT NULL,
    avatar TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT '',
    role TEXT NOT NULL,
    password TEXT,
    settings TEXT NOT NULL DEFAULT '{}',
    created_at BIGINT NOT NULL,
    banned_at BIGINT
);
CREATE INDEX users_folded ON users (folded, id);

CREATE TABLE sessions (
    id {id},
    hash {blob} NOT NULL UNIQUE,
    user_id BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    label TEXT NOT NULL
);
CREATE INDEX sessions_user ON sessions (user_id);

-- Devices that somebody logged in from before: their failures do not delay the owner's.
CREATE TABLE devices (
    hash {blob} NOT NULL,
    user_id BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, hash)
);

CREATE TABLE invites (
    id {id},
    code TEXT NOT NULL UNIQUE,
    by_user BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    uses BIGINT NOT NULL DEFAULT 0,
    max_uses BIGINT
);

CREATE TABLE rooms (
    id {id},
    name TEXT NOT NULL,
    folded TEXT NOT NULL,
    topic TEXT NOT NULL DEFAULT '',
    private BIGINT NOT NULL,
    direct BIGINT NOT NULL,
    direct_key TEXT UNIQUE,
    archived BIGINT NOT NULL DEFAULT 0,
    members BIGINT NOT NULL DEFAULT 0,
    head BIGINT NOT NULL DEFAULT 0,
    first BIGINT NOT NULL DEFAULT 1,
    at BIGINT NOT NULL,
    moved BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX rooms_open_name ON rooms (folded) WHERE private = 0 AND direct = 0;
CREATE INDEX rooms_moved ON rooms (moved);
-- Log 0: the server's own facts.
INSERT INTO rooms (id, name, folded, private, direct, at) VALUES (0, '', '', 1, 0, 0);

-- What people wrote, apart from where it stands. Rows only come at the end and keep their size: SQLite never
-- moves one within the file, where secure_delete would leave a copy. So what is erased in place is nowhere.
CREATE TABLE words (
    id {row},
    text TEXT NOT NULL
);

CREATE TABLE events (
    room BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    author BIGINT NOT NULL,
    kind TEXT NOT NULL,
    target BIGINT,
    client_id {blob},
    words BIGINT,
    data TEXT,
    PRIMARY KEY (room, seq)
) {clustered};
CREATE UNIQUE INDEX events_client ON events (client_id, author, room) WHERE client_id IS NOT NULL;
CREATE INDEX events_target ON events (room, target) WHERE target IS NOT NULL;

-- The fold, kept: one row for each row of a page, and for each reply in a thread.
CREATE TABLE entries (
    room BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    author BIGINT NOT NULL,
    shown BIGINT NOT NULL,
    counts BIGINT NOT NULL,
    text_at BIGINT NOT NULL,
    edited_at BIGINT,
    erased BIGINT NOT NULL DEFAULT 0,
    thread BIGINT,
    also BIGINT NOT NULL DEFAULT 0,
    replies BIGINT NOT NULL DEFAULT 0,
    last_reply BIGINT,
    PRIMARY KEY (room, seq)
) {clustered};
CREATE INDEX entries_shown ON entries (room, seq) WHERE shown = 1;
CREATE INDEX entries_counts ON entries (room, seq, author) WHERE counts = 1;

-- Whom a message that counts calls; user 0 stands for @room.
CREATE TABLE mentions (
    room BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (room, user_id, seq)
) {clustered};
CREATE INDEX mentions_seq ON mentions (room, seq);

CREATE TABLE members (
    room BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    role TEXT NOT NULL,
    read BIGINT NOT NULL,
    version BIGINT NOT NULL DEFAULT 0,
    level TEXT NOT NULL DEFAULT 'all',
    draft TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (room, user_id)
) {clustered};
CREATE INDEX members_user ON members (user_id, room);
CREATE INDEX members_owner ON members (room, user_id) WHERE role = 'owner';

CREATE TABLE bans (
    room BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    by_user BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (room, user_id)
) {clustered};
";

const FILES: &str = "
ALTER TABLE users ADD COLUMN picture BIGINT;
ALTER TABLE rooms ADD COLUMN previews BIGINT NOT NULL DEFAULT 1;
-- The words that describe an event's files, and the event that says what a message's links show.
ALTER TABLE events ADD COLUMN files BIGINT;
ALTER TABLE entries ADD COLUMN previews_at BIGINT;

-- What a file store holds: each content once, under a key of its own. A key is never given again, so that whoever
-- takes an old one away cannot hit what somebody else has just put there.
CREATE TABLE blobs (
    hash {blob} PRIMARY KEY,
    key TEXT NOT NULL,
    size BIGINT NOT NULL
) {clustered};

-- loose: since when nothing holds it; null while something does. words: its name, and the name folded, a line each.
CREATE TABLE files (
    id {id},
    owner BIGINT NOT NULL,
    hash {blob} NOT NULL,
    size BIGINT NOT NULL,
    type TEXT NOT NULL,
    kind TEXT NOT NULL,
    use TEXT NOT NULL,
    words BIGINT NOT NULL,
    data TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    loose BIGINT
);
CREATE INDEX files_owner ON files (owner);
CREATE INDEX files_hash ON files (hash);
CREATE INDEX files_loose ON files (loose) WHERE loose IS NOT NULL;

-- Which message holds which file: whoever may read the one may read the other.
CREATE TABLE attachments (
    room BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    file BIGINT NOT NULL,
    pos BIGINT NOT NULL,
    preview BIGINT NOT NULL,
    author BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (room, seq, file)
) {clustered};
CREATE INDEX attachments_file ON attachments (file);
CREATE INDEX attachments_at ON attachments (at, room, seq, pos) WHERE preview = 0;
CREATE INDEX attachments_room ON attachments (room, at, seq, pos) WHERE preview = 0;

CREATE TABLE emoji (
    name TEXT PRIMARY KEY,
    file BIGINT NOT NULL,
    by_user BIGINT NOT NULL,
    at BIGINT NOT NULL
);

-- How far a reader of the logs has come in each room.
CREATE TABLE readers (
    reader TEXT NOT NULL,
    room BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (reader, room)
) {clustered};
";

const CONVERSATION: &str = "
-- The words of a text as markup; the fold of reactions, ready to be shown; the event that pinned a message; who replied last.
ALTER TABLE events ADD COLUMN html BIGINT;
ALTER TABLE entries ADD COLUMN reactions TEXT;
ALTER TABLE entries ADD COLUMN pinned_at BIGINT;
ALTER TABLE entries ADD COLUMN repliers TEXT;
CREATE INDEX entries_thread ON entries (room, thread, seq) WHERE thread IS NOT NULL;
CREATE INDEX entries_replies ON entries (room, thread, seq, author) WHERE thread IS NOT NULL AND also = 0 AND erased = 0;
CREATE INDEX entries_pinned ON entries (room, pinned_at) WHERE pinned_at IS NOT NULL;

-- thread: the root of the thread in which alone the message stands; 0 where it stands in the room.
ALTER TABLE mentions ADD COLUMN thread BIGINT NOT NULL DEFAULT 0;
ALTER TABLE mentions ADD COLUMN at BIGINT NOT NULL DEFAULT 0;
UPDATE mentions SET at = (SELECT e.at FROM events e WHERE e.room = mentions.room AND e.seq = mentions.seq);
CREATE INDEX mentions_at ON mentions (user_id, at, room, seq);
CREATE INDEX mentions_thread ON mentions (room, thread, user_id, seq) WHERE thread > 0;
-- Replies that stand in their thread alone called nobody so far.
INSERT INTO mentions (room, user_id, seq, thread, at)
SELECT DISTINCT n.room, {named}, n.seq, n.thread, e.at FROM entries n
JOIN events e ON e.room = n.room AND e.seq = n.seq JOIN events t ON t.room = n.room AND t.seq = n.text_at
CROSS JOIN {names}
WHERE n.thread IS NOT NULL AND n.also = 0 AND n.erased = 0;
INSERT INTO mentions (room, user_id, seq, thread, at)
SELECT n.room, 0, n.seq, n.thread, e.at FROM entries n
JOIN events e ON e.room = n.room AND e.seq = n.seq JOIN events t ON t.room = n.room AND t.seq = n.text_at
WHERE n.thread IS NOT NULL AND n.also = 0 AND n.erased = 0 AND {everyone};

-- author: of the message, whose activity it is.
CREATE TABLE reactions (
    room BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    emoji TEXT NOT NULL,
    user_id BIGINT NOT NULL,
    author BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (room, seq, emoji, user_id)
) {clustered};
CREATE INDEX reactions_author ON reactions (author, at, room, seq);

-- The seq with which somebody came, where it was noted.
ALTER TABLE members ADD COLUMN joined BIGINT NOT NULL DEFAULT 0;

-- What is a person's own in a thread. A row without following is a wish not to follow. since: what came after it concerns them.
CREATE TABLE threads (
    room BIGINT NOT NULL,
    root BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    following BIGINT NOT NULL,
    level TEXT NOT NULL DEFAULT 'all',
    since BIGINT NOT NULL,
    read BIGINT NOT NULL,
    version BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (room, root, user_id)
) {clustered};
CREATE INDEX threads_user ON threads (user_id, room, root);
-- Who began a thread or wrote in it follows it from here on.
INSERT INTO threads (room, root, user_id, following, since, read)
SELECT n.room, n.thread, n.author, 1, r.head, r.head FROM entries n
JOIN rooms r ON r.id = n.room JOIN members m ON m.room = n.room AND m.user_id = n.author
WHERE n.thread IS NOT NULL GROUP BY n.room, n.thread, n.author, r.head;
INSERT INTO threads (room, root, user_id, following, since, read)
SELECT n.room, n.seq, n.author, 1, r.head, r.head FROM entries n
JOIN rooms r ON r.id = n.room JOIN members m ON m.room = n.room AND m.user_id = n.author
WHERE n.replies > 0 ON CONFLICT DO NOTHING;
UPDATE entries SET repliers = {repliers} WHERE replies > 0;

CREATE TABLE saved (
    user_id BIGINT NOT NULL,
    room BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    done_at BIGINT,
    PRIMARY KEY (user_id, room, seq)
) {clustered};
CREATE INDEX saved_at ON saved (user_id, at, room, seq);

CREATE TABLE user_groups (
    id {id},
    name TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL
);
CREATE TABLE user_group_members (
    group_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    PRIMARY KEY (group_id, user_id)
) {clustered};

-- Messages that have one of a person's own words.
CREATE TABLE keyword_hits (
    user_id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    room BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (user_id, at, room, seq)
) {clustered};
CREATE INDEX keyword_hits_seq ON keyword_hits (room, seq);

ALTER TABLE users ADD COLUMN quiet TEXT NOT NULL DEFAULT '{}';
ALTER TABLE users ADD COLUMN activity_seen BIGINT NOT NULL DEFAULT 0;
ALTER TABLE members ADD COLUMN muted_until BIGINT;
ALTER TABLE emoji ADD COLUMN alias_of TEXT;
";

const ONE_INDEX: &str = "
-- What counts is shown, so one index serves the pages and the counts: each message is written into one less.
DROP INDEX entries_counts;
DROP INDEX entries_shown;
CREATE INDEX entries_shown ON entries (room, seq, author, counts) WHERE shown = 1;
";

const CASE_FOLDED: &str = "
-- Names are compared by Unicode's case folding, not by small letters alone. Two open rooms that are the same by it stay as they are.
UPDATE users SET folded = replace(replace(folded, 'ß', 'ss'), 'ς', 'σ') WHERE folded LIKE '%ß%' OR folded LIKE '%ς%';
UPDATE rooms SET folded = replace(replace(folded, 'ß', 'ss'), 'ς', 'σ')
WHERE (folded LIKE '%ß%' OR folded LIKE '%ς%') AND (private = 1 OR direct = 1 OR NOT EXISTS (
    SELECT 1 FROM rooms o WHERE o.id <> rooms.id AND o.private = 0 AND o.direct = 0
      AND replace(replace(o.folded, 'ß', 'ss'), 'ς', 'σ') = replace(replace(rooms.folded, 'ß', 'ss'), 'ς', 'σ')));
";

const DEPARTED: &str = "
-- The greatest version that a place of theirs had, in the room or one of its threads, of those who left: where they come
-- back, their places go on from it.
CREATE TABLE departed (
    room BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (room, user_id)
) {clustered};
";

const GIVEN: &str = "
-- The event that gave an emoji: the order in which people did. A message names the first of them again, whoever took theirs back.
ALTER TABLE reactions ADD COLUMN given BIGINT NOT NULL DEFAULT 0;
UPDATE reactions SET given = coalesce((SELECT max(+e.seq) FROM events e
    WHERE e.room = reactions.room AND e.target = reactions.seq AND e.kind = 'reacted' AND e.author = reactions.user_id
      AND e.at = reactions.at AND {emoji} = reactions.emoji), 0);
UPDATE entries SET reactions = {reactions} WHERE reactions IS NOT NULL;
";

const NAMES: &str = "jsonb_array_elements_text(coalesce(t.data::jsonb -> 'mentions', '[]'::jsonb)) AS j(value)";
const REACTIONS_SQLITE: &str = "(SELECT json_group_array(json_object(
    'emoji', j.value ->> 'emoji', 'count', j.value ->> 'count', 'users', json((SELECT json_group_array(l.user_id) FROM (
        SELECT x.user_id FROM reactions x WHERE x.room = entries.room AND x.seq = entries.seq
          AND x.emoji = j.value ->> 'emoji' ORDER BY x.given LIMIT 20) AS l))))
    FROM json_each(entries.reactions) AS j)";
const REACTIONS_POSTGRES: &str = "(SELECT json_agg(json_build_object(
    'emoji', j.value ->> 'emoji', 'count', (j.value ->> 'count')::bigint, 'users', (SELECT json_agg(l.user_id ORDER BY l.given) FROM (
        SELECT x.user_id, x.given FROM reactions x WHERE x.room = entries.room AND x.seq = entries.seq
          AND x.emoji = j.value ->> 'emoji' ORDER BY x.given LIMIT 20) AS l)) ORDER BY j.pos)::text
    FROM jsonb_array_elements(entries.reactions::jsonb) WITH ORDINALITY AS j(value, pos))";
const REPLIERS_SQLITE: &str = "(SELECT json_group_array(l.author) FROM (
    SELECT x.author FROM entries x WHERE x.room = entries.room AND x.thread = entries.seq
    GROUP BY x.author ORDER BY max(x.seq) DESC LIMIT 3) AS l)";
const REPLIERS_POSTGRES: &str = "(SELECT json_agg(l.author)::text FROM (
    SELECT x.author FROM entries x WHERE x.room = entries.room AND x.thread = entries.seq
    GROUP BY x.author ORDER BY max(x.seq) DESC LIMIT 3) AS l)";

/// Brings the schema up to date, one migration after the other, in the transaction that is open.
///
/// # Errors
/// [`OpenError::Newer`], before anything was changed; or the database failed.
pub(crate) async fn migrate(tx: &mut Tx) -> Result<(), OpenError> {
    tx.batch("CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL)").await?;
    let found = get(tx, "schema").await?;
    let schema: i64 = match &found {
        Some(text) => text.parse().map_err(|_| OpenError::Failed("the schema's number cannot be read".into()))?,
        None => 0,
    };
    let ours = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    if schema > ours {
        return Err(OpenError::Newer { schema, ours });
    }
    for step in MIGRATIONS.iter().skip(usize::try_from(schema).unwrap_or(0)) {
        let step = step
            .replace(
                "{id}",
                tx.either("INTEGER PRIMARY KEY AUTOINCREMENT", "BIGINT PRIMARY KEY GENERATED BY DEFAULT AS IDENTITY"),
            )
            .replace("{row}", tx.either("INTEGER PRIMARY KEY", "BIGINT PRIMARY KEY GENERATED ALWAYS AS IDENTITY"))
            .replace("{blob}", tx.either("BLOB", "BYTEA"))
            .replace("{bytewise}", tx.either("", "COLLATE \"C\""))
            .replace("{clustered}", tx.either("WITHOUT ROWID", ""))
            .replace("{named}", tx.either("j.value", "j.value::bigint"))
            .replace("{names}", tx.either("json_each(t.data, '$.mentions') j", NAMES))
            .replace(
                "{everyone}",
                tx.either("json_extract(t.data, '$.everyone')", "(t.data::jsonb ->> 'everyone') = 'true'"),
            )
            .replace("{emoji}", tx.either("e.data ->> 'emoji'", "e.data::jsonb ->> 'emoji'"))
            .replace("{reactions}", tx.either(REACTIONS_SQLITE, REACTIONS_POSTGRES))
            .replace("{repliers}", tx.either(REPLIERS_SQLITE, REPLIERS_POSTGRES));
        tx.batch(&step).await?;
    }
    if schema == 0 {
        let now = tx.now();
        set(tx, "epoch", &now.0.to_string()).await?;
    }
    if schema < ours {
        set(tx, "schema", &ours.to_string()).await?;
    }
    Ok(())
}

/// A fact of the whole database, such as its epoch.
///
/// # Errors
/// The database failed.
pub async fn get(tx: &mut Tx, key: &str) -> Result<Option<String>, Error> {
    Ok(tx.row("SELECT value FROM meta WHERE key = $1", &[key.into()]).await?.map(|mut row| row.text(0)))
}

/// Sets a fact of the whole database.
///
/// # Errors
/// The database failed.
pub async fn set(tx: &mut Tx, key: &str, value: &str) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        &[key.into(), value.into()],
    )
    .await?;
    Ok(())
}

/// Takes a fact of the whole database away.
///
/// # Errors
/// The database failed.
pub async fn unset(tx: &mut Tx, key: &str) -> Result<(), Error> {
    tx.execute("DELETE FROM meta WHERE key = $1", &[key.into()]).await?;
    Ok(())
}
