//! The durable store against what happens to stores: killed writers, full disks, damage, two owners.
#![cfg(feature = "store")]
#![expect(clippy::disallowed_methods, reason = "tests run themselves as children")]

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use mesh_coordinator::{
    durable::{Durable, DurableError, INTERRUPTED, RUNNING, Row, restore},
    store::Bounds,
};

/// Says to a child where its store is.
const PLACE: &str = "MESH_DURABLE_TEST";

/// A folder that goes with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("mesh-durable-{}-{name}", std::process::id()));
        fs::remove_dir_all(&path).unwrap_or_default();
        fs::create_dir_all(&path).expect("temporary folder");
        Self(path)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    fn store(&self) -> Durable {
        Durable::open(&self.path("runs.db")).expect("a store")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap_or_default();
    }
}

/// Bytes that follow from a number, so that whoever reads them knows whether they are right.
fn bundle(number: u32, bytes: usize) -> Vec<u8> {
    let mut state = number.wrapping_mul(2_654_435_761).wrapping_add(1);
    let next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    };
    std::iter::repeat_with(next).take(bytes).collect()
}

fn row(id: &str) -> Row {
    Row {
        id: id.to_owned(),
        status: "failing".to_owned(),
        location: Some("proved".to_owned()),
        cause: Some("path-mtu/blackhole".to_owned()),
        ..Row::default()
    }
}

fn keep(store: &Durable, number: u32, bytes: usize) -> Result<(), DurableError> {
    let id = format!("run{number:05}");
    store.begin(&id, i64::from(number), "http://api.lab/")?;
    store.put(&row(&id), &bundle(number, bytes))
}

/// Sizes from nothing to some pages.
fn size(number: u32) -> usize {
    usize::try_from(number % 7).expect("small") * 6_000
}

#[test]
fn what_is_put_is_there_and_listed_newest_first() {
    let folder = Folder::new("put");
    let store = folder.store();
    for number in [1, 3, 2] {
        keep(&store, number, 10_000).expect("kept");
    }
    store.begin("run00009", 9, "dns://api.lab").expect("begun");
    let rows = store.list(10).expect("rows");
    assert_eq!(
        rows.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(),
        ["run00009", "run00003", "run00002", "run00001"]
    );
    assert_eq!((rows[0].status.as_str(), rows[0].bytes), (RUNNING, 0));
    let expected = Row { started_us: 3, target: "http://api.lab/".to_owned(), bytes: 10_000, ..row("run00003") };
    assert_eq!(rows[1], expected);
    assert_eq!(store.get("run00003").expect("read"), Some(bundle(3, 10_000)));
    assert_eq!(store.get("run00009").expect("read"), None);
    assert_eq!(store.list(1).expect("rows").len(), 1);
    drop(store);
    assert_eq!(folder.store().get("run00002").expect("read"), Some(bundle(2, 10_000)));
}

#[test]
fn a_run_begins_once_and_ends_once() {
    let folder = Folder::new("once");
    let store = folder.store();
    keep(&store, 1, 10).expect("kept");
    assert!(matches!(store.begin("run00001", 5, "x"), Err(DurableError::Twice { .. })));
    assert!(matches!(store.put(&row("run00001"), b"other"), Err(DurableError::Ended { .. })));
    store.put(&Row { started_us: 7, ..row("run00002") }, b"its start was lost").expect("the end is kept all the same");
    assert_eq!(store.get("run00002").expect("read"), Some(b"its start was lost".to_vec()));
    store.interrupt("run00001").expect("nothing to do");
    assert!(store.list(9).expect("rows").iter().all(|row| row.status == "failing"));
    assert_eq!(store.get("run00001").expect("read"), Some(bundle(1, 10)));
}

