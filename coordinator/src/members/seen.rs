//! When probers were last connected: one small file, so that a restart does not forget it.

use std::{collections::BTreeMap, fs, io::Read as _, sync::PoisonError};

use mesh_proto::identity::credential::replace;

use super::{Members, RECORDS, StateError, file, unreadable};

/// Name of the file in the state folder.
const FILE: &str = "seen";
/// Longest file: a name of two parts and a number for each of [`RECORDS`] members.
const FILE_BYTES: u64 = (RECORDS * 160) as u64;

impl Members {
    /// When each prober was last connected, Unix microseconds; to within the time between two notes.
    pub fn seen(&self) -> BTreeMap<String, i64> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Notes when probers were last there; writes nothing when nothing changed.
    pub fn note_seen(&self, last: &BTreeMap<String, i64>) -> Result<(), StateError> {
        let path = self.folder.join(FILE);
        let content = {
            let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
            if last.iter().all(|(name, at)| seen.get(name) == Some(at)) {
                return Ok(());
            }
            seen.extend(last.iter().map(|(name, at)| (name.clone(), *at)));
            serde_json::to_vec(&*seen).map_err(|e| unreadable(&path, &e))?
        };
        replace(&path, &content).map_err(file(&path))
    }

    pub(super) fn read_seen(&self) -> Result<(), StateError> {
        let path = self.folder.join(FILE);
        if !path.exists() {
            return Ok(());
        }
        let mut text = String::new();
        let opened = fs::File::open(&path).map_err(file(&path))?;
        opened.take(FILE_BYTES).read_to_string(&mut text).map_err(file(&path))?;
        let read: BTreeMap<String, i64> = serde_json::from_str(&text).map_err(|e| unreadable(&path, &e))?;
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = read;
        Ok(())
    }
}
