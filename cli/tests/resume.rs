//! A run that continues an earlier one of the folder.
#![expect(clippy::disallowed_methods, reason = "tests run the binary and serve on loopback")]

use std::{
    fs,
    io::{Read as _, Write as _},
    net::TcpListener,
    path::PathBuf,
    process::{Command, Output, Stdio},
    thread,
};

use serde_json::Value;

struct Home(PathBuf);

impl Home {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("meshctl-resume-{}-{name}", std::process::id()));
        fs::remove_dir_all(&path).unwrap_or_default();
        fs::create_dir_all(&path).expect("temporary folder");
        Self(path)
    }

    fn run(&self, words: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_meshctl"));
        command.env_clear().env("HOME", &self.0).args(words).stdin(Stdio::null());
        command.output().expect("the binary runs")
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap_or_default();
    }
}

fn document(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{e}: {output:?}"))
}

fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The URL of a server that answers.
fn serve() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback");
    let port = listener.local_addr().expect("address").port();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            thread::spawn(move || {
                if stream.read(&mut [0; 4096]).is_ok_and(|bytes| bytes > 0) {
                    let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
                    stream.write_all(answer).unwrap_or_default();
                }
            });
        }
    });
    format!("http://127.0.0.1:{port}/")
}

#[test]
fn an_earlier_run_is_asked_again_and_its_replay_is_equal() {
    let home = Home::new("again");
    let url = serve();
    let first = document(&home.run(&["diagnose", &url, "-o", "json", "--max-time", "3s"]));
    let id = first["run"]["id"].as_str().expect("an id");
    let again = document(&home.run(&["diagnose", "--resume", id, "-o", "json"]));
    assert_eq!(again["target"]["input"], Value::String(url.clone()), "{again:#}");
    assert_eq!(again["verdict"]["status"], "healthy", "{again:#}");
    assert_eq!(again["run"]["continues"]["run"], id, "{again:#}");
    assert!(again["run"]["continues"]["evidence_age_ms"].is_u64(), "{again:#}");
    assert_ne!(again["run"]["id"], id);
    let then = |report: &Value| report["evidence"].as_array().expect("evidence").len();
    assert_eq!(then(&again), then(&first), "the evidence of then stands aside: everybody was asked again");
    let replayed = home.run(&["runs", "replay", again["run"]["id"].as_str().expect("an id")]);
    assert!(errors(&replayed).contains("the report is equal to the byte"), "{replayed:?}");
    let shown = home.run(&["runs", "show", again["run"]["id"].as_str().expect("an id")]);
    let shown = String::from_utf8_lossy(&shown.stdout).into_owned();
    assert!(shown.contains(&format!("continues  run {id}, evidence from")), "{shown}");
    assert!(shown.contains("everybody was asked again"), "{shown}");
}

#[test]
fn what_can_not_be_continued_is_refused_with_the_reason() {
    let home = Home::new("refused");
    let url = serve();
    let first = document(&home.run(&["diagnose", &url, "-o", "json", "-H", "Authorization: canary"]));
    let id = first["run"]["id"].as_str().expect("an id");
    let unknown = home.run(&["diagnose", "--resume", "zzzzzzzz"]);
    assert_eq!(unknown.status.code(), Some(4), "{unknown:?}");
    assert!(errors(&unknown).contains("is not kept here"), "{unknown:?}");
    let slip = home.run(&["diagnose", "--resume", "../../etc/passwd"]);
    assert_eq!(slip.status.code(), Some(4), "{slip:?}");
    let secret = home.run(&["diagnose", "--resume", id]);
    assert_eq!(secret.status.code(), Some(2), "{secret:?}");
    assert!(errors(&secret).contains("give them again with -H: Authorization"), "{secret:?}");
    let other = home.run(&["diagnose", "--resume", id, "http://127.0.0.1:1/", "-H", "Authorization: canary"]);
    assert!(other.status.code() == Some(2) && errors(&other).contains("leave the target out"), "{other:?}");
    let control = home.run(&["diagnose", "--resume", id, &url, "-H", "Authorization: canary", "-o", "json"]);
    assert_eq!(control.status.code(), Some(0), "{control:?}");
}
