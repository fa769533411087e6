//! What was observed is on disk before it is told to anybody, and stays there until somebody says that they have it.
//!
//! An append-only log of segments in one folder, one owner at a time. A thread of its own writes and syncs: whatever
//! arrived while it was syncing goes to disk with the next sync, so that many probes that end together cost few of them.
//! What is acknowledged is forgotten without a sync; after a crash some of it may be offered again.

use std::{
    collections::BTreeMap,
    fs::File,
    io,
    os::unix::fs::FileExt as _,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc},
    thread,
    time::Duration,
};

use mesh_proto::v1 as pb;
use prost::Message as _;
use tokio::sync::oneshot;

use record::Identity;

mod record;
mod recover;
mod writer;

/// Bytes of a spool unless its owner says otherwise: some ten thousand observations, days of an unattended schedule.
pub const BYTES: u64 = 64 << 20;
/// Least an owner may give: one segment being written, one being emptied, and room for a round.
pub const BYTES_LEAST: u64 = 4 << 20;
/// Items that are held at most. The index costs about 50 bytes for each.
const ITEMS: usize = 100_000;
/// Room that must be left, in the spool and on its disk, when a round is begun: 64 observations of 16 KiB.
const ROOM: u64 = 1 << 20;
/// A segment is followed by a new one at this size. Space comes back by segment.
const SEGMENT_BYTES: u64 = 1 << 20;
/// Of what goes to disk with one sync.
const BATCH_BYTES: u64 = 1 << 20;
/// Largest file that is read as a segment: one that was just short of its size, a batch, and the record that filled it.
const SEGMENT_MOST: u64 = SEGMENT_BYTES + BATCH_BYTES + (record::CONTENT_BYTES + record::FRAME_BYTES) as u64;
/// Losses that are told one by one; the others are counted.
const LOSSES: usize = 16;
/// Of one page of items read from disk.
const PAGE_BYTES: u64 = 1 << 20;
const PAGE_ITEMS: usize = 64;

/// Takes what an operator should read, one line each.
pub type Say = Arc<dyn Fn(&str) + Send + Sync>;

/// Why a folder can't be used as a spool.
#[derive(Debug, thiserror::Error)]
pub enum SpoolError {
    #[error("spool {}: in use by another prober; give each a folder of its own", folder.display())]
    InUse { folder: PathBuf },
    #[error("spool {}: {doing}: {source}", folder.display())]
    File {
        folder: PathBuf,
        doing: String,
        #[source]
        source: io::Error,
    },
    #[error("spool {}: the system has no random bytes for its identity", folder.display())]
    Random { folder: PathBuf },
}

/// Why no round is begun.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    #[error(
        "SPOOL_FULL: {} holds {items} items in {bytes} of {most} bytes (--spool-bytes) that nobody has acknowledged; let a \
         coordinator that keeps runs fetch them, or allow more bytes",
        folder.display()
    )]
    Full { folder: PathBuf, items: usize, bytes: u64, most: u64 },
    #[error(
        "SPOOL_FULL: the disk of {} has {free} bytes left, less than the {ROOM} that a round may need; the spool holds \
         {items} unacknowledged items in {bytes} bytes; free space there, or let a coordinator that keeps runs fetch them",
        folder.display()
    )]
    Disk { folder: PathBuf, free: u64, items: usize, bytes: u64 },
    #[error("SPOOL_FULL: {}: {source}; free space there, or raise the limit that is met", folder.display())]
    Room {
        folder: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("SPOOL_UNWRITABLE: {}: {trouble}; mend the disk, or give the prober another folder", folder.display())]
    Unwritable { folder: PathBuf, trouble: String },
}

/// An open spool; copies are the same one.
#[derive(Clone)]
pub struct Spool {
    common: Arc<Common>,
    commands: mpsc::Sender<writer::Command>,
}

impl std::fmt::Debug for Spool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Spool").field("folder", &self.common.folder).finish_non_exhaustive()
    }
}

/// What the writer and its callers share.
struct Common {
    folder: PathBuf,
    identity: Identity,
    most: u64,
    say: Say,
    state: Mutex<State>,
    /// flock(2): goes with the process, even a killed one.
    _owner: File,
}

