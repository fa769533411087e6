//! The binary as a user meets it: exit codes, streams, bad input, what it leaves behind.
#![expect(clippy::disallowed_methods, reason = "tests run the binary and serve on loopback")]

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

/// A folder of its own for each test, removed at its end.
struct Home(PathBuf);

impl Home {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("meshctl-test-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).expect("temporary folder");
        Self(path)
    }

    /// The binary in an environment that holds nothing but this home.
    fn meshctl(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_meshctl"));
        command.env_clear().env("HOME", &self.0).args(words).stdin(Stdio::null());
        command
    }

    fn run(&self, words: &[&str]) -> Output {
        self.meshctl(words).output().expect("the binary runs")
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).unwrap_or_default();
    }
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8 on stdout")
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8 on stderr")
}

/// stdout is one JSON document; gives it.
fn document(output: &Output) -> Value {
    let text = out(output);
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{e}: {text:?}"))
}

/// Answers every request on loopback with a status, for as long as the test runs.
fn serve(status: &'static str) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback");
    let port = listener.local_addr().expect("address").port();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || answer(stream, status));
        }
    });
    port
}

fn answer(mut stream: TcpStream, status: &str) {
    let mut read = [0; 4096];
    if stream.read(&mut read).is_ok_and(|bytes| bytes > 0) {
        let text = format!("HTTP/1.1 {status}\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
        stream.write_all(text.as_bytes()).unwrap_or_default();
    }
}

/// Takes connections and never answers.
fn hang() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback");
    let port = listener.local_addr().expect("address").port();
    thread::spawn(move || {
        let held: Vec<_> = listener.incoming().collect();
        drop(held);
    });
    port
}

/// A port that was free a moment ago.
fn closed() -> u16 {
    TcpListener::bind("127.0.0.1:0").expect("loopback").local_addr().expect("address").port()
}

fn url(port: u16) -> String {
    format!("http://127.0.0.1:{port}/")
}

#[test]
fn a_healthy_server_is_healthy_on_one_screen_and_is_kept() {
    let home = Home::new("healthy");
    let output = home.run(&["diagnose", &url(serve("200 OK"))]);
    let text = out(&output);
    assert_eq!(output.status.code(), Some(0), "{text}{}", err(&output));
    assert!(text.starts_with("✓ HEALTHY  "), "{text}");
    assert!(text.lines().count() <= 14, "{text}");
    assert!(text.contains("saved: ~/.local/state/meshctl/runs/"), "{text}");
    assert!(!output.stdout.contains(&0x1b) && !output.stderr.contains(&0x1b), "no escape without a terminal");
}

#[test]
fn a_closed_port_is_named_with_its_boundary_and_evidence() {
    let home = Home::new("closed");
    let output = home.run(&["diagnose", &url(closed())]);
    let text = out(&output);
    assert_eq!(output.status.code(), Some(1), "{text}{}", err(&output));
    assert!(text.contains("application/not-listening @ local") && text.contains("proved"), "{text}");
    assert!(text.contains("Connection refused (os error 111)"), "{text}");
}

