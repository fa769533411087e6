//! Runs are kept as bundles: one file per run, written beside its place and renamed into it. The folder is bounded.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Write as _},
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant, SystemTime},
};

/// Largest number of runs that a listing looks at; the newest are kept in view.
pub const LISTED: usize = 1_000;
/// Runs that a folder keeps: a month of more than a dozen a day.
pub const KEPT_RUNS: usize = 500;
/// Bytes of the runs that a folder keeps: what nobody minds losing on the disk of a laptop.
pub const KEPT_BYTES: u64 = 1 << 30;
/// A run that has just been told to somebody stays for so long, whatever the bounds say: another run that tidies up at the
/// same time does not take it away from under its reader.
const FRESH: Duration = Duration::from_mins(1);
/// A half-written file that is this old has no writer: the largest bundle is written in seconds.
const ABANDONED: Duration = Duration::from_mins(10);
/// Whoever tidies up holds this file's lock; the file stays.
const LOCK: &str = ".lock";
/// Longest wait of a caller who wants to tidy up and finds somebody at it: unlinking a thousand files takes less.
pub const LOCK_WAIT: Duration = Duration::from_secs(5);
/// Time between two looks at a lock that is held.
const LOCK_POLL: Duration = Duration::from_millis(20);
/// Letters and digits of a run's id, as the coordinator makes it.
const ID: usize = 8;

/// What a folder may hold. The newest run always stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    pub runs: usize,
    pub bytes: u64,
    /// Runs that are older than this go, but for the newest `at_least`.
    pub older_than: Option<Duration>,
    /// So many of the newest stay whatever else is said.
    pub at_least: usize,
    /// Runs younger than this stay whatever else is said.
    pub fresh: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { runs: KEPT_RUNS, bytes: KEPT_BYTES, older_than: None, at_least: 1, fresh: FRESH }
    }
}

impl Bounds {
    /// Only age counts.
    pub fn age(older_than: Duration, at_least: usize) -> Self {
        Self {
            runs: usize::MAX,
            bytes: u64::MAX,
            older_than: Some(older_than),
            at_least: at_least.max(1),
            fresh: Duration::ZERO,
        }
    }
}

impl Bounds {
    /// One more run of these bytes and this age is within the bounds.
    pub(crate) fn hold(&self, kept: &Pruned, bytes: u64, age: Duration) -> bool {
        kept.kept < self.runs
            && kept.kept_bytes.saturating_add(bytes) <= self.bytes
            && self.older_than.is_none_or(|most| age <= most)
    }

    /// The next older run stays whatever the bounds say.
    pub(crate) fn protect(&self, kept: &Pruned, age: Duration) -> bool {
        kept.kept < self.at_least.max(1) || age < self.fresh
    }
}

/// What tidying up did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pruned {
    /// Ids of the runs that went, oldest first.
    pub runs: Vec<String>,
    /// Bytes of their bundles.
    pub bytes: u64,
    /// Runs that stay.
    pub kept: usize,
    pub kept_bytes: u64,
}

/// Where a run's bundle is.
pub fn path(runs: &Path, run: &str) -> PathBuf {
    runs.join(format!("{run}.mesh"))
}

/// Writes a bundle so that a reader sees all of it or nothing, also after a loss of power.
pub fn save(runs: &Path, run: &str, bytes: &[u8]) -> io::Result<PathBuf> {
    fs::create_dir_all(runs)?;
    let (beside, target) = (runs.join(format!(".{run}.part")), path(runs, run));
    let written = durable(&beside, bytes).and_then(|()| fs::rename(&beside, &target));
    if written.is_err() {
        // Nothing half-written stays; that it could not even be removed adds nothing to the first error.
        fs::remove_file(&beside).unwrap_or_default();
    }
    written?;
    // The rename is an entry of the folder, which has a page of its own on the disk.
    File::open(runs)?.sync_all()?;
    Ok(target)
}

