//! nginx's error log: "2026/01/31 23:59:59 [error] 12#12: …" in the local time of the server.

use std::{
    collections::VecDeque,
    fs::OpenOptions,
    io::{self, Read as _, Seek as _, SeekFrom},
    net::IpAddr,
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use mesh_proto::v1 as pb;

use crate::net::admin;

/// Bytes read from the end of the log: about a thousand lines.
const TAIL: u64 = 256 << 10;
/// How far back, seconds.
const LATELY: i64 = 600;
/// Lines told, the newest ones.
const LINES: usize = 50;
/// Bytes of one line.
const TEXT: usize = 1024;
/// Clocks of this world differ from UTC by whole quarters of an hour.
const QUARTER: i64 = 900;
/// From UTC-12 to UTC+14, in quarters.
const ZONES: std::ops::RangeInclusive<i64> = -48..=56;

pub(super) async fn state(log: &Path, addresses: Vec<IpAddr>, mut state: pb::ProxyState) -> io::Result<pb::ProxyState> {
    let path = log.to_owned();
    // A file on a file system that hangs keeps its thread, and the answer does not wait for it.
    let read = tokio::task::spawn_blocking(move || tail(&path));
    let (text, modified) = match tokio::time::timeout(admin::TIME, read).await {
        Ok(read) => read.map_err(io::Error::other)??,
        Err(_elapsed) => return Err(io::Error::new(io::ErrorKind::TimedOut, "the file was not read in time")),
    };
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, seconds);
    match lately(&text, &addresses, modified, now) {
        Some(lines) => state.lines = lines,
        None => super::also(
            &mut state,
            "its last line does not begin with a time, as nginx writes it, at which the file was written",
        ),
    }
    Ok(state)
}

fn seconds(since: Duration) -> i64 {
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

/// The whole lines at the end of a file, and when it was written last, Unix seconds.
fn tail(path: &Path) -> io::Result<(String, i64)> {
    // Without O_NONBLOCK opening a FIFO waits for whoever writes to it.
    let mut file = OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK).open(path)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(io::Error::other("not a regular file"));
    }
    let modified = metadata.modified()?.duration_since(UNIX_EPOCH).map_or(0, seconds);
    let start = metadata.len().saturating_sub(TAIL);
    file.seek(SeekFrom::Start(start))?;
    let mut bytes = Vec::new();
    file.take(TAIL).read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    let whole = if start == 0 { text.as_ref() } else { text.split_once('\n').map_or("", |(_, rest)| rest) };
    Ok((whole.to_owned(), modified))
}

/// Lines of the last minutes that name one of the addresses, all when there is none; `None` when the log is not one of
/// nginx's, or was touched long after its last line. The server's zone is learnt from the log itself, as it need not be this process's: the last line was written
/// when the file was.
fn lately(text: &str, addresses: &[IpAddr], modified: i64, now: i64) -> Option<Vec<String>> {
    let Some(last) = text.lines().rev().find_map(local_seconds) else {
        return text.trim().is_empty().then(Vec::new);
    };
    let quarters = last.saturating_sub(modified).saturating_add(QUARTER / 2).div_euclid(QUARTER);
    if !ZONES.contains(&quarters) {
        return None;
    }
    let since = now - LATELY + quarters * QUARTER;
    let wanted: Vec<String> = addresses.iter().map(ToString::to_string).collect();
    let (mut kept, mut recent) = (VecDeque::new(), false);
    for line in text.lines() {
        // A line without a time belongs to the one before it.
        if let Some(at) = local_seconds(line) {
            recent = at >= since;
        }
        if !recent || !(wanted.is_empty() || wanted.iter().any(|address| names(line, address))) {
            continue;
        }
        if kept.len() == LINES {
            kept.pop_front();
        }
        kept.push_back(line.get(..line.floor_char_boundary(TEXT)).unwrap_or_default().to_owned());
    }
    Some(kept.into())
}

