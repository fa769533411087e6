//! The one thread that writes: appends what waits and syncs it once, forgets what is acknowledged, gives space back.

use std::{
    fs::{self, File, OpenOptions},
    io,
    os::unix::fs::{FileExt as _, OpenOptionsExt as _},
    path::Path,
    sync::{Arc, mpsc},
};

use mesh_proto::identity::credential::settle;
use tokio::sync::oneshot;

use super::{
    BATCH_BYTES, Common, Place, SEGMENT_BYTES, Segment,
    record::{self, CONTENT_BYTES, FRAME_BYTES, Kind},
    recover,
};

/// A segment in which nothing is held any more is replaced from this size on.
const EMPTY_BYTES: u64 = 64 << 10;
/// Of one record that acknowledges.
const NUMBERS: usize = 8_192;

/// Takes the number of an item that is on disk, or why it is not.
pub(super) type Done = oneshot::Sender<Result<u64, String>>;

pub(super) enum Command {
    Append {
        content: Vec<u8>,
        done: Done,
    },
    Acknowledge {
        numbers: Vec<u64>,
        done: oneshot::Sender<()>,
    },
    /// An item that can't be read back.
    Unreadable {
        number: u64,
        why: String,
    },
    /// Writes something, after a failed write.
    Retry(mpsc::Sender<io::Result<()>>),
    Settle(mpsc::Sender<()>),
}

/// The segment that is written on.
pub(super) struct Active {
    file: File,
    first: u64,
    bytes: u64,
}

impl Active {
    pub(super) fn open(folder: &Path, first: u64, bytes: u64) -> io::Result<Self> {
        let file = OpenOptions::new().write(true).open(recover::path(folder, first))?;
        Ok(Self { file, first, bytes })
    }

    /// On disk with its name, or not there.
    fn make(common: &Common, first: u64) -> io::Result<Self> {
        let path = common.path(first);
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
        let head = record::head(&common.identity, first);
        let written = file.write_all_at(&head, 0).and_then(|()| file.sync_all()).and_then(|()| settle(&common.folder));
        if let Err(e) = written {
            // What is left of it is recognised as begun only; the write's own error says more than this one.
            fs::remove_file(&path).unwrap_or_default();
            return Err(e);
        }
        Ok(Self { file, first, bytes: head.len() as u64 })
    }

    /// Writes at the end; a part that was written before an error is taken back. Returns where it begins.
    fn write(&mut self, bytes: &[u8]) -> io::Result<u64> {
        let at = self.bytes;
        if let Err(e) = self.file.write_all_at(bytes, at) {
            // Were it left, the next write would go over it.
            self.file.set_len(at).unwrap_or_default();
            return Err(e);
        }
        self.bytes += bytes.len() as u64;
        Ok(at)
    }
}

/// An item that waits for the sync.
struct Waiting {
    done: Done,
    number: u64,
    /// In the batch.
    offset: usize,
    bytes: usize,
}

pub(super) struct Writer {
    common: Arc<Common>,
    next: u64,
    active: Option<Active>,
}

impl Writer {
    pub(super) fn new(common: Arc<Common>, next: u64, active: Option<Active>) -> Self {
        Self { common, next, active }
    }

    /// Writes down what is lost, so that the next start tells of it too.
    pub(super) fn bury(&mut self, losses: &[String]) {
        if losses.is_empty() {
            return;
        }
        let mut buffer = Vec::new();
        // With the last number that may have been told: the next start gives it to nothing else either.
        let last = self.next.saturating_sub(1);
        for loss in losses {
            record::write(&mut buffer, &self.common.identity, last, Kind::Lost, loss.as_bytes());
        }
        // It is said and told in any case.
        match self.write(&buffer) {
            Ok((segment, _)) => self.grown(segment, buffer.len() as u64),
            Err(e) => self.troubled(Some(&e.to_string())),
        }
    }

    /// Works until nobody can send any more.
    pub(super) fn work(mut self, commands: &mpsc::Receiver<Command>) {
        while let Ok(command) = commands.recv() {
            let (mut batch, mut others, mut bytes) = (Vec::new(), Vec::new(), 0_u64);
            let mut pending = Some(command);
            while let Some(command) = pending.take() {
                match command {
                    Command::Append { content, done } => {
                        bytes += content.len() as u64;
                        batch.push((content, done));
                    }
                    other => others.push(other),
                }
                if bytes < BATCH_BYTES {
                    pending = commands.try_recv().ok();
                }
            }
            self.append(batch);
            for command in others {
                self.other(command);
            }
        }
    }

