//! What was done and asked, by whom and from where: JSON lines in the state folder, added to and never changed.
//!
//! A line is on disk before what it tells of takes effect or is answered, and where it can't be written nothing is done. It
//! holds no secrets: no token, no header, no query, no user information of a URL.
//!
//! ```text
//! audit/0000000001.jsonl    one row a line; the highest number is written to
//! ```

use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use mesh_proto::{
    authz::Peer,
    identity::{
        credential::{private_folder, settle},
        now_us,
    },
    v1::{ProbeSpec, Target, probe_spec},
};
use serde::{Deserialize, Serialize};
use tokio::task;
use tonic::Status;

/// A file is followed by the next one at this size.
const FILE_BYTES: u64 = 8 << 20;
/// Files that are kept: 128 MiB, some half a million rows.
const FILES: usize = 16;
/// Longest row. 200 vantages with the longest names stay below.
const ROW_BYTES: usize = 32 << 10;
/// Longest text in a row: whatever a caller may choose freely.
const TEXT_BYTES: usize = 512;
/// Rows about refusals: whoever is refused again and again must not push out what was done.
const REFUSALS: (f64, f64) = (64.0, 2.0);
const ENDING: &str = ".jsonl";

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Act {
    TokenMade,
    Enrolled,
    /// The same answer once more, to the same key, because the first was lost.
    EnrolledAgain,
    EnrolmentRefused,
    Renewed,
    Revoked,
    RoleRefused,
    Diagnose,
    Measure,
}

impl Act {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TokenMade => "token-made",
            Self::Enrolled => "enrolled",
            Self::EnrolledAgain => "enrolled-again",
            Self::EnrolmentRefused => "enrolment-refused",
            Self::Renewed => "renewed",
            Self::Revoked => "revoked",
            Self::RoleRefused => "role-refused",
            Self::Diagnose => "diagnose",
            Self::Measure => "measure",
        }
    }
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Unix microseconds.
    pub at_us: i64,
    pub act: Act,
    /// `ROLE NAME`, or what stands for somebody without a certificate.
    pub by: String,
    /// Address it came from; empty = the coordinator's own machine.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub from: String,
    /// What or whom it is about: a member, a token's id, a method, a target.
    pub about: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub vantages: Vec<String>,
    /// The run that was begun.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub run: String,
    /// Why not, of a refusal.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// Refusals before this one that have no row.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub left_out: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

impl Row {
    /// A row of now, by whoever is at the other end of a connection.
    pub fn of(peer: &Peer, act: Act, about: impl Into<String>) -> Self {
        let from = peer.address.map(|address| address.to_string()).unwrap_or_default();
        Self { from, ..Self::here(&peer.name(), act, about) }
    }

    /// A row of now, by a command on this machine.
    pub fn here(by: &str, act: Act, about: impl Into<String>) -> Self {
        Self {
            at_us: now_us(),
            act,
            by: by.to_owned(),
            from: String::new(),
            about: cut(about.into()),
            vantages: Vec::new(),
            run: String::new(),
            reason: String::new(),
            left_out: 0,
        }
    }

    #[must_use]
    pub fn because(self, reason: impl Into<String>) -> Self {
        Self { reason: cut(reason.into()), ..self }
    }

    #[must_use]
    pub fn run(self, run: &str, vantages: Vec<String>) -> Self {
        Self { run: run.to_owned(), vantages, ..self }
    }
}

fn cut(mut text: String) -> String {
    if text.len() > TEXT_BYTES {
        text.truncate(text.floor_char_boundary(TEXT_BYTES));
        text.push('…');
    }
    text
}

/// A target without what may be secret: the query of its path, and whatever was typed around it.
pub fn target(target: &Target) -> String {
    let host = if target.host.contains(':') { format!("[{}]", target.host) } else { target.host.clone() };
    // A host never has user information of its own; what stands before an "@" is not one.
    let host = host.rsplit('@').next().unwrap_or_default();
    let path = target.path.split(['?', '#']).next().unwrap_or_default();
    let query = if path.len() < target.path.len() { "?…" } else { "" };
    format!("{}://{host}:{}{path}{query}", target.scheme, target.port)
}