/// Whether the text holds the address and not a longer one: "10.0.0.1" is not in "10.0.0.12" nor in "110.0.0.1".
fn names(line: &str, address: &str) -> bool {
    line.match_indices(address).any(|(at, _)| {
        let longer = |c: Option<char>| c.is_some_and(|c| c.is_ascii_hexdigit());
        let before = line.get(..at).unwrap_or_default();
        let after = line.get(at.saturating_add(address.len())..).unwrap_or_default();
        let mut following = after.chars();
        let next = following.next();
        // "10.0.0.1." may end a sentence, "10.0.0.1.5" is no address; in front, a dot or colon belongs to an address.
        let goes_on = next == Some('.') && following.next().is_some_and(|c| c.is_ascii_digit());
        !longer(before.chars().next_back()) && !before.ends_with(['.', ':']) && !longer(next) && !goes_on
    })
}

/// "2026/01/31 23:59:59" as seconds since 1970 by the clock on the server's wall.
fn local_seconds(line: &str) -> Option<i64> {
    let stamp = line.get(..19)?;
    let mut parts = stamp.split(['/', ' ', ':']);
    let mut number = |low: i64, high: i64| {
        let part = parts.next()?;
        let value = part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse::<i64>().ok())??;
        (low..=high).contains(&value).then_some(value)
    };
    let (year, month, day) = (number(1970, 9999)?, number(1, 12)?, number(1, 31)?);
    let (hour, minute, second) = (number(0, 23)?, number(0, 59)?, number(0, 60)?);
    // Days of the proleptic Gregorian calendar, years beginning with March so that a leap day ends one.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1 - 719_468;
    Some(((days * 24 + hour) * 60 + minute) * 60 + second)
}

#[cfg(test)]
mod tests {
    use std::{
        path::PathBuf,
        process::{Child, Command, Stdio},
        time::Instant,
    };

    use proptest::prelude::*;

    use super::*;
    use crate::{collect::bench::Space, proxy::Proxy};

    /// A process that ends with the test, and its folder.
    struct Running {
        child: Child,
        folder: PathBuf,
    }

    impl Drop for Running {
        fn drop(&mut self) {
            drop(self.child.kill());
            drop(self.child.wait());
            drop(std::fs::remove_dir_all(&self.folder));
        }
    }

