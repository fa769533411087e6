//! `SQLite`, compiled in: WAL, and a sync before anything is acknowledged (`synchronous=FULL`, <https://sqlite.org/pragma.html>).

use std::{
    fs::{self, File, OpenOptions},
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use mesh_proto::bundle;
use rusqlite::{
    Connection, ErrorCode, OpenFlags, OptionalExtension as _, Transaction, TransactionBehavior,
    backup::{Backup, StepResult},
    params,
};

use super::{INTERRUPTED, RUNNING, Row, loose::ADDED};
use crate::{
    store::{Bounds, Pruned, locked},
    vantages::now_us,
};

/// "mesh" in ASCII: tells a database of this program from any other file (<https://sqlite.org/fileformat.html>).
const APPLICATION: i32 = 0x6d65_7368;
/// Version of the tables.
const VERSION: i32 = 2;
/// Longest wait for a reader of another process, such as a backup.
const BUSY: Duration = Duration::from_secs(5);
/// Longest wait for an owner that is about to end, as at a restart.
const OWNER_WAIT: Duration = Duration::from_millis(500);
/// The log is cut back to this after a checkpoint; one large bundle would otherwise hold its size for ever.
const LOG_BYTES: i64 = 16 << 20;
/// Damages that are listed before the check gives up: the first says what a reader needs.
const DAMAGES: u32 = 1;
/// Rows of one listing.
const LISTED: usize = 1_000;

const TABLES: &str = "
    CREATE TABLE runs (
        id TEXT PRIMARY KEY, started_us INTEGER NOT NULL, target TEXT NOT NULL, status TEXT NOT NULL,
        location TEXT, cause TEXT, bytes INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX runs_started ON runs (started_us);
    CREATE TABLE bundles (
        id TEXT PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE, sha256 TEXT NOT NULL, bundle BLOB NOT NULL
    ) STRICT;
";
pub(super) const COLUMNS: &str = "id, started_us, target, status, location, cause, bytes";

/// Why the store could not do what was asked. Nothing is half done.
#[derive(Debug, thiserror::Error)]
pub enum DurableError {
    #[error("store {}: the disk is full; what was kept before can still be read", path.display())]
    Full { path: PathBuf },
    #[error("store {}: damaged: {found}; restore a backup", path.display())]
    Damaged { path: PathBuf, found: String },
    #[error("store {}: in use by another process", path.display())]
    InUse { path: PathBuf },
    #[error("store {}: not a store of this program, or of a later version", path.display())]
    Foreign { path: PathBuf },
    #[error("store {}: is there already", path.display())]
    Exists { path: PathBuf },
    #[error("store {}: run {id:?} was begun before", path.display())]
    Twice { path: PathBuf, id: String },
    #[error("store {}: run {id:?} has ended before", path.display())]
    Ended { path: PathBuf, id: String },
    #[error("store {}: {doing}: {source}", path.display())]
    Database {
        path: PathBuf,
        doing: &'static str,
        #[source]
        source: rusqlite::Error,
    },
    #[error("store {}: {doing}: {source}", path.display())]
    File {
        path: PathBuf,
        doing: &'static str,
        #[source]
        source: io::Error,
    },
    #[error("store {}: a thread that held it died", path.display())]
    Poisoned { path: PathBuf },
}

/// An open store; copies are the same one. One process at a time has it open for writing.
#[derive(Debug, Clone)]
pub struct Durable(Arc<Open>);

#[derive(Debug)]
struct Open {
    path: PathBuf,
    database: Mutex<Connection>,
    /// flock(2) on a file beside the database: goes with the process, even a killed one.
    _owner: File,
}

impl Durable {
    /// Opens or makes a store, checks it, and closes the runs that a crash has cut short as interrupted.
    pub fn open(path: &Path) -> Result<Self, DurableError> {
        let at = At(path);
        let owner = owner(path)?;
        let database = Connection::open(path).map_err(|e| at.database("open", e))?;
        let prepare = |doing, done: rusqlite::Result<()>| done.map_err(|e| at.database(doing, e));
        // What is not ours is told and left as it was.
        if prepare_new(&database).map_err(|e| at.database("set up", e))? && identify(&database, at)? < VERSION {
            let later = format!("BEGIN IMMEDIATE; {ADDED} PRAGMA user_version = {VERSION}; COMMIT;");
            prepare("bring its tables up to date", database.execute_batch(&later))?;
        }
        prepare("set up", settings(&database))?;
        check(&database, at)?;
        let cut_short = "UPDATE runs SET status = ?1 WHERE status = ?2";
        prepare("close interrupted runs", database.execute(cut_short, [INTERRUPTED, RUNNING]).map(drop))?;
        Ok(Self(Arc::new(Open { path: path.to_owned(), database: Mutex::new(database), _owner: owner })))
    }

    pub fn path(&self) -> &Path {
        &self.0.path
    }

    pub(super) fn at(&self) -> At<'_> {
        At(&self.0.path)
    }

    pub(super) fn database(&self) -> Result<MutexGuard<'_, Connection>, DurableError> {
        // The error holds the guard itself and tells no more than that it is one.
        self.0.database.lock().map_err(|_poisoned| DurableError::Poisoned { path: self.0.path.clone() })
    }

    /// Does several things or none of them; on disk when it returns.
    pub(super) fn all<T>(
        &self,
        doing: &'static str,
        work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, DurableError> {
        let mut database = self.database()?;
        let done = database.transaction_with_behavior(TransactionBehavior::Immediate).and_then(|transaction| {
            let done = work(&transaction)?;
            transaction.commit().map(|()| done)
        });
        done.map_err(|e| self.at().database(doing, e))
    }

    /// A run starts: from here on it is never forgotten that there was one.
    pub fn begin(&self, id: &str, started_us: i64, target: &str) -> Result<(), DurableError> {
        let sql = "INSERT INTO runs (id, started_us, target, status, bytes) VALUES (?1, ?2, ?3, ?4, 0)
                   ON CONFLICT (id) DO NOTHING";
        let written = self.all("begin a run", |tx| tx.execute(sql, params![id, started_us, target, RUNNING]))?;
        if written == 0 {
            return Err(DurableError::Twice { path: self.0.path.clone(), id: id.to_owned() });
        }
        Ok(())
    }

    /// A run ends with its bundle. Acknowledged = on disk. When and what it was asked stays as it began.
    pub fn put(&self, row: &Row, bundle: &[u8]) -> Result<(), DurableError> {
        let bytes = i64::try_from(bundle.len()).unwrap_or(i64::MAX);
        let digest = bundle::sha256(bundle);
        // A start that could not be written down, as on a disk that was full then, is no reason to lose the end.
        let ended = "INSERT INTO runs (id, started_us, target, status, location, cause, bytes)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                     ON CONFLICT (id) DO UPDATE SET status = ?4, location = ?5, cause = ?6, bytes = ?7
                     WHERE status = ?8";
        let kept = "INSERT INTO bundles (id, sha256, bundle) VALUES (?1, ?2, ?3)";
        let found = self.all("keep a run", |tx| {
            let Row { id, started_us, target, status, location, cause, .. } = row;
            if tx.execute(ended, params![id, started_us, target, status, location, cause, bytes, RUNNING])? == 0 {
                return Ok(false);
            }
            tx.execute(kept, params![id, digest, bundle]).map(|_| true)
        })?;
        if found { Ok(()) } else { Err(DurableError::Ended { path: self.0.path.clone(), id: row.id.clone() }) }
    }

    /// A run that was begun ends without a report. One that has ended already stays as it is.
    pub fn interrupt(&self, id: &str) -> Result<(), DurableError> {
        let sql = "UPDATE runs SET status = ?2 WHERE id = ?1 AND status = ?3";
        self.all("interrupt a run", |tx| tx.execute(sql, [id, INTERRUPTED, RUNNING]).map(drop))
    }

    /// The bundle of a run, byte for byte as it was put; none when there is none.
    pub fn get(&self, id: &str) -> Result<Option<Vec<u8>>, DurableError> {
        let sql = "SELECT sha256, bundle FROM bundles WHERE id = ?1";
        let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, Vec<u8>>(1)?));
        let found = self.database()?.query_row(sql, [id], read).optional();
        match found.map_err(|e| self.at().database("read a run", e))? {
            Some((digest, bundle)) if digest == bundle::sha256(&bundle) => Ok(Some(bundle)),
            Some(_) => {
                let found = format!("the bundle of run {id} differs from its digest");
                Err(DurableError::Damaged { path: self.0.path.clone(), found })
            }
            None => Ok(None),
        }
    }

    /// The newest runs, newest first; at most a thousand.
    pub fn list(&self, most: usize) -> Result<Vec<Row>, DurableError> {
        let sql = format!("SELECT {COLUMNS} FROM runs ORDER BY started_us DESC, id DESC LIMIT ?1");
        let most = i64::try_from(most.min(LISTED)).unwrap_or(i64::MAX);
        let database = self.database()?;
        let rows = database.prepare(&sql).and_then(|mut asked| asked.query_map([most], row)?.collect());
        rows.map_err(|e| self.at().database("list runs", e))
    }

    /// Removes runs beyond the bounds, oldest first; never the newest, never one that goes on. Gives the space back.
    pub fn retain(&self, bounds: &Bounds) -> Result<Pruned, DurableError> {
        let now = now_us();
        let sql = format!("SELECT {COLUMNS} FROM runs WHERE status <> ?1 ORDER BY started_us DESC, id DESC");
        let pruned = self.all("remove old runs", |tx| {
            let ended: Vec<Row> = tx.prepare(&sql)?.query_map([RUNNING], row)?.collect::<Result<_, _>>()?;
            let (mut pruned, mut gone) = (Pruned::default(), Vec::new());
            for run in ended {
                let age = Duration::from_micros(u64::try_from(now.saturating_sub(run.started_us)).unwrap_or(0));
                if gone.is_empty() && bounds.hold(&pruned, run.bytes, age) || bounds.protect(&pruned, age) {
                    pruned.kept += 1;
                    pruned.kept_bytes = pruned.kept_bytes.saturating_add(run.bytes);
                } else {
                    gone.push(run);
                }
            }
            for run in gone.into_iter().rev() {
                tx.execute("DELETE FROM runs WHERE id = ?1", [&run.id])?;
                pruned.bytes = pruned.bytes.saturating_add(run.bytes);
                pruned.runs.push(run.id);
            }
            Ok(pruned)
        })?;
        if !pruned.runs.is_empty() {
            vacuum(&*self.database()?).map_err(|e| self.at().database("give space back", e))?;
        }
        Ok(pruned)
    }

    /// Copies the store into a new file while it is in use. The copy is whole or it is not there.
    pub fn backup(&self, to: &Path) -> Result<(), DurableError> {
        // A connection of its own: writers go on meanwhile, and the copy is of one instant.
        copy(&read_only(&self.0.path)?, to)
    }
}

