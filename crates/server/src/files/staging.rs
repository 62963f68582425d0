//! Files on their way here: a part on this node's disk that grows piece by piece, and a note beside it that says
//! whose it is. Both outlive a restart; what rests too long is swept. Nothing of it is a file yet: nobody else can see it.

mod receive;

pub use receive::Ended;
use receive::Sum;
pub(super) use receive::blocking;

use crate::fault::Fault;
use axum::body::Body;
use protocol::file::Hints;
use protocol::{Code, FileInfo, Refusal, UserId};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};
use tokio::sync::{Mutex as Turn, OwnedMutexGuard, watch};

pub struct Staging {
    folder: PathBuf,
    slots: Mutex<HashMap<String, Arc<Slot>>>,
}

/// One upload. Only one piece is taken at a time: a client that comes back after its line broke may find its old
/// piece still waiting for bytes, and takes the turn from it.
struct Slot {
    upload: Mutex<Upload>,
    turn: Arc<Turn<Sum>>,
    /// How often somebody came for the turn. Whoever has it lets go when another one came.
    came: watch::Sender<u64>,
}

/// What is known of an upload; the note beside its part.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Upload {
    /// Random, so that nobody finds another's.
    pub id: String,
    pub owner: UserId,
    pub name: String,
    /// Bytes that it will have.
    pub size: u64,
    #[serde(skip_deserializing, skip_serializing)]
    pub hints: Hints,
    /// The hints as they were sent, to outlive a restart.
    pub hinted: String,
    /// What became of it.
    pub file: Option<FileInfo>,
}

/// What a client announces.
#[derive(Clone, Debug)]
pub struct Begin {
    pub owner: UserId,
    pub name: String,
    pub size: u64,
    pub hints: Hints,
    pub hinted: String,
}

/// The right to write to an upload, until it is dropped.
pub struct Piece {
    slot: Arc<Slot>,
    sum: OwnedMutexGuard<Sum>,
    /// The turn is its own until this number is passed.
    mine: u64,
    pub part: PathBuf,
    pub upload: Upload,
    /// Bytes that are there.
    pub offset: u64,
}

