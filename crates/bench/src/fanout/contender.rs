//! Who takes part.

use crate::load::dialect::Dialect;

/// In the order of the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Contender {
    F1,
    F1c,
    F1h,
    F2,
    F3,
    F3g,
    F4,
    Flask,
    FlaskSqlite,
    SocketIo,
    Ws,
    Ngircd,
    Inspircd,
    Prosody,
    Ejabberd,
    Synapse,
    Parlour,
}

pub const ALL: [Contender; 17] = [
    Contender::F1,
    Contender::F1c,
    Contender::F1h,
    Contender::F2,
    Contender::F3,
    Contender::F3g,
    Contender::F4,
    Contender::Flask,
    Contender::FlaskSqlite,
    Contender::SocketIo,
    Contender::Ws,
    Contender::Ngircd,
    Contender::Inspircd,
    Contender::Prosody,
    Contender::Ejabberd,
    Contender::Synapse,
    Contender::Parlour,
];

impl Contender {
    /// As it is called on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Contender::F1 => "f1",
            Contender::F1c => "f1c",
            Contender::F1h => "f1h",
            Contender::F2 => "f2",
            Contender::F3 => "f3",
            Contender::F3g => "f3g",
            Contender::F4 => "f4",
            Contender::Flask => "flask",
            Contender::FlaskSqlite => "flask-sqlite",
            Contender::SocketIo => "socket.io",
            Contender::Ws => "ws",
            Contender::Ngircd => "ngircd",
            Contender::Inspircd => "inspircd",
            Contender::Prosody => "prosody",
            Contender::Ejabberd => "ejabberd",
            Contender::Synapse => "synapse",
            Contender::Parlour => "parlour",
        }
    }

    pub fn named(name: &str) -> Option<Contender> {
        ALL.into_iter().find(|contender| contender.name() == name)
    }

    /// As it is called in the tables.
    pub fn title(self) -> &'static str {
        match self {
            Contender::F1 => "F1: bare epoll, one send a delivery",
            Contender::F1c => "F1c: bare epoll, writes joined",
            Contender::F1h => "F1h: F1, and a greeting asked for",
            Contender::F2 => "F2: axum, tungstenite, broadcast",
            Contender::F3 => "F3: SQLite WAL FULL, one commit a post",
            Contender::F3g => "F3g: SQLite WAL FULL, one commit for all writers",
            Contender::F4 => "F4: fdatasync of a page, in a loop",
            Contender::Flask => "Flask-SocketIO (keeps nothing)",
            Contender::FlaskSqlite => "Flask-SocketIO with SQLite",
            Contender::SocketIo => "Node socket.io (keeps nothing)",
            Contender::Ws => "Node ws (keeps nothing)",
            Contender::Ngircd => "ngircd (keeps nothing)",
            Contender::Inspircd => "inspircd (keeps nothing)",
            Contender::Prosody => "prosody with archive",
            Contender::Ejabberd => "ejabberd with archive",
            Contender::Synapse => "Synapse with SQLite",
            Contender::Parlour => "Parlour (limits off)",
        }
    }

    /// How its crowd speaks. `None`: it has none, and is asked for posts alone.
    pub fn dialect(self) -> Option<Dialect> {
        Some(match self {
            // F1h is greeted as we are.
            Contender::F1h | Contender::Parlour => Dialect::Parlour,
            Contender::Flask | Contender::FlaskSqlite | Contender::SocketIo => Dialect::SocketIo,
            Contender::Ngircd | Contender::Inspircd => Dialect::Irc,
            Contender::Prosody | Contender::Ejabberd => Dialect::Xmpp,
            Contender::F1 | Contender::F1c | Contender::F2 | Contender::Ws => Dialect::Plain,
            Contender::F3 | Contender::F3g | Contender::F4 | Contender::Synapse => return None,
        })
    }

    pub fn is_ours(self) -> bool {
        self == Contender::Parlour
    }

    /// The floors and ourselves: all kinds of work are asked of them.
    pub fn is_bare(self) -> bool {
        matches!(self, Contender::F1 | Contender::F1c | Contender::Parlour)
    }

    /// No server: what the disk can do.
    pub fn is_disk(self) -> bool {
        matches!(self, Contender::F3 | Contender::F3g | Contender::F4)
    }

    pub fn is_floor(self) -> bool {
        matches!(self, Contender::F1 | Contender::F1c | Contender::F1h | Contender::F2)
    }

    /// In a ratio.
    pub fn short(self) -> &'static str {
        self.title().split(':').next().unwrap_or_default()
    }

    pub fn is_peer(self) -> bool {
        !self.is_ours() && !self.is_floor() && !self.is_disk()
    }

    /// Without these a table does not count.
    pub fn is_needed(self) -> bool {
        matches!(self, Contender::Flask | Contender::Ws | Contender::Ngircd | Contender::Inspircd)
    }

    /// Takes part where it is asked for only: large to install, and slow to gather a crowd.
    pub fn is_optional(self) -> bool {
        matches!(self, Contender::Prosody | Contender::Ejabberd | Contender::Synapse)
    }

    /// Whether it tells who posts that it keeps the post.
    pub fn acknowledges(self) -> bool {
        matches!(self, Contender::Synapse | Contender::Parlour)
    }

    /// How many are connected to it here. IRC tells everybody of everybody who comes, which for more takes minutes;
    /// ngircd one by one: the half of 9,000 took seven. prosody looks for each who comes at all who are there: 1,000 take
    /// half a minute.
    pub fn most(self) -> usize {
        match self {
            Contender::Inspircd => 9_000,
            Contender::Ngircd => 3_000,
            Contender::Prosody | Contender::Ejabberd => 1_000,
            _ => 19_000,
        }
    }

    /// How many connect to it at a time. inspircd looks once a second at who is about to; the kernel keeps ten waiting
    /// for ngircd and forgets those beyond.
    pub fn opening(self) -> usize {
        match self {
            Contender::Inspircd => 250,
            Contender::Ngircd => 8,
            _ => 64,
        }
    }
}
