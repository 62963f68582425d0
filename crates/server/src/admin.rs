//! The command line's door to a running server: a socket in the data folder, for the folder's owner alone. Where
//! no server runs, the command opens the database itself and does the same.

mod people;

use crate::app::App;
use crate::config::Config;
use crate::{demo, files, verify};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::PathBuf;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};

/// The largest request: some hundred thousand people.
const LARGEST: u64 = 64 << 20;

/// What a command asks for: one JSON object, then the end of the stream.
#[derive(Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Request {
    AddPeople {
        people: Vec<NewPerson>,
        rooms: Vec<String>,
        tokens: bool,
    },
    /// Answers [`demo::Furnished`].
    Demo(demo::Wish),
    /// Answers what is wrong, a line each.
    Verify,
    /// Answers [`files::sweep::Swept`].
    Sweep,
}

impl Request {
    /// Whether it can be asked for where nothing is yet. What looks at what is there would find an empty folder to be in order.
    fn begins(&self) -> bool {
        matches!(self, Request::AddPeople { .. } | Request::Demo(_))
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewPerson {
    /// Where in the file: errors name it.
    pub line: usize,
    pub username: String,
    /// Empty: the user name.
    pub name: String,
}

#[derive(Serialize, Deserialize)]
pub struct Added {
    pub username: String,
    pub id: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
}

/// What a command is told: the object that it asked for, or a text for people.
type Answer = Result<Value, String>;

fn path(config: &Config) -> PathBuf {
    config.data.join("admin.sock")
}

/// Has a running server do it, else does it here.
///
/// # Errors
/// A text for people.
pub async fn ask<R: DeserializeOwned>(config: Config, request: Request) -> Result<R, String> {
    let answer = match UnixStream::connect(path(&config)).await {
        Ok(stream) => {
            let broke = |error| format!("the running server broke off: {error}");
            talk(stream, &request).await.map_err(broke)?
        }
        Err(_) => {
            if !request.begins() && config.store().sqlite().is_some_and(|path| !path.exists()) {
                return Err(format!("there is no database in {}", config.data.display()));
            }
            let app = App::open(config).await?;
            let answer = act(&app, request).await;
            app.core.close().await;
            answer
        }
    };
    serde_json::from_value(answer?).map_err(|error| format!("the answer cannot be read: {error}"))
}

async fn talk(mut stream: UnixStream, request: &Request) -> std::io::Result<Answer> {
    stream.write_all(&serde_json::to_vec(request)?).await?;
    stream.shutdown().await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    Ok(serde_json::from_slice(&answer)?)
}

async fn act(app: &App, request: Request) -> Answer {
    match request {
        Request::AddPeople { people, rooms, tokens } => json(people::add(app, people, rooms, tokens).await?),
        Request::Demo(wish) => json(demo::furnish(app, wish).await?),
        Request::Sweep => json(files::sweep::all(app).await.map_err(|fault| fault.refusal().detail)?),
        Request::Verify => json(verify::check(app).await.map_err(|fault| fault.refusal().detail)?),
    }
}

fn json(answer: impl Serialize) -> Answer {
    serde_json::to_value(answer).map_err(|error| error.to_string())
}

/// Listens for commands for as long as the server runs.
pub async fn listen(app: App) {
    let path = path(&app.config);
    // The lock on the data folder is ours: a socket that lies here is what a killed server left.
    let _ = std::fs::remove_file(&path);
    let listener = match UnixListener::bind(&path) {
        Ok(listener) => listener,
        Err(error) => return tracing::warn!(%error, path = %path.display(), "no admin socket"),
    };
    let _ = std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600));
    let owner = std::fs::metadata(&path).map(|meta| meta.uid()).ok();
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        // Between bind and chmod somebody else might have come in.
        let allowed = stream.peer_cred().is_ok_and(|peer| peer.uid() == 0 || Some(peer.uid()) == owner);
        if allowed {
            tokio::spawn(converse(app.clone(), stream));
        }
    }
}

async fn converse(app: App, mut stream: UnixStream) {
    let mut request = Vec::new();
    if (&mut stream).take(LARGEST).read_to_end(&mut request).await.is_err() {
        return;
    }
    let answer = match serde_json::from_slice(&request) {
        Ok(request) => act(&app, request).await,
        Err(error) => Err(format!("the running server does not understand that: {error}; is it the same version?")),
    };
    if let Ok(answer) = serde_json::to_vec(&answer) {
        let _ = stream.write_all(&answer).await;
        let _ = stream.shutdown().await;
    }
}

/// Takes the socket away at the end.
pub fn remove(config: &Config) {
    let _ = std::fs::remove_file(path(config));
}
