//! What the kernel said of the network lately: `/dev/kmsg` (Documentation/ABI/testing/dev-kmsg). All namespaces share it.

use std::{
    collections::VecDeque,
    fs::{File, OpenOptions},
    io::{self, Read as _},
    os::unix::fs::OpenOptionsExt as _,
    time::{Duration, Instant},
};

use mesh_proto::v1 as pb;
use nix::time::{ClockId, clock_gettime};

use crate::{clock, probe::Ask};

/// What gives the right.
const RIGHT: &str = "CAP_SYSLOG, or kernel.dmesg_restrict=0 and a /dev/kmsg that this user may read";
/// How far back. What a run is about is minutes old at most.
const LATELY: Duration = Duration::from_mins(10);
/// Bytes read. The default ring of a kernel is 256 KiB, that of a host with many processors a few MiB.
const BYTES: usize = 4 << 20;
/// Twice the longest record: 8192 bytes (`CONSOLE_EXT_LOG_MAX`), since Linux 6.3 2048 (`PRINTK_MESSAGE_MAX` in
/// kernel/printk/internal.h). A buffer that is too short gets EINVAL.
const RECORD: usize = 16 << 10;
/// Lines kept, the newest ones.
const LINES: usize = 200;
/// Bytes of one line.
const TEXT: usize = 1024;
/// Words of lines about the network, at the beginning of a word: printk of net/, of netfilter's LOG target ("PROTO=") and
/// of the out-of-memory killer, which ends servers.
const WORDS: [&str; 8] = ["TCP", "conntrack", "nf_", "DROP", "REJECT", "martian", "neighbour", "PROTO="];
/// The same, in any case.
const WORDS_ANY_CASE: [&str; 7] =
    ["link is", "link becomes", "out of memory", "oom", "syn flooding", "duplicate address", "ipv6: dad"];

pub(super) async fn run(ask: &Ask, _spec: &pb::CollectSpec) -> pb::Observation {
    let asked = "kernel log".to_owned();
    match super::look(ask, read).await {
        Ok((detail, caveats)) => pb::Observation { kernel_log: Some(detail), ..super::seen(asked, caveats) },
        Err(e) => super::blind(asked, &e, RIGHT),
    }
}

fn read(deadline: Instant) -> io::Result<(pb::KernelLogDetail, Vec<String>)> {
    let log = OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK).open("/dev/kmsg")?;
    // The records' own clock: printk counts from boot and stands still while the machine sleeps.
    let uptime = Duration::from(clock_gettime(ClockId::CLOCK_MONOTONIC)?);
    Ok(lines(log, uptime, clock::now_us(), deadline))
}

fn lines(mut log: File, uptime: Duration, now_us: i64, deadline: Instant) -> (pb::KernelLogDetail, Vec<String>) {
    let uptime_us = u64::try_from(uptime.as_micros()).unwrap_or(u64::MAX);
    let since_us = uptime_us.saturating_sub(u64::try_from(LATELY.as_micros()).unwrap_or(u64::MAX));
    let (mut kept, mut left_out, mut caveats) = (VecDeque::new(), 0u32, Vec::new());
    let (mut buffer, mut bytes) = (vec![0; RECORD], 0);
    loop {
        if bytes >= BYTES || Instant::now() >= deadline {
            caveats.push(format!("the log is longer than {bytes} bytes: its newest lines were not read"));
            break;
        }
        let length = match log.read(&mut buffer) {
            Ok(0) => break,
            Ok(length) => length,
            Err(e) => match e.raw_os_error() {
                // The end of what there is.
                Some(libc::EAGAIN) => break,
                // A record was overwritten before it was read; the next read goes on after it.
                Some(libc::EPIPE | libc::EINTR) => continue,
                _ => {
                    caveats.push(format!("the log was not read to its end: {e}"));
                    break;
                }
            },
        };
        bytes += length;
        let Some((boot_us, text)) = record(buffer.get(..length).unwrap_or_default()) else { continue };
        if boot_us < since_us || !concerns_network(&text) {
            continue;
        }
        if kept.len() == LINES {
            kept.pop_front();
            left_out = left_out.saturating_add(1);
        }
        let ago = i64::try_from(uptime_us.saturating_sub(boot_us)).unwrap_or(i64::MAX);
        kept.push_back(pb::KernelLine { boot_us, at_us: now_us.saturating_sub(ago), text });
    }
    (pb::KernelLogDetail { lines: kept.into(), left_out }, caveats)
}

