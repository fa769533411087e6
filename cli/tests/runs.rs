//! Runs that were kept: compared, exported, removed; and bundles from hands that mean harm.
#![expect(clippy::disallowed_methods, reason = "tests run the binary and serve on loopback")]

use std::{
    fs,
    io::{Cursor, Read as _, Write as _},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    thread,
    time::{Duration, SystemTime},
};

use mesh_proto::bundle;
use serde_json::Value;
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

/// A folder that goes with the test.
struct Home(PathBuf);

impl Home {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("meshctl-runs-{}-{name}", std::process::id()));
        fs::remove_dir_all(&path).unwrap_or_default();
        fs::create_dir_all(&path).expect("temporary folder");
        Self(path)
    }

    fn run(&self, words: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_meshctl"));
        command.env_clear().env("HOME", &self.0).args(words).stdin(Stdio::null());
        command.output().expect("the binary runs")
    }

    /// Asks once; gives the run's id.
    fn ask(&self, target: &str, words: &[&str]) -> String {
        let output = self.run(&[&["diagnose", target, "-o", "json"], words].concat());
        document(&output).pointer("/run/id").and_then(Value::as_str).expect("an id").to_owned()
    }

    fn runs(&self) -> PathBuf {
        self.0.join(".local/state/meshctl/runs")
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }

    fn names(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.0.join(folder)).expect("folder");
        let mut names: Vec<_> =
            entries.map(|entry| entry.expect("entry").file_name().into_string().expect("UTF-8")).collect();
        names.sort();
        names
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap_or_default();
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

fn document(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{e}: {output:?}"))
}

/// The URL of a server that answers with a status.
fn serve(status: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback");
    let port = listener.local_addr().expect("address").port();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            thread::spawn(move || {
                if stream.read(&mut [0; 4096]).is_ok_and(|bytes| bytes > 0) {
                    let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
                    stream.write_all(answer.as_bytes()).unwrap_or_default();
                }
            });
        }
    });
    format!("http://127.0.0.1:{port}/")
}

fn example(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples").join(name).display().to_string()
}

#[test]
fn two_runs_of_one_verdict_are_the_same_and_two_of_different_ones_are_not() {
    let home = Home::new("diff");
    let well = serve("200 OK");
    let (a, b) = (home.ask(&well, &[]), home.ask(&well, &[]));
    let same = home.run(&["runs", "diff", &a, &b]);
    assert_eq!(same.status.code(), Some(0), "{same:?}");
    assert!(text(&same.stdout).contains("verdict  the same"), "{same:?}");
    let ill = home.ask(&serve("503 Service Unavailable"), &[]);
    let differs = home.run(&["runs", "diff", &a, &ill]);
    assert_eq!(differs.status.code(), Some(1), "{differs:?}");
    assert!(text(&differs.stdout).contains("verdict  differs in status"), "{differs:?}");
    let json = home.run(&["runs", "diff", &a, &ill, "-o", "json"]);
    let diff = document(&json);
    assert_eq!((&diff["kind"], &diff["same_verdict"]), (&"RunsDiff".into(), &false.into()));
    assert_eq!((&diff["a"]["status"], &diff["b"]["status"]), (&"healthy".into(), &"failing".into()));
    let md = home.run(&["runs", "diff", &a, &ill, "-o", "md"]);
    assert!(text(&md.stdout).starts_with("**runs `"), "{md:?}");
}

#[test]
fn files_are_compared_like_runs_and_stay_within_a_screen() {
    let home = Home::new("diff-files");
    let (a, b) = (example("healthy.mesh"), example("path-mtu-blackhole.mesh"));
    let output = home.run(&["runs", "diff", &a, &b]);
    let shown = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{shown}");
    assert!(shown.lines().count() <= 40 && shown.contains("only B  path-mtu/blackhole"), "{shown}");
    assert_eq!(home.run(&["runs", "diff", &a, &a]).status.code(), Some(0));
}

