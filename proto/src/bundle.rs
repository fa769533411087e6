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
//!
//! Reading never writes a file, never follows an entry's name and is bounded in bytes and items.

use std::{
    collections::BTreeMap,
    io::{Cursor, Read as _, Write as _},
};

use prost::Message as _;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter, result::ZipError, write::SimpleFileOptions};

use crate::v1;

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
    Missing { name: &'static str },
    #[error("entry {name} unpacks to more than {ENTRY_BYTES} bytes")]
    EntryTooLarge { name: &'static str },
    #[error("entry {name} can't be read")]
    Read {
        name: &'static str,
        #[source]
        source: std::io::Error,
    },
    #[error("entry {name} differs from its digest in the manifest: the bundle was altered or damaged")]
    Digest { name: &'static str },
    #[error("entry {name} can't be decoded: {reason}")]
    Decode { name: &'static str, reason: String },
    #[error("format {0:?} is not {FORMAT:?}: written by another version")]
    Format(String),
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
    let encode =
        |name: &'static str, reason: serde_json::Error| BundleError::Decode { name, reason: reason.to_string() };
    let record = serde_json::to_vec(&bundle.record).map_err(|e| encode(RECORD, e))?;
    let mut rounds = Vec::new();
    for round in &bundle.rounds {
        serde_json::to_writer(&mut rounds, round).map_err(|e| encode(ROUNDS, e))?;
        rounds.push(b'\n');
    }
    let mut items = Vec::new();
    for item in &bundle.items {
        item.encode_length_delimited(&mut items)
            .map_err(|e| BundleError::Decode { name: ITEMS_ENTRY, reason: e.to_string() })?;
    }
    let entries: [(&'static str, &[u8]); 4] =
        [(RECORD, &record), (ROUNDS, &rounds), (ITEMS_ENTRY, &items), (REPORT, &bundle.report)];
    let manifest = Manifest {
        format: FORMAT.to_owned(),
        run: bundle.record.run.clone(),
        rules_version: bundle.rules_version,
        entries: entries.iter().map(|(name, bytes)| ((*name).to_owned(), sha256(bytes))).collect(),
    };
    let manifest = serde_json::to_vec_pretty(&manifest).map_err(|e| encode(MANIFEST, e))?;

    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in [(MANIFEST, manifest.as_slice())].into_iter().chain(entries) {
        zip.start_file(name, options)?;
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
    let manifest: Manifest = parse(MANIFEST, &entry(&mut zip, MANIFEST)?)?;
    if manifest.format != FORMAT {
        return Err(BundleError::Format(manifest.format));
    }
    let mut checked = |name: &'static str| -> Result<Vec<u8>, BundleError> {
        let bytes = entry(&mut zip, name)?;
        if manifest.entries.get(name).is_none_or(|digest| *digest != sha256(&bytes)) {
            return Err(BundleError::Digest { name });
        }
        Ok(bytes)
    };
    let record = parse(RECORD, &checked(RECORD)?)?;
    let rounds = checked(ROUNDS)?
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| parse(ROUNDS, line))
        .collect::<Result<_, _>>()?;
    let items = items_of(&checked(ITEMS_ENTRY)?)?;
    let report = checked(REPORT)?;
    Ok(Bundle { record, rounds, items, report, rules_version: manifest.rules_version })
}

fn items_of(mut bytes: &[u8]) -> Result<Vec<v1::Item>, BundleError> {
    let mut items = Vec::new();
    while !bytes.is_empty() {
        if items.len() == ITEMS {
            return Err(BundleError::Decode { name: ITEMS_ENTRY, reason: format!("more than {ITEMS} items") });
        }
        let item = v1::Item::decode_length_delimited(&mut bytes)
            .map_err(|e| BundleError::Decode { name: ITEMS_ENTRY, reason: format!("item {}: {e}", items.len()) })?;
        items.push(item);
    }
    Ok(items)
}

fn parse<T: serde::de::DeserializeOwned>(name: &'static str, bytes: &[u8]) -> Result<T, BundleError> {
    serde_json::from_slice(bytes).map_err(|e| BundleError::Decode { name, reason: e.to_string() })
}

fn entry(zip: &mut ZipArchive<Cursor<&[u8]>>, name: &'static str) -> Result<Vec<u8>, BundleError> {
    let file = match zip.by_name(name) {
        Err(ZipError::FileNotFound) => return Err(BundleError::Missing { name }),
        other => other?,
    };
    let mut bytes = Vec::new();
    file.take(ENTRY_BYTES + 1).read_to_end(&mut bytes).map_err(|source| BundleError::Read { name, source })?;
    if bytes.len() as u64 > ENTRY_BYTES {
        return Err(BundleError::EntryTooLarge { name });
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Bundle {
        let observation = v1::Observation { vantage: "local".to_owned(), ..Default::default() };
        Bundle {
            record: v1::RunRecord { run: "7kq2m".to_owned(), ..Default::default() },
            rounds: vec![v1::RoundRecord { round: 1, why: "first".to_owned(), ..Default::default() }],
            items: vec![v1::Item { observation: observation.encode_to_vec(), signature: Vec::new() }],
            report: b"{}".to_vec(),
            rules_version: 1,
        }
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
