//! What no lint counts: lengths of files, where printing and unsafe code are, pages for causes, dead links.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Lines of production code in a file: what stands before its tests.
const FILE_LINES: usize = 500;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_owned()
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("folder") {
        let path = entry.expect("entry").path();
        let name = path.file_name().expect("name").to_string_lossy().into_owned();
        if path.is_dir() {
            if !matches!(name.as_str(), "target" | ".git" | "gen") {
                walk(&path, found);
            }
        } else {
            found.push(path);
        }
    }
}

fn files(extension: &str) -> Vec<(String, String)> {
    let root = root();
    let mut found = Vec::new();
    walk(&root, &mut found);
    found.sort();
    found
        .into_iter()
        .filter(|path| path.extension().is_some_and(|known| known == extension))
        .map(|path| {
            let name = path.strip_prefix(&root).expect("below the workspace").to_string_lossy().into_owned();
            (name, fs::read_to_string(&path).expect("text"))
        })
        .collect()
}

fn none(what: &str, found: &[String]) {
    assert!(found.is_empty(), "{what}:\n{}", found.join("\n"));
}

/// A file without its test module.
fn production(text: &str) -> &str {
    text.find("#[cfg(test)]\nmod tests {").map_or(text, |at| &text[..at])
}

#[test]
fn no_file_is_longer_than_a_reader_can_hold() {
    let long: Vec<String> = files("rs")
        .iter()
        .map(|(name, text)| (name, production(text).lines().count()))
        .filter(|(_, lines)| *lines > FILE_LINES)
        .map(|(name, lines)| format!("{name}: {lines} lines"))
        .collect();
    none("files over the limit", &long);
}

#[test]
fn modules_are_files_of_their_own_name() {
    let wrong: Vec<String> = files("rs")
        .into_iter()
        .map(|(name, _)| name)
        .filter(|name| name.ends_with("/mod.rs") || name.ends_with("utils.rs") || name.ends_with("/common.rs"))
        .collect();
    none("files named for nothing", &wrong);
}

#[test]
fn only_the_renderer_prints() {
    // Tests and measurements are programs of their own.
    let apart = |name: &str| name.starts_with("tests/") || name.contains("/tests/") || name.contains("/benches/");
    let allowed = |name: &str| name.starts_with("cli/src/render") || apart(name);
    let printing: Vec<String> = files("rs")
        .into_iter()
        .filter(|(name, _)| !allowed(name) && name != "prober/src/main.rs" && name != "coordinator/src/main.rs")
        .filter(|(_, text)| {
            production(text).lines().any(|line| {
                line.trim_start().starts_with("println!")
                    || line.trim_start().starts_with("print!")
                    || line.trim_start().starts_with("eprint")
            })
        })
        .map(|(name, _)| name)
        .collect();
    none("printing outside cli/src/render", &printing);
}

#[test]
fn unsafe_code_is_in_one_place() {
    let allowed = |name: &str| {
        name == "prober/src/sys.rs" || name.starts_with("prober/src/sys/") || name == "tests/tests/tidy.rs"
    };
    let wrong: Vec<String> = files("rs")
        .into_iter()
        .filter(|(name, text)| !allowed(name) && (text.contains("unsafe {") || text.contains("unsafe fn")))
        .map(|(name, _)| name)
        .collect();
    none("unsafe outside prober/src/sys", &wrong);
}

#[test]
fn sockets_towards_targets_come_from_one_place() {
    let allowed = |name: &str| {
        name.starts_with("prober/src/net")
            || name.starts_with("tests/")
            || name.contains("/tests/")
            || name == "proto/src/transport.rs"
    };
    let wrong: Vec<String> = files("rs")
        .into_iter()
        .filter(|(name, text)| {
            !allowed(name)
                && ["Socket::new(", "TcpStream::connect(", "UdpSocket::bind("]
                    .iter()
                    .any(|open| production(text).contains(open))
        })
        .map(|(name, _)| name)
        .collect();
    none("sockets opened outside prober/src/net", &wrong);
}

#[test]
fn comments_do_not_tell_the_history() {
    let words = [" no longer ", " previously ", "Step 1", "TODO", "FIXME", "XXX"];
    let wrong: Vec<String> = files("rs")
        .into_iter()
        .filter(|(name, _)| name != "tests/tests/tidy.rs")
        .flat_map(|(name, text)| {
            text.lines()
                .filter(|line| line.trim_start().starts_with("//"))
                .filter(|line| words.iter().any(|word| line.contains(word)))
                .map(|line| format!("{name}: {}", line.trim()))
                .collect::<Vec<_>>()
        })
        .collect();
    none("comments about the past", &wrong);
}

#[test]
fn links_between_the_pages_lead_somewhere() {
    let mut dead = Vec::new();
    for (name, text) in files("md") {
        let here = root().join(&name);
        let folder = here.parent().expect("folder");
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let link = link.split('#').next().unwrap_or_default();
            if link.is_empty() || link.contains("://") || link.contains(' ') {
                continue;
            }
            if !folder.join(link).exists() {
                dead.push(format!("{name}: {link}"));
            }
        }
    }
    none("dead links", &dead);
}

#[test]
fn every_cause_has_a_page_and_every_page_a_cause() {
    let mut rules = String::new();
    for (name, text) in files("rs") {
        if name.starts_with("coordinator/diagnosis/src/rules/") {
            rules.push_str(&text);
        }
    }
    let slugs: Vec<&str> = rules.split("slug: \"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(slugs.len() > 20, "the rules were found");
    let pages = root().join("docs/runbooks");
    let missing: Vec<String> =
        slugs.iter().filter(|slug| !pages.join(format!("{slug}.md")).exists()).map(|slug| (*slug).to_owned()).collect();
    none("causes without a page", &missing);
    let orphans: Vec<String> = files("md")
        .into_iter()
        .filter_map(|(name, _)| Some(name.strip_prefix("docs/runbooks/")?.strip_suffix(".md")?.to_owned()))
        .filter(|slug| slug.contains('/') && !slugs.contains(&slug.as_str()))
        .collect();
    none("pages without a cause", &orphans);
}