#[test]
fn one_process_owns_a_store_at_a_time() {
    let folder = Folder::new("owner");
    let store = folder.store();
    store.begin("run00001", 1, "x").expect("begun");
    assert!(matches!(Durable::open(&folder.path("runs.db")), Err(DurableError::InUse { .. })));
    assert_eq!(store.list(9).expect("rows")[0].status, RUNNING, "the other one did not close it");
    drop(store);
    assert_eq!(folder.store().list(9).expect("rows")[0].status, INTERRUPTED);
}

#[test]
fn the_oldest_go_first_and_what_goes_on_stays() {
    let folder = Folder::new("retain");
    let store = folder.store();
    store.begin("run00000", 0, "goes on").expect("begun");
    for number in 1..=20 {
        keep(&store, number, 100_000).expect("kept");
    }
    let bounds = Bounds { runs: 5, fresh: Duration::ZERO, ..Bounds::default() };
    let pruned = store.retain(&bounds).expect("retained");
    assert_eq!((pruned.runs.len(), pruned.runs[0].as_str(), pruned.kept, pruned.bytes), (15, "run00001", 5, 1_500_000));
    let left: Vec<String> = store.list(99).expect("rows").into_iter().map(|row| row.id).collect();
    assert_eq!(left, ["run00020", "run00019", "run00018", "run00017", "run00016", "run00000"]);
    assert_eq!(store.get("run00001").expect("read"), None);
    let none = Bounds { runs: 0, bytes: 0, ..bounds };
    assert_eq!(store.retain(&none).expect("retained").kept, 1, "the newest stays");
    drop(store);
    let bytes = fs::metadata(folder.path("runs.db")).expect("a file").len();
    assert!(bytes < 500_000, "space is given back: {bytes}");
}

#[test]
fn a_backup_of_a_store_in_use_is_restored_byte_for_byte() {
    let folder = Folder::new("backup");
    let store = folder.store();
    for number in 0..50 {
        keep(&store, number, size(number)).expect("kept");
    }
    let rows = store.list(99).expect("rows");
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| (100..160).try_for_each(|number| keep(&store, number, size(number))));
        store.backup(&folder.path("copy.db")).expect("a backup");
        writer.join().expect("joined").expect("writers go on");
    });
    assert!(matches!(store.backup(&folder.path("copy.db")), Err(DurableError::Exists { .. })));
    restore(&folder.path("copy.db"), &folder.path("again.db")).expect("restored");
    assert!(matches!(restore(&folder.path("copy.db"), &folder.path("again.db")), Err(DurableError::Exists { .. })));
    let again = Durable::open(&folder.path("again.db")).expect("a store");
    let restored = again.list(999).expect("rows");
    assert!(rows.iter().all(|row| restored.contains(row)), "{restored:?}");
    for number in 0..50 {
        assert_eq!(again.get(&format!("run{number:05}")).expect("read"), Some(bundle(number, size(number))));
    }
    for row in restored.iter().filter(|row| row.status == "failing") {
        let number: u32 = row.id.trim_start_matches("run").parse().expect("a number");
        assert_eq!(again.get(&row.id).expect("read"), Some(bundle(number, size(number))), "one instant: {row:?}");
    }
    keep(&again, 999, 10).expect("a store like any other");
    drop(again);
    // The log of the store that was there would be read into the restored one.
    fs::rename(folder.path("again.db"), folder.path("other.db")).expect("renamed");
    fs::write(folder.path("again.db-wal"), "a log").expect("written");
    let told = restore(&folder.path("copy.db"), &folder.path("again.db")).expect_err("refused");
    assert!(told.to_string().contains("again.db-wal"), "{told}");
}

