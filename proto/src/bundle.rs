//! A run's bundle (`.mesh`): a ZIP whose entries stand in a fixed order with fixed dates, so that the same run gives
//! the same bytes.
//!
//! | entry | content |
//! |---|---|
//! | `manifest.json` | format, rules version, sha256 of every other entry |
//! | `record.json` | [`RunRecord`](v1::RunRecord): request, vantages, times (proto3 JSON) |
//! | `rounds.jsonl` | one [`RoundRecord`](v1::RoundRecord) a line |
//! | `items.pb` | [`Item`](v1::Item)s as received, each with a varint length before it |
//! | `report.json` | the report as it was shown |
//! | `attached/NAME` | a file that the caller wanted kept, as it was |
//! | `captures/VANTAGE-TASK.pcapng` | heads of the packets that were watched; they follow from the items |
//!
//! Reading never writes a file, never follows an entry's name and is bounded in bytes and items.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    io::{Cursor, Read as _, Write as _},
};

use prost::Message as _;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter, result::ZipError, write::SimpleFileOptions};

use crate::v1;

pub mod attached;
pub mod captures;

use attached::Attached;

/// Value of `format` in the manifest.
pub const FORMAT: &str = "probemesh-bundle/1";
/// Largest bundle file that is opened. A run of 200 vantages stays below a hundredth of it.
pub const FILE_BYTES: usize = 64 << 20;
/// Largest entry once unpacked; a ZIP can promise a thousandfold of its size.
pub const ENTRY_BYTES: u64 = 128 << 20;
/// Most items of one run.
pub const ITEMS: usize = 1_000_000;

const RECORD: &str = "record.json";
const ROUNDS: &str = "rounds.jsonl";
const ITEMS_ENTRY: &str = "items.pb";
const REPORT: &str = "report.json";
const MANIFEST: &str = "manifest.json";
const ATTACHED: &str = "attached/";
const CAPTURES: &str = "captures/";
/// Largest capture: a thousand heads.
const CAPTURE_BYTES: u64 = 1 << 20;
/// Entries that a manifest may list: the fixed ones, attached files, captures.
const ENTRIES: usize = 512;

/// Name of an entry.
type Name = Cow<'static, str>;

/// Everything a run left.
#[derive(Debug, Clone, PartialEq)]
pub struct Bundle {
    pub record: v1::RunRecord,
    pub rounds: Vec<v1::RoundRecord>,
    pub items: Vec<v1::Item>,
    /// The report's JSON, as it was shown.
    pub report: Vec<u8>,
    /// Version of the rules that wrote the report.
    pub rules_version: u32,
    /// Files that the caller wanted kept; the request in the record has their names.
    pub attached: Attached,
}

/// Why a bundle can't be used.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    #[error("the file is empty")]
    Empty,
    #[error("the file has {0} bytes, more than the {FILE_BYTES} a bundle may have")]
    TooLarge(usize),
    #[error("not a bundle, or cut off: {0}")]
    Zip(#[from] ZipError),
    #[error("entry {name} is missing")]
    Missing { name: Name },
    #[error("entry {name} unpacks to more than {most} bytes")]
    EntryTooLarge { name: Name, most: u64 },
    #[error("entry {name} can't be read")]
    Read {
        name: Name,
        #[source]
        source: std::io::Error,
    },
    #[error("entry {name} differs from its digest in the manifest: the bundle was altered or damaged")]
    Digest { name: Name },
    #[error("entry {name} can't be decoded: {reason}")]
    Decode { name: Name, reason: String },
    #[error("format {0:?} is not {FORMAT:?}: written by another version")]
    Format(String),
    #[error("the manifest lists {0} entries, more than the {ENTRIES} a bundle may have")]
    Entries(usize),
    #[error("{0:?} is no plain file name: it would leave the folder that it is unpacked into")]
    Name(String),
    #[error("attached files")]
    Attached(#[from] attached::Refused),
}

#[derive(Debug, Serialize, Deserialize)]
struct Manifest {
    format: String,
    run: String,
    rules_version: u32,
    entries: BTreeMap<String, String>,
}

/// Lower-case hexadecimal sha256.
pub fn sha256(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a String cannot fail.
        write!(text, "{byte:02x}").unwrap_or_default();
        text
    })
}