/// What a measurement asks, without its path and headers.
fn measured(probe: &ProbeSpec) -> String {
    use probe_spec::Probe;
    let at = |kind: &str, name: &str, address: &str, port: u32| {
        let name = if name.is_empty() { String::new() } else { format!(" {name}") };
        format!("{kind}{name} at {address} port {port}")
    };
    match &probe.probe {
        None => "nothing".to_owned(),
        Some(Probe::Resolve(spec)) => format!("resolve {}", spec.name),
        Some(Probe::Dns(spec)) => at("dns", &spec.name, &spec.server, spec.port),
        Some(Probe::Tcp(spec)) => at("tcp", &spec.name, &spec.address, spec.port),
        Some(Probe::Tls(spec)) => at("tls", &spec.name, &spec.address, spec.port),
        Some(Probe::Http(spec)) => at("http", &spec.name, &spec.address, spec.port),
        Some(Probe::Icmp(spec)) => at("icmp", "", &spec.address, 0),
        Some(Probe::Pmtu(spec)) => at("pmtu", &spec.name, &spec.address, spec.port),
        Some(Probe::Mss(spec)) => at("mss", &spec.name, &spec.address, spec.port),
        Some(Probe::Trace(spec)) => at("trace", &spec.name, &spec.address, spec.port),
        Some(Probe::Collect(spec)) => at("collect", "", &spec.addresses.join(" "), spec.port),
    }
}