#[test]
fn the_threshold_moves_the_code_and_not_the_verdict() {
    let home = Home::new("threshold");
    let output = home.run(&["diagnose", &url(closed()), "--fail-on", "never", "-o", "json"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(document(&output)["verdict"]["status"], "failing");
}

#[test]
fn a_status_that_was_expected_is_healthy_and_one_that_was_not_fails() {
    let home = Home::new("expect");
    let target = url(serve("404 Not Found"));
    assert_eq!(home.run(&["diagnose", &target]).status.code(), Some(1));
    assert_eq!(home.run(&["diagnose", &target, "--expect", "404"]).status.code(), Some(0));
}

#[test]
fn wherever_it_fails_stdout_is_one_json_document_with_the_exit_code() {
    let home = Home::new("json");
    let empty = home.0.join("empty.mesh");
    let broken = home.0.join("broken.mesh");
    std::fs::write(&empty, b"").expect("write");
    std::fs::write(&broken, b"PK\x03\x04 cut").expect("write");
    let (empty, broken) = (empty.display().to_string(), broken.display().to_string());
    let large = home.0.join("large.log");
    std::fs::write(&large, vec![0; (4 << 20) + 1]).expect("write");
    let large = large.display().to_string();
    let cases: [(&[&str], i32, &str); 18] = [
        (&["diagnose"], 2, "required"),
        (&["diagnos", "x"], 2, "diagnos"),
        (&["127.0.0.1:80"], 2, "not a command"),
        (&["diagnose", "ftp://a.lab/"], 2, "ftp"),
        (&["diagnose", "http://a.lab:70000/"], 2, "70000"),
        (&["diagnose", "http://a.lab/", "--body", "x"], 2, "--body"),
        (&["diagnose", "http://a.lab/", "--cacert", "/nonexistent"], 2, "/nonexistent"),
        (&["diagnose", "http://a.lab/", "--cluster-state", "/nonexistent"], 2, "/nonexistent"),
        (&["diagnose", "http://a.lab/", "--attach", "/nonexistent"], 2, "/nonexistent"),
        (&["diagnose", "http://a.lab/", "--attach", &large], 2, "more than 4 MiB"),
        (&["diagnose", "--", "curl", "--proxy", "http://p/"], 2, "--proxy"),
        (&["diagnose", "127.0.0.1:80", "--from", "node/none"], 4, "node/none"),
        (&["runs", "show", "nosuchrun"], 4, "nosuchrun"),
        (&["runs", "replay", &empty], 4, "empty"),
        (&["runs", "replay", &broken], 4, "not a bundle"),
        (&["explain", "path-mtu/blackhol"], 2, "path-mtu/blackhol"),
        (&["demo", "nosuchdemo"], 2, "nosuchdemo"),
        (&["probe", "dns", "a.lab"], 2, "server"),
    ];
    for (words, code, word) in cases {
        let mut line = vec!["-o", "json"];
        line.extend(words);
        let output = home.run(&line);
        let document = document(&output);
        assert_eq!(output.status.code(), Some(code), "{words:?}: {document}");
        assert_eq!((&document["kind"], &document["exit"]), (&Value::from("Error"), &Value::from(code)), "{words:?}");
        assert_eq!(document["apiVersion"], "probemesh/v1alpha1", "{words:?}");
        assert!(document["message"].as_str().is_some_and(|text| text.contains(word)), "{words:?}: {document}");
        let told = err(&output);
        assert!(told.lines().any(|line| line.starts_with("x ")), "{words:?}: {told}");
        assert!(!told.contains("panicked"), "{words:?}: {told}");
    }
}

#[test]
fn without_programs_to_serve_errors_leave_stdout_empty() {
    let home = Home::new("plain-errors");
    for words in [["diagnose", "ftp://a.lab/"], ["runs", "nonsense"], ["explain", "nonsense"]] {
        let output = home.run(&words);
        assert_eq!((output.status.code(), out(&output).as_str()), (Some(2), ""), "{words:?}");
        assert!(err(&output).starts_with("x "), "{words:?}: {}", err(&output));
    }
}

#[test]
fn every_command_gives_one_document_when_it_works_too() {
    let home = Home::new("documents");
    let target = url(serve("200 OK"));
    for (words, kind) in [
        (vec!["diagnose", &target], "Report"),
        (vec!["probe", "http", &target], "Measurement"),
        (vec!["vantages"], "Vantages"),
        (vec!["runs"], "Runs"),
        (vec!["explain"], "Pages"),
        (vec!["explain", "504"], "Page"),
        (vec!["doctor"], "Doctor"),
        (vec!["demo"], "Demos"),
        (vec!["--help"], "Help"),
        (vec!["--version"], "Version"),
    ] {
        let mut line = words.clone();
        line.extend(["-o", "json"]);
        let output = home.run(&line);
        assert_eq!(document(&output)["kind"], kind, "{words:?}");
        assert_eq!(output.status.code(), Some(0), "{words:?}: {}", err(&output));
    }
}

#[test]
fn lines_of_jsonl_are_documents_and_the_last_is_the_report() {
    let home = Home::new("jsonl");
    let output = home.run(&["diagnose", &url(serve("200 OK")), "-o", "jsonl"]);
    let text = out(&output);
    let kinds: Vec<String> = text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect(line)["kind"].as_str().unwrap_or_default().to_owned())
        .collect();
    assert_eq!(kinds.first().map(String::as_str), Some("Question"));
    assert_eq!(kinds.last().map(String::as_str), Some("Report"));
    assert!(kinds.iter().any(|kind| kind == "Evidence"));
}

#[test]
fn a_run_is_listed_shown_and_replayed_to_the_byte() {
    let home = Home::new("runs");
    let target = url(closed());
    let asked = home.run(&["diagnose", &target, "-o", "json"]);
    let run = document(&asked)["run"]["id"].as_str().expect("an id").to_owned();
    let listed = home.run(&["runs", "list"]);
    assert!(out(&listed).contains(&run) && out(&listed).contains("application/not-listening"), "{}", out(&listed));
    let replayed = home.run(&["runs", "replay", &run, "-o", "json"]);
    assert_eq!(out(&replayed), out(&asked));
    assert!(err(&replayed).contains("equal to the byte"), "{}", err(&replayed));
    assert_eq!(replayed.status.code(), Some(1));
    let ticket = home.run(&["runs", "show", &run, "-o", "md"]);
    assert!(out(&ticket).starts_with("**FAILING** `application/not-listening @ local` (proved)"), "{}", out(&ticket));
    assert_eq!(ticket.status.code(), Some(0));
}

#[test]
fn a_bundle_of_other_rules_shows_both_verdicts() {
    let home = Home::new("rules");
    let run = document(&home.run(&["diagnose", &url(closed()), "-o", "json"]));
    let run = run["run"]["id"].as_str().expect("an id");
    let bytes = std::fs::read(home.0.join(format!(".local/state/meshctl/runs/{run}.mesh"))).expect("the bundle");
    let mut bundle = mesh_proto::bundle::read(&bytes).expect("a bundle");
    let mut report: Value = serde_json::from_slice(&bundle.report).expect("a report");
    report["verdict"]["boundaries"][0]["cause"] = "bound-loopback".into();
    (bundle.rules_version, bundle.report) = (0, report.to_string().into_bytes());
    let other = home.0.join("other.mesh");
    std::fs::write(&other, mesh_proto::bundle::write(&bundle).expect("packed")).expect("write");
    let told = err(&home.run(&["runs", "replay", &other.display().to_string()]));
    assert!(told.contains("written by rules 0"), "{told}");
    assert!(told.contains("application/bound-loopback") && told.contains("application/not-listening"), "{told}");
}

#[test]
fn what_a_server_says_does_not_move_the_cursor() {
    let home = Home::new("escapes");
    let target = url(serve("503 \u{1b}]0;owned\u{7}\u{1b}[2J"));
    for form in ["text", "md"] {
        let output = home.run(&["diagnose", &target, "-v", "-o", form]);
        assert!(!output.stdout.iter().chain(&output.stderr).any(|byte| *byte == 0x1b || *byte == 0x07), "{form}");
    }
}

#[test]
fn a_bundle_cut_off_anywhere_is_refused_with_its_name() {
    let home = Home::new("cut");
    let output = home.run(&["diagnose", &url(closed()), "-o", "json"]);
    let run = document(&output)["run"]["id"].as_str().expect("an id").to_owned();
    let whole = std::fs::read(home.0.join(format!(".local/state/meshctl/runs/{run}.mesh"))).expect("the bundle");
    let cut = home.0.join("cut.mesh");
    for length in [1, whole.len() / 2, whole.len() - 1] {
        std::fs::write(&cut, &whole[..length]).expect("write");
        let output = home.run(&["runs", "replay", &cut.display().to_string()]);
        assert_eq!(output.status.code(), Some(4), "{length}");
        assert!(err(&output).contains("cut.mesh"), "{}", err(&output));
    }
}

#[test]
fn a_run_that_can_not_be_kept_is_still_reported() {
    let home = Home::new("unkept");
    let target = url(serve("200 OK"));
    for (words, home_is_set) in
        [(vec!["diagnose", &target, "--runs-dir", "/dev/null/runs"], true), (vec!["diagnose", &target], false)]
    {
        let mut command = home.meshctl(&words);
        if !home_is_set {
            command.env_remove("HOME");
        }
        let output = command.output().expect("the binary runs");
        assert_eq!(output.status.code(), Some(0), "{}", err(&output));
        assert!(out(&output).contains("not saved: "), "{}", out(&output));
    }
}

#[test]
fn ascii_is_seven_bit_on_both_streams() {
    let home = Home::new("ascii");
    let target = url(closed());
    for words in [vec!["diagnose", &target, "--ascii"], vec!["doctor", "--ascii"], vec!["explain", "--ascii"]] {
        let output = home.run(&words);
        assert!(out(&output).is_ascii() && err(&output).is_ascii(), "{words:?}: {}{}", out(&output), err(&output));
    }
    let output = home.meshctl(&["diagnose", &target]).env("LC_ALL", "C").output().expect("the binary runs");
    assert!(out(&output).is_ascii() && out(&output).starts_with("FAILING  "), "{}", out(&output));
}

#[test]
fn colour_comes_only_when_it_is_asked_for() {
    let home = Home::new("colour");
    let target = url(closed());
    assert!(home.run(&["diagnose", &target, "--color", "always"]).stdout.contains(&0x1b));
    for words in [vec!["diagnose", &target], vec!["diagnose", &target, "--color", "never", "--ci"]] {
        let output = home.run(&words);
        assert!(!output.stdout.contains(&0x1b) && !output.stderr.contains(&0x1b), "{words:?}");
    }
}

#[test]
fn quiet_leaves_stderr_empty_and_progress_comes_first_otherwise() {
    let home = Home::new("quiet");
    let target = url(serve("200 OK"));
    assert_eq!(err(&home.run(&["diagnose", &target, "--quiet"])), "");
    assert!(err(&home.run(&["diagnose", &target])).starts_with(&target));
}

#[test]
fn header_values_stay_out_of_everything_that_is_shown() {
    let home = Home::new("secrets");
    let target = url(serve("200 OK"));
    let line = ["diagnose", &target, "-v", "-o", "json", "-H", "Authorization: Bearer canary-of-a-secret"];
    let output = home.run(&line);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    assert!(!out(&output).contains("canary-of-a-secret") && !err(&output).contains("canary-of-a-secret"));
    let output = home.run(&[
        "diagnose",
        "--",
        "curl",
        "-H",
        "Cookie: a=canary-of-a-secret",
        "-d",
        "canary-of-a-secret",
        &target,
    ]);
    assert!(!out(&output).contains("canary-of-a-secret") && !err(&output).contains("canary-of-a-secret"));
}

#[test]
fn ctrl_c_reports_what_is_known_within_a_second() {
    let home = Home::new("interrupt");
    let target = url(hang());
    let mut child = home
        .meshctl(&["diagnose", &target, "-o", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    let mut lines = BufReader::new(child.stderr.take().expect("stderr")).lines();
    // The round has begun: there is something to interrupt.
    assert!(lines.any(|line| line.is_ok_and(|line| line.starts_with("round 1"))));
    thread::sleep(Duration::from_millis(200));
    let began = Instant::now();
    let id = nix::unistd::Pid::from_raw(i32::try_from(child.id()).expect("a process id"));
    nix::sys::signal::kill(id, nix::sys::signal::Signal::SIGINT).expect("signal");
    let output = child.wait_with_output().expect("it ends");
    assert!(began.elapsed() < Duration::from_millis(1_200), "{:?}", began.elapsed());
    assert_eq!(output.status.code(), Some(130));
    assert_eq!(document(&output)["run"]["status"], "interrupted");
}

#[test]
fn the_deadline_bounds_the_whole_run() {
    let home = Home::new("deadline");
    let began = Instant::now();
    let output = home.run(&["diagnose", &url(hang()), "--deadline", "1s", "-o", "json"]);
    assert!(began.elapsed() < Duration::from_millis(1_700), "{:?}", began.elapsed());
    assert_eq!(document(&output)["verdict"]["status"], "failing");
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn a_name_that_does_not_resolve_fails_with_the_exact_error() {
    let home = Home::new("name");
    // A namespace without interfaces: no resolver can be reached, and nobody answers in a gateway's stead.
    let output = Command::new("unshare")
        .args([
            "--user",
            "--map-root-user",
            "--net",
            env!("CARGO_BIN_EXE_meshctl"),
            "diagnose",
            "http://no-such-name.invalid/",
            "-o",
            "json",
        ])
        .env("HOME", &home.0)
        .output()
        .expect("unshare runs");
    assert_eq!(output.status.code(), Some(1), "user namespaces are needed: {}", err(&output));
    let document = document(&output);
    assert_eq!(document["verdict"]["status"], "failing", "{document}");
    let evidence = document["evidence"].as_array().expect("evidence");
    assert!(evidence.iter().any(|item| item["task"] == "resolve" && item["outcome"] == "fail"), "{document}");
}

#[test]
fn help_opens_with_what_it_does_and_three_examples() {
    let home = Home::new("help");
    let top = home.run(&[]);
    assert_eq!(top.status.code(), Some(0));
    assert!(out(&top).starts_with("meshctl finds where on the path a connection breaks"));
    assert_eq!(out(&top), out(&home.run(&["--help"])));
    for command in ["diagnose", "probe", "vantages", "runs", "explain", "doctor", "demo"] {
        assert!(out(&top).contains(&format!("   {command} ")), "{command} is in the overview");
        let output = home.run(&[command, "--help"]);
        assert_eq!(output.status.code(), Some(0), "{command}");
        let text = out(&output);
        let examples = text.lines().take(6).filter(|line| line.starts_with("  meshctl ")).count();
        assert!(examples >= 3, "{command}: {text}");
    }
}

#[test]
fn every_example_of_the_help_is_a_command_line_that_is_understood() {
    let home = Home::new("examples");
    for command in ["diagnose", "probe", "vantages", "runs", "explain", "doctor", "demo"] {
        let text = out(&home.run(&[command, "--help"]));
        for example in text.lines().filter_map(|line| line.strip_prefix("  meshctl ")) {
            let words: Vec<&str> = example.split(' ').chain(["--help"]).collect();
            // With --help nothing is sent, and a word that is not understood is still an error, except after `--`.
            if !words.contains(&"--") {
                assert_eq!(home.run(&words).status.code(), Some(0), "{example}");
            }
        }
    }
}

#[test]
fn typos_are_answered_with_what_was_meant() {
    let home = Home::new("typos");
    for (words, meant) in [
        (vec!["diagnos", "x"], "diagnose"),
        (vec!["diagnose", "x", "--fail-no", "never"], "--fail-on"),
        (vec!["diagnose", "x", "-o", "jsn"], "json"),
        (vec!["explain", "firewall/dorp"], "firewall/drop"),
        (vec!["api.example.com"], "meshctl diagnose api.example.com"),
    ] {
        let output = home.run(&words);
        assert_eq!(output.status.code(), Some(2), "{words:?}");
        assert!(err(&output).contains(meant), "{words:?}: {}", err(&output));
    }
    assert_eq!(home.run(&["diag", "x"]).status.code(), Some(2), "no abbreviations");
}

#[test]
fn every_page_that_is_listed_can_be_read() {
    let home = Home::new("pages");
    let pages = document(&home.run(&["explain", "-o", "json"]));
    let causes = pages["causes"].as_array().expect("causes");
    assert!(causes.len() > 40);
    for cause in causes.iter().take(5) {
        let slug = cause["slug"].as_str().expect("slug");
        assert!(out(&home.run(&["explain", slug])).starts_with(slug), "{slug}");
    }
    for symptom in ["504", "refused", "reset", "tls", "dns", "large", "pod"] {
        assert_eq!(home.run(&["explain", symptom]).status.code(), Some(0), "{symptom}");
    }
}

#[test]
fn nothing_but_the_bundle_is_left_behind() {
    let home = Home::new("left");
    home.run(&["diagnose", &url(serve("200 OK"))]);
    let mut left = Vec::new();
    walk(&home.0, &mut left);
    assert_eq!(left.len(), 1, "{left:?}");
    assert!(left.iter().all(|path| path.extension().is_some_and(|ending| ending == "mesh")), "{left:?}");
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("folder").flatten() {
        if entry.path().is_dir() {
            walk(&entry.path(), found);
        } else {
            found.push(entry.path());
        }
    }
}