fn durable(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Bundles in a folder, newest first by the time they were written. A missing folder holds none.
pub fn list(runs: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for (path, meta) in entries(runs)? {
        if path.extension().is_some_and(|extension| extension == "mesh") {
            found.push((meta.modified()?, path));
        }
    }
    found.sort_by(|a, b| b.cmp(a));
    found.truncate(LISTED);
    Ok(found.into_iter().map(|(_, path)| path).collect())
}

/// What is in a folder; what goes away meanwhile is not in it.
fn entries(runs: &Path) -> io::Result<Vec<(PathBuf, fs::Metadata)>> {
    let entries = match fs::read_dir(runs) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        other => other?,
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry?;
        match entry.metadata() {
            Ok(meta) => found.push((entry.path(), meta)),
            Err(e) if e.kind() == io::ErrorKind::NotFound => {}
            Err(e) => return Err(e),
        }
    }
    Ok(found)
}

/// The right to remove runs from a folder; one holder at a time, over all processes. Goes with its holder, even a killed
/// one: it is flock(2).
#[derive(Debug)]
struct Tidying {
    /// Open as long as the lock is held.
    _lock: File,
}

impl Tidying {
    /// Gives none when somebody else has it for longer than `wait`.
    fn begin(runs: &Path, wait: Duration) -> io::Result<Option<Self>> {
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(runs.join(LOCK))?;
        Ok(locked(&file, wait)?.then_some(Self { _lock: file }))
    }
}

/// Takes the lock of a file; false when somebody else has it for longer than `wait`.
pub(crate) fn locked(file: &File, wait: Duration) -> io::Result<bool> {
    let until = Instant::now() + wait;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(true),
            Err(TryLockError::WouldBlock) if Instant::now() >= until => return Ok(false),
            Err(TryLockError::WouldBlock) => thread::sleep(LOCK_POLL),
            Err(TryLockError::Error(e)) => return Err(e),
        }
    }
}

/// Removes runs beyond the bounds, oldest first, and what writers that died have left. Files that are no runs of this
/// program's naming are never touched: the folder may be anybody's.
fn prune(_right: &Tidying, runs: &Path, bounds: &Bounds) -> io::Result<Pruned> {
    let Plan { left, gone, mut pruned } = Plan::of(runs, bounds)?;
    for path in left {
        remove(&path)?;
    }
    for (run, bytes, path) in gone {
        remove(&path)?;
        pruned.runs.push(run);
        pruned.bytes = pruned.bytes.saturating_add(bytes);
    }
    Ok(pruned)
}

/// What tidying up would do.
struct Plan {
    /// What writers that died have left.
    left: Vec<PathBuf>,
    /// Id, bytes and file of the runs that go, oldest first.
    gone: Vec<(String, u64, PathBuf)>,
    /// What stays is counted; nothing is removed yet.
    pruned: Pruned,
}

impl Plan {
    fn of(runs: &Path, bounds: &Bounds) -> io::Result<Self> {
        let now = SystemTime::now();
        let (mut found, mut left) = (Vec::new(), Vec::new());
        for (path, meta) in entries(runs)? {
            let modified = meta.modified()?;
            if is_abandoned(&path) && age(now, modified) > ABANDONED {
                left.push(path);
            } else if let Some(run) = run_of(&path).filter(|_| meta.is_file()) {
                found.push((modified, run, meta.len(), path));
            }
        }
        found.sort_by(|a, b| b.cmp(a));
        let mut pruned = Pruned::default();
        let mut gone = Vec::new();
        for (modified, run, bytes, path) in found {
            let age = age(now, modified);
            // Nothing that is older than something that went stays.
            if gone.is_empty() && bounds.hold(&pruned, bytes, age) || bounds.protect(&pruned, age) {
                pruned.kept += 1;
                pruned.kept_bytes = pruned.kept_bytes.saturating_add(bytes);
            } else {
                gone.push((run, bytes, path));
            }
        }
        gone.reverse();
        Ok(Self { left, gone, pruned })
    }
}