/// What a run is about to ask.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Asked<'a> {
    Diagnose(&'a Target),
    Measure(&'a ProbeSpec),
}

/// Puts a run on disk before anybody is asked; without the row there is no run. A coordinator inside somebody's own command
/// has no log.
pub(crate) async fn before(
    audit: Option<&Arc<Audit>>,
    peer: Option<&Peer>,
    asked: Asked<'_>,
    run: &str,
    vantages: Vec<String>,
) -> Result<(), Status> {
    let (Some(audit), Some(peer)) = (audit.cloned(), peer) else { return Ok(()) };
    let (act, about) = match asked {
        Asked::Diagnose(asked) => (Act::Diagnose, target(asked)),
        Asked::Measure(probe) => (Act::Measure, measured(probe)),
    };
    let row = Row::of(peer, act, about).run(run, vantages);
    let written = task::spawn_blocking(move || audit.record(&row));
    written
        .await
        .map_err(|e| Status::internal(format!("the coordinator's own task broke: {e}")))?
        .map_err(|e| Status::unavailable(e.to_string()))
}

/// Why a row is not on disk. Nothing may be done then.
#[derive(Debug, thiserror::Error)]
#[error("the audit can't be written, so nothing is done: {path}: {source}; make room there", path = .path.display())]
pub struct AuditError {
    path: PathBuf,
    source: io::Error,
}

#[derive(Debug)]
struct Open {
    file: File,
    number: u64,
    bytes: u64,
    /// The file does not end with a line's end: a row was cut short.
    torn: bool,
    refusals: f64,
    filled_us: i64,
    left_out: u64,
}

/// The log.
#[derive(Debug)]
pub struct Audit {
    folder: PathBuf,
    most: u64,
    open: Mutex<Open>,
}

impl Audit {
    /// Opens the log of a state folder, and begins it at first use.
    pub fn open(state: &Path) -> Result<Self, AuditError> {
        Self::with_size(state, FILE_BYTES)
    }

    fn with_size(state: &Path, most: u64) -> Result<Self, AuditError> {
        let folder = state.join("audit");
        let opened = private_folder(&folder).and_then(|()| {
            let number = numbers(&folder)?.last().copied().unwrap_or(1);
            let (file, bytes, torn) = at(&folder, number)?;
            Ok(Open { file, number, bytes, torn, refusals: REFUSALS.0, filled_us: now_us(), left_out: 0 })
        });
        match opened {
            Ok(open) => Ok(Self { folder, most, open: Mutex::new(open) }),
            Err(source) => Err(AuditError { path: folder, source }),
        }
    }

    /// Puts a row on disk.
    pub fn record(&self, row: &Row) -> Result<(), AuditError> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        self.add(&mut open, row).map_err(|source| AuditError { path: path(&self.folder, open.number), source })
    }

    /// Puts a refusal on disk, unless there were too many just now: those are counted in the next row.
    pub fn record_refusal(&self, mut row: Row) -> Result<(), AuditError> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let passed = u32::try_from((row.at_us - open.filled_us).max(0) / 1_000).unwrap_or(u32::MAX);
        open.refusals = (open.refusals + f64::from(passed) / 1_000.0 * REFUSALS.1).min(REFUSALS.0);
        open.filled_us = row.at_us;
        if open.refusals < 1.0 {
            open.left_out += 1;
            return Ok(());
        }
        open.refusals -= 1.0;
        row.left_out = std::mem::take(&mut open.left_out);
        self.add(&mut open, &row).map_err(|source| AuditError { path: path(&self.folder, open.number), source })
    }

    fn add(&self, open: &mut Open, row: &Row) -> io::Result<()> {
        let mut line = serde_json::to_vec(row)?;
        if line.len() >= ROW_BYTES {
            return Err(io::Error::other(format!("a row of {} bytes, more than {ROW_BYTES}", line.len())));
        }
        line.push(b'\n');
        if open.bytes >= self.most {
            self.turn(open)?;
        }
        if open.torn {
            line.insert(0, b'\n');
        }
        open.torn = true;
        open.file.write_all(&line)?;
        open.torn = false;
        open.bytes += line.len() as u64;
        open.file.sync_data()
    }

    /// Goes on in a new file, and removes the oldest beyond what is kept.
    fn turn(&self, open: &mut Open) -> io::Result<()> {
        let number = open.number + 1;
        let (file, bytes, torn) = at(&self.folder, number)?;
        (open.file, open.number, open.bytes, open.torn) = (file, number, bytes, torn);
        let kept = numbers(&self.folder)?;
        for old in kept.iter().take(kept.len().saturating_sub(FILES)) {
            fs::remove_file(path(&self.folder, *old))?;
        }
        settle(&self.folder)
    }
}

fn path(folder: &Path, number: u64) -> PathBuf {
    folder.join(format!("{number:010}{ENDING}"))
}

fn at(folder: &Path, number: u64) -> io::Result<(File, u64, bool)> {
    let mut file = OpenOptions::new().read(true).append(true).create(true).mode(0o600).open(path(folder, number))?;
    settle(folder)?;
    let bytes = file.metadata()?.len();
    let mut last = [b'\n'];
    if bytes > 0 {
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
    }
    Ok((file, bytes, last != [b'\n']))
}

/// Numbers of the files, in order.
fn numbers(folder: &Path) -> io::Result<Vec<u64>> {
    let mut numbers = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        let number: Option<u64> =
            name.to_str().and_then(|name| name.strip_suffix(ENDING)).and_then(|name| name.parse().ok());
        numbers.extend(number);
    }
    numbers.sort_unstable();
    Ok(numbers)
}

