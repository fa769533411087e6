//! Capabilities held -> probes offered. What is missing is named with what would give it.

use std::fs;

/// Capabilities that open a probe or a collector, with their bit (linux/capability.h).
const NAMED: [(&str, u32); 5] =
    [("net_admin", 12), ("net_raw", 13), ("sys_ptrace", 19), ("sys_admin", 21), ("syslog", 34)];

/// What this process may do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Rights {
    /// Names of the capabilities held, and `ping_dgram` where the group range allows echo without one.
    pub(crate) held: Vec<String>,
    /// "icmp: …" for each thing that can't be looked at.
    pub(crate) lacking: Vec<String>,
}

/// Reads the effective set of the calling thread. A set that can't be read counts as empty.
pub(crate) fn rights() -> Rights {
    let status = fs::read_to_string("/proc/thread-self/status").unwrap_or_default();
    let range = fs::read_to_string("/proc/sys/net/ipv4/ping_group_range").unwrap_or_default();
    // kernel.dmesg_restrict (Documentation/admin-guide/sysctl/kernel.rst): absent on kernels that never restrict.
    let restricted = fs::read_to_string("/proc/sys/kernel/dmesg_restrict").is_ok_and(|text| text.trim() != "0");
    judge(&status, &range, restricted)
}

fn judge(status: &str, ping_group_range: &str, dmesg_restricted: bool) -> Rights {
    let line = |name: &str| status.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
    let effective = line("CapEff:").and_then(|hex| u64::from_str_radix(hex, 16).ok()).unwrap_or(0);
    let mut rights = Rights::default();
    for (name, bit) in NAMED {
        if effective >> bit & 1 == 1 {
            rights.held.push(name.to_owned());
        }
    }
    let groups: Vec<u64> = line("Gid:")
        .into_iter()
        .chain(line("Groups:"))
        .flat_map(str::split_whitespace)
        .filter_map(|group| group.parse().ok())
        .collect();
    let range: Vec<u64> = ping_group_range.split_whitespace().filter_map(|number| number.parse().ok()).collect();
    let pings = match range.as_slice() {
        [low, high] => groups.iter().any(|group| (low..=high).contains(&group)),
        _ => false,
    };
    if pings {
        rights.held.push("ping_dgram".to_owned());
    }
    let holds = |name: &str| rights.held.iter().any(|held| held == name);
    let mut lacking = Vec::new();
    if !holds("net_raw") {
        if !pings {
            lacking.push(format!(
                "icmp echo: CAP_NET_RAW, or net.ipv4.ping_group_range to include this group (it is {:?})",
                ping_group_range.trim()
            ));
        }
        lacking.push("raw MSS: CAP_NET_RAW".to_owned());
        lacking.push("path MTU without a mark on this host's route cache: CAP_NET_RAW".to_owned());
    }
    if !holds("net_admin") {
        lacking.push("firewall rules and tracked connections: CAP_NET_ADMIN".to_owned());
    }
    if dmesg_restricted && !holds("syslog") {
        lacking.push("kernel log: CAP_SYSLOG, or kernel.dmesg_restrict=0".to_owned());
    }
    if !holds("sys_admin") {
        lacking.push("other network namespaces: CAP_SYS_ADMIN".to_owned());
    }
    rights.lacking = lacking;
    rights
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_without_capabilities_lacks_everything_and_says_how_to_get_it() {
        let rights = judge("CapEff:\t0000000000000000\nGid:\t65534\t65534\t65534\t65534\nGroups:\t\n", "1\t0\n", true);
        assert!(rights.held.is_empty());
        assert_eq!(rights.lacking.len(), 6);
        assert!(rights.lacking[0].contains("ping_group_range"));
    }

    #[test]
    fn a_group_inside_the_range_may_ping() {
        let rights =
            judge("CapEff:\t0000000000000000\nGid:\t100\t100\t100\t100\nGroups:\t100 200\n", "0\t2147483647\n", false);
        assert_eq!(rights.held, ["ping_dgram"]);
        assert!(rights.lacking.iter().all(|line| !line.starts_with("icmp") && !line.starts_with("kernel")));
    }

    #[test]
    fn root_holds_all() {
        let rights = judge("CapEff:\t000001ffffffffff\nGid:\t0\t0\t0\t0\nGroups:\t0\n", "1\t0\n", true);
        assert_eq!(rights.held, ["net_admin", "net_raw", "sys_ptrace", "sys_admin", "syslog"]);
        assert!(rights.lacking.is_empty());
    }
}
