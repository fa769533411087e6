//! Opening a folder: who owns it, what can be read, what is lost and is counted.

use std::{
    collections::BTreeSet,
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Read as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use mesh_proto::identity::{
    credential::{private_folder, settle},
    tls,
};

use super::{
    Place, SEGMENT_MOST, Segment, SpoolError, State,
    record::{self, FRAME_BYTES, HEAD_BYTES, Identity, Kind},
    writer::Active,
};

const LOCK: &str = "owner";
const EXTENSION: &str = "log";
/// Of segments that are not read any more and may still hold something for a human.
const ASIDE: &str = "aside";
/// Of those; the oldest go.
const ASIDE_MOST: usize = 4;
/// Longest wait for an owner that is about to end, as at a restart.
const OWNER_WAIT: Duration = Duration::from_millis(500);
const OWNER_POLL: Duration = Duration::from_millis(10);

/// What was found.
pub(super) struct Recovered {
    pub(super) identity: Identity,
    pub(super) state: State,
    /// Number of the next item.
    pub(super) next: u64,
    /// The segment that is written on, when there is one.
    pub(super) active: Option<Active>,
    /// Losses that nothing on disk tells of yet.
    pub(super) untold: Vec<String>,
    pub(super) owner: File,
}

/// Of the segment whose items have at least this number.
pub(super) fn path(folder: &Path, first: u64) -> PathBuf {
    folder.join(format!("{first:020}.{EXTENSION}"))
}

/// A segment's file.
struct Found {
    first: u64,
    path: PathBuf,
    bytes: u64,
    /// None when its head is not whole, or it is too large.
    identity: Option<Identity>,
}

pub(super) fn recover(folder: &Path) -> Result<Recovered, SpoolError> {
    let failed = |doing: &str| {
        let doing = doing.to_owned();
        move |source| SpoolError::File { folder: folder.to_owned(), doing, source }
    };
    private_folder(folder).map_err(failed("make the folder"))?;
    let owner = own(folder)?;
    let found = segments(folder).map_err(failed("read the folder"))?;
    let fresh = || tls::random().map(Identity).ok_or_else(|| SpoolError::Random { folder: folder.to_owned() });
    let identity = whose(&found).map_or_else(fresh, Ok)?;
    let count = found.len();
    let mut recovery = Recovery { next: 1, ..Recovery::default() };
    for (index, found) in found.iter().enumerate() {
        let doing = format!("recover {}", found.path.display());
        let done = match found.identity {
            Some(own) if own == identity => recovery.read(found, &identity, index + 1 == count),
            other => recovery.leave(folder, found, other.is_some()),
        };
        done.map_err(failed(&doing))?;
    }
    let Recovery { mut state, next, acknowledged, newest, untold } = recovery;
    state.held.retain(|number, _| !acknowledged.contains(number));
    for place in state.held.values() {
        if let Some(segment) = state.segments.get_mut(&place.segment) {
            segment.held += 1;
        }
    }
    let active = newest.map(|(first, bytes)| Active::open(folder, first, bytes)).transpose();
    Ok(Recovered { identity, state, next, active: active.map_err(failed("open the newest segment"))?, untold, owner })
}

/// The spool that most of these bytes are of: what was copied in from another one does not make it that.
fn whose(found: &[Found]) -> Option<Identity> {
    let of = |identity: &Identity| {
        let own = found.iter().filter(|found| found.identity == Some(*identity));
        own.map(|found| found.bytes).sum::<u64>()
    };
    found.iter().filter_map(|found| found.identity).max_by_key(of)
}

/// What was found so far.
#[derive(Default)]
struct Recovery {
    state: State,
    next: u64,
    acknowledged: BTreeSet<u64>,
    /// First number and bytes of the newest segment of this spool.
    newest: Option<(u64, u64)>,
    untold: Vec<String>,
}

impl Recovery {
    fn read(&mut self, found: &Found, identity: &Identity, newest: bool) -> io::Result<()> {
        let bytes = fs::read(&found.path)?;
        let read = Contents::of(found, &bytes, identity, newest);
        self.next = self.next.max(found.first).max(read.next).saturating_add(read.torn_records);
        self.acknowledged.extend(read.acknowledged);
        read.losses.into_iter().for_each(|loss| self.state.lose(loss));
        if let Some(torn) = read.torn {
            shorten(&found.path, read.bytes)?;
            self.state.lose(torn.clone());
            self.untold.push(torn);
        }
        self.state.bytes += read.bytes;
        self.state.segments.insert(found.first, Segment { bytes: read.bytes, held: 0, damaged: read.damaged });
        for (number, place) in read.items {
            self.state.held.entry(number).or_insert(place);
        }
        self.newest = Some((found.first, read.bytes));
        Ok(())
    }

    /// A segment that is not read: of another spool, or without a head that could be.
    fn leave(&mut self, folder: &Path, found: &Found, foreign: bool) -> io::Result<()> {
        let (bytes, name) = (found.bytes, found.path.display());
        let why = if foreign { "belong to another spool" } else { "have no readable head" };
        let text = format!("{bytes} bytes in {name} {why}; the file is kept aside, and what it held is not offered");
        self.state.lose(text.clone());
        self.untold.push(text);
        // A record costs at least its frame, so no number of this segment is given a second time.
        let records = bytes / u64::try_from(FRAME_BYTES).unwrap_or(1);
        self.next = self.next.max(found.first.saturating_add(records).saturating_add(1));
        set_aside(folder, &found.path)
    }
}

/// What one segment holds.
struct Contents {
    items: Vec<(u64, Place)>,
    acknowledged: Vec<u64>,
    losses: Vec<String>,
    damaged: bool,
    /// Up to the end of its last record.
    bytes: u64,
    torn: Option<String>,
    /// At most as many, beginning with `next`.
    torn_records: u64,
    next: u64,
}

impl Contents {
    fn of(found: &Found, bytes: &[u8], identity: &Identity, newest: bool) -> Self {
        let scan = record::scan(bytes, identity, found.first);
        let name = found.path.file_name().unwrap_or_default().display();
        let mut read = Self {
            items: Vec::new(),
            acknowledged: Vec::new(),
            losses: Vec::new(),
            damaged: !scan.damage.is_empty(),
            bytes: found.bytes,
            torn: None,
            torn_records: 0,
            next: 0,
        };
        for damage in &scan.damage {
            let items = damage.items.map_or_else(|| "an unknown number of".to_owned(), |items| items.to_string());
            let (bytes, offset) = (damage.bytes, damage.offset);
            read.losses
                .push(format!("{bytes} bytes at {offset} of {name} are damaged; {items} items are lost with them"));
        }
        if let Some(tail) = scan.tail {
            let text = format!("{} bytes at the end of {name} are no whole record", tail.bytes);
            if newest {
                read.bytes = u64::try_from(tail.offset).unwrap_or(u64::MAX);
                // On a disk that lost what it had synced, its number was told: it is not given to anything else.
                read.torn_records = u64::try_from(tail.bytes / FRAME_BYTES + 1).unwrap_or(u64::MAX);
                read.torn = Some(format!("{text} and are dropped: at least one observation was being written there"));
            } else {
                read.damaged = true;
                read.losses.push(format!("{text}; what they held is lost"));
            }
        }
        for (offset, record) in scan.records {
            match record.kind {
                Kind::Item => {
                    let offset = u64::try_from(offset).unwrap_or(u64::MAX);
                    let bytes = u32::try_from(record.bytes()).unwrap_or(u32::MAX);
                    read.items.push((record.number, Place { segment: found.first, offset, bytes }));
                    read.next = read.next.max(record.number.saturating_add(1));
                }
                Kind::Acknowledged => read.acknowledged.extend(record.numbers()),
                Kind::Lost => {
                    read.losses.push(String::from_utf8_lossy(record.content).into_owned());
                    read.next = read.next.max(record.number.saturating_add(1));
                }
            }
        }
        read
    }
}

/// Takes the folder for this process.
fn own(folder: &Path) -> Result<File, SpoolError> {
    let failed = |source| SpoolError::File { folder: folder.to_owned(), doing: format!("lock {LOCK}"), source };
    let mut options = OpenOptions::new();
    let file = options.create(true).truncate(false).write(true).mode(0o600).open(folder.join(LOCK)).map_err(failed)?;
    let until = Instant::now() + OWNER_WAIT;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if Instant::now() >= until => {
                return Err(SpoolError::InUse { folder: folder.to_owned() });
            }
            Err(TryLockError::WouldBlock) => thread::sleep(OWNER_POLL),
            Err(TryLockError::Error(e)) => return Err(failed(e)),
        }
    }
}