#[derive(Default)]
struct State {
    /// By the first number that they may hold.
    segments: BTreeMap<u64, Segment>,
    /// By number.
    held: BTreeMap<u64, Place>,
    /// Of all segments.
    bytes: u64,
    losses: Vec<String>,
    further_losses: u64,
    /// Why the last write failed.
    trouble: Option<String>,
}

#[derive(Default)]
struct Segment {
    bytes: u64,
    held: usize,
    /// Has bytes that are no record; it is kept aside when nothing in it is held.
    damaged: bool,
}

/// Where an item is.
#[derive(Clone, Copy)]
struct Place {
    segment: u64,
    offset: u64,
    bytes: u32,
}

impl State {
    fn lose(&mut self, what: String) {
        if self.losses.len() < LOSSES {
            self.losses.push(what);
        } else {
            self.further_losses += 1;
        }
    }
}

impl Common {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn path(&self, segment: u64) -> PathBuf {
        recover::path(&self.folder, segment)
    }

    /// Says and keeps that something is lost.
    fn lose(&self, what: String) {
        (self.say)(&format!("spool {}: {what}", self.folder.display()));
        self.state().lose(what);
    }

    fn read(&self, number: u64, place: Place) -> io::Result<pb::Item> {
        let file = File::open(self.path(place.segment))?;
        let mut bytes = vec![0; usize::try_from(place.bytes).unwrap_or(usize::MAX)];
        file.read_exact_at(&mut bytes, place.offset)?;
        let whole = record::read(&bytes, &self.identity).filter(|record| record.number == number);
        let Some(record) = whole else { return Err(io::Error::other("its checksum is wrong")) };
        let item = pb::Item::decode(record.content).map_err(io::Error::other)?;
        Ok(pb::Item { spooled: number, ..item })
    }
}

/// An item that is on its way to disk.
pub(crate) struct Ticket(oneshot::Receiver<Result<u64, String>>);

impl Ticket {
    /// Its number once it is on disk, or why it is not.
    pub(crate) async fn kept(self) -> Result<u64, String> {
        self.0.await.unwrap_or_else(|_ended| Err("the spool's own thread has ended".to_owned()))
    }
}

/// Some items, and the number after which the next page begins.
pub(crate) struct Page {
    pub(crate) items: Vec<pb::Item>,
    pub(crate) next: Option<u64>,
}

impl Spool {
    /// Opens or makes a spool. What can't be read of an old one is said and told by [`Spool::lacking`].
    pub fn open(folder: &Path, most: u64, say: Say) -> Result<Self, SpoolError> {
        let recovered = recover::recover(folder)?;
        for loss in &recovered.state.losses {
            say(&format!("spool {}: {loss}", folder.display()));
        }
        let common = Arc::new(Common {
            folder: folder.to_owned(),
            identity: recovered.identity,
            most,
            say,
            state: Mutex::new(recovered.state),
            _owner: recovered.owner,
        });
        let mut writer = writer::Writer::new(Arc::clone(&common), recovered.next, recovered.active);
        writer.bury(&recovered.untold);
        let (commands, received) = mpsc::channel();
        let spawned = thread::Builder::new().name("spool".to_owned()).spawn(move || writer.work(&received));
        spawned.map_err(|source| SpoolError::File {
            folder: folder.to_owned(),
            doing: "start its thread".to_owned(),
            source,
        })?;
        Ok(Self { common, commands })
    }

    /// As Describe tells it.
    pub(crate) fn identity(&self) -> String {
        self.common.identity.to_string()
    }

    /// Items that nobody has acknowledged.
    pub(crate) fn held(&self) -> u64 {
        u64::try_from(self.common.state().held.len()).unwrap_or(u64::MAX)
    }

    /// What a reader of this prober's evidence should know: what was lost, and why nothing can be kept now.
    pub(crate) fn lacking(&self) -> Vec<String> {
        let state = self.common.state();
        let more = (state.further_losses > 0).then(|| format!("{} more losses", state.further_losses));
        let trouble = state.trouble.as_ref().map(|trouble| format!("what is observed is not kept: {trouble}"));
        let mut told: Vec<String> = state.losses.iter().cloned().chain(more).chain(trouble).collect();
        drop(state);
        told.extend(self.full().map(|refused| refused.to_string()));
        told.into_iter().map(|text| format!("spool: {text}")).collect()
    }

