//! Runs are kept as bundles: one file per run, written beside its place and renamed into it.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// Largest number of runs that a listing looks at; the newest are kept in view.
pub const LISTED: usize = 1_000;

/// Where a run's bundle is.
pub fn path(runs: &Path, run: &str) -> PathBuf {
    runs.join(format!("{run}.mesh"))
}

/// Writes a bundle so that a reader sees all of it or nothing.
pub fn save(runs: &Path, run: &str, bytes: &[u8]) -> io::Result<PathBuf> {
    fs::create_dir_all(runs)?;
    let (beside, target) = (runs.join(format!(".{run}.part")), path(runs, run));
    let written = fs::write(&beside, bytes).and_then(|()| fs::rename(&beside, &target));
    if written.is_err() {
        // Nothing half-written stays; that it could not even be removed adds nothing to the first error.
        fs::remove_file(&beside).unwrap_or_default();
    }
    written.map(|()| target)
}

/// Bundles in a folder, newest first by the time of their run id. A missing folder holds none.
pub fn list(runs: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(runs) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        other => other?,
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry?;
        let path = entry.path();
        if path.extension().is_some_and(|extension| extension == "mesh") {
            found.push((entry.metadata()?.modified()?, path));
        }
    }
    found.sort_by(|a, b| b.cmp(a));
    found.truncate(LISTED);
    Ok(found.into_iter().map(|(_, path)| path).collect())
}
