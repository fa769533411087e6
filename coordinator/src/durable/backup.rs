//! A coordinator's whole state in one file: the database of runs, with the files of the membership in a table of it.

use std::{
    fs::{self, File, Permissions},
    io::{self, Read as _},
    os::unix::fs::PermissionsExt as _,
    path::Path,
};

use mesh_proto::{
    bundle::attached::is_plain,
    identity::credential::{private_folder, replace, settle},
};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::sqlite::{At, DurableError, beside, check, copy, identify, read_only};

/// File of the state folder with the runs.
pub const RUNS: &str = "runs.db";
/// The authority and the mesh's name.
const AUTHORITY: [&str; 3] = ["ca.key", "ca.pem", "mesh"];
/// Files that a coordinator may have beside: when probers were last there.
const BESIDE: [&str; 1] = ["seen"];
/// Folders of records. Spent tokens after tokens, and revocations last: what changes meanwhile is rather spent and rather
/// revoked. Of the audit, the row that is being written may be cut off.
const RECORDS: [&str; 5] = ["tokens", "members", "audit", "spent", "revoked"];
/// Largest file: one of an audit, and room for its last row; everything else is far below.
const FILE_BYTES: u64 = 16 << 20;
/// Most files.
const FILES: usize = 400_000;

const TABLE: &str = "CREATE TABLE membership (name TEXT PRIMARY KEY, content BLOB NOT NULL) STRICT;";

/// What a backup holds, or what was restored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Covered {
    pub runs: u64,
    /// Everybody who was ever given a certificate.
    pub members: u64,
    pub revoked: u64,
    /// Tokens that were not used yet.
    pub tokens: u64,
}

/// Copies the state of a coordinator, that may be serving, into a new file. The file is whole or it is not there; its owner
/// alone may read it, because it holds the authority's key.
pub fn backup(state: &Path, to: &Path) -> Result<Covered, DurableError> {
    if fs::symlink_metadata(to).is_ok() {
        return Err(DurableError::Exists { path: to.to_owned() });
    }
    let fresh = beside(to, ".new");
    let made = begin(state, &fresh).and_then(|covered| {
        let synced = File::open(&fresh).and_then(|file| file.sync_all());
        let placed = synced.and_then(|()| fs::rename(&fresh, to)).and_then(|()| settle(parent(to)));
        placed.map_err(|e| At(to).file("write", e)).map(|()| covered)
    });
    if made.is_err() {
        // Nothing half-written stays; that it could not even be removed adds nothing to the first error.
        fs::remove_file(&fresh).unwrap_or_default();
    }
    made
}

fn begin(state: &Path, fresh: &Path) -> Result<Covered, DurableError> {
    let at = At(fresh);
    copy(&read_only(&state.join(RUNS))?, fresh)?;
    fs::set_permissions(fresh, Permissions::from_mode(0o600)).map_err(|e| at.file("make private", e))?;
    let failed = |e| at.database("write the membership", e);
    let mut database = Connection::open(fresh).map_err(failed)?;
    let tx = database.transaction().map_err(failed)?;
    tx.execute_batch(TABLE).map_err(failed)?;
    membership(state, |name, content| {
        let sql = "INSERT INTO membership (name, content) VALUES (?1, ?2)";
        tx.execute(sql, params![name, content]).map(drop).map_err(failed)
    })?;
    tx.commit().map_err(failed)?;
    let covered = covered(&database).map_err(failed)?;
    database.close().map_err(|(_, e)| at.database("close", e))?;
    Ok(covered)
}

/// Makes the state of a coordinator out of a backup. Refuses a damaged one, and a place where something is.
pub fn restore(state: &Path, from: &Path) -> Result<Covered, DurableError> {
    let taken = match fs::read_dir(state) {
        Ok(mut entries) => entries.next().is_some(),
        Err(e) => e.kind() != io::ErrorKind::NotFound,
    };
    let fresh = beside(state, ".restoring");
    for (path, taken) in [(state, taken), (fresh.as_path(), fs::symlink_metadata(&fresh).is_ok())] {
        if taken {
            return Err(DurableError::Exists { path: path.to_owned() });
        }
    }
    let source = read_only(from)?;
    identify(&source, At(from))?;
    check(&source, At(from))?;
    let failed = |e| At(from).database("read the membership", e);
    let named = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'membership'";
    if source.query_row(named, [], |_| Ok(())).optional().map_err(failed)?.is_none() {
        return Err(DurableError::Foreign { path: from.to_owned() });
    }
    let made = unpack(&source, from, &fresh).and_then(|covered| {
        let placed = fs::rename(&fresh, state).and_then(|()| settle(parent(state)));
        placed.map_err(|e| At(state).file("put in its place", e)).map(|()| covered)
    });
    if made.is_err() {
        fs::remove_dir_all(&fresh).unwrap_or_default();
    }
    made
}

