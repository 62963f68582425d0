//! A store on either database, and the few verbs that the tests speak in.

use futures_util::future::BoxFuture;
use protocol::event::{MemberRole, Said};
use protocol::view::ServerRole;
use protocol::{Body, Event, FileInfo, RoomId, Seq, UserId};
use std::sync::{Arc, Mutex};
use store::files::{self, FileRow};
use store::rooms::{self, NewRoom, RoomRow};
use store::testing::Database;
use store::{Committed, Error, Lane, OpenError, Options, Store, Tx, log, users, verify};

/// `both!(a, b)`: the functions `a` and `b`, each as the tests `a::sqlite` and `a::postgres`.
macro_rules! both {
    ($($name:ident),* $(,)?) => { $(
        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn sqlite() {
                super::$name($crate::support::Home::sqlite().await).await;
            }
            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn postgres() {
                super::$name($crate::support::Home::postgres().await).await;
            }
        }
    )* };
}

/// What `on_commit` was told, one list for each commit.
pub type Told = Arc<Mutex<Vec<Vec<Committed>>>>;

/// A store with a place of its own.
pub struct Home {
    pub store: Store,
    pub told: Told,
    pub options: Options,
    pub folder: tempfile::TempDir,
    pub database: Option<Database>,
}

impl Home {
    pub async fn sqlite() -> Home {
        Home::new(None).await
    }

    pub async fn postgres() -> Home {
        Home::new(Some(store::testing::database())).await
    }

    pub async fn new(database: Option<Database>) -> Home {
        let folder = tempfile::tempdir().unwrap();
        let url = database.as_ref().map(|database| database.url().to_owned());
        let options = Options { data: folder.path().to_owned(), database: url };
        let told = Told::default();
        let store = open(&options, &told).await.unwrap();
        Home { store, told, options, folder, database }
    }

    /// Another store on the same data.
    pub async fn open(&self) -> Result<Store, OpenError> {
        open(&self.options, &self.told).await
    }

    /// Closes and opens again, as a restart does.
    pub async fn restart(self) -> Home {
        let Home { store, told, options, folder, database } = self;
        store.close().await;
        drop(store);
        let store = open(&options, &told).await.unwrap();
        Home { store, told, options, folder, database }
    }