/// Makes a store out of a backup. Refuses a damaged one, and a place where something is.
pub fn restore(backup: &Path, to: &Path) -> Result<(), DurableError> {
    let source = read_only(backup)?;
    identify(&source, At(backup))?;
    check(&source, At(backup))?;
    copy(&source, to)
}

/// Where something was tried, for the errors.
#[derive(Clone, Copy)]
pub(super) struct At<'p>(pub(super) &'p Path);

impl At<'_> {
    pub(super) fn database(self, doing: &'static str, source: rusqlite::Error) -> DurableError {
        let path = self.0.to_owned();
        match source.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => DurableError::Full { path },
            Some(ErrorCode::DatabaseCorrupt) => DurableError::Damaged { path, found: source.to_string() },
            Some(ErrorCode::NotADatabase) => DurableError::Foreign { path },
            _ => DurableError::Database { path, doing, source },
        }
    }

    pub(super) fn file(self, doing: &'static str, source: io::Error) -> DurableError {
        let path = self.0.to_owned();
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => DurableError::Full { path },
            _ => DurableError::File { path, doing, source },
        }
    }
}

/// The path with something after it; `SQLite` names its own files beside a database in the same way.
pub(super) fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

fn owner(path: &Path) -> Result<File, DurableError> {
    let at = At(path);
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(beside(path, ".lock"));
    let file = file.map_err(|e| at.file("open its lock", e))?;
    match locked(&file, OWNER_WAIT) {
        Ok(true) => Ok(file),
        Ok(false) => Err(DurableError::InUse { path: path.to_owned() }),
        Err(e) => Err(at.file("lock", e)),
    }
}

