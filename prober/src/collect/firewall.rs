//! Packet filter rules of this host that could stop or turn a flow, with their counters: all tables of `nf_tables`, which
//! includes what iptables-nft writes.

use std::{collections::BTreeSet, fs, io, time::Instant};

use mesh_proto::v1 as pb;

use crate::{
    net::netlink::{self, NETFILTER},
    packet::nft::{self, Chain, SetName, Sets},
    probe::Ask,
};

/// What gives the right.
const RIGHT: &str = "CAP_NET_ADMIN";
/// Rules reported.
const RULES: usize = 512;
/// Sets read: those that reported rules look up.
const SETS: usize = 128;

pub(crate) async fn run(ask: &Ask, _spec: &pb::CollectSpec) -> pb::Observation {
    let asked = "firewall rules".to_owned();
    match super::look(ask, read).await {
        Ok((detail, caveats)) => pb::Observation { firewall: Some(detail), ..super::seen(asked, caveats) },
        Err(e) => super::blind(asked, &e, RIGHT),
    }
}

fn read(deadline: Instant) -> io::Result<(pb::FirewallDetail, Vec<String>)> {
    let mut caveats = legacy().into_iter().collect::<Vec<_>>();
    let everything = nft::everything();
    let generation = match netlink::get(NETFILTER, nft::GET_GENERATION, &everything, deadline) {
        Ok(payload) => nft::generation(&payload).unwrap_or_default(),
        // A kernel without nf_tables has no rules of it.
        Err(e) if matches!(e.raw_os_error(), Some(libc::EOPNOTSUPP | libc::EINVAL | libc::EPROTONOSUPPORT)) => {
            caveats.push(format!("this kernel has no nf_tables: {e}"));
            return Ok((pb::FirewallDetail::default(), caveats));
        }
        Err(e) => return Err(e),
    };
    let answer = netlink::dump(NETFILTER, nft::GET_CHAINS, &everything, deadline)?;
    let chains: Vec<Chain> = answer.payloads.iter().filter_map(|payload| nft::chain(payload)).collect();
    let answer = netlink::dump(NETFILTER, nft::GET_RULES, &everything, deadline)?;
    if !answer.complete {
        caveats.push("the rules changed or were too many to be read whole".to_owned());
    }
    let sets = sets(&answer.payloads, deadline)?;
    let mut detail = pb::FirewallDetail {
        policies: chains.iter().filter_map(Chain::policy).collect(),
        generation,
        rules_seen: u32::try_from(answer.payloads.len()).unwrap_or(u32::MAX),
        rules: Vec::new(),
    };
    let all: Vec<pb::FirewallRule> =
        answer.payloads.iter().filter_map(|payload| nft::rule(payload, &chains, &sets)).collect();
    let stopping: BTreeSet<(String, String, String)> = all.iter().filter(|rule| stops(rule)).map(place).collect();
    // What comes before a rule that stops packets may have let them go: those rules are needed to believe it.
    let decides = |rule: &pb::FirewallRule| !rule.verdict.is_empty() && stopping.contains(&place(rule));
    let relevant = all.into_iter().filter(|rule| matters(rule, &chains) || decides(rule));
    let mut left_out = 0;
    for rule in relevant {
        if detail.rules.len() < RULES {
            detail.rules.push(rule);
        } else {
            left_out += 1;
        }
    }
    if left_out > 0 {
        caveats.push(format!("{left_out} more rules that drop, reject or translate are not listed"));
    }
    Ok((detail, caveats))
}

fn stops(rule: &pb::FirewallRule) -> bool {
    matches!(rule.verdict.as_str(), "drop" | "reject")
}

fn place(rule: &pb::FirewallRule) -> (String, String, String) {
    (rule.family.clone(), rule.table.clone(), rule.chain.clone())
}

/// A rule that stops or turns packets, or any of a chain that drops what no rule accepts.
fn matters(rule: &pb::FirewallRule, chains: &[Chain]) -> bool {
    matches!(rule.verdict.as_str(), "drop" | "reject" | "dnat" | "redirect" | "masquerade" | "other")
        || (!rule.hook.is_empty()
            && chains.iter().any(|chain| {
                chain.drops
                    && chain.table == rule.table
                    && chain.name == rule.chain
                    && nft::is_family(chain, &rule.family)
            }))
}

