//! A case for the engine: a scenario's bundle without the paths of the machine it ran on, and its verdict beside it.

use std::{fs, io, path::Path};

use mesh_diagnosis::report::gist;
use mesh_proto::bundle;

use crate::lab::scenario::Scenario;

/// Keeps a run as `FOLDER/SCENARIO/VIEW.mesh` and `VIEW.json`.
pub fn keep(folder: &Path, scenario: &Scenario, view: &str, run: &Path) -> io::Result<()> {
    let mut kept = bundle::read(&fs::read(run)?).map_err(io::Error::other)?;
    if let Some(request) = &mut kept.record.request {
        // Sockets, folders and certificates of the lab say nothing about the case.
        request.command = vec!["diagnose".to_owned(), scenario.diagnose.target.clone()];
    }
    let report = mesh_diagnosis::replay(&kept).map_err(io::Error::other)?;
    kept.report = serde_json::to_vec_pretty(&report)?;
    let verdict = gist(&report);
    let folder = folder.join(&scenario.name);
    fs::create_dir_all(&folder)?;
    fs::write(folder.join(format!("{view}.mesh")), bundle::write(&kept).map_err(io::Error::other)?)?;
    let mut text = serde_json::to_vec_pretty(&verdict)?;
    text.push(b'\n');
    fs::write(folder.join(format!("{view}.json")), text)
}