/// Makes the tables when there are none; true when there are some.
fn prepare_new(database: &Connection) -> rusqlite::Result<bool> {
    database.busy_timeout(BUSY)?;
    let tables: i64 = database.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if tables > 0 {
        return Ok(true);
    }
    // Before the first table: it can't be changed afterwards.
    database.pragma_update(None, "auto_vacuum", "INCREMENTAL")?;
    let stamp = format!("PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {VERSION};");
    database.execute_batch(&format!("BEGIN IMMEDIATE; {TABLES} {ADDED} {stamp} COMMIT;"))?;
    Ok(false)
}

fn settings(database: &Connection) -> rusqlite::Result<()> {
    database.pragma_update(None, "journal_mode", "WAL")?;
    database.pragma_update(None, "synchronous", "FULL")?;
    database.pragma_update(None, "journal_size_limit", LOG_BYTES)?;
    database.pragma_update(None, "foreign_keys", true)?;
    // The file may come from elsewhere: no function is called from its schema.
    database.pragma_update(None, "trusted_schema", false)
}

/// Each step frees one page; it is done when there is no next one.
fn vacuum(database: &Connection) -> rusqlite::Result<()> {
    let mut asked = database.prepare("PRAGMA incremental_vacuum")?;
    let mut pages = asked.query([])?;
    while pages.next()?.is_some() {}
    Ok(())
}