/// "priority,sequence,microseconds,flags[,…];text", then lines of a dictionary that start with a space.
fn record(bytes: &[u8]) -> Option<(u64, String)> {
    let line = bytes.split(|byte| *byte == b'\n').next()?;
    let end = line.iter().position(|byte| *byte == b';')?;
    let (head, text) = line.split_at_checked(end)?;
    let boot_us = std::str::from_utf8(head).ok()?.split(',').nth(2)?.parse().ok()?;
    let text = String::from_utf8_lossy(text.get(1..)?);
    Some((boot_us, text.get(..text.floor_char_boundary(TEXT)).unwrap_or_default().to_owned()))
}

fn concerns_network(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    WORDS.iter().any(|word| begins(text, word)) || WORDS_ANY_CASE.iter().any(|word| begins(&lower, word))
}

/// Whether a word of the text begins so: "oom-kill" does with "oom", "room" does not.
fn begins(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        before.is_none_or(|before| !before.is_alphanumeric())
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::collect::bench::Space;

    #[tokio::test]
    async fn a_line_about_the_network_is_told_with_its_time_and_another_line_is_not() {
        let mark = format!("probemesh-{}", clock::now_us());
        let say = |text: &str| std::fs::write("/dev/kmsg", format!("<6>{mark} {text}\n")).unwrap();
        let before = clock::now_us();
        say("TCP: request_sock_TCP: Possible SYN flooding on port 80.");
        say("a room without a door");
        let obs = run(&Space::fresh().ask(), &pb::CollectSpec::default()).await;
        assert_eq!(obs.outcome(), pb::Outcome::Pass, "{obs:?}");
        let detail = obs.kernel_log.unwrap();
        let told: Vec<_> = detail.lines.iter().filter(|line| line.text.contains(&mark)).collect();
        assert_eq!(told.len(), 1, "{detail:?}");
        assert!(told[0].text.ends_with("TCP: request_sock_TCP: Possible SYN flooding on port 80."), "{told:?}");
        assert!((told[0].at_us - before).abs() < 2_000_000, "{} {before}", told[0].at_us);
        assert!(detail.lines.is_sorted_by_key(|line| line.boot_us));
    }

    #[test]
    fn words_are_matched_where_they_begin() {
        for text in [
            "IPv4: martian source 10.0.0.1 from 10.0.0.2, on dev eth0",
            "neighbour: arp_cache: neighbor table overflow!",
            "nf_conntrack: nf_conntrack: table full, dropping packet",
            "e1000e 0000:00:1f.6 eth0: NIC Link is Down",
            "Out of memory: Killed process 812 (nginx)",
            "haproxy invoked oom-killer: gfp_mask=0x0",
            "IPv6: eth0: IPv6 duplicate address fe80::1 used by 02:00:00:00:00:01 detected!",
            "[UFW BLOCK] IN=eth0 OUT= SRC=10.0.0.1 DST=10.0.0.2 PROTO=UDP SPT=1",
        ] {
            assert!(concerns_network(text), "{text}");
        }
        for text in ["the room is large", "usb 1-1: new high-speed USB device", "ext4: bloom filter", "snf_x"] {
            assert!(!concerns_network(text), "{text}");
        }
    }

    #[test]
    fn a_record_is_told_without_its_dictionary_and_within_its_bound() {
        assert_eq!(record(b"6,1,5000,-;eth0: link is up\n SUBSYSTEM=net\n"), Some((5000, "eth0: link is up".into())));
        assert_eq!(record(b"6,1,7,c,caller=T1;a;b\n"), Some((7, "a;b".into())));
        let long = format!("6,1,7,-;{}\n", "ä".repeat(TEXT));
        assert_eq!(record(long.as_bytes()).unwrap().1.len(), TEXT);
        assert_eq!(record(b"nonsense"), None);
    }

    proptest! {
        #[test]
        fn any_record_is_read_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            std::hint::black_box(record(&bytes));
        }
    }
}