    #[expect(clippy::disallowed_methods, reason = "the test starts the proxy it asks about")]
    fn nginx() -> Running {
        let folder = std::env::temp_dir().join(format!("probemesh-nginx-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let at = folder.display();
        let text = format!(
            "daemon off; master_process off; pid {at}/pid; error_log {at}/error.log error;
             events {{ worker_connections 16; }}
             http {{ access_log off; client_body_temp_path {at}/b; proxy_temp_path {at}/p; fastcgi_temp_path {at}/f;
               uwsgi_temp_path {at}/u; scgi_temp_path {at}/s;
               server {{ listen 127.0.0.1:8080; location / {{ proxy_pass http://127.0.0.1:9; }}
                                              location /other {{ proxy_pass http://127.0.0.19:9/; }} }} }}"
        );
        std::fs::write(folder.join("nginx.conf"), text).unwrap();
        let child = Command::new("nginx")
            .arg("-c")
            .arg(folder.join("nginx.conf"))
            .env("TZ", "Asia/Kathmandu")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Running { child, folder }
    }

    #[expect(clippy::disallowed_methods, reason = "the test asks nginx so that it has something to say")]
    fn ask_nginx(path: &str) {
        use std::{io::Write as _, net::TcpStream};
        let began = Instant::now();
        let mut stream = loop {
            match TcpStream::connect("127.0.0.1:8080") {
                Ok(stream) => break stream,
                Err(e) => assert!(began.elapsed() < Duration::from_secs(5), "{e}"),
            }
            std::thread::sleep(Duration::from_millis(20));
        };
        stream.write_all(format!("GET {path} HTTP/1.0\r\n\r\n").as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.contains("502 Bad Gateway"), "{answer}");
    }

    #[tokio::test]
    async fn a_real_nginx_in_another_zone_tells_the_upstream_asked_about_and_no_other() {
        let space = Space::fresh();
        let running = space.run(|| {
            let running = nginx();
            ask_nginx("/");
            ask_nginx("/other");
            running
        });
        let mut ask = space.ask();
        ask.net = ask.net.with_proxies([Proxy::Nginx(running.folder.join("error.log"))].into());
        let lines = async |addresses: &[&str]| {
            let addresses = addresses.iter().map(|text| (*text).to_owned()).collect();
            let obs = super::super::run(&ask, &pb::CollectSpec { addresses, ..Default::default() }).await;
            assert_eq!(obs.outcome(), pb::Outcome::Pass, "{obs:?}");
            obs.proxies.unwrap().proxies.remove(0).lines
        };
        let other = lines(&["127.0.0.19"]).await;
        assert_eq!(other.len(), 1, "{other:?}");
        assert!(other[0].contains("connect() failed (111: Connection refused)"), "{other:?}");
        assert_eq!(lines(&[]).await.len(), 2);
        assert!(lines(&["10.1.1.1"]).await.is_empty());
    }

    const LOG: &str = "2026/02/28 23:40:00 [error] 1#1: old 10.0.0.1\n\
                       2026/02/28 23:59:00 [error] 1#1: new 10.0.0.1:80\n goes on with 10.0.0.1\n\
                       2026/03/01 00:00:00 [error] 1#1: new 10.0.0.12:80\n";

    #[test]
    fn lines_of_the_last_minutes_are_told_whatever_the_servers_zone_is() {
        // 2026-03-01T00:00:00Z.
        let midnight = 1_772_323_200;
        assert_eq!(local_seconds("2026/03/01 00:00:00"), Some(midnight));
        for zone in [0, 5 * 3600 + 2700, -8 * 3600] {
            let modified = midnight - zone + 1;
            let told = lately(LOG, &["10.0.0.1".parse().unwrap()], modified, modified + 5).unwrap();
            assert_eq!(told.len(), 2, "{zone}: {told:?}");
            assert!(told[0].contains("new 10.0.0.1:80"));
            assert_eq!(lately(LOG, &[], modified, modified + 5).unwrap().len(), 3);
            assert!(lately(LOG, &[], modified, modified + 700).unwrap().is_empty());
        }
        assert_eq!(lately("nonsense\n", &[], 0, 0), None);
        assert_eq!(lately(LOG, &[], midnight + 20 * 3600, midnight + 20 * 3600), None);
        assert_eq!(lately("", &[], 0, 0), Some(Vec::new()));
    }

    #[test]
    fn an_address_is_not_found_within_a_longer_one() {
        assert!(names("upstream: \"http://10.0.0.1:80/\"", "10.0.0.1") && names("to [fd00::1]:80", "fd00::1"));
        for longer in ["10.0.0.12", "110.0.0.1", "10.0.0.1.5"] {
            assert!(!names(longer, "10.0.0.1"), "{longer}");
        }
        assert!(!names("fd00::1", "::1") && !names("fd00::1a", "fd00::1"));
    }

    #[tokio::test]
    async fn a_log_that_nobody_can_read_to_its_end_is_not_waited_for() {
        let pipe = std::env::temp_dir().join(format!("probemesh-fifo-{}", std::process::id()));
        nix::unistd::mkfifo(&pipe, nix::sys::stat::Mode::S_IRWXU).unwrap();
        let mut ask = Space::fresh().ask();
        ask.net = ask.net.with_proxies([Proxy::Nginx(pipe.clone())].into());
        let obs = super::super::run(&ask, &pb::CollectSpec::default()).await;
        std::fs::remove_file(&pipe).unwrap();
        assert!(obs.missing.ends_with("not a regular file"), "{obs:?}");
    }

    proptest! {
        #[test]
        fn any_log_is_read_without_panic(text in "(.{0,40}\n){0,6}", modified: i64, now: i32) {
            std::hint::black_box(lately(&text, &["10.0.0.1".parse().unwrap()], modified, now.into()));
        }

        #[test]
        fn any_stamp_is_read_without_panic(text in "[0-9/: ]{0,24}") {
            std::hint::black_box(local_seconds(&text));
        }
    }
}
