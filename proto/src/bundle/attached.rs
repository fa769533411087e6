//! Files that a caller wants kept with a run. Nothing reads them: they are evidence for people.

use std::collections::BTreeMap;

use crate::v1;

/// Files of one run.
pub const FILES: usize = 32;
/// Bytes of one file.
pub const FILE_BYTES: usize = 4 << 20;
/// Bytes of all files of one run: with everything else a bundle stays within what its reader opens.
pub const BYTES: usize = 16 << 20;
/// Bytes of a name: the most that common file systems take is 255.
pub const NAME_BYTES: usize = 200;

/// Contents by name.
pub type Attached = BTreeMap<String, Vec<u8>>;

/// Why files can't be attached.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("{0} files are more than the {FILES} a run may keep")]
    Files(usize),
    #[error("file {name:?} has more than {} MiB", FILE_BYTES >> 20)]
    File { name: String },
    #[error("the files have more than {} MiB together", BYTES >> 20)]
    Bytes,
    #[error("{0:?} is no plain file name")]
    Name(String),
    #[error("two files are named {0:?}")]
    Twice(String),
}

/// Takes the contents out of a request; the names stay in it, with empty content.
pub fn take(attachments: &mut [v1::Attachment]) -> Result<Attached, Refused> {
    let mut attached = Attached::new();
    for attachment in attachments {
        let content = std::mem::take(&mut attachment.content);
        if attached.insert(attachment.name.clone(), content).is_some() {
            return Err(Refused::Twice(attachment.name.clone()));
        }
    }
    check(&attached).map(|()| attached)
}

pub(super) fn check(attached: &Attached) -> Result<(), Refused> {
    if attached.len() > FILES {
        return Err(Refused::Files(attached.len()));
    }
    let mut bytes = 0usize;
    for (name, content) in attached {
        if !is_plain(name) {
            return Err(Refused::Name(name.clone()));
        }
        if content.len() > FILE_BYTES {
            return Err(Refused::File { name: name.clone() });
        }
        bytes = bytes.saturating_add(content.len());
    }
    if bytes > BYTES { Err(Refused::Bytes) } else { Ok(()) }
}

/// A name that stays in its folder wherever a ZIP is unpacked.
pub fn is_plain(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= NAME_BYTES
        && !matches!(name, "." | "..")
        && !name.chars().any(|c| c.is_control() || matches!(c, '/' | '\\' | ':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, bytes: usize) -> v1::Attachment {
        v1::Attachment { name: name.to_owned(), content: vec![7; bytes] }
    }

    #[test]
    fn contents_leave_the_request_and_names_stay() {
        let mut files = [file("b.log", 2), file("a.log", FILE_BYTES)];
        let attached = take(&mut files).unwrap();
        assert_eq!(attached.keys().collect::<Vec<_>>(), ["a.log", "b.log"]);
        assert_eq!(files, [file("b.log", 0), file("a.log", 0)]);
    }

    #[test]
    fn each_bound_is_named_when_it_is_met() {
        let named = |name: &str| take(&mut [file(name, 1)]);
        assert_eq!(take(&mut [file("a", FILE_BYTES + 1)]), Err(Refused::File { name: "a".to_owned() }));
        assert_eq!(take(&mut ["a", "b", "c", "d", "e"].map(|name| file(name, FILE_BYTES))), Err(Refused::Bytes));
        assert_eq!(take(&mut [file("a", 1), file("a", 1)]), Err(Refused::Twice("a".to_owned())));
        let many: Vec<String> = (0..=FILES).map(|number| number.to_string()).collect();
        let mut many: Vec<_> = many.iter().map(|name| file(name, 0)).collect();
        assert_eq!(take(&mut many), Err(Refused::Files(33)));
        for name in ["", "..", "a/b", "a\\b", "a\nb", "C:a"] {
            assert_eq!(named(name), Err(Refused::Name(name.to_owned())));
        }
        assert!(named("..a b.log").is_ok());
    }
}
