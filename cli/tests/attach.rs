//! Files that the caller attaches: into the bundle, out of it again, and none of it in the recorded request.
#![expect(clippy::disallowed_methods, reason = "tests run the binary and serve on loopback")]

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    thread,
};

/// A folder that goes with the test.
struct Home(PathBuf);

impl Home {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("meshctl-test-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).expect("temporary folder");
        Self(path)
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).unwrap_or_default();
    }
}

fn run(home: &Path, words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_meshctl"));
    command.env_clear().env("HOME", home).args(words).stdin(Stdio::null());
    command.output().expect("the binary runs")
}

/// The URL of a server that is well.
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
fn attached_files_are_in_the_bundle_as_they_were_and_it_is_replayed() {
    let home = Home::new("attach");
    let (one, two) = (home.0.join("one"), home.0.join("two"));
    for folder in [&one, &two] {
        std::fs::create_dir_all(folder).expect("folder");
    }
    // More than a message of the API may have otherwise.
    let big: Vec<u8> =
        (0..4u32 << 20).map(|at| u8::try_from(at.wrapping_mul(2_654_435_761) >> 24).expect("8 bits")).collect();
    std::fs::write(one.join("app.log"), &big).expect("write");
    std::fs::write(two.join("app.log"), "canary of the second").expect("write");
    let (first, second) = (one.join("app.log").display().to_string(), two.join("app.log").display().to_string());
    let target = serve();
    let output = run(&home.0, &["diagnose", &target, "--attach", &first, "--attach", &second, "-o", "json"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let runs = home.0.join(".local/state/meshctl/runs");
    let kept = std::fs::read_dir(&runs).expect("runs").next().expect("one run").expect("entry").path();
    let bundle = mesh_proto::bundle::read(&std::fs::read(&kept).expect("the bundle")).expect("a whole bundle");
    let names: Vec<_> = bundle.attached.keys().map(String::as_str).collect();
    assert_eq!(names, ["app-2.log", "app.log"]);
    assert!(bundle.attached["app.log"] == big);
    assert_eq!(bundle.attached["app-2.log"], b"canary of the second");
    let recorded = bundle.record.request.expect("a request").attachments;
    assert!(recorded.iter().all(|attachment| attachment.content.is_empty()));
    assert_eq!(recorded.iter().map(|a| a.name.as_str()).collect::<Vec<_>>(), ["app.log", "app-2.log"]);
    let replayed = run(&home.0, &["runs", "replay", &kept.display().to_string()]);
    assert_eq!(replayed.status.code(), Some(0), "{replayed:?}");
}
