//! Files that go into the bundle as they are.

use std::{collections::BTreeSet, path::PathBuf};

use mesh_proto::{bundle::attached, v1::Attachment};

use crate::exit::Problem;

/// Reads them all, bounded, before anything is asked.
pub(super) fn read(files: &[PathBuf]) -> Result<Vec<Attachment>, Problem> {
    if files.len() > attached::FILES {
        return Err(Problem::usage(format!(
            "--attach: {} files are more than the {} a run may keep",
            files.len(),
            attached::FILES
        )));
    }
    let (mut names, mut bytes) = (BTreeSet::new(), 0usize);
    let mut attachments = Vec::with_capacity(files.len());
    for file in files {
        let content = super::read("--attach", file, attached::FILE_BYTES as u64)?;
        bytes = bytes.saturating_add(content.len());
        if bytes > attached::BYTES {
            return Err(Problem::usage(format!(
                "--attach {}: with it the files have more than {} MiB together",
                file.display(),
                attached::BYTES >> 20
            )));
        }
        let name = file.file_name().map(|name| plain(&name.to_string_lossy())).unwrap_or_default();
        let name = unique(&name, &names);
        names.insert(name.clone());
        attachments.push(Attachment { name, content });
    }
    Ok(attachments)
}

/// The name without what could mean something to a file system or a terminal, with room for a number.
fn plain(name: &str) -> String {
    let room = attached::NAME_BYTES.saturating_sub("-32".len());
    let name: String =
        name.chars().map(|c| if c.is_control() || matches!(c, '\\' | ':' | '/') { '_' } else { c }).collect();
    name.get(..name.floor_char_boundary(room)).unwrap_or_default().to_owned()
}

/// "app.log", and "app-2.log" where that is taken.
fn unique(name: &str, taken: &BTreeSet<String>) -> String {
    let (stem, extension) = match name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() => (stem, format!(".{extension}")),
        _ => (name, String::new()),
    };
    let numbered = (2..).map(|number| format!("{stem}-{number}{extension}"));
    std::iter::once(name.to_owned()).chain(numbered).find(|name| !taken.contains(name)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_made_unique_by_a_number_before_their_ending() {
        let mut taken = BTreeSet::new();
        for (name, expected) in [
            ("app.log", "app.log"),
            ("app-2.log", "app-2.log"),
            ("app.log", "app-3.log"),
            (".env", ".env"),
            (".env", ".env-2"),
            ("core", "core"),
            ("core", "core-2"),
        ] {
            let unique = unique(name, &taken);
            assert_eq!(unique, expected);
            taken.insert(unique);
        }
    }

    #[test]
    fn every_name_is_plain() {
        for name in ["a\nb", "a\\b", "C:x", &"ä".repeat(150)] {
            let name = plain(name);
            assert!(attached::is_plain(&name) && attached::is_plain(&format!("{name}-32")), "{name}");
        }
    }
}
