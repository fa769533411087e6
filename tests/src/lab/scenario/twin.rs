//! A scenario's twin over IPv6.

use super::Scenario;

/// The same scenario over IPv6. The lab numbers both families alike: `10.77.4.2` is `fd77:4::2`,
/// `10.88.1.11` is `fd88:1::11`.
pub(super) fn over_ipv6(scenario: &Scenario) -> Scenario {
    let mut twin = scenario.clone();
    twin.name.push_str("-v6");
    twin.title.push_str(" (IPv6)");
    let asked = twin.diagnose.args.iter_mut().chain(twin.control.args.iter_mut().flatten());
    for argument in asked {
        *argument = if argument == "-4" { "-6".to_owned() } else { addresses(argument) };
    }
    if !twin.diagnose.args.iter().any(|argument| argument == "-6") {
        twin.diagnose.args.push("-6".to_owned());
    }
    twin.diagnose.target = addresses(&twin.diagnose.target);
    twin.control.target = twin.control.target.as_deref().map(addresses);
    for fault in &mut twin.inject {
        for text in [&mut fault.nft, &mut fault.ip, &mut fault.run, &mut fault.undo].into_iter().flatten() {
            *text = in_ipv6(text);
        }
        if let Some(text) = &mut fault.sysctl {
            *text = text.replace("ipv4/", "ipv6/");
        }
    }
    twin
}

/// An act's text with the other family's words.
fn in_ipv6(text: &str) -> String {
    let text = text.replace("ip saddr", "ip6 saddr").replace("ip daddr", "ip6 daddr");
    let text = text
        .replace("ip length", "meta nfproto ipv6 meta length")
        .replace("ip protocol tcp", "meta nfproto ipv6 meta l4proto tcp");
    let text = if text.starts_with("route ") { format!("-6 {text}") } else { text };
    addresses(&text)
}

/// IPv4 addresses of the lab as their IPv6 twins; an address before a port is put in brackets.
fn addresses(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("10.77.").or_else(|| rest.find("10.88.")) {
        let (before, found) = rest.split_at(at);
        out.push_str(before);
        let length = found.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(found.len());
        let (address, after) = found.split_at(length);
        let parts: Vec<&str> = address.split('.').collect();
        let twin = match (parts.as_slice(), after) {
            ([_, lab, "0", "0"], _) => format!("fd{lab}::"),
            ([_, lab, third, "0"], _) => format!("fd{lab}:{third}::"),
            ([_, lab, third, last], _) => format!("fd{lab}:{third}::{last}"),
            _ => address.to_owned(),
        };
        let in_url = after.starts_with(':') || before.ends_with("//");
        let brackets = if in_url { ["[", "]"] } else { ["", ""] };
        out.push_str(&[brackets[0], &twin, brackets[1]].concat());
        rest = match after.strip_prefix('/') {
            // Prefix lengths of the lab's own networks.
            Some(tail) if after.starts_with("/24") || after.starts_with("/32") || after.starts_with("/16") => {
                out.push_str(match after.get(..3) {
                    Some("/24") => "/64",
                    Some("/32") => "/128",
                    _ => "/16",
                });
                tail.get(2..).unwrap_or_default()
            }
            _ => after,
        };
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_networks_and_tests_have_their_twins() {
        for (text, twin) in [
            ("http://10.77.4.2:8080/x", "http://[fd77:4::2]:8080/x"),
            ("route add blackhole 10.88.1.11/32", "-6 route add blackhole fd88:1::11/128"),
            ("route replace 10.77.1.0/24 via 10.77.14.2", "-6 route replace fd77:1::/64 via fd77:14::2"),
            ("ip saddr 10.88.0.0/16 drop", "ip6 saddr fd88::/16 drop"),
            ("ip length > 1400 tcp dport 443 drop", "meta nfproto ipv6 meta length > 1400 tcp dport 443 drop"),
            ("--cacert", "--cacert"),
        ] {
            let found = if text.starts_with("http") { addresses(text) } else { in_ipv6(text) };
            assert_eq!(found, twin);
        }
    }
}