/// The version of its tables.
pub(super) fn identify(database: &Connection, at: At<'_>) -> Result<i32, DurableError> {
    let number = |name| database.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
    let found = number("application_id").and_then(|id| number("user_version").map(|version| (id, version)));
    match found.map_err(|e| at.database("identify", e))? {
        (APPLICATION, version @ 1..=VERSION) => Ok(version),
        _ => Err(DurableError::Foreign { path: at.0.to_owned() }),
    }
}

pub(super) fn check(database: &Connection, at: At<'_>) -> Result<(), DurableError> {
    let sql = format!("PRAGMA integrity_check({DAMAGES})");
    let found: String = database.query_row(&sql, [], |row| row.get(0)).map_err(|e| at.database("check", e))?;
    if found == "ok" { Ok(()) } else { Err(DurableError::Damaged { path: at.0.to_owned(), found }) }
}

pub(super) fn read_only(path: &Path) -> Result<Connection, DurableError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let opened = Connection::open_with_flags(path, flags).and_then(|database| {
        database.busy_timeout(BUSY)?;
        Ok(database)
    });
    opened.map_err(|e| At(path).database("open", e))
}

pub(super) fn copy(source: &Connection, to: &Path) -> Result<(), DurableError> {
    let at = At(to);
    // A log that an earlier store left beside its place would be taken for the copy's own, and damage it.
    for path in ["", "-wal", "-shm", "-journal"].map(|end| beside(to, end)) {
        if fs::symlink_metadata(&path).is_ok() {
            return Err(DurableError::Exists { path });
        }
    }
    let part = beside(to, ".part");
    let copied = pages(source, &part, at).and_then(|()| {
        let synced = File::open(&part).and_then(|file| file.sync_all());
        synced.and_then(|()| fs::rename(&part, to)).map_err(|e| at.file("write", e))
    });
    if copied.is_err() {
        // Nothing half-written stays; that it could not even be removed adds nothing to the first error.
        fs::remove_file(&part).unwrap_or_default();
    }
    copied?;
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(|e| at.file("write", e))
}