impl Staging {
    /// Makes the folder and finds what was left in it.
    ///
    /// # Errors
    /// A text for people.
    pub fn open(folder: PathBuf) -> Result<Staging, String> {
        let failed = |error: std::io::Error| format!("the folder {} cannot be used: {error}", folder.display());
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&folder).map_err(failed)?;
        let mut slots = HashMap::new();
        for entry in std::fs::read_dir(&folder).map_err(failed)?.flatten() {
            let path = entry.path();
            match path.extension().and_then(|end| end.to_str()) {
                Some("json") => {
                    let note = std::fs::read(&path).ok().and_then(|json| serde_json::from_slice::<Upload>(&json).ok());
                    if let Some(mut upload) = note {
                        upload.hints = serde_json::from_str(&upload.hinted).unwrap_or_default();
                        slots.insert(upload.id.clone(), Arc::new(Slot::new(upload)));
                    }
                }
                Some("part") => {}
                // What a killed worker or a form left half made; nobody can go on with it.
                _ => drop(std::fs::remove_file(&path)),
            }
        }
        Ok(Staging { folder, slots: Mutex::new(slots) })
    }

    /// A new upload, empty.
    ///
    /// # Errors
    /// The disk failed, or is full.
    pub async fn begin(&self, begin: Begin) -> Result<Upload, Fault> {
        let Begin { owner, name, size, hints, hinted } = begin;
        let id = format!("{}{}", random(), random());
        let upload = Upload { id, owner, name, size, hints, hinted, file: None };
        self.note(&upload).await?;
        self.slots().insert(upload.id.clone(), Arc::new(Slot::new(upload.clone())));
        Ok(upload)
    }

    /// A path in the folder for what is only there for a moment.
    pub fn scratch(&self) -> PathBuf {
        self.folder.join(format!("{}.tmp", random()))
    }

    /// An upload of this person, and how far it is.
    ///
    /// # Errors
    /// `not_found`.
    pub fn find(&self, id: &str, owner: UserId) -> Result<(Upload, u64), Fault> {
        let slot = self.slot(id, owner)?;
        let upload = slot.upload().clone();
        let offset = offset(&self.part(id), &upload);
        Ok((upload, offset))
    }

    /// Takes the turn to write to an upload, from whoever has it.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn take(&self, id: &str, owner: UserId) -> Result<Piece, Fault> {
        let slot = self.slot(id, owner)?;
        let mut mine = 0;
        slot.came.send_modify(|came| {
            *came += 1;
            mine = *came;
        });
        let sum = Arc::clone(&slot.turn).lock_owned().await;
        let (part, upload) = (self.part(id), slot.upload().clone());
        let offset = offset(&part, &upload);
        Ok(Piece { slot, sum, mine, part, upload, offset })
    }

    /// Notes what became of an upload, and takes its part away.
    ///
    /// # Errors
    /// The disk failed.
    pub async fn done(&self, piece: &mut Piece, file: FileInfo) -> Result<(), Fault> {
        piece.upload.file = Some(file);
        piece.slot.upload().file.clone_from(&piece.upload.file);
        self.note(&piece.upload).await?;
        let _ = tokio::fs::remove_file(&piece.part).await;
        Ok(())
    }

    /// Forgets an upload and takes what there is of it away.
    pub async fn forget(&self, id: &str) {
        self.slots().remove(id);
        for path in [self.part(id), self.json(id)] {
            let _ = tokio::fs::remove_file(path).await;
        }
    }

    /// How many uploads of a person are on their way, and how many bytes they will have.
    pub fn under_way(&self, owner: UserId) -> (u32, u64) {
        let slots = self.slots();
        let mine = slots.values().map(|slot| slot.upload().clone());
        let mine = mine.filter(|upload| upload.owner == owner && upload.file.is_none());
        mine.fold((0, 0), |(count, bytes), upload| (count + 1, bytes + upload.size))
    }

    /// Forgets what has rested for longer than `rest`.
    pub async fn sweep(&self, rest: Duration) {
        let Some(before) = SystemTime::now().checked_sub(rest) else { return };
        let Ok(entries) = std::fs::read_dir(&self.folder) else { return };
        // A part that grows is young, whatever its note is.
        let mut newest: HashMap<String, SystemTime> = HashMap::new();
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let id = name.split('.').next().unwrap_or_default().to_owned();
            let moved = entry.metadata().and_then(|meta| meta.modified()).unwrap_or(SystemTime::now());
            newest.entry(id).and_modify(|at| *at = moved.max(*at)).or_insert(moved);
        }
        for (id, _) in newest.into_iter().filter(|(_, moved)| *moved < before) {
            self.forget(&id).await;
            let _ = tokio::fs::remove_file(self.folder.join(format!("{id}.tmp"))).await;
        }
    }

    fn slot(&self, id: &str, owner: UserId) -> Result<Arc<Slot>, Fault> {
        let slot = self.slots().get(id).cloned().ok_or_else(Refusal::not_found)?;
        let own = slot.upload().owner == owner;
        if own { Ok(slot) } else { Err(Refusal::not_found().into()) }
    }

    /// Written whole or not at all: a note that is half there would lose the upload.
    async fn note(&self, upload: &Upload) -> Result<(), Fault> {
        let json = serde_json::to_vec(upload).unwrap_or_default();
        let (whole, half) = (self.json(&upload.id), self.scratch());
        let written = async {
            tokio::fs::write(&half, json).await?;
            tokio::fs::rename(&half, &whole).await
        };
        match written.await {
            Ok(()) => Ok(()),
            Err(error) => {
                let _ = tokio::fs::remove_file(&half).await;
                Err(blobs::Error::from(error).into())
            }
        }
    }

    fn part(&self, id: &str) -> PathBuf {
        self.folder.join(format!("{id}.part"))
    }

    fn json(&self, id: &str) -> PathBuf {
        self.folder.join(format!("{id}.json"))
    }

    fn slots(&self) -> MutexGuard<'_, HashMap<String, Arc<Slot>>> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Slot {
    fn new(upload: Upload) -> Slot {
        Slot { upload: Mutex::new(upload), turn: Arc::default(), came: watch::Sender::new(0) }
    }

    fn upload(&self) -> MutexGuard<'_, Upload> {
        self.upload.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Piece {
    /// Takes what comes, and goes on where the last piece ended. What had come before a line broke is kept.
    ///
    /// # Errors
    /// `too_large` where more comes than was announced; the disk failed or is full.
    pub async fn append(&mut self, body: Body, idle: Duration) -> Result<Ended, Fault> {
        let most = self.upload.size.saturating_sub(self.offset);
        let (mut came, mine) = (self.slot.came.subscribe(), self.mine);
        let stop = async move { drop(came.wait_for(|last| *last > mine).await) };
        let taken = receive::receive(&self.part, self.offset, most, &mut self.sum, body, idle, stop).await;
        self.offset = offset(&self.part, &self.upload);
        taken
    }

    /// SHA-256 of the whole part.
    ///
    /// # Errors
    /// The disk failed.
    pub async fn hash(&mut self) -> Result<[u8; 32], Fault> {
        self.sum.of(&self.part, self.offset).await
    }

    /// What lies there may not be what came any more: the place where a picture was made is gone from it.
    pub fn sum_anew(&mut self) {
        *self.sum = Sum::default();
    }

    pub fn is_whole(&self) -> bool {
        self.offset == self.upload.size
    }
}

/// Where the next piece begins: the disk knows best, also after a crash.
fn offset(part: &Path, upload: &Upload) -> u64 {
    if upload.file.is_some() {
        return upload.size;
    }
    std::fs::metadata(part).map_or(0, |meta| meta.len()).min(upload.size)
}

/// SHA-256 of a part that was changed since it came.
///
/// # Errors
/// The disk failed.
pub async fn sum(part: &Path, size: u64) -> Result<[u8; 32], Fault> {
    Sum::default().of(part, size).await
}

fn random() -> String {
    format!("{:016x}", getrandom::u64().unwrap_or_default())
}

/// Takes the one file of a form: its size is known when it ends.
///
/// # Errors
/// `too_large`; the disk failed or is full. What came is taken away again.
pub async fn whole(path: &Path, most: u64, body: Body, idle: Duration) -> Result<(u64, [u8; 32]), Fault> {
    let mut sum = Sum::default();
    let stop = std::future::pending();
    match receive::receive(path, 0, most, &mut sum, body, idle, stop).await? {
        Ended::Whole(size) => Ok((size, sum.of(path, size).await?)),
        Ended::Broke(_) => Err(Refusal::new(Code::Invalid, "The body of the request broke off.").into()),
    }
}