/// Gives every row to `each`, oldest first, and tells how many lines are none. Stops when `each` says false.
pub fn read(state: &Path, mut each: impl FnMut(&Row, &str) -> bool) -> Result<u64, AuditError> {
    let folder = state.join("audit");
    let wrong = |path: &Path| {
        let path = path.to_owned();
        move |source| AuditError { path, source }
    };
    let mut torn = 0;
    for number in numbers(&folder).map_err(wrong(&folder))? {
        let path = path(&folder, number);
        let mut lines = BufReader::new(File::open(&path).map_err(wrong(&path))?);
        loop {
            let mut line = String::new();
            let most = ROW_BYTES as u64 * 2;
            if lines.by_ref().take(most).read_line(&mut line).map_err(wrong(&path))? == 0 {
                break;
            }
            let line = line.trim_end_matches('\n');
            match serde_json::from_str::<Row>(line) {
                Ok(row) => {
                    if !each(&row, line) {
                        return Ok(torn);
                    }
                }
                Err(_) if line.is_empty() => {}
                Err(_) => torn += 1,
            }
        }
    }
    Ok(torn)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("probemesh-audit-{name}-{}", std::process::id()));
            drop(fs::remove_dir_all(&path));
            Self(path)
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            drop(fs::remove_dir_all(&self.0));
        }
    }

    fn row(about: &str) -> Row {
        Row::here("operator oncall", Act::Diagnose, about)
    }

    fn about(state: &Path) -> (Vec<String>, u64) {
        let mut seen = Vec::new();
        let torn = read(state, |row, _| {
            seen.push(row.about.clone());
            true
        });
        (seen, torn.expect("reads"))
    }

    #[test]
    fn rows_are_read_as_they_were_written_also_after_a_row_that_was_cut_short() {
        let state = Folder::new("torn");
        let audit = Audit::open(&state.0).expect("opens");
        audit.record(&row("a")).expect("written");
        drop(audit);
        let file = path(&state.0.join("audit"), 1);
        let whole = fs::read(&file).expect("file");
        fs::write(&file, [whole.as_slice(), br#"{"at_us":1,"act":"dia"#].concat()).expect("damage");
        let audit = Audit::open(&state.0).expect("opens again");
        audit.record(&row("b")).expect("written");
        assert_eq!(about(&state.0), (vec!["a".to_owned(), "b".to_owned()], 1));
    }

    #[test]
    fn the_log_is_bounded_and_the_newest_rows_stay() {
        let state = Folder::new("bounded");
        let audit = Audit::with_size(&state.0, 400).expect("opens");
        for number in 0..200 {
            audit.record(&row(&number.to_string())).expect("written");
        }
        let files = numbers(&state.0.join("audit")).expect("files");
        assert_eq!(files.len(), FILES);
        let (seen, torn) = about(&state.0);
        assert_eq!((seen.last().map(String::as_str), torn), (Some("199"), 0));
        assert!(seen.len() >= FILES && seen.len() < 200, "{}", seen.len());
    }

    #[test]
    fn refusals_without_end_leave_room_for_what_was_done() {
        let state = Folder::new("refusals");
        let audit = Audit::open(&state.0).expect("opens");
        for _ in 0..1_000 {
            audit.record_refusal(Row { act: Act::RoleRefused, ..row("/mesh.v1.Mesh/Revoke") }).expect("written");
        }
        let (seen, _) = about(&state.0);
        assert!((64..80).contains(&seen.len()), "{}", seen.len());
        let later = Row { at_us: now_us() + 10_000_000, ..row("later") };
        audit.record_refusal(later).expect("written");
        let mut left_out = 0;
        read(&state.0, |row, _| {
            left_out += row.left_out;
            true
        })
        .expect("reads");
        assert_eq!(left_out, 1_001 - about(&state.0).0.len() as u64);
    }

    #[test]
    fn what_a_target_may_hold_of_secrets_is_not_in_its_row() {
        let mut asked = Target {
            input: "https://bob:hunter2@api.lab/x?token=hunter2".to_owned(),
            scheme: "https".to_owned(),
            host: "api.lab".to_owned(),
            port: 443,
            path: "/x?token=hunter2#hunter2".to_owned(),
            ..Target::default()
        };
        assert_eq!(target(&asked), "https://api.lab:443/x?…");
        (asked.host, asked.path) = ("bob:hunter2@2001:db8::1".to_owned(), String::new());
        assert!(!target(&asked).contains("hunter2"), "{}", target(&asked));
    }
}
