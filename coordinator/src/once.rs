//! Each item counts once, however often and in whatever order it is delivered. The first wins; a second one that says
//! something else under the same name is no repetition, and is told.

use std::collections::{BTreeMap, BTreeSet};

use mesh_proto::{bundle, v1 as pb};

/// Which question an item answers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    pub run: String,
    pub round: u32,
    pub vantage: String,
    pub task: String,
}

impl Key {
    pub fn of(observation: &pb::Observation) -> Self {
        Self {
            run: observation.run.clone(),
            round: observation.round,
            vantage: observation.vantage.clone(),
            task: observation.task.clone(),
        }
    }
}

/// Where a prober keeps an item until it is acknowledged.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Origin {
    /// Name of the prober in this mesh, from its connection.
    pub prober: String,
    /// Identity of its spool.
    pub spool: String,
    /// 0 = it is in no spool.
    pub number: u64,
}

impl Origin {
    /// There is something to acknowledge.
    pub fn is_spooled(&self) -> bool {
        self.number > 0 && !self.spool.is_empty()
    }
}

/// What an item is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Seen {
    New,
    /// The very same was had before.
    Had,
    /// Something else was had under its name; what to tell.
    Differs(String),
}

/// What was had so far.
#[derive(Debug, Clone, Default)]
pub(crate) struct Once {
    keys: BTreeMap<Key, String>,
    numbers: BTreeMap<Origin, String>,
    /// Alarms already told: a repetition of the second is none of its own.
    told: BTreeSet<String>,
}

impl Once {
    pub(crate) fn take(&mut self, origin: &Origin, key: Key, digest: &str) -> Seen {
        let by_number = self.numbers.get(origin).filter(|_| origin.is_spooled());
        let alarm = match (self.keys.get(&key), by_number) {
            (Some(had), _) if had != digest => {
                let Key { round, vantage, task, .. } = &key;
                Some(format!(
                    "integrity: {vantage} answered {task} of round {round} twice, differently; the first counts"
                ))
            }
            (_, Some(had)) if had != digest => {
                let Origin { prober, number, .. } = origin;
                Some(format!("integrity: {prober} used number {number} for two items; the first counts"))
            }
            (Some(_), _) => {
                self.mark(origin, digest);
                return Seen::Had;
            }
            (None, Some(_)) => return Seen::Had,
            (None, None) => None,
        };
        if let Some(text) = alarm {
            return if self.told.insert(text.clone()) { Seen::Differs(text) } else { Seen::Had };
        }
        self.keys.insert(key, digest.to_owned());
        self.mark(origin, digest);
        Seen::New
    }

    /// What the store remembers of an item that has no place in the run any more.
    pub(crate) fn mark(&mut self, origin: &Origin, digest: &str) {
        if origin.is_spooled() {
            self.numbers.entry(origin.clone()).or_insert_with(|| digest.to_owned());
        }
    }

    /// An alarm that was told before.
    pub(crate) fn told(&mut self, alarm: &str) {
        self.told.insert(alarm.to_owned());
    }

    /// Numbers and digests of everything that was in a spool.
    pub(crate) fn marks(&self) -> Vec<(Origin, String)> {
        self.numbers.iter().map(|(origin, digest)| (origin.clone(), digest.clone())).collect()
    }
}

/// Digest of an item as it left the prober; its place in a spool is no part of it.
pub(crate) fn digest(item: &pb::Item) -> String {
    // No signature is the prefix of another observation: both lengths would have to agree.
    let mut bytes = u64::try_from(item.observation.len()).unwrap_or(u64::MAX).to_be_bytes().to_vec();
    bytes.extend_from_slice(&item.observation);
    bytes.extend_from_slice(&item.signature);
    bundle::sha256(&bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(task: &str) -> Key {
        Key { run: "7kq2m3ab".to_owned(), round: 1, vantage: "host/far".to_owned(), task: task.to_owned() }
    }

    fn origin(number: u64) -> Origin {
        Origin { prober: "host/far".to_owned(), spool: "s1".to_owned(), number }
    }

    #[test]
    fn a_repetition_is_had_and_another_task_is_new() {
        let mut once = Once::default();
        assert_eq!(once.take(&origin(1), key("ask"), "a"), Seen::New);
        assert_eq!(once.take(&origin(1), key("ask"), "a"), Seen::Had);
        assert_eq!(once.take(&origin(7), key("ask"), "a"), Seen::Had, "the same under another number");
        assert_eq!(once.take(&origin(2), key("echo"), "b"), Seen::New);
        assert_eq!(once.marks().len(), 3);
        assert_eq!(once.take(&Origin::default(), key("routes"), "c"), Seen::New);
        assert_eq!(once.take(&Origin::default(), key("sockets"), "d"), Seen::New, "no number is none to repeat");
    }

    #[test]
    fn a_different_second_is_told_once_and_never_counts() {
        let mut once = Once::default();
        assert_eq!(once.take(&origin(1), key("ask"), "a"), Seen::New);
        assert!(matches!(once.take(&origin(2), key("ask"), "b"), Seen::Differs(_)));
        assert_eq!(once.take(&origin(2), key("ask"), "b"), Seen::Had, "told before");
        assert!(matches!(once.take(&origin(1), key("echo"), "c"), Seen::Differs(text) if text.contains("number 1")));
        assert_eq!(once.take(&origin(1), key("ask"), "a"), Seen::Had, "the first still stands");
    }

    #[test]
    fn the_digest_covers_the_signature_and_not_the_number() {
        let item = |observation: &[u8], signature: &[u8], spooled| {
            digest(&pb::Item { observation: observation.to_vec(), signature: signature.to_vec(), spooled })
        };
        assert_eq!(item(b"ab", b"c", 1), item(b"ab", b"c", 2));
        assert_ne!(item(b"ab", b"c", 1), item(b"a", b"bc", 1));
    }
}