/// Packs a bundle. The same bundle gives the same bytes.
pub fn write(bundle: &Bundle) -> Result<Vec<u8>, BundleError> {
    attached::check(&bundle.attached)?;
    let encode = |name: &'static str, reason: serde_json::Error| BundleError::Decode {
        name: name.into(),
        reason: reason.to_string(),
    };
    let record = serde_json::to_vec(&bundle.record).map_err(|e| encode(RECORD, e))?;
    let mut rounds = Vec::new();
    for round in &bundle.rounds {
        serde_json::to_writer(&mut rounds, round).map_err(|e| encode(ROUNDS, e))?;
        rounds.push(b'\n');
    }
    let mut items = Vec::new();
    for item in &bundle.items {
        item.encode_length_delimited(&mut items)
            .map_err(|e| BundleError::Decode { name: ITEMS_ENTRY.into(), reason: e.to_string() })?;
    }
    let captures = captures::of(&bundle.items);
    let fixed: [(Name, &[u8]); 4] = [
        (RECORD.into(), &record),
        (ROUNDS.into(), &rounds),
        (ITEMS_ENTRY.into(), &items),
        (REPORT.into(), &bundle.report),
    ];
    let below = |folder: &str, name: &str| Name::from(format!("{folder}{name}"));
    let attached = bundle.attached.iter().map(|(name, bytes)| (below(ATTACHED, name), bytes.as_slice()));
    let watched = captures.iter().map(|(name, bytes)| (below(CAPTURES, name), bytes.as_slice()));
    let entries: Vec<(Name, &[u8])> = fixed.into_iter().chain(attached).chain(watched).collect();
    let manifest = Manifest {
        format: FORMAT.to_owned(),
        run: bundle.record.run.clone(),
        rules_version: bundle.rules_version,
        entries: entries.iter().map(|(name, bytes)| (name.to_string(), sha256(bytes))).collect(),
    };
    let manifest = serde_json::to_vec_pretty(&manifest).map_err(|e| encode(MANIFEST, e))?;

    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in [(MANIFEST.into(), manifest.as_slice())].into_iter().chain(entries) {
        zip.start_file(name.as_ref(), options)?;
        zip.write_all(bytes).map_err(|source| BundleError::Read { name, source })?;
    }
    Ok(zip.finish()?.into_inner())
}

/// Unpacks and checks a bundle.
pub fn read(bytes: &[u8]) -> Result<Bundle, BundleError> {
    if bytes.is_empty() {
        return Err(BundleError::Empty);
    }
    if bytes.len() > FILE_BYTES {
        return Err(BundleError::TooLarge(bytes.len()));
    }
    let mut zip = ZipArchive::new(Cursor::new(bytes))?;
    let manifest: Manifest = parse(MANIFEST, &entry(&mut zip, &MANIFEST.into(), ENTRY_BYTES)?)?;
    if manifest.format != FORMAT {
        return Err(BundleError::Format(manifest.format));
    }
    if manifest.entries.len() > ENTRIES {
        return Err(BundleError::Entries(manifest.entries.len()));
    }
    let mut checked = |name: Name, most: u64| -> Result<Vec<u8>, BundleError> {
        let bytes = entry(&mut zip, &name, most)?;
        if manifest.entries.get(name.as_ref()).is_none_or(|digest| *digest != sha256(&bytes)) {
            return Err(BundleError::Digest { name });
        }
        Ok(bytes)
    };
    let record = parse(RECORD, &checked(RECORD.into(), ENTRY_BYTES)?)?;
    let rounds = checked(ROUNDS.into(), ENTRY_BYTES)?
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| parse(ROUNDS, line))
        .collect::<Result<_, _>>()?;
    let items = items_of(&checked(ITEMS_ENTRY.into(), ENTRY_BYTES)?)?;
    let report = checked(REPORT.into(), ENTRY_BYTES)?;
    let mut attached = Attached::new();
    for name in manifest.entries.keys() {
        if let Some(file) = name.strip_prefix(ATTACHED) {
            if !attached::is_plain(file) {
                return Err(BundleError::Name(name.clone()));
            }
            attached.insert(file.to_owned(), checked(name.clone().into(), attached::FILE_BYTES as u64)?);
            attached::check(&attached)?;
        } else if let Some(file) = name.strip_prefix(CAPTURES) {
            if !attached::is_plain(file) {
                return Err(BundleError::Name(name.clone()));
            }
            // Nothing is taken from it: the items say the same. An altered one is told all the same.
            checked(name.clone().into(), CAPTURE_BYTES)?;
        }
    }
    Ok(Bundle { record, rounds, items, report, rules_version: manifest.rules_version, attached })
}

fn items_of(mut bytes: &[u8]) -> Result<Vec<v1::Item>, BundleError> {
    let mut items = Vec::new();
    while !bytes.is_empty() {
        if items.len() == ITEMS {
            return Err(BundleError::Decode { name: ITEMS_ENTRY.into(), reason: format!("more than {ITEMS} items") });
        }
        let item = v1::Item::decode_length_delimited(&mut bytes).map_err(|e| BundleError::Decode {
            name: ITEMS_ENTRY.into(),
            reason: format!("item {}: {e}", items.len()),
        })?;
        items.push(item);
    }
    Ok(items)
}

fn parse<T: serde::de::DeserializeOwned>(name: &'static str, bytes: &[u8]) -> Result<T, BundleError> {
    serde_json::from_slice(bytes).map_err(|e| BundleError::Decode { name: name.into(), reason: e.to_string() })
}

