//! A question that is repeated: a line per run, its end by time, by the first failing run and by Ctrl-C.
#![expect(clippy::disallowed_methods, reason = "tests run the binary and serve on loopback")]

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpListener,
    path::PathBuf,
    process::{Command, Output, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use serde_json::Value;

/// A folder that goes with the test.
struct Home(PathBuf);

impl Home {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("meshctl-repeat-{}-{name}", std::process::id()));
        fs::remove_dir_all(&path).unwrap_or_default();
        fs::create_dir_all(&path).expect("temporary folder");
        Self(path)
    }

    fn meshctl(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_meshctl"));
        command.env_clear().env("HOME", &self.0).args(words).stdin(Stdio::null());
        command
    }

    fn run(&self, words: &[&str]) -> Output {
        self.meshctl(words).output().expect("the binary runs")
    }

    fn kept(&self) -> usize {
        let entries = fs::read_dir(self.0.join(".local/state/meshctl/runs")).expect("runs");
        entries.flatten().filter(|entry| entry.path().extension().is_some_and(|end| end == "mesh")).count()
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap_or_default();
    }
}

/// The URL of a server that is well as long as nobody says otherwise.
fn serve() -> (String, Arc<AtomicBool>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback");
    let port = listener.local_addr().expect("address").port();
    let ill = Arc::new(AtomicBool::new(false));
    let told = Arc::clone(&ill);
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let ill = Arc::clone(&told);
            thread::spawn(move || {
                if stream.read(&mut [0; 4096]).is_ok_and(|bytes| bytes > 0) {
                    let status = if ill.load(Ordering::SeqCst) { "503 Service Unavailable" } else { "200 OK" };
                    let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
                    stream.write_all(answer.as_bytes()).unwrap_or_default();
                }
            });
        }
    });
    (format!("http://127.0.0.1:{port}/"), ill)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

#[test]
fn each_run_is_a_line_and_is_kept_and_the_last_line_counts() {
    let home = Home::new("lines");
    let (target, _) = serve();
    let output = home.run(&["diagnose", &target, "--for", "2500ms", "--every", "1s"]);
    let shown = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let lines: Vec<_> = shown.lines().collect();
    assert!(lines.len() > 2 && lines[..lines.len() - 1].iter().all(|line| line.contains("HEALTHY")), "{shown}");
    let runs = lines.len() - 1;
    assert_eq!(lines[runs], format!("none of {runs} runs failed"));
    assert_eq!(home.kept(), runs);
}

#[test]
fn the_first_failing_run_ends_it_when_that_is_asked() {
    let home = Home::new("until");
    let (target, ill) = serve();
    let mut child = home
        .meshctl(&["diagnose", &target, "--for", "60s", "--every", "1s", "--until", "failing", "-o", "jsonl"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    let mut lines = BufReader::new(child.stdout.take().expect("stdout")).lines();
    let mut next = || serde_json::from_str::<Value>(&lines.next()?.expect("a line")).ok();
    let first = next().expect("a document");
    assert_eq!((&first["kind"], &first["status"]), (&"RepeatedRun".into(), &"healthy".into()));
    ill.store(true, Ordering::SeqCst);
    let mut all: Vec<Value> = std::iter::from_fn(next).collect();
    let sum = all.pop().expect("a last document");
    let broken = all.pop().expect("a failing run");
    assert_eq!(child.wait().expect("its end").code(), Some(1));
    assert_eq!((&broken["status"], &broken["failed"]), (&"failing".into(), &true.into()));
    assert_eq!(
        (&sum["kind"], &sum["failed"], &sum["of"]),
        (&"RepeatedRuns".into(), &1.into(), &(all.len() + 2).into())
    );
    assert_eq!((&sum["began"], &sum["first_failing"]), (&broken["at"], &broken["run"]));
}

#[test]
fn without_it_the_time_is_used_up_and_the_code_says_that_one_failed() {
    let home = Home::new("over");
    let (target, ill) = serve();
    ill.store(true, Ordering::SeqCst);
    let output = home.run(&["diagnose", &target, "--for", "2500ms", "--every", "1s", "-o", "json"]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let all: Value = serde_json::from_slice(&output.stdout).expect("one document");
    let runs = all["runs"].as_array().expect("runs");
    assert!(runs.len() > 1 && all["failed"] == runs.len() && all["began"] == runs[0]["at"], "{all}");
}

#[test]
fn an_interrupt_between_two_runs_ends_it_properly() {
    let home = Home::new("ctrl-c");
    let (target, _) = serve();
    let mut child = home
        .meshctl(&["diagnose", &target, "--for", "10m", "--every", "5m"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    let mut lines = BufReader::new(child.stdout.take().expect("stdout")).lines();
    assert!(lines.next().expect("a line").expect("text").contains("HEALTHY"));
    let asked = Instant::now();
    kill(Pid::from_raw(child.id().try_into().expect("a pid")), Signal::SIGINT).expect("a signal");
    assert_eq!(lines.next().expect("a line").expect("text"), "none of 1 run failed; interrupted");
    assert_eq!(child.wait().expect("its end").code(), Some(130));
    assert!(asked.elapsed() < Duration::from_secs(2));
    assert_eq!(home.kept(), 1);
}

#[test]
fn an_interrupt_within_a_run_still_tells_that_run_and_counts_it_neither_way() {
    let home = Home::new("ctrl-c-within");
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback");
    let target = format!("http://{}/", listener.local_addr().expect("address"));
    let mut child = home
        .meshctl(&["diagnose", &target, "--for", "10m", "-o", "json"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    // It has connected: the run goes on, and nobody answers.
    let held = listener.accept().expect("a connection");
    thread::sleep(Duration::from_millis(200));
    let asked = Instant::now();
    kill(Pid::from_raw(child.id().try_into().expect("a pid")), Signal::SIGINT).expect("a signal");
    let mut shown = String::new();
    child.stdout.take().expect("stdout").read_to_string(&mut shown).expect("text");
    assert_eq!(child.wait().expect("its end").code(), Some(130), "{shown}");
    assert!(asked.elapsed() < Duration::from_secs(2));
    let all: Value = serde_json::from_str(&shown).expect("one document");
    assert_eq!((&all["of"], &all["failed"], &all["interrupted"]), (&0.into(), &0.into(), &true.into()));
    assert_eq!(all["runs"][0]["interrupted"], true);
    drop(held);
}

#[test]
fn what_cannot_be_done_at_all_is_told_once_and_the_flags_belong_together() {
    let home = Home::new("usage");
    let (target, _) = serve();
    let output = home.run(&["diagnose", &target, "--for", "10m", "--from", "nowhere"]);
    assert_eq!(output.status.code(), Some(4), "{output:?}");
    assert!(output.stdout.is_empty());
    for words in [
        vec!["--every", "5s"],
        vec!["--until", "failing"],
        vec!["--for", "25h"],
        vec!["--for", "xh"],
        vec!["--for", "10m", "--every", "10ms"],
    ] {
        let output = home.run(&[&["diagnose", target.as_str()], words.as_slice()].concat());
        assert_eq!(output.status.code(), Some(2), "{words:?}: {output:?}");
    }
}