fn unpack(source: &Connection, from: &Path, fresh: &Path) -> Result<Covered, DurableError> {
    let failed = |e| At(from).database("read the membership", e);
    let covered = covered(source).map_err(failed)?;
    private_folder(fresh).map_err(|e| At(fresh).file("make", e))?;
    for folder in RECORDS {
        let folder = fresh.join(folder);
        private_folder(&folder).map_err(|e| At(&folder).file("make", e))?;
    }
    // A token that was used while the backup was made is in it twice, and is used.
    let sql = "SELECT name, content FROM membership
               WHERE name NOT LIKE 'tokens/%' OR 'spent/' || substr(name, 8) NOT IN (SELECT name FROM membership)";
    let mut asked = source.prepare(sql).map_err(failed)?;
    let files = asked.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, Vec<u8>>(1)?))).map_err(failed)?;
    for file in files.take(FILES) {
        let (name, content) = file.map_err(failed)?;
        let known = match name.split_once('/') {
            Some((folder, record)) => RECORDS.contains(&folder) && is_plain(record),
            None => AUTHORITY.contains(&name.as_str()) || BESIDE.contains(&name.as_str()),
        };
        if !known {
            let found = format!("{name:?} is no file of a membership");
            return Err(DurableError::Damaged { path: from.to_owned(), found });
        }
        let path = fresh.join(&name);
        replace(&path, &content).map_err(|e| At(&path).file("write", e))?;
    }
    let runs = fresh.join(RUNS);
    copy(source, &runs)?;
    let forget = Connection::open(&runs).and_then(|database| {
        // The authority's key stays in no free page.
        database.pragma_update(None, "secure_delete", true)?;
        database.execute_batch("DROP TABLE membership;")
    });
    forget.map_err(|e| At(&runs).database("set up", e))?;
    fs::set_permissions(&runs, Permissions::from_mode(0o600)).map_err(|e| At(&runs).file("make private", e))?;
    Ok(covered)
}

/// Files of the membership, by their names below the state folder, one after the other.
fn membership(state: &Path, mut take: impl FnMut(&str, &[u8]) -> Result<(), DurableError>) -> Result<(), DurableError> {
    for name in AUTHORITY {
        take(name, &read(&state.join(name))?)?;
    }
    for name in BESIDE {
        if let Some(content) = gone(read(&state.join(name)))? {
            take(name, &content)?;
        }
    }
    let mut files = 0;
    for folder in RECORDS {
        let path = state.join(folder);
        let Some(entries) = gone(fs::read_dir(&path).map_err(|e| At(&path).file("read", e)))? else { continue };
        for entry in entries {
            let path = entry.map_err(|e| At(&path).file("read", e))?.path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
            // What begins with "." is being written.
            if name.starts_with('.') || !is_plain(&name) {
                continue;
            }
            files += 1;
            if files > FILES {
                let found = format!("more than {FILES} files of a membership");
                return Err(DurableError::Damaged { path: state.to_owned(), found });
            }
            // A token may have been used, or be over, since the folder was read.
            if let Some(content) = gone(read(&path))? {
                take(&format!("{folder}/{name}"), &content)?;
            }
        }
    }
    Ok(())
}

/// None when there is no such file.
fn gone<T>(read: Result<T, DurableError>) -> Result<Option<T>, DurableError> {
    match read {
        Ok(content) => Ok(Some(content)),
        Err(DurableError::File { source, .. }) if source.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(e),
    }
}

fn read(path: &Path) -> Result<Vec<u8>, DurableError> {
    let mut content = Vec::new();
    let read = File::open(path).and_then(|file| file.take(FILE_BYTES + 1).read_to_end(&mut content));
    read.map_err(|e| At(path).file("read", e))?;
    if content.len() as u64 > FILE_BYTES {
        let found = format!("more than {} MiB", FILE_BYTES >> 20);
        return Err(DurableError::Damaged { path: path.to_owned(), found });
    }
    Ok(content)
}

fn covered(database: &Connection) -> rusqlite::Result<Covered> {
    let count = |sql: &str| {
        database.query_row(sql, [], |row| row.get::<_, i64>(0)).map(|count| u64::try_from(count).unwrap_or(0))
    };
    let of = |folder: &str| count(&format!("SELECT count(*) FROM membership WHERE name LIKE '{folder}/%'"));
    Ok(Covered {
        runs: count("SELECT count(*) FROM runs")?,
        members: of("members")?,
        revoked: of("revoked")?,
        tokens: of("tokens")?,
    })
}

fn parent(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