/// Keeps a folder within bounds. When somebody else is at it for longer than `wait`, it is theirs to do: gives none.
pub fn retain(runs: &Path, bounds: &Bounds, wait: Duration) -> io::Result<Option<Pruned>> {
    let plan = Plan::of(runs, bounds)?;
    // The lock's file comes with the first run that goes: until then nothing but runs is in the folder.
    if plan.left.is_empty() && plan.gone.is_empty() {
        return Ok(Some(plan.pruned));
    }
    match Tidying::begin(runs, wait)? {
        // Looked at again: what another has removed meanwhile is gone, and what it left may stay.
        Some(right) => prune(&right, runs, bounds).map(Some),
        None => Ok(None),
    }
}

/// A time that lies ahead (a clock was put back) is no age.
fn age(now: SystemTime, modified: SystemTime) -> Duration {
    now.duration_since(modified).unwrap_or_default()
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(e),
        _ => Ok(()),
    }
}

/// The run whose bundle a file is, by its name.
fn run_of(path: &Path) -> Option<String> {
    let run = path.file_name()?.to_str()?.strip_suffix(".mesh")?;
    is_id(run).then(|| run.to_owned())
}

fn is_abandoned(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    name.strip_prefix('.').and_then(|name| name.strip_suffix(".part")).is_some_and(is_id)
}