/// Every segment, oldest first. A file that was only begun goes.
fn segments(folder: &Path) -> io::Result<Vec<Found>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let number = path.file_stem().and_then(|stem| stem.to_str()).and_then(|stem| stem.parse().ok());
        if let Some(first) = number.filter(|_| path.extension().is_some_and(|extension| extension == EXTENSION)) {
            files.push((first, path));
        }
    }
    files.sort();
    let newest = files.last().map(|(first, _): &(u64, PathBuf)| *first);
    let mut found = Vec::new();
    for (first, path) in files {
        let (file, mut head) = (File::open(&path)?, Vec::new());
        let bytes = file.metadata()?.len();
        let read = file.take(HEAD_BYTES as u64).read_to_end(&mut head)?;
        if Some(first) == newest && read < HEAD_BYTES {
            // Its head was being written: nothing can stand behind it.
            fs::remove_file(&path)?;
            continue;
        }
        let head = record::read_head(&head).filter(|(_, own)| *own == first && bytes <= SEGMENT_MOST);
        found.push(Found { first, path, bytes, identity: head.map(|(identity, _)| identity) });
    }
    Ok(found)
}

fn shorten(path: &Path, bytes: u64) -> io::Result<()> {
    let file = OpenOptions::new().write(true).open(path)?;
    file.set_len(bytes)?;
    file.sync_all()
}

/// Takes a file out of what is read and keeps it for a human.
pub(super) fn set_aside(folder: &Path, path: &Path) -> io::Result<()> {
    fs::rename(path, path.with_extension(ASIDE))?;
    let mut aside = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == ASIDE) {
            aside.push(path);
        }
    }
    aside.sort();
    let surplus = aside.len().saturating_sub(ASIDE_MOST);
    for path in aside.iter().take(surplus) {
        fs::remove_file(path)?;
    }
    settle(folder)
}