    pub async fn write<R, F>(&self, lane: Lane, f: F) -> Result<R, Error>
    where
        R: Send + 'static,
        F: for<'a> FnOnce(&'a mut Tx) -> BoxFuture<'a, Result<R, Error>> + Send + 'static,
    {
        self.store.write(lane, f).await
    }

    pub async fn read<R, F>(&self, f: F) -> R
    where
        R: Send + 'static,
        F: for<'a> FnOnce(&'a mut Tx) -> BoxFuture<'a, Result<R, Error>> + Send + 'static,
    {
        self.store.read(f).await.unwrap()
    }

    pub async fn person(&self, username: &str) -> UserId {
        let new =
            users::New { username: username.into(), name: username.into(), password: None, role: ServerRole::Member };
        self.write(Lane::Server, |tx| Box::pin(async move { users::create(tx, &new).await })).await.unwrap()
    }

    /// A file of its own content, used for nothing.
    pub async fn file(&self, owner: UserId, name: &str) -> FileInfo {
        let mut hash = [0; 32];
        hash.iter_mut().zip(name.bytes().chain(0..)).for_each(|(to, from)| *to = from);
        self.file_of(owner, name, hash).await.info
    }

    pub async fn file_of(&self, owner: UserId, name: &str, hash: [u8; 32]) -> FileRow {
        let info = FileInfo {
            name: name.into(),
            r#type: "image/png".into(),
            size: 10,
            width: Some(4),
            height: Some(3),
            thumbhash: Some("AAA".into()),
            ..FileInfo::default()
        };
        let new = files::New { owner, hash, key: format!("key-{}", name.len()), info };
        self.write(Lane::Server, |tx| Box::pin(async move { files::create(tx, &new).await })).await.unwrap()
    }

    pub async fn people<const N: usize>(&self) -> [UserId; N] {
        let mut people = [UserId(0); N];
        for (i, person) in people.iter_mut().enumerate() {
            *person = self.person(&format!("person{i}")).await;
        }
        people
    }

    /// An open room whose log begins with its members and its owner, the first of them.
    pub async fn room(&self, name: &str, members: &[UserId]) -> RoomId {
        let new = NewRoom { name: name.into(), topic: String::new(), private: false, direct: None };
        let members = members.to_vec();
        let making = self.write(Lane::Server, |tx| {
            Box::pin(async move {
                let mut room = rooms::create(tx, &new).await?;
                let owner = members[0];
                log::append(tx, &mut room, owner, Body::Joined { users: members }).await?;
                log::append(tx, &mut room, owner, Body::Role { user: owner, role: MemberRole::Owner }).await?;
                Ok(room.id)
            })
        });
        making.await.unwrap()
    }

    pub async fn append(&self, room: RoomId, author: UserId, body: Body) -> Result<Event, Error> {
        append(&self.store, room, author, body).await
    }

    /// Sends as the server does: a known `client_id` gives the first event.
    pub async fn say(&self, room: RoomId, author: UserId, client_id: &str, text: &str) -> Result<Event, Error> {
        let body = message(client_id, text);
        let client_id = client_id.to_owned();
        self.write(Lane::Room(room), move |tx| {
            Box::pin(async move {
                let mut room = rooms::lock(tx, room).await?.unwrap();
                match log::known(tx, room.id, author, &client_id).await? {
                    Some(event) => Ok(event),
                    None => log::append(tx, &mut room, author, body).await,
                }
            })
        })
        .await
    }

    /// The whole log.
    pub async fn log(&self, room: RoomId) -> Vec<Event> {
        self.read(move |tx| Box::pin(async move { log::after(tx, room, Seq(0), 1_000_000).await })).await
    }

    pub async fn row(&self, room: RoomId) -> RoomRow {
        self.read(move |tx| Box::pin(async move { rooms::get(tx, room).await })).await.unwrap()
    }

    /// Fails where the kept fold is not the fold of the log.
    pub async fn verify(&self, room: RoomId) {
        let wrong = self.wrong(room).await;
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    pub async fn wrong(&self, room: RoomId) -> Vec<String> {
        let row = self.row(room).await;
        self.read(move |tx| Box::pin(async move { verify::room(tx, &row).await })).await
    }

    /// The events that `on_commit` was told of this room, in that order.
    pub fn told_of(&self, room: RoomId) -> Vec<Event> {
        let told = self.told.lock().unwrap();
        let events = told.iter().flatten().filter_map(|committed| match committed {
            Committed::Event(event) if event.room == room => Some(event.clone()),
            _ => None,
        });
        events.collect()
    }
}

pub async fn open(options: &Options, told: &Told) -> Result<Store, OpenError> {
    let told = Arc::clone(told);
    Store::open(options, Arc::new(move |committed| told.lock().unwrap().push(committed))).await
}

pub async fn append(store: &Store, room: RoomId, author: UserId, body: Body) -> Result<Event, Error> {
    let write = store.write(Lane::Room(room), move |tx| {
        Box::pin(async move {
            let mut room = rooms::lock(tx, room).await?.unwrap();
            log::append(tx, &mut room, author, body).await
        })
    });
    write.await
}

pub fn message(client_id: &str, text: &str) -> Body {
    Body::Message {
        client_id: client_id.into(),
        said: said(text),
        files: Vec::new(),
        thread: None,
        also: false,
        quote: None,
        forwarded: None,
    }
}

/// A message that holds files.
pub fn with(client_id: &str, files: &[FileInfo]) -> Body {
    Body::Message {
        client_id: client_id.into(),
        said: said(""),
        files: files.to_vec(),
        thread: None,
        also: false,
        quote: None,
        forwarded: None,
    }
}

pub fn said(text: &str) -> Said {
    Said { text: Some(text.into()), ..Said::default() }
}

pub fn seqs(events: &[Event]) -> Vec<i64> {
    events.iter().map(|event| event.seq.0).collect()
}
