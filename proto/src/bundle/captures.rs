//! What was watched on the wire, as files for those who read packets. They follow from the items and are written anew
//! whenever a bundle is.

use std::collections::BTreeMap;

use prost::Message as _;

use crate::{pcapng, v1};

/// Files of one bundle. A run of 64 probes at 200 vantages watches more flows than anybody opens.
const FILES: usize = 256;
/// Characters of the vantage and of the task in a name.
const PART: usize = 60;

/// pcapng files by name, `VANTAGE-TASK.pcapng`: the same names and bytes as in the bundle of these items. A name is plain
/// in the sense of [`is_plain`](super::attached::is_plain).
pub fn of(items: &[v1::Item]) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for item in items {
        // An item that can't be decoded has been told of already by whoever received it.
        let Ok(observation) = v1::Observation::decode(item.observation.as_slice()) else { continue };
        let Some(watch) = observation.watch.as_ref().filter(|watch| !watch.packets.is_empty()) else { continue };
        if files.len() == FILES {
            break;
        }
        let start_us = observation.timing.as_ref().map(|timing| timing.actual_start_us).unwrap_or_default();
        let name = format!("{}-{}", part(&observation.vantage), part(&observation.task));
        let taken = |name: &String| files.contains_key(name);
        let mut file = format!("{name}.pcapng");
        let mut number = 2;
        while taken(&file) {
            file = format!("{name}-{number}.pcapng");
            number += 1;
        }
        files.insert(file, pcapng::write(&observation.vantage, start_us, &watch.packets));
    }
    files
}

/// Letters, digits, dots and lines; anything else could mean something to a file system.
fn part(text: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '_' };
    text.chars().take(PART).map(plain).collect::<String>().trim_start_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_watched_flow_becomes_a_file_and_one_that_was_not_does_not() {
        let watched = |task: &str, packets: usize| {
            let packets =
                vec![v1::WatchedPacket { packet_bytes: 40, head: vec![0x45; 40], ..Default::default() }; packets];
            let observation = v1::Observation {
                vantage: "../host/a".to_owned(),
                task: task.to_owned(),
                watch: Some(v1::WatchDetail { packets, ..Default::default() }),
                ..Default::default()
            };
            v1::Item { observation: observation.encode_to_vec(), ..Default::default() }
        };
        let files = of(&[watched("tcp:10.0.0.1:80", 1), watched("tcp:10.0.0.1:80", 2), watched("tls", 0)]);
        let names: Vec<_> = files.keys().map(String::as_str).collect();
        assert_eq!(names, ["_host_a-tcp_10.0.0.1_80-2.pcapng", "_host_a-tcp_10.0.0.1_80.pcapng"]);
    }
}