    fn full(&self) -> Option<Refused> {
        let folder = || self.common.folder.clone();
        let state = self.common.state();
        let (items, bytes, most) = (state.held.len(), state.bytes, self.common.most);
        if items >= ITEMS || bytes.saturating_add(ROOM) > most {
            return Some(Refused::Full { folder: folder(), items, bytes, most });
        }
        drop(state);
        match free(&self.common.folder) {
            Ok(free) if free < ROOM => Some(Refused::Disk { folder: folder(), free, items, bytes }),
            Ok(_) => None,
            Err(e) => Some(Refused::Unwritable { folder: folder(), trouble: format!("room on its disk: {e}") }),
        }
    }

    /// Whether a round may begin. After a failed write this writes, so that a spool recovers by itself. Blocks.
    pub(crate) fn admit(&self) -> Result<(), Refused> {
        if let Some(refused) = self.full() {
            return Err(refused);
        }
        if self.common.state().trouble.is_none() {
            return Ok(());
        }
        let (done, told) = mpsc::channel();
        let ended = || Err(io::Error::other("its own thread has ended"));
        let sent = self.commands.send(writer::Command::Retry(done)).is_ok();
        let tried = if sent { told.recv().unwrap_or_else(|_gone| ended()) } else { ended() };
        let folder = self.common.folder.clone();
        tried.map_err(|source| match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Refused::Room { folder, source },
            _ => Refused::Unwritable { folder, trouble: source.to_string() },
        })
    }

    /// Sends an item to disk. The bytes of its observation are kept as they are.
    pub(crate) fn append(&self, item: &pb::Item) -> Ticket {
        let (done, ticket) = oneshot::channel();
        // A thread that has ended drops the sender, and the ticket says so.
        drop(self.commands.send(writer::Command::Append { content: item.encode_to_vec(), done }));
        Ticket(ticket)
    }

    /// Forgets items, when they are of this spool; returns how many are still held.
    pub(crate) async fn acknowledge(&self, spool: &str, numbers: Vec<u64>) -> u64 {
        if spool == self.identity() {
            let (done, told) = oneshot::channel();
            drop(self.commands.send(writer::Command::Acknowledge { numbers, done }));
            // A thread that has ended forgets nothing, and the count says so.
            told.await.unwrap_or_default();
        }
        self.held()
    }

    /// An item could neither be kept nor told to anybody.
    pub(crate) fn lost(&self, asked: &str, why: &str) {
        self.common
            .lose(format!("an observation ({asked}) is lost: it was not kept ({why}) and nobody was there to be told"));
    }

    /// The number of the newest item held, 0 when there is none.
    pub(crate) fn newest(&self) -> u64 {
        self.common.state().held.last_key_value().map_or(0, |(number, _)| *number)
    }

    /// Reads the oldest items after one number and up to another. Blocks.
    pub(crate) fn page(&self, after: u64, until: u64) -> Page {
        let mut places = Vec::new();
        let mut bytes = 0_u64;
        if after < until {
            let state = self.common.state();
            let range = (std::ops::Bound::Excluded(after), std::ops::Bound::Included(until));
            for (number, place) in state.held.range(range).take(PAGE_ITEMS) {
                places.push((*number, *place));
                bytes += u64::from(place.bytes);
                if bytes >= PAGE_BYTES {
                    break;
                }
            }
        }
        let next = places.last().map(|(number, _)| *number);
        let items = places.into_iter().filter_map(|(number, place)| match self.common.read(number, place) {
            Ok(item) => Some(item),
            // Acknowledged since it was looked up.
            Err(_) if !self.common.state().held.contains_key(&number) => None,
            Err(e) => {
                let _gone = self.commands.send(writer::Command::Unreadable { number, why: e.to_string() });
                None
            }
        });
        Page { items: items.collect(), next }
    }

    /// Waits until what was appended before is on disk. Blocks, at most as long as that.
    pub fn settle(&self, most: Duration) {
        let (done, told) = mpsc::channel();
        if self.commands.send(writer::Command::Settle(done)).is_ok() {
            // Late or ended: the process goes all the same.
            told.recv_timeout(most).unwrap_or_default();
        }
    }
}

/// Bytes that this process may still write on the file system of a folder.
fn free(folder: &Path) -> io::Result<u64> {
    let at = nix::sys::statvfs::statvfs(folder)?;
    Ok(at.blocks_available().saturating_mul(at.fragment_size()))
}

#[cfg(test)]
mod tests;