    /// Whoever asked may have gone; then there is nobody to tell.
    fn other(&mut self, command: Command) {
        match command {
            Command::Append { content, done } => self.append(vec![(content, done)]),
            Command::Acknowledge { numbers, done } => {
                self.forget(&numbers);
                done.send(()).unwrap_or_default();
            }
            Command::Unreadable { number, why } => self.unreadable(number, &why),
            Command::Retry(done) => {
                let troubled = self.common.state().trouble.is_some();
                let tried = if troubled { self.fresh() } else { Ok(()) };
                self.troubled(tried.as_ref().err().map(ToString::to_string).as_deref());
                done.send(tried).unwrap_or_default();
            }
            Command::Settle(done) => done.send(()).unwrap_or_default(),
        }
    }

    fn append(&mut self, batch: Vec<(Vec<u8>, Done)>) {
        let room = self.common.most.saturating_sub(self.common.state().bytes);
        let (mut buffer, mut waiting) = (Vec::new(), Vec::new());
        for (content, done) in batch {
            let offset = buffer.len();
            let bytes = FRAME_BYTES + content.len();
            let refusal = if content.len() > CONTENT_BYTES {
                Some(format!("its {} bytes are more than the {CONTENT_BYTES} of a message", content.len()))
            } else if (offset + bytes) as u64 > room {
                Some(format!("the spool has reached its {} bytes", self.common.most))
            } else {
                None
            };
            if let Some(refusal) = refusal {
                done.send(Err(refusal)).unwrap_or_default();
                continue;
            }
            let number = self.next.saturating_add(waiting.len() as u64);
            record::write(&mut buffer, &self.common.identity, number, Kind::Item, &content);
            waiting.push(Waiting { done, number, offset, bytes });
        }
        if waiting.is_empty() {
            return;
        }
        match self.write(&buffer) {
            Ok((segment, at)) => {
                self.next = self.next.saturating_add(waiting.len() as u64);
                self.hold(segment, at, &waiting);
                self.grown(segment, buffer.len() as u64);
                self.troubled(None);
                for one in waiting {
                    one.done.send(Ok(one.number)).unwrap_or_default();
                }
            }
            Err(e) => {
                let why = e.to_string();
                self.troubled(Some(&why));
                for one in waiting {
                    one.done.send(Err(why.clone())).unwrap_or_default();
                }
            }
        }
    }

    /// Writes and syncs; returns the segment and where in it.
    fn write(&mut self, bytes: &[u8]) -> io::Result<(u64, u64)> {
        if self.active.as_ref().is_none_or(|active| active.bytes >= SEGMENT_BYTES) {
            self.fresh()?;
        }
        let Some(active) = self.active.as_mut() else { return Err(io::ErrorKind::NotFound.into()) };
        let at = active.write(bytes).map_err(|e| named("write", &e))?;
        if let Err(e) = active.file.sync_data() {
            // After a failed sync the kernel may take pages for written that are not (fsync(2)): nothing more goes into this
            // file, and the numbers in it are not given again.
            active.file.set_len(at).unwrap_or_default();
            self.active = None;
            self.next = self.next.saturating_add((bytes.len() / FRAME_BYTES) as u64);
            return Err(named("sync", &e));
        }
        Ok((active.first, at))
    }

    /// Begins a new segment. The one before stays as it is.
    fn fresh(&mut self) -> io::Result<()> {
        // A name is used once.
        while self.common.state().segments.contains_key(&self.next) {
            self.next = self.next.saturating_add(1);
        }
        let active = Active::make(&self.common, self.next).map_err(|e| named("begin a segment", &e))?;
        let (first, bytes) = (active.first, active.bytes);
        self.active = Some(active);
        self.common.state().segments.insert(first, Segment::default());
        self.grown(first, bytes);
        Ok(())
    }

    fn grown(&self, segment: u64, bytes: u64) {
        let mut state = self.common.state();
        state.bytes += bytes;
        state.segments.entry(segment).or_default().bytes += bytes;
    }