/// All pages in one step: one read of one instant, which in WAL holds no writer up.
fn pages(source: &Connection, part: &Path, at: At<'_>) -> Result<(), DurableError> {
    fs::remove_file(part)
        .or_else(|e| if e.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(e) })
        .map_err(|e| at.file("write", e))?;
    let mut target = Connection::open(part).map_err(|e| at.database("open", e))?;
    let step = Backup::new(source, &mut target).and_then(|backup| backup.step(-1));
    match step.map_err(|e| at.database("copy", e))? {
        StepResult::Done => {}
        _ => return Err(DurableError::InUse { path: at.0.to_owned() }),
    }
    // A copy is one file: the mode of its source would want two beside it to be read at all.
    target.pragma_update(None, "journal_mode", "DELETE").map_err(|e| at.database("copy", e))?;
    target.close().map_err(|(_, e)| at.database("close", e))
}

pub(super) fn row(row: &rusqlite::Row<'_>) -> rusqlite::Result<Row> {
    Ok(Row {
        id: row.get(0)?,
        started_us: row.get(1)?,
        target: row.get(2)?,
        status: row.get(3)?,
        location: row.get(4)?,
        cause: row.get(5)?,
        bytes: u64::try_from(row.get::<_, i64>(6)?).unwrap_or(0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let path = std::env::temp_dir().join(format!("mesh-sqlite-{}-{name}", std::process::id()));
        fs::remove_dir_all(&path).unwrap_or_default();
        fs::create_dir_all(&path).unwrap();
        path
    }

    #[test]
    fn the_settings_that_durability_rests_on_are_on() {
        let folder = folder("settings");
        let store = Durable::open(&folder.join("runs.db")).unwrap();
        let number =
            |name| store.database().unwrap().pragma_query_value(None, name, |row| row.get::<_, i64>(0)).unwrap();
        assert_eq!((number("synchronous"), number("foreign_keys"), number("trusted_schema")), (2, 1, 0));
        assert_eq!(number("auto_vacuum"), 2, "incremental");
        let mode = |row: &rusqlite::Row<'_>| row.get::<_, String>(0);
        assert_eq!(store.database().unwrap().pragma_query_value(None, "journal_mode", mode).unwrap(), "wal");
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn the_database_of_another_program_is_told_and_left_as_it_was() {
        let folder = folder("foreign");
        let path = folder.join("theirs.db");
        let theirs = Connection::open(&path).unwrap();
        theirs.execute_batch("CREATE TABLE theirs (a); INSERT INTO theirs VALUES (1);").unwrap();
        drop(theirs);
        let before = fs::read(&path).unwrap();
        assert!(matches!(Durable::open(&path), Err(DurableError::Foreign { .. })));
        assert!(matches!(restore(&path, &folder.join("copy.db")), Err(DurableError::Foreign { .. })));
        assert!(fs::read(&path).unwrap() == before);
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_store_of_the_version_before_is_brought_up_to_date_and_keeps_its_runs() {
        let folder = folder("before");
        let path = folder.join("runs.db");
        let before = Connection::open(&path).unwrap();
        before.execute_batch(TABLES).unwrap();
        before.execute_batch(&format!("PRAGMA application_id = {APPLICATION}; PRAGMA user_version = 1;")).unwrap();
        before.execute_batch("INSERT INTO runs VALUES ('run00001', 1, 'x', 'running', NULL, NULL, 0);").unwrap();
        drop(before);
        for _ in 0..2 {
            let store = Durable::open(&path).unwrap();
            assert_eq!(store.list(9).unwrap()[0].status, INTERRUPTED);
            assert!(store.pieces("run00001").unwrap().items.is_empty());
        }
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_store_of_a_later_version_is_not_touched() {
        let folder = folder("later");
        let path = folder.join("runs.db");
        let store = Durable::open(&path).unwrap();
        store.database().unwrap().pragma_update(None, "user_version", VERSION + 1).unwrap();
        drop(store);
        assert!(matches!(Durable::open(&path), Err(DurableError::Foreign { .. })));
        fs::remove_dir_all(&folder).unwrap();
    }
}