#[test]
fn damage_and_foreign_files_are_told_and_left_as_they_are() {
    let folder = Folder::new("damage");
    let path = folder.path("runs.db");
    let store = folder.store();
    for number in 0..40 {
        keep(&store, number, 20_000).expect("kept");
    }
    store.backup(&folder.path("copy.db")).expect("a backup");
    drop(store);
    let whole = fs::read(&path).expect("bytes");
    let mut damaged = whole.clone();
    for page in [2, 3, 4, 5] {
        damaged[page * 4_096..page * 4_096 + 200].fill(0x5a);
    }
    fs::write(&path, &damaged).expect("written");
    let told = Durable::open(&path).expect_err("damaged");
    assert!(matches!(told, DurableError::Damaged { .. }), "{told}");
    fs::write(folder.path("bad.db"), &damaged).expect("written");
    assert!(restore(&folder.path("bad.db"), &folder.path("new.db")).is_err());
    assert!(!folder.path("new.db").exists() && !folder.path("new.db.part").exists());
    fs::write(folder.path("notes.db"), "no database at all, but long enough to be looked at as one").expect("written");
    let told = Durable::open(&folder.path("notes.db")).expect_err("foreign");
    assert!(matches!(told, DurableError::Foreign { .. }), "{told}");
    fs::write(&path, &whole).expect("written");
    assert_eq!(folder.store().list(99).expect("rows").len(), 40);
}

#[test]
fn a_bundle_whose_bytes_changed_in_place_is_told() {
    let folder = Folder::new("flip");
    let store = folder.store();
    keep(&store, 1, 20_000).expect("kept");
    keep(&store, 2, 20_000).expect("kept");
    drop(store);
    let mut bytes = fs::read(folder.path("runs.db")).expect("bytes");
    let inner = bundle(1, 20_000)[9_000..9_040].to_vec();
    let at = bytes.windows(40).position(|window| window == inner).expect("the bundle is in the file");
    bytes[at] ^= 1;
    fs::write(folder.path("runs.db"), bytes).expect("written");
    let store = folder.store();
    let told = store.get("run00001").expect_err("damaged");
    assert!(told.to_string().contains("run00001 differs from its digest"), "{told}");
    assert_eq!(store.get("run00002").expect("read"), Some(bundle(2, 20_000)));
}

/// This test program.
fn own() -> String {
    std::env::current_exe().expect("this program").display().to_string()
}

/// Its arguments to carry out one of its children.
fn child(name: &str) -> [&str; 5] {
    ["--exact", name, "--ignored", "--nocapture", "--test-threads=1"]
}

fn place() -> Option<PathBuf> {
    std::env::var_os(PLACE).map(PathBuf::from)
}

fn say(text: &str) {
    let mut out = std::io::stdout().lock();
    out.write_all(format!("\n{text}\n").as_bytes()).and_then(|()| out.flush()).expect("stdout");
}

#[test]
#[ignore = "the child of another test"]
fn child_that_writes_until_it_is_killed() {
    let Some(path) = place() else { return };
    let store = Durable::open(&path).expect("a store");
    let from = u32::try_from(store.list(999).expect("rows").len()).expect("small");
    for number in from.. {
        let id = format!("run{number:05}");
        store.begin(&id, i64::from(number), "http://api.lab/").expect("begun");
        say(&format!("begun {number}"));
        store.put(&row(&id), &bundle(number, size(number))).expect("kept");
        say(&format!("kept {number}"));
    }
}

/// Starts the writer, kills it after so many acknowledgements, and notes what it acknowledged.
fn kill_after(path: &Path, kept: usize, begun: &mut BTreeMap<u32, bool>) {
    let mut child = Command::new(own())
        .args(child("child_that_writes_until_it_is_killed"))
        .env(PLACE, path)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the child starts");
    let mut seen = 0;
    let mut alive = true;
    for line in BufReader::new(child.stdout.take().expect("stdout")).lines() {
        let line = line.expect("a line");
        let number = |word| line.strip_prefix(word).and_then(|rest| rest.parse::<u32>().ok());
        if let Some(number) = number("begun ") {
            begun.entry(number).or_insert(false);
        } else if let Some(number) = number("kept ") {
            begun.insert(number, true);
            seen += 1;
        }
        if alive && seen >= kept {
            // At no particular point: the child is anywhere in its next write.
            std::thread::sleep(Duration::from_micros(u64::try_from(kept).expect("small") * 137 % 900));
            child.kill().expect("SIGKILL");
            alive = false;
        }
    }
    assert!(!child.wait().expect("its end").success() && !alive, "it was killed, it did not end");
}