    fn hold(&self, segment: u64, at: u64, waiting: &[Waiting]) {
        let mut state = self.common.state();
        for one in waiting {
            let (offset, bytes) = (at + one.offset as u64, u32::try_from(one.bytes).unwrap_or(u32::MAX));
            state.held.insert(one.number, Place { segment, offset, bytes });
        }
        state.segments.entry(segment).or_default().held += waiting.len();
    }

    /// Notes why nothing can be kept, or that it can, and says so when that changes.
    fn troubled(&self, why: Option<&str>) {
        let mut state = self.common.state();
        let before = std::mem::replace(&mut state.trouble, why.map(str::to_owned));
        drop(state);
        let folder = self.common.folder.display();
        match (before, why) {
            (None, Some(why)) => (self.common.say)(&format!("spool {folder}: what is observed is not kept: {why}")),
            (Some(_), None) => (self.common.say)(&format!("spool {folder}: what is observed is kept again")),
            _ => {}
        }
    }

    fn forget(&mut self, numbers: &[u64]) {
        let gone: Vec<u64> = numbers.iter().copied().filter(|number| self.release(*number).is_some()).collect();
        if let Some(active) = self.active.as_mut() {
            let mut buffer = Vec::new();
            for some in gone.chunks(NUMBERS) {
                let content: Vec<u8> = some.iter().flat_map(|number| number.to_le_bytes()).collect();
                record::write(&mut buffer, &self.common.identity, 0, Kind::Acknowledged, &content);
            }
            let (segment, bytes) = (active.first, buffer.len() as u64);
            // Not synced, and nothing when the disk is full: what is offered a second time is recognised by its receiver.
            if !buffer.is_empty() && active.write(&buffer).is_ok() {
                self.grown(segment, bytes);
            }
        }
        self.give_back();
    }

    fn release(&self, number: u64) -> Option<Place> {
        let mut state = self.common.state();
        let place = state.held.remove(&number)?;
        if let Some(segment) = state.segments.get_mut(&place.segment) {
            segment.held = segment.held.saturating_sub(1);
        }
        Some(place)
    }

    fn unreadable(&mut self, number: u64, why: &str) {
        let Some(place) = self.release(number) else { return };
        if let Some(segment) = self.common.state().segments.get_mut(&place.segment) {
            segment.damaged = true;
        }
        let name = self.common.path(place.segment);
        self.common.lose(format!("item {number} in {} can't be read back and is lost: {why}", name.display()));
        self.give_back();
    }

    /// Removes segments in which nothing is held.
    fn give_back(&mut self) {
        self.remove_empty();
        let active = self.active.as_ref().map(|active| (active.first, active.bytes));
        let Some((first, bytes)) = active.filter(|(_, bytes)| *bytes > EMPTY_BYTES) else { return };
        let empty = self.common.state().segments.get(&first).is_some_and(|segment| segment.held == 0 && bytes > 0);
        // The new one carries the number on; without room for it the old one stays until there is.
        if empty && self.fresh().is_ok() {
            self.remove_empty();
        }
    }

    fn remove_empty(&self) {
        let active = self.active.as_ref().map(|active| active.first);
        let empty: Vec<(u64, bool)> = {
            let state = self.common.state();
            let segments = state.segments.iter();
            let empty = segments.filter(|(first, segment)| segment.held == 0 && Some(**first) != active);
            empty.map(|(first, segment)| (*first, segment.damaged)).collect()
        };
        for (first, damaged) in empty {
            let path = self.common.path(first);
            let removed = if damaged { recover::set_aside(&self.common.folder, &path) } else { fs::remove_file(&path) };
            match removed {
                Ok(()) => {
                    let mut state = self.common.state();
                    let bytes = state.segments.remove(&first).map_or(0, |segment| segment.bytes);
                    state.bytes = state.bytes.saturating_sub(bytes);
                }
                // It is tried again with the next acknowledgement.
                Err(e) => (self.common.say)(&format!("spool: remove {}: {e}", path.display())),
            }
        }
    }
}

fn named(doing: &str, e: &io::Error) -> io::Error {
    io::Error::new(e.kind(), format!("{doing}: {e}"))
}
