//! How each is started, and the rooms in which its people are.

use super::SERVER;
use super::contender::Contender;
use super::plan::{BEHIND, Shape, WRITERS};
use super::synapse;
use crate::http::Http;
use crate::load::dialect::Member;
use crate::load::spec::RoomSpec;
use crate::measure::room;
use crate::program::{Person, Program, Running, free_address, on_core};
use crate::{Result, failed};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Where everything lies that is started.
pub struct Setup {
    pub program: Program,
    /// Folders are made here.
    pub folder: PathBuf,
    /// How the peers are set up.
    pub peers: PathBuf,
    /// The Python that has Flask-SocketIO.
    pub python: PathBuf,
    /// The Python that has Synapse.
    pub synapse: PathBuf,
}

/// A server that runs, ended with the handle.
pub struct Server {
    pub address: SocketAddr,
    pub pid: u32,
    _running: Held,
}

enum Held {
    Ours { _running: Running },
    Theirs { child: Child, _folder: TempDir },
}

/// Our own data folders: a community is made once, and serves all rounds.
#[derive(Default)]
pub struct Homes(BTreeMap<Shape, Home>);

struct Home {
    folder: TempDir,
    rooms: Vec<(String, Vec<Person>)>,
}

impl Setup {
    /// Starts one of them for such a crowd: where it is, and the rooms as it knows them.
    ///
    /// # Errors
    /// It does not start.
    pub async fn start(
        &self,
        contender: Contender,
        shape: Shape,
        homes: &mut Homes,
    ) -> Result<(Server, Vec<RoomSpec>)> {
        if contender.is_ours() {
            return self.ours(shape, homes).await;
        }
        let folder = tempfile::tempdir_in(&self.folder).map_err(failed("a folder"))?;
        let address = free_address()?;
        let mut command = if contender.is_floor() {
            let mut command = on_core(Some(SERVER), std::env::current_exe().map_err(failed("our own program"))?);
            command.args(["floor", contender.name(), &address.to_string()]);
            command
        } else {
            self.peer(contender, address, folder.path())?
        };
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let child = command.spawn().map_err(failed(contender.name()))?;
        let pid = child.id();
        let mut running = Held::Theirs { child, _folder: folder };
        running.answers(address)?;
        let rooms = match contender {
            Contender::Synapse => synapse::accounts(address, names(shape)).await?,
            _ => names(shape),
        };
        Ok((Server { address, pid, _running: running }, rooms))
    }

    async fn ours(&self, shape: Shape, homes: &mut Homes) -> Result<(Server, Vec<RoomSpec>)> {
        let home = match homes.0.entry(shape) {
            Entry::Occupied(home) => home.into_mut(),
            Entry::Vacant(place) => place.insert(self.home(shape)?),
        };
        let program = Program { core: Some(SERVER), ..self.program.clone() };
        let running = program.serve(&home.folder.path().join("data")).await?;
        let mut rooms = Vec::new();
        for ((name, people), spec) in home.rooms.iter().zip(specs(shape)) {
            let mut http = Http::open(running.address, &people[0].token).await?;
            let id = room(&mut http, name).await?;
            let members = people.iter().map(|person| Member { token: person.token.clone() }).collect();
            rooms.push(RoomSpec { name: id.to_string(), members, ..spec });
        }
        let (address, pid) = (running.address, running.pid());
        Ok((Server { address, pid, _running: Held::Ours { _running: running } }, rooms))
    }

    /// Makes the people and their rooms.
    fn home(&self, shape: Shape) -> Result<Home> {
        let folder = tempfile::tempdir_in(&self.folder).map_err(failed("a folder"))?;
        let data = folder.path().join("data");
        let mut rooms = Vec::new();
        for spec in specs(shape) {
            let name = format!("Room {}", spec.name);
            let people = self.program.people(&data, &format!("p{}-", spec.name), spec.members.len(), &name)?;
            rooms.push((name, people));
        }
        Ok(Home { folder, rooms })
    }
}

/// The rooms of such a crowd, for those who know no accounts.
fn names(shape: Shape) -> Vec<RoomSpec> {
    specs(shape).into_iter().filter(|room| !room.probe).collect()
}

fn specs(shape: Shape) -> Vec<RoomSpec> {
    let room = |name: usize, many: usize, writers: usize, probe| RoomSpec {
        name: format!("r{name}"),
        members: vec![Member::default(); many],
        writers,
        probe,
    };
    match shape {
        // The last is for the one who asks how soon an acknowledgement comes.
        Shape::One(many) => vec![room(0, many, WRITERS, false), room(1, 1, 1, true)],
        Shape::Tens(rooms) => (0..rooms).map(|name| room(name, 10, 2, false)).collect(),
        Shape::Alone(many) => (0..many).map(|name| room(name, 1, 1, false)).collect(),
    }
}

impl Held {
    /// Waits until it listens there.
    fn answers(&mut self, address: SocketAddr) -> Result<()> {
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(60) {
            if TcpStream::connect(address).is_ok() {
                return Ok(());
            }
            if let Held::Theirs { child, .. } = self
                && let Ok(Some(status)) = child.try_wait()
            {
                return Err(format!("it ended at once: {status}"));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Err("it does not answer".to_owned())
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Held::Theirs { child, .. } = self {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

const _: () = assert!(BEHIND < 500, "more than that is answered by `reset`");