fn is_id(text: &str) -> bool {
    text.len() == ID && text.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn retain(runs: &Path, bounds: &Bounds) -> io::Result<Pruned> {
        super::retain(runs, bounds, Duration::ZERO).map(Option::unwrap)
    }

    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("mesh-store-{}-{name}", std::process::id()));
            fs::remove_dir_all(&path).unwrap_or_default();
            fs::create_dir_all(&path).unwrap();
            Self(path)
        }

        /// A run of some bytes that was written so long ago.
        fn run(&self, run: &str, bytes: usize, ago: Duration) {
            let path = save(&self.0, run, &vec![7; bytes]).unwrap();
            let file = OpenOptions::new().write(true).open(path).unwrap();
            file.set_modified(SystemTime::now() - ago).unwrap();
        }

        fn names(&self) -> Vec<String> {
            let mut names: Vec<_> =
                fs::read_dir(&self.0).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
            names.sort();
            names
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            fs::remove_dir_all(&self.0).unwrap_or_default();
        }
    }

    const HOUR: Duration = Duration::from_hours(1);
    const OLD: Bounds = Bounds { runs: 500, bytes: 1 << 30, older_than: None, at_least: 1, fresh: FRESH };

    #[test]
    fn what_is_saved_is_there_and_nothing_stays_beside_it() {
        let folder = Folder::new("save");
        let path = save(&folder.0, "aaaaaaa1", b"bundle").unwrap();
        assert_eq!(fs::read(path).unwrap(), b"bundle");
        assert_eq!(folder.names(), ["aaaaaaa1.mesh"]);
        assert!(save(&folder.0.join("aaaaaaa1.mesh"), "aaaaaaa2", b"x").is_err(), "a file is no folder");
    }

    #[test]
    fn a_folder_keeps_its_newest_runs_by_number_and_by_bytes() {
        let folder = Folder::new("bounds");
        for (run, hours) in [("aaaaaaa1", 4), ("aaaaaaa2", 3), ("aaaaaaa3", 2), ("aaaaaaa4", 1)] {
            folder.run(run, 100, HOUR * hours);
        }
        assert_eq!(retain(&folder.0, &OLD).unwrap().runs, Vec::<String>::new());
        assert!(!folder.names().contains(&LOCK.to_owned()), "a lock where nothing is to be removed");
        let pruned = retain(&folder.0, &Bounds { runs: 3, ..OLD }).unwrap();
        assert_eq!((pruned.runs, pruned.kept), (vec!["aaaaaaa1".to_owned()], 3));
        let pruned = retain(&folder.0, &Bounds { bytes: 250, ..OLD }).unwrap();
        assert_eq!((pruned.runs, pruned.bytes, pruned.kept_bytes), (vec!["aaaaaaa2".to_owned()], 100, 200));
        let pruned = retain(&folder.0, &Bounds { bytes: 1, runs: 0, ..OLD }).unwrap();
        assert_eq!(pruned.runs, ["aaaaaaa3"], "the newest stays even when it is too large");
        assert_eq!(folder.names(), [".lock", "aaaaaaa4.mesh"]);
    }

    #[test]
    fn age_takes_what_is_older_and_leaves_the_newest_that_were_asked_for() {
        let folder = Folder::new("age");
        for (run, days) in [("aaaaaaa1", 40), ("aaaaaaa2", 35), ("aaaaaaa3", 31), ("aaaaaaa4", 1)] {
            folder.run(run, 1, HOUR * 24 * days);
        }
        let month = HOUR * 24 * 30;
        assert_eq!(retain(&folder.0, &Bounds::age(month, 3)).unwrap().runs, ["aaaaaaa1"]);
        assert_eq!(retain(&folder.0, &Bounds::age(month, 0)).unwrap().runs, ["aaaaaaa2", "aaaaaaa3"]);
        assert!(retain(&folder.0, &Bounds::age(Duration::ZERO, 1)).unwrap().runs.is_empty(), "the newest stays");
    }

    #[test]
    fn a_run_of_this_minute_stays_and_foreign_files_are_never_touched() {
        let folder = Folder::new("foreign");
        folder.run("aaaaaaa1", 1, Duration::from_secs(2));
        folder.run("aaaaaaa2", 1, Duration::ZERO);
        folder.run("path-mtu-blackhole", 1, HOUR * 9_000);
        fs::write(folder.0.join("notes.txt"), "mine").unwrap();
        fs::create_dir(folder.0.join("aaaaaaa9.mesh")).unwrap();
        let none = Bounds { runs: 0, bytes: 0, ..OLD };
        assert!(retain(&folder.0, &none).unwrap().runs.is_empty());
        let all = Bounds { fresh: Duration::ZERO, ..none };
        assert_eq!(retain(&folder.0, &all).unwrap().runs, ["aaaaaaa1"]);
        assert_eq!(folder.names(), [".lock", "aaaaaaa2.mesh", "aaaaaaa9.mesh", "notes.txt", "path-mtu-blackhole.mesh"]);
    }

    #[test]
    fn what_a_dead_writer_left_goes_and_what_is_being_written_stays() {
        let folder = Folder::new("part");
        for (name, ago) in [(".aaaaaaa1.part", HOUR), (".aaaaaaa2.part", Duration::ZERO), (".mine.part", HOUR)] {
            let file = File::create(folder.0.join(name)).unwrap();
            file.set_modified(SystemTime::now() - ago).unwrap();
        }
        retain(&folder.0, &OLD).unwrap();
        assert_eq!(folder.names(), [".aaaaaaa2.part", ".lock", ".mine.part"]);
    }

    #[test]
    fn one_tidies_up_and_the_other_leaves_it_to_them() {
        let folder = Folder::new("lock");
        folder.run("aaaaaaa1", 1, HOUR * 2);
        folder.run("aaaaaaa2", 1, HOUR);
        let one = Bounds { runs: 1, ..OLD };
        let held = Tidying::begin(&folder.0, Duration::ZERO).unwrap().unwrap();
        assert_eq!(super::retain(&folder.0, &one, Duration::ZERO).unwrap(), None);
        assert!(Tidying::begin(&folder.0, LOCK_POLL * 2).unwrap().is_none());
        drop(held);
        assert_eq!(retain(&folder.0, &one).unwrap().runs, ["aaaaaaa1"]);
    }

    #[test]
    fn many_runs_at_once_lose_nothing_that_they_have_just_written() {
        let folder = Folder::new("many");
        let bounds = Bounds { runs: 2, ..Bounds::default() };
        thread::scope(|scope| {
            for number in 0..8 {
                let runs = &folder.0;
                scope.spawn(move || {
                    for turn in 0..10 {
                        let path = save(runs, &format!("run{number}xx{turn:02}"), b"bundle").unwrap();
                        super::retain(runs, &bounds, Duration::ZERO).unwrap();
                        assert!(path.exists());
                    }
                });
            }
        });
        let file = OpenOptions::new().write(true).open(folder.0.join("run0xx00.mesh")).unwrap();
        file.set_modified(SystemTime::now() - HOUR).unwrap();
        assert_eq!(retain(&folder.0, &bounds).unwrap().runs, ["run0xx00"]);
    }
}