#[test]
fn no_acknowledged_run_is_lost_when_its_writer_is_killed() {
    let folder = Folder::new("kill");
    let path = folder.path("runs.db");
    let mut begun = BTreeMap::new();
    for kept in [1, 2, 3, 5, 8, 13, 21, 7, 4, 10] {
        kill_after(&path, kept, &mut begun);
    }
    let store = Durable::open(&path).expect("whole after ten kills");
    let rows: BTreeMap<String, Row> =
        store.list(999).expect("rows").into_iter().map(|row| (row.id.clone(), row)).collect();
    assert!(begun.values().filter(|kept| **kept).count() >= 74);
    for (number, kept) in &begun {
        let id = format!("run{number:05}");
        let row = rows.get(&id).unwrap_or_else(|| panic!("{id} was begun and is not there"));
        let bytes = store.get(&id).expect("read");
        if *kept || row.status == "failing" {
            assert_eq!((row.status.as_str(), bytes), ("failing", Some(bundle(*number, size(*number)))), "{id}");
        } else {
            assert_eq!((row.status.as_str(), bytes), (INTERRUPTED, None), "{id}");
        }
    }
    assert!(rows.values().all(|row| row.status != RUNNING));
}

#[test]
#[ignore = "the child of another test"]
fn child_that_fills_the_disk() {
    let Some(folder) = place() else { return };
    let path = folder.join("runs.db");
    let store = Durable::open(&path).expect("a store");
    let mut kept = 0;
    let told = loop {
        match keep(&store, kept, 50_000) {
            Ok(()) => kept += 1,
            Err(told) => break told,
        }
        assert!(kept < 1_000, "the disk is small");
    };
    assert!(matches!(told, DurableError::Full { .. }), "{told}");
    assert!(told.to_string().contains("the disk is full"), "{told}");
    assert!(kept > 5, "some were kept before: {kept}");
    let readable = |store: &Durable| {
        for number in 0..kept {
            assert_eq!(store.get(&format!("run{number:05}")).expect("read"), Some(bundle(number, 50_000)), "{number}");
        }
        assert!(store.list(999).expect("rows").len() >= usize::try_from(kept).expect("small"));
    };
    readable(&store);
    assert!(matches!(store.backup(&folder.join("copy.db")), Err(DurableError::Full { .. })));
    assert!(!folder.join("copy.db").exists() && !folder.join("copy.db.part").exists());
    drop(store);
    let store = Durable::open(&path).expect("a store on a full disk");
    readable(&store);
    drop(store);
    // Something else leaves a little room, and the store goes on as if nothing had been.
    fs::remove_file(folder.join("ballast")).expect("ballast");
    let store = Durable::open(&path).expect("a store");
    readable(&store);
    let few = Bounds { runs: 3, fresh: Duration::ZERO, ..Bounds::default() };
    store.retain(&few).expect("retained");
    keep(&store, 5_000, 50_000).expect("kept again");
    say("all of it was tried");
}

#[test]
fn a_full_disk_is_one_clear_error_and_what_was_kept_is_read() {
    let folder = Folder::new("full");
    let disk = folder.path("disk");
    fs::create_dir(&disk).expect("folder");
    let script = "mount -t tmpfs -o size=2m mesh \"$0\" && head -c 400000 /dev/zero > \"$0/ballast\" && exec \"$@\"";
    let output = Command::new("unshare")
        .args(["-Urm", "sh", "-c", script])
        .arg(&disk)
        .arg(own())
        .args(child("child_that_fills_the_disk"))
        .env(PLACE, &disk)
        .output()
        .expect("unshare(1) of util-linux");
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && told.contains("all of it was tried"),
        "{told}{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
