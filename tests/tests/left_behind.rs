//! What is left on a machine after a run that ended, was interrupted or was killed: nothing. A test binary of its own,
//! because it compares the whole machine before and after. Needs root, and fails without it.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// Beside this test's own binary.
fn binary(name: &str) -> PathBuf {
    let own = std::env::current_exe().expect("own path");
    let path = own.parent().and_then(Path::parent).expect("target folder").join(name);
    assert!(path.exists(), "{} is missing: cargo build --workspace --features mesh-lab/full", path.display());
    path
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Everything that this test starts inherits it, whatever else runs on the machine.
const MARK: &str = "PROBEMESH_LEFT_BEHIND";

/// What a run could leave: namespaces, links, mounts, and processes of this test's.
fn traces() -> Vec<String> {
    let shell = |script: &str| text(&Command::new("sh").args(["-c", script]).output().expect("sh").stdout);
    let mark = format!("{MARK}={}", std::process::id());
    let own = format!(
        "ip netns list; ip -br link | awk '{{print $1}}'; mount | grep -c tmpfs; \
         for p in $(grep -lzxs '{mark}' /proc/[0-9]*/environ); do cat ${{p%environ}}comm; done 2>/dev/null; true"
    );
    shell(&own).lines().map(str::to_owned).collect()
}

fn settles_to(before: &[String]) {
    let until = Instant::now() + Duration::from_secs(10);
    loop {
        let after = traces();
        if after == before {
            return;
        }
        assert!(Instant::now() < until, "left behind: {after:?} instead of {before:?}");
        thread::sleep(Duration::from_millis(100));
    }
}

/// A lab that has said that it is up. env(1) undoes an ignored SIGINT that a job in the background inherits.
fn lab_up() -> Child {
    let mut lab = Command::new("env")
        .arg("--default-signal=INT")
        .arg(binary("lab"))
        .arg("up")
        .env(MARK, std::process::id().to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("lab");
    let said = BufReader::new(lab.stdout.take().expect("piped"));
    assert!(said.lines().any(|line| line.is_ok_and(|line| line.starts_with("up;"))), "the lab did not come up");
    lab
}

#[test]
fn nothing_is_left_behind_after_a_run_an_interrupt_or_a_kill() {
    let before = traces();
    let home = std::env::temp_dir().join(format!("probemesh-left-{}", std::process::id()));
    fs::create_dir_all(&home).expect("temporary folder");
    for signal in [None, Some("INT"), Some("KILL")] {
        let mut demo = Command::new(binary("meshctl"))
            .args(["demo", "path-mtu", "-o", "json"])
            .env("HOME", &home)
            .env(MARK, std::process::id().to_string())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("meshctl");
        if let Some(signal) = signal {
            thread::sleep(Duration::from_millis(700));
            let pid = demo.id().to_string();
            assert!(Command::new("kill").args([&format!("-{signal}"), &pid]).status().expect("kill").success());
        }
        let status = demo.wait().expect("wait");
        match signal {
            None => assert_eq!(status.code(), Some(1)),
            Some("INT") => assert_eq!(status.code(), Some(130)),
            Some(_) => assert_eq!(status.code(), None),
        }
        settles_to(&before);
    }
    for signal in ["INT", "TERM", "KILL"] {
        let mut lab = lab_up();
        assert!(
            Command::new("kill").args([&format!("-{signal}"), &lab.id().to_string()]).status().expect("kill").success()
        );
        lab.wait().expect("wait");
        settles_to(&before);
    }
    let mut lab = lab_up();
    assert!(traces().len() > before.len() + 10, "a lab that is up shows: {:?}", traces());
    let down = Command::new(binary("lab")).arg("down").output().expect("lab");
    assert!(text(&down.stdout).contains(" ended"), "{}{}", text(&down.stdout), text(&down.stderr));
    lab.wait().expect("wait");
    settles_to(&before);
    fs::remove_dir_all(&home).expect("clean up");
}