fn entry(zip: &mut ZipArchive<Cursor<&[u8]>>, name: &Name, most: u64) -> Result<Vec<u8>, BundleError> {
    let file = match zip.by_name(name) {
        Err(ZipError::FileNotFound) => return Err(BundleError::Missing { name: name.clone() }),
        other => other?,
    };
    let mut bytes = Vec::new();
    file.take(most + 1).read_to_end(&mut bytes).map_err(|source| BundleError::Read { name: name.clone(), source })?;
    if bytes.len() as u64 > most {
        return Err(BundleError::EntryTooLarge { name: name.clone(), most });
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Bundle {
        let packet = v1::WatchedPacket { head: vec![0x45; 40], ..Default::default() };
        let observation = v1::Observation {
            vantage: "local".to_owned(),
            watch: Some(v1::WatchDetail { packets: vec![packet], ..Default::default() }),
            ..Default::default()
        };
        Bundle {
            record: v1::RunRecord { run: "7kq2m".to_owned(), ..Default::default() },
            rounds: vec![v1::RoundRecord { round: 1, why: "first".to_owned(), ..Default::default() }],
            items: vec![v1::Item { observation: observation.encode_to_vec(), ..Default::default() }],
            report: b"{}".to_vec(),
            rules_version: 1,
            attached: [("a.log".to_owned(), b"as it was".to_vec())].into(),
        }
    }

    /// A whole bundle, every digest right, whose entry has another name.
    fn renamed(bytes: &[u8], from: &str, name: &str) -> Vec<u8> {
        let mut source = ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut to = ZipWriter::new(Cursor::new(Vec::new()));
        for at in 0..source.len() {
            let mut file = source.by_index(at).unwrap();
            let entry = file.name().unwrap().into_owned();
            let mut content = Vec::new();
            file.read_to_end(&mut content).unwrap();
            let manifest = String::from_utf8_lossy(&content).replace(from, name);
            to.start_file(if entry == from { name } else { &entry }, SimpleFileOptions::default()).unwrap();
            to.write_all(if entry == MANIFEST { manifest.as_bytes() } else { &content }).unwrap();
        }
        to.finish().unwrap().into_inner()
    }

    #[test]
    fn a_name_that_would_leave_its_folder_is_refused_and_a_plain_one_is_not() {
        let bytes = write(&sample()).unwrap();
        for (from, evil) in [
            ("attached/a.log", "attached/../../a.log"),
            ("attached/a.log", "attached//etc/a.log"),
            ("captures/local-.pcapng", "captures/../a.pcapng"),
            ("captures/local-.pcapng", "captures/a:b"),
        ] {
            let told = read(&renamed(&bytes, from, evil)).unwrap_err();
            assert!(matches!(&told, BundleError::Name(name) if name == evil), "{evil}: {told}");
        }
        assert!(read(&renamed(&bytes, "attached/a.log", "attached/b.log")).unwrap().attached.contains_key("b.log"));
    }

    /// A bundle with one entry's content exchanged and everything else as it was.
    fn exchanged(bytes: &[u8], name: &str) -> Vec<u8> {
        let mut from = ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut to = ZipWriter::new(Cursor::new(Vec::new()));
        for at in 0..from.len() {
            let mut file = from.by_index(at).unwrap();
            let mut content = Vec::new();
            let entry = file.name().unwrap().into_owned();
            file.read_to_end(&mut content).unwrap();
            to.start_file(&entry, SimpleFileOptions::default()).unwrap();
            to.write_all(if entry == name { b"altered" } else { &content }).unwrap();
        }
        to.finish().unwrap().into_inner()
    }

    #[test]
    fn an_exchanged_file_is_told_and_an_untouched_one_is_read() {
        let bytes = write(&sample()).unwrap();
        assert_eq!(read(&exchanged(&bytes, "none")).unwrap(), sample());
        for name in ["attached/a.log", "captures/local-.pcapng", "report.json"] {
            let told = read(&exchanged(&bytes, name)).unwrap_err();
            assert!(matches!(&told, BundleError::Digest { name: altered } if altered == name), "{name}: {told}");
        }
    }

    #[test]
    fn a_file_that_would_leave_its_folder_is_not_written() {
        let mut bundle = sample();
        bundle.attached.insert("../a".to_owned(), Vec::new());
        assert!(matches!(write(&bundle), Err(BundleError::Attached(_))));
    }

    #[test]
    fn what_was_written_is_read_back_and_writing_is_deterministic() {
        let bytes = write(&sample()).unwrap();
        assert_eq!(bytes, write(&sample()).unwrap());
        assert_eq!(read(&bytes).unwrap(), sample());
    }

    #[test]
    fn empty_cut_and_foreign_files_say_what_is_wrong() {
        assert!(matches!(read(b""), Err(BundleError::Empty)));
        assert!(matches!(read(b"hello"), Err(BundleError::Zip(_))));
        let bytes = write(&sample()).unwrap();
        for cut in [1, bytes.len() / 2, bytes.len() - 1] {
            assert!(read(&bytes[..cut]).is_err(), "cut at {cut}");
        }
    }

    #[test]
    fn no_flipped_byte_goes_unnoticed_in_an_entry() {
        let bytes = write(&sample()).unwrap();
        let whole = read(&bytes).unwrap();
        for position in 0..bytes.len() {
            let mut bytes = bytes.clone();
            bytes[position] ^= 0x10;
            if let Ok(bundle) = read(&bytes) {
                assert_eq!(bundle, whole, "byte {position} changed the content unnoticed");
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn reading_never_panics(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..400)) {
            drop(read(&bytes));
        }
    }
}