#[test]
fn a_bundle_that_cannot_be_read_is_no_difference() {
    let home = Home::new("diff-bad");
    fs::write(home.0.join("bad.mesh"), "not a bundle").expect("write");
    for (a, b) in [("healthy", "bad"), ("bad", "healthy"), ("healthy", "absent")] {
        let file =
            |name: &str| if name == "healthy" { example("healthy.mesh") } else { home.path(&format!("{name}.mesh")) };
        let output = home.run(&["runs", "diff", &file(a), &file(b)]);
        assert_eq!(output.status.code(), Some(4), "{a} {b}: {output:?}");
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn captures_are_exported_under_the_names_and_with_the_bytes_of_the_bundle() {
    let home = Home::new("pcap");
    let file = example("path-mtu-blackhole.mesh");
    let output = home.run(&["runs", "export", &file, "--pcap", &home.path("packets")]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let mut zip = ZipArchive::new(Cursor::new(fs::read(&file).expect("example"))).expect("a ZIP");
    let mut expected = Vec::new();
    for at in 0..zip.len() {
        let mut entry = zip.by_index(at).expect("entry");
        let Some(name) = entry.name().expect("name").strip_prefix("captures/").map(str::to_owned) else { continue };
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).expect("bytes");
        assert_eq!(fs::read(home.0.join("packets").join(&name)).expect(&name), bytes, "{name}");
        expected.push(name);
    }
    expected.sort();
    assert!(!expected.is_empty());
    assert_eq!(home.names("packets"), expected);
    let again = home.run(&["runs", "export", &file, "--pcap", &home.path("packets")]);
    assert_eq!(again.status.code(), Some(4), "{again:?}");
    assert!(text(&again.stderr).contains("nothing was written"), "{again:?}");
}

#[test]
fn observations_are_one_document_and_attachments_are_as_they_were() {
    let home = Home::new("export");
    fs::write(home.0.join("app.log"), b"as \xff it was").expect("write");
    let run = home.ask(&serve("200 OK"), &["--attach", &home.path("app.log")]);
    let output = home.run(&["runs", "export", &run, "--json"]);
    let exported = document(&output);
    assert_eq!((&exported["kind"], &exported["run"]), (&"Observations".into(), &run.as_str().into()));
    let bundle = bundle::read(&fs::read(home.runs().join(format!("{run}.mesh"))).expect("bundle")).expect("whole");
    assert_eq!(exported["observations"].as_array().expect("a list").len(), bundle.items.len());
    let output = home.run(&["runs", "export", &run, "--attached", &home.path("files"), "-o", "json"]);
    assert_eq!(document(&output)["files"][0]["name"], "app.log");
    assert_eq!(fs::read(home.0.join("files/app.log")).expect("file"), b"as \xff it was");
    let two = home.run(&["runs", "export", &run, "--json", "--attached", &home.path("files")]);
    assert_eq!(two.status.code(), Some(2), "{two:?}");
    assert_eq!(home.run(&["runs", "export", &run]).status.code(), Some(2), "one of the forms is needed");
}

/// The bundle with an entry under another name and every digest right.
fn renamed(bytes: &[u8], from: &str, name: &str) -> Vec<u8> {
    let mut source = ZipArchive::new(Cursor::new(bytes)).expect("a ZIP");
    let mut to = ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..source.len() {
        let mut file = source.by_index(at).expect("entry");
        let entry = file.name().expect("name").into_owned();
        let mut content = Vec::new();
        file.read_to_end(&mut content).expect("content");
        if entry == "manifest.json" {
            content = text(&content).replace(from, name).into_bytes();
        }
        to.start_file(if entry == from { name } else { &entry }, SimpleFileOptions::default()).expect("entry");
        to.write_all(&content).expect("content");
    }
    to.finish().expect("a ZIP").into_inner()
}

#[test]
fn a_bundle_whose_names_lead_elsewhere_writes_nothing() {
    let home = Home::new("slip");
    fs::write(home.0.join("app.log"), "canary").expect("write");
    let run = home.ask(&serve("200 OK"), &["--attach", &home.path("app.log")]);
    let bytes = fs::read(home.runs().join(format!("{run}.mesh"))).expect("bundle");
    let folder = home.path("deep/files");
    for evil in ["attached/../slipped", "attached/../../slipped", &format!("attached/{}", home.path("slipped"))] {
        fs::write(home.0.join("evil.mesh"), renamed(&bytes, "attached/app.log", evil)).expect("write");
        for form in ["--attached", "--pcap"] {
            let output = home.run(&["runs", "export", &home.path("evil.mesh"), form, &folder]);
            assert_eq!(output.status.code(), Some(4), "{evil}: {output:?}");
            assert!(text(&output.stderr).contains("no plain file name"), "{output:?}");
        }
    }
    assert!(!home.0.join("deep").exists() && !home.0.join("slipped").exists());
    fs::write(home.0.join("fine.mesh"), renamed(&bytes, "attached/app.log", "attached/b.log")).expect("write");
    let output = home.run(&["runs", "export", &home.path("fine.mesh"), "--attached", &folder]);
    assert_eq!((output.status.code(), home.names("deep/files")), (Some(0), vec!["b.log".to_owned()]));
}

#[test]
fn a_folder_that_is_full_gives_up_its_oldest_run_for_a_new_one() {
    let home = Home::new("bound");
    fs::create_dir_all(home.runs()).expect("folder");
    fs::write(home.runs().join("my-own-notes.mesh"), "no run of this program").expect("write");
    for number in 0..500u64 {
        let file = fs::File::create(home.runs().join(format!("old{number:05}.mesh"))).expect("a file");
        file.set_modified(SystemTime::now() - Duration::from_hours(1_000 - number)).expect("time");
    }
    let run = home.ask(&serve("200 OK"), &[]);
    let names = home.names(".local/state/meshctl/runs");
    let runs = names.iter().filter(|name| **name != ".lock" && **name != "my-own-notes.mesh").count();
    assert_eq!(runs, 500);
    assert!(!names.contains(&"old00000.mesh".to_owned()) && names.contains(&"old00001.mesh".to_owned()));
    assert!(names.contains(&format!("{run}.mesh")) && names.contains(&"my-own-notes.mesh".to_owned()));
}

#[test]
fn old_runs_go_and_the_newest_stays() {
    let home = Home::new("prune");
    let well = serve("200 OK");
    let runs = [home.ask(&well, &[]), home.ask(&well, &[]), home.ask(&well, &[])];
    for (days, run) in (40..).zip(&runs) {
        let file = fs::File::options().write(true).open(home.runs().join(format!("{run}.mesh"))).expect("bundle");
        file.set_modified(SystemTime::now() - Duration::from_hours(24 * days)).expect("time");
    }
    let prune = |words: &[&str]| home.run(&[&["runs", "prune", "-o", "json"], words].concat());
    assert_eq!(document(&prune(&["--older-than", "90d"]))["removed"], Value::Array(Vec::new()));
    assert_eq!(document(&prune(&["--older-than", "30d", "--keep", "2"]))["removed"][0], runs[2].as_str());
    let last = prune(&["--older-than", "30d"]);
    assert_eq!((&document(&last)["removed"][0], &document(&last)["kept"]), (&runs[1].as_str().into(), &1.into()));
    for wrong in ["30", "30m", "d", "99999999999999999999d"] {
        assert_eq!(prune(&["--older-than", wrong]).status.code(), Some(2), "{wrong}");
    }
    assert_eq!(prune(&[]).status.code(), Some(2), "an age is needed");
}
