//! `meshctl runs export`: what a bundle holds, as files and as one document. Overwrites nothing.

use std::{
    collections::BTreeMap,
    fs::{self, OpenOptions},
    io::Write as _,
    path::{Path, PathBuf},
};

use mesh_proto::{
    bundle::{
        Bundle,
        attached::{self, is_plain},
        captures,
    },
    v1::Observation,
};
use prost::Message as _;
use serde_json::{Value, json};

use crate::{
    args::Export,
    cmd::Context,
    exit::{Code, Problem},
    render::style,
};

pub(super) fn run(bundle: &Bundle, args: &Export, cx: &Context) -> Result<Code, Problem> {
    let run = &bundle.record.run;
    if let Some(folder) = &args.pcap {
        // What was watched follows from the items, so no entry's name or content is taken.
        return files(run, "capture", folder, &captures::of(&bundle.items), cx);
    }
    if let Some(folder) = &args.attached {
        return files(run, "attached file", folder, &bundle.attached, cx);
    }
    let fields = json!({
        "run": run,
        "started_us": bundle.record.started_us,
        "observations": observations(bundle)?,
    });
    cx.out.document("Observations", fields);
    Ok(Code::Good)
}

/// Observations as received, in proto3 JSON, in the order they came in.
fn observations(bundle: &Bundle) -> Result<Vec<Value>, Problem> {
    let failed = |number: usize, e: &dyn std::fmt::Display| {
        Problem::could_not_run(format!("item {number} of run {}: {e}", bundle.record.run))
    };
    let items = bundle.items.iter().enumerate();
    items
        .map(|(number, item)| {
            let observation = Observation::decode(item.observation.as_slice()).map_err(|e| failed(number, &e))?;
            serde_json::to_value(&observation).map_err(|e| failed(number, &e))
        })
        .collect()
}

fn files(
    run: &str,
    thing: &str,
    folder: &Path,
    files: &BTreeMap<String, Vec<u8>>,
    cx: &Context,
) -> Result<Code, Problem> {
    let written = write(folder, files)?;
    if cx.out.for_programs() {
        let files: Vec<_> = files.iter().map(|(name, bytes)| json!({ "name": name, "bytes": bytes.len() })).collect();
        cx.out.document("Exported", json!({ "run": run, "folder": folder.display().to_string(), "files": files }));
        return Ok(Code::Good);
    }
    if written.is_empty() {
        cx.out.note(&format!("run {run} has no {thing}"));
        return Ok(Code::Good);
    }
    for path in &written {
        cx.out.stdout(&format!("{}\n", cx.out.clean(&path.display().to_string())));
    }
    cx.out.note(&format!("{} of run {run}", style::count(written.len(), thing)));
    Ok(Code::Good)
}

/// Writes files below a folder, which is made when there is something to write. Either all names are free or nothing is
/// written.
fn write(folder: &Path, files: &BTreeMap<String, Vec<u8>>) -> Result<Vec<PathBuf>, Problem> {
    let failed = |path: &Path, e: &std::io::Error| Problem::could_not_run(format!("export to {}: {e}", path.display()));
    if files.is_empty() {
        return Ok(Vec::new());
    }
    let mut paths = Vec::with_capacity(files.len());
    for name in files.keys() {
        // The bundle's reader has refused such a name; here is where it would do harm.
        if !is_plain(name) {
            let refused = attached::Refused::Name(name.clone());
            return Err(Problem::could_not_run(format!("export to {}: {refused}", folder.display())));
        }
        let path = folder.join(name);
        // A link that leads nowhere is something too.
        if fs::symlink_metadata(&path).is_ok() {
            return Err(Problem::could_not_run(format!(
                "export to {}: something of that name is there",
                path.display()
            ))
            .hint("nothing was written; name a folder of its own"));
        }
        paths.push(path);
    }
    fs::create_dir_all(folder).map_err(|e| failed(folder, &e))?;
    for (path, bytes) in paths.iter().zip(files.values()) {
        // Made here or refused: what came in between is not overwritten, and a link is not followed.
        let file = OpenOptions::new().write(true).create_new(true).open(path);
        file.and_then(|mut file| file.write_all(bytes)).map_err(|e| failed(path, &e))?;
    }
    Ok(paths)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let path = std::env::temp_dir().join(format!("meshctl-export-{}-{name}", std::process::id()));
        fs::remove_dir_all(&path).unwrap_or_default();
        path
    }

    fn two() -> BTreeMap<String, Vec<u8>> {
        [("a.log".to_owned(), b"first".to_vec()), ("b.log".to_owned(), b"second".to_vec())].into()
    }

    #[test]
    fn all_files_are_written_or_none() {
        let folder = folder("all");
        assert_eq!(write(&folder, &two()).unwrap(), [folder.join("a.log"), folder.join("b.log")]);
        assert_eq!(fs::read(folder.join("b.log")).unwrap(), b"second");
        fs::remove_file(folder.join("a.log")).unwrap();
        fs::write(folder.join("b.log"), "mine").unwrap();
        let told = write(&folder, &two()).unwrap_err();
        assert!(told.message.contains("b.log") && told.code == Code::CouldNotRun, "{told:?}");
        assert_eq!(fs::read(folder.join("b.log")).unwrap(), b"mine");
        assert!(!folder.join("a.log").exists());
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_link_is_not_followed_even_when_it_leads_nowhere() {
        let folder = folder("link");
        fs::create_dir_all(&folder).unwrap();
        std::os::unix::fs::symlink(folder.join("outside"), folder.join("a.log")).unwrap();
        assert!(write(&folder, &two()).is_err());
        assert!(!folder.join("outside").exists());
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_name_that_leaves_the_folder_writes_nothing_anywhere() {
        let folder = folder("slip");
        for name in ["../slipped", "/tmp/slipped", "a/b", "..", ""] {
            let files: BTreeMap<_, _> = [("a.log".to_owned(), vec![1]), (name.to_owned(), vec![1])].into();
            assert!(write(&folder, &files).is_err(), "{name}");
        }
        assert!(!folder.exists());
    }
}
