use std::{fs, os::unix::fs::FileExt as _};

use proptest::prelude::*;

use super::*;

/// A folder of its own that goes with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("probemesh-spool-{}-{name}", std::process::id()));
        drop(fs::remove_dir_all(&folder));
        Self(folder)
    }

    fn open(&self) -> Spool {
        self.open_with(BYTES)
    }

    fn open_with(&self, most: u64) -> Spool {
        Spool::open(&self.0, most, Arc::new(|_: &str| {})).expect("a spool")
    }

    fn files(&self, extension: &str) -> Vec<PathBuf> {
        let entries = fs::read_dir(&self.0).expect("the folder").map(|entry| entry.expect("an entry").path());
        let mut files: Vec<_> = entries.filter(|path| path.extension().is_some_and(|own| own == extension)).collect();
        files.sort();
        files
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

fn item(text: &[u8]) -> pb::Item {
    pb::Item { observation: text.to_vec(), signature: b"signed".to_vec(), spooled: 0 }
}

async fn append(spool: &Spool, texts: &[&[u8]]) -> Vec<u64> {
    let tickets: Vec<Ticket> = texts.iter().map(|text| spool.append(&item(text))).collect();
    let mut numbers = Vec::new();
    for ticket in tickets {
        numbers.push(ticket.kept().await.expect("it is kept"));
    }
    numbers
}

fn offered(spool: &Spool) -> Vec<(u64, Vec<u8>)> {
    let (mut after, mut all) = (0, Vec::new());
    loop {
        let page = spool.page(after, spool.newest());
        all.extend(page.items.into_iter().map(|item| (item.spooled, item.observation)));
        match page.next {
            Some(next) => after = next,
            None => return all,
        }
    }
}

fn numbers(spool: &Spool) -> Vec<u64> {
    offered(spool).into_iter().map(|(number, _)| number).collect()
}

#[tokio::test]
async fn what_is_kept_is_offered_after_a_restart_and_what_is_acknowledged_is_not() {
    let folder = Folder::new("restart");
    let spool = folder.open();
    let identity = spool.identity();
    assert_eq!(append(&spool, &[b"a", b"b", b"c"]).await, [1, 2, 3]);
    assert_eq!(spool.acknowledge("another", vec![1, 2, 3]).await, 3, "numbers of another spool mean nothing here");
    assert_eq!(spool.acknowledge(&identity, vec![2, 77]).await, 2);
    drop(spool);
    let spool = folder.open();
    assert_eq!(spool.identity(), identity);
    assert_eq!(offered(&spool), [(1, b"a".to_vec()), (3, b"c".to_vec())]);
    assert_eq!(spool.page(0, 1).items[0].signature, b"signed");
    assert_eq!(append(&spool, &[b"d"]).await, [4], "no number is given twice");
    assert!(spool.lacking().is_empty(), "{:?}", spool.lacking());
}

#[tokio::test]
async fn a_spool_has_one_owner() {
    let folder = Folder::new("owner");
    let spool = folder.open();
    let second = Spool::open(&folder.0, BYTES, Arc::new(|_: &str| {}));
    assert!(matches!(second, Err(SpoolError::InUse { .. })), "{second:?}");
    drop(spool);
    folder.open();
}

#[tokio::test]
async fn space_comes_back_with_the_acknowledgement_and_numbers_go_on() {
    let folder = Folder::new("space");
    let spool = folder.open();
    let large = vec![7; 300_000];
    for _ in 0..12 {
        append(&spool, &[&large]).await;
    }
    let before = spool.common.state().bytes;
    assert!(folder.files("log").len() >= 3 && before > 3_600_000, "{before}");
    let identity = spool.identity();
    assert_eq!(spool.acknowledge(&identity, (1..=11).collect()).await, 1);
    assert_eq!(offered(&spool), [(12, large.clone())], "what is held stays");
    assert_eq!(spool.acknowledge(&identity, vec![12]).await, 0);
    let on_disk = |files: Vec<PathBuf>| files.iter().map(|path| fs::metadata(path).expect("a file").len()).sum::<u64>();
    assert!(on_disk(folder.files("log")) < 1_000 && spool.common.state().bytes < 1_000);
    drop(spool);
    let spool = folder.open();
    assert_eq!((spool.identity(), append(&spool, &[b"x"]).await), (identity, vec![13]));
}

#[tokio::test]
async fn a_full_spool_refuses_rounds_and_items_and_recovers() {
    let folder = Folder::new("full");
    let spool = folder.open_with(BYTES_LEAST);
    let large = vec![7; 1 << 20];
    assert!(spool.admit().is_ok());
    append(&spool, &[&large, &large, &large]).await;
    let refused = spool.admit().expect_err("it is full").to_string();
    assert!(refused.starts_with("SPOOL_FULL: ") && refused.contains(&folder.0.display().to_string()), "{refused}");
    assert_eq!(spool.lacking(), [format!("spool: {refused}")]);
    let why = spool.append(&item(&large)).kept().await.expect_err("no room");
    assert!(why.contains("has reached its 4194304 bytes"), "{why}");
    assert_eq!(numbers(&spool), [1, 2, 3], "nothing went");
    spool.acknowledge(&spool.identity(), vec![1, 2, 3]).await;
    assert!(spool.admit().is_ok() && spool.lacking().is_empty());
    assert_eq!(append(&spool, &[&large]).await, [4]);
}

#[tokio::test]
async fn a_torn_record_is_dropped_and_told_also_by_the_next_start() {
    let folder = Folder::new("torn");
    let spool = folder.open();
    append(&spool, &[b"first", b"second", b"third"]).await;
    drop(spool);
    let [segment] = &folder.files("log")[..] else { panic!("one segment") };
    let whole = fs::metadata(segment).expect("it").len();
    File::options().write(true).open(segment).expect("it").set_len(whole - 5).expect("cut");
    for start in 0..2 {
        let spool = folder.open();
        assert_eq!(numbers(&spool), [1, 2], "start {start}");
        let told = spool.lacking();
        let expected = format!("{} bytes at the end of", record::FRAME_BYTES + item(b"third").encoded_len() - 5);
        assert!(told.len() == 1 && told[0].contains(&expected), "{told:?}");
    }
    let spool = folder.open();
    let next = append(&spool, &[b"fourth"]).await[0];
    assert!(next > 3, "the third's number may have been told");
    assert_eq!(numbers(&spool), [1, 2, next]);
}

#[tokio::test]
async fn behind_damage_records_are_found_again_and_the_file_is_kept_for_a_human() {
    let folder = Folder::new("damage");
    let spool = folder.open();
    append(&spool, &[b"first", b"second", b"third", b"fourth"]).await;
    let identity = spool.identity();
    drop(spool);
    let [segment] = &folder.files("log")[..] else { panic!("one segment") };
    let second = record::HEAD_BYTES + record::FRAME_BYTES + item(b"first").encoded_len();
    File::options().write(true).open(segment).expect("it").write_all_at(b"XXXX", second as u64 + 3).expect("hurt");
    let spool = folder.open();
    assert_eq!(numbers(&spool), [1, 3, 4]);
    let told = spool.lacking();
    assert!(told.len() == 1 && told[0].contains("1 items are lost with them"), "{told:?}");
    append(&spool, &[&vec![7; 70_000]]).await;
    assert_eq!(spool.acknowledge(&identity, vec![1, 3, 4, 5]).await, 0);
    assert_eq!((folder.files("aside").len(), folder.files("log").len()), (1, 1));
}

#[tokio::test]
async fn a_segment_without_a_head_and_one_of_another_spool_are_set_aside_and_no_number_returns() {
    let (folder, other) = (Folder::new("heads"), Folder::new("others"));
    let spool = folder.open();
    append(&spool, &[&vec![7; 1_100_000]]).await;
    append(&spool, &[b"in the second segment"]).await;
    let identity = spool.identity();
    drop(spool);
    let files = folder.files("log");
    let newest = files.last().expect("a segment");
    File::options().write(true).open(newest).expect("it").write_all_at(b"????", 0).expect("hurt");
    let stranger = other.open();
    append(&stranger, &[&vec![7; 70_000], b"b"]).await;
    stranger.acknowledge(&stranger.identity(), vec![1, 2]).await;
    append(&stranger, &[b"strange"]).await;
    drop(stranger);
    let name = "00000000000000000003.log";
    fs::copy(other.0.join(name), folder.0.join(name)).expect("a copy");
    let spool = folder.open();
    assert_eq!((spool.identity(), folder.files("aside").len()), (identity, 2));
    let told = spool.lacking();
    assert!(told.len() == 2 && told[1].contains("belong to another spool"), "{told:?}");
    assert!(told[0].contains("have no readable head"), "{told:?}");
    let next = append(&spool, &[b"after"]).await[0];
    assert!(next > 2, "{next} may have been in the one that could not be read");
    assert_eq!(numbers(&spool), [1, next], "neither is offered");
}

#[tokio::test]
async fn what_can_no_more_be_read_is_counted_and_the_others_are_offered() {
    let folder = Folder::new("rot");
    let spool = folder.open();
    append(&spool, &[b"first", b"second"]).await;
    let [segment] = &folder.files("log")[..] else { panic!("one segment") };
    let inside = (record::HEAD_BYTES + record::FRAME_BYTES) as u64;
    File::options().write(true).open(segment).expect("it").write_all_at(b"????", inside).expect("hurt");
    assert_eq!(numbers(&spool), [2]);
    spool.settle(Duration::from_secs(5));
    assert_eq!(spool.held(), 1);
    assert!(spool.lacking()[0].contains("item 1 in"), "{:?}", spool.lacking());
}

#[tokio::test]
async fn after_a_failed_write_the_item_says_why_and_the_spool_recovers_by_itself() {
    let folder = Folder::new("write");
    let spool = folder.open();
    fs::remove_dir_all(&folder.0).expect("gone");
    let why = spool.append(&item(b"a")).kept().await.expect_err("nowhere to write");
    assert!(why.contains("begin a segment: No such file or directory (os error 2)"), "{why}");
    let refused = spool.admit().expect_err("it can't be written").to_string();
    assert!(refused.starts_with("SPOOL_UNWRITABLE: "), "{refused}");
    assert!(spool.lacking()[0].contains("is not kept"), "{:?}", spool.lacking());
    fs::create_dir(&folder.0).expect("again");
    spool.admit().expect("it writes again");
    assert!(spool.lacking().is_empty(), "{:?}", spool.lacking());
    assert_eq!(append(&spool, &[b"b"]).await.len(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn a_folder_with_any_bytes_opens_and_keeps_again(
        first in prop::collection::vec(any::<u8>(), 0..300), second in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        let folder = Folder::new("any");
        fs::create_dir_all(&folder.0).expect("a folder");
        let head = record::head(&Identity([9; 16]), 1);
        fs::write(folder.0.join("00000000000000000001.log"), [head, first].concat()).expect("a file");
        fs::write(folder.0.join("00000000000000000005.log"), &second).expect("a file");
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let spool = folder.open();
        let number = runtime.block_on(append(&spool, &[b"after"]))[0];
        prop_assert_eq!(offered(&spool), [(number, b"after".to_vec())]);
    }
}