fn sets(rules: &[Vec<u8>], deadline: Instant) -> io::Result<Sets> {
    let names: BTreeSet<SetName> = rules.iter().flat_map(|payload| nft::lookups(payload)).collect();
    let mut sets = Sets::new();
    for name in names.into_iter().take(SETS) {
        let elements = match netlink::dump(NETFILTER, nft::GET_ELEMENTS, &nft::elements_question(&name), deadline) {
            Ok(answer) if answer.complete => nft::elements(answer.payloads.iter().map(Vec::as_slice)),
            Ok(_) => None,
            // Removed since the rules were read.
            Err(e) if e.raw_os_error() == Some(libc::ENOENT) => None,
            Err(e) => return Err(e),
        };
        sets.insert(name, elements);
    }
    Ok(sets)
}

/// Tables of the older iptables, whose rules netlink does not tell.
fn legacy() -> Option<String> {
    let names = |file| fs::read_to_string(format!("/proc/thread-self/net/{file}")).unwrap_or_default();
    let tables: Vec<String> = ["ip_tables_names", "ip6_tables_names"]
        .into_iter()
        .flat_map(|file| names(file).lines().map(str::to_owned).collect::<Vec<_>>())
        .collect();
    (!tables.is_empty())
        .then(|| format!("tables of legacy iptables exist and can't be read here: {}", tables.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect::bench::Space;

    async fn rules(ruleset: &str) -> (pb::FirewallDetail, Vec<String>) {
        let space = Space::fresh();
        space.sh(&format!("nft -f - <<'END'\n{ruleset}\nEND"));
        let obs = run(&space.ask(), &pb::CollectSpec::default()).await;
        (obs.firewall.unwrap_or_else(|| panic!("{}", obs.missing)), obs.caveats)
    }

    fn short(rule: &pb::FirewallRule) -> String {
        let mut fields = vec![rule.text.clone()];
        for (name, value) in [
            ("src", &rule.source),
            ("dst", &rule.destination),
            ("proto", &rule.protocol),
            ("sport", &rule.source_port),
            ("dport", &rule.destination_port),
            ("len", &rule.length),
            ("in", &rule.in_interface),
            ("out", &rule.out_interface),
            ("ct", &rule.ct_state),
            ("to", &rule.to),
        ] {
            if !value.is_empty() {
                fields.push(format!("{name}={value}"));
            }
        }
        if rule.sometimes {
            fields.push("sometimes".to_owned());
        }
        if !rule.understood {
            fields.push("?".to_owned());
        }
        fields.join(" | ")
    }

    /// Every rule of a chain with these lines, as it is told.
    async fn told(family: &str, chain: &str, lines: &[&str]) -> Vec<String> {
        let (detail, caveats) =
            rules(&format!("table {family} t {{ chain c {{ {chain}\n{}\n }}\n }}", lines.join("\n"))).await;
        assert!(caveats.is_empty(), "{caveats:?}");
        assert_eq!(detail.rules_seen as usize, lines.len());
        detail.rules.iter().map(short).collect()
    }

    const FORWARD: &str = "type filter hook forward priority 0; policy drop;";

    #[tokio::test]
    async fn tests_of_a_filter_are_read_into_their_fields() {
        let told = told(
            "inet",
            FORWARD,
            &[
                "ip length > 1400 drop",
                "meta length > 1404 drop",
                "meta length 1000-1400 drop",
                "ip6 length >= 1361 drop",
                "ip saddr 10.0.0.0/24 tcp dport 80 drop",
                "ip saddr 10.0.0.1 ip daddr 10.0.0.2 drop",
                "ip saddr 10.128.0.0/12 drop",
                "ip6 daddr fd00::/64 udp sport 53 drop",
                "ip daddr { 10.0.0.1, 10.1.0.0/16 } tcp dport { 80, 443, 8000-8079 } reject",
                "ip daddr != 10.0.0.7 drop",
                "tcp dport 1024-65535 reject with tcp reset",
                "meta l4proto { tcp, udp } th dport 53 drop",
                "ct state established,related accept",
                "ct state new tcp dport 22 drop",
                "ct state vmap { invalid : drop, established : accept }",
                "iifname \"eth0\" oifname \"veth*\" drop",
                "icmp type destination-unreachable drop",
                "tcp sport 80 tcp dport 81 drop",
                "meta nfproto ipv4 drop",
                "meta nfproto ipv6 drop",
                "meta l4proto tcp drop",
            ],
        )
        .await;
        assert_eq!(
            told,
            [
                "ip length > 1400 drop | src=0.0.0.0/0 | len=> 1400",
                "meta length > 1404 drop | len=> 1404",
                "meta length 1000-1400 drop | len=1000-1400",
                "ip6 length >= 1361 drop | src=::/0 | len=>= 1401",
                "ip saddr 10.0.0.0/24 tcp dport 80 drop | src=10.0.0.0/24 | proto=tcp | dport=80",
                "ip saddr 10.0.0.1 ip daddr 10.0.0.2 drop | src=10.0.0.1 | dst=10.0.0.2",
                "ip saddr 10.128.0.0/12 drop | src=10.128.0.0/12",
                "ip6 daddr fd00::/64 udp sport 53 drop | src=::/0 | dst=fd00::/64 | proto=udp | sport=53",
                "ip daddr { 10.0.0.1, 10.1.0.0/16 } tcp dport { 80, 443, 8000-8079 } reject | src=0.0.0.0/0 | dst=10.0.0.1, 10.1.0.0/16 | proto=tcp | dport=80, 443, 8000-8079 | to=icmp 3/3",
                "ip daddr != 10.0.0.7 drop | src=0.0.0.0/0 | dst=!= 10.0.0.7",
                "tcp dport 1024-65535 reject with tcp reset | proto=tcp | dport=1024-65535 | to=tcp-reset",
                "meta l4proto { tcp, udp } th dport 53 drop | proto=tcp, udp | dport=53",
                "ct state established,related accept | ct=established,related",
                "ct state new tcp dport 22 drop | proto=tcp | dport=22 | ct=new",
                "ct state vmap @__map0 | ?",
                "iifname \"eth0\" oifname \"veth*\" drop | in=eth0 | out=veth*",
                "icmp type 3 drop | src=0.0.0.0/0 | proto=icmp | sometimes",
                "tcp sport 80 tcp dport 81 drop | proto=tcp | sport=80 | dport=81",
                "meta nfproto ipv4 drop | src=0.0.0.0/0",
                "meta nfproto ipv6 drop | src=::/0",
                "meta l4proto tcp drop | proto=tcp",
            ]
        );
    }

    #[tokio::test]
    async fn what_may_or_may_not_hold_is_told_as_such() {
        let told = told(
            "ip",
            FORWARD,
            &[
                "numgen random mod 10 < 3 drop",
                "limit rate over 10/second drop",
                "tcp flags syn tcp dport 80 drop",
                "ip ttl < 5 drop",
                "meta mark 7 drop",
                "udp length > 512 drop",
                "ip frag-off & 0x1fff != 0 drop",
                "fib saddr type local drop",
                "tcp option maxseg size set 1360",
                "log prefix \"x\" drop",
            ],
        )
        .await;
        assert_eq!(
            told,
            [
                "numgen random mod 10 < 3 drop | sometimes",
                "limit rate over 10/second drop | sometimes",
                "tcp flags & 0x02 != 0x00 tcp dport 80 drop | proto=tcp | dport=80 | sometimes",
                "ip ttl < 5 drop | sometimes",
                "meta mark 7 drop | sometimes",
                "udp length > 512 drop | proto=udp | sometimes",
                "[cmp] drop | ?",
                "[fib] [cmp] drop | ?",
                "[exthdr] | ?",
                "log drop",
            ]
        );
    }

    #[tokio::test]
    async fn translations_tell_where_they_lead() {
        let (detail, _) = rules(
            "table ip t { chain p { type nat hook prerouting priority -100;
                ip daddr 10.96.0.1 tcp dport 80 counter packets 3 bytes 180 dnat to 10.0.0.7:8080
                tcp dport 443 redirect to :15001
                ip daddr 10.96.0.2 dnat to 10.0.0.8
                tcp dport 81 dnat to numgen random mod 2 map { 0 : 10.0.0.1, 1 : 10.0.0.2 } comment \"two of them\"
                jump other
              }
              chain other { ip saddr 10.0.0.9 counter reject with icmp host-unreachable; }
              chain q { type nat hook postrouting priority 100; ip saddr 10.0.0.0/8 masquerade; }
             }
             table ip6 t { chain f { type filter hook input priority 0; tcp dport 80 reject; }; }",
        )
        .await;
        let lines: Vec<String> = detail
            .rules
            .iter()
            .map(|rule| format!("{}/{}/{} {}: {}", rule.family, rule.chain, rule.hook, rule.verdict, short(rule)))
            .collect();
        assert_eq!(
            lines,
            [
                "ip/p/prerouting dnat: ip daddr 10.96.0.1 tcp dport 80 counter packets 3 bytes 180 dnat to 10.0.0.7:8080 | dst=10.96.0.1 | proto=tcp | dport=80 | to=10.0.0.7:8080",
                "ip/p/prerouting redirect: tcp dport 443 redirect to :15001 | proto=tcp | dport=443 | to=:15001",
                "ip/p/prerouting dnat: ip daddr 10.96.0.2 dnat to 10.0.0.8 | dst=10.96.0.2 | to=10.0.0.8",
                "ip/p/prerouting dnat: tcp dport 81 numgen random mod 2 map @__map0 dnat to what the map yields | proto=tcp | dport=81 | ?",
                "ip/other/ reject: ip saddr 10.0.0.9 counter packets 0 bytes 0 reject with icmp host-unreachable | src=10.0.0.9 | to=icmp 3/1",
                "ip/q/postrouting masquerade: ip saddr 10.0.0.0/8 masquerade | src=10.0.0.0/8",
                "ip6/f/input reject: tcp dport 80 reject | proto=tcp | dport=80 | to=icmp 1/4",
            ]
        );
        assert_eq!((detail.rules[0].packets, detail.rules[0].bytes), (Some(3), Some(180)));
        assert_eq!(detail.rules[3].comment, "two of them");
        assert_eq!(detail.policies, ["ip/t/p: accept", "ip/t/q: accept", "ip6/t/f: accept"]);
        assert_eq!(detail.rules_seen, 8);
        assert!(detail.generation > 0);
    }

    #[tokio::test]
    async fn a_chain_that_accepts_is_left_out_and_one_that_drops_is_whole() {
        let (detail, _) = rules(
            "table inet t { chain a { type filter hook input priority 0; tcp dport 80 accept; }
              chain b { type filter hook forward priority 0; policy drop; tcp dport 80 accept; }
             }",
        )
        .await;
        assert_eq!(
            detail.rules.iter().map(|rule| (rule.chain.as_str(), rule.verdict.as_str())).collect::<Vec<_>>(),
            [("b", "accept")]
        );
        assert_eq!(detail.policies, ["inet/t/a: accept", "inet/t/b: drop"]);
    }

    #[tokio::test]
    async fn many_rules_are_counted_and_bounded() {
        let lines: Vec<String> = (0..700).map(|n| format!("ip daddr 10.{}.{}.1 drop", n / 256, n % 256)).collect();
        let lines = lines.join("\n");
        let began = Instant::now();
        let (detail, caveats) =
            rules(&format!("table ip t {{ chain c {{ type filter hook input priority 0;\n{lines}\n}}\n }}")).await;
        assert_eq!((detail.rules.len(), detail.rules_seen), (RULES, 700));
        assert_eq!(caveats, ["188 more rules that drop, reject or translate are not listed"]);
        assert!(began.elapsed().as_secs() < 3);
    }

    #[tokio::test]
    async fn an_empty_host_has_no_rules() {
        let space = Space::fresh();
        let obs = run(&space.ask(), &pb::CollectSpec::default()).await;
        assert_eq!(obs.outcome(), pb::Outcome::Pass, "{}", obs.missing);
        assert_eq!(obs.firewall.unwrap().rules_seen, 0);
    }
}
