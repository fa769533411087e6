//! Would a packet filter rule take this flow's packets? Pure, and silent wherever it is not certain.

use std::net::IpAddr;

use ipnet::IpNet;
use mesh_proto::v1 as pb;

/// A flow as one of its packets shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Flow {
    pub(crate) source: IpAddr,
    /// 0 = not known (an ephemeral port).
    pub(crate) source_port: u16,
    pub(crate) destination: IpAddr,
    pub(crate) destination_port: u16,
    /// Length of the IP packet that is asked about, bytes.
    pub(crate) length: u32,
    /// The packet goes back to who asked.
    pub(crate) answer: bool,
    /// The packet belongs to a connection whose beginning the filter has let through.
    pub(crate) begun: bool,
    /// "tcp" or "udp".
    pub(crate) protocol: &'static str,
}

impl Flow {
    /// The answer's direction.
    pub(crate) fn reversed(self) -> Self {
        Self {
            source: self.destination,
            source_port: self.destination_port,
            destination: self.source,
            destination_port: self.source_port,
            length: self.length,
            answer: !self.answer,
            ..self
        }
    }
}

/// Length of a SYN with the options Linux sends (IPv4 60, IPv6 80): which of the two a rule sees is decided by family.
pub(crate) const SYN_BYTES: u32 = 60;

/// True when every test of the rule was understood and all of them hold for the flow's first packet.
pub(crate) fn takes(rule: &pb::FirewallRule, flow: Flow) -> bool {
    if !rule.understood || rule.sometimes {
        return false;
    }
    let family = match rule.family.as_str() {
        "ip" => flow.source.is_ipv4(),
        "ip6" => flow.source.is_ipv6(),
        "inet" => true,
        _ => return false,
    };
    family
        && (rule.protocol.is_empty() || rule.protocol == flow.protocol)
        && within(&rule.source, flow.source)
        && within(&rule.destination, flow.destination)
        && port(&rule.source_port, flow.source_port)
        && port(&rule.destination_port, flow.destination_port)
        && length(&rule.length, flow.length)
        && state(&rule.ct_state, flow)
        // Which interface a packet uses on that host is not known here.
        && rule.in_interface.is_empty()
        && rule.out_interface.is_empty()
}

/// True unless something that was understood contradicts it: the rule might take the flow's first packet.
pub(crate) fn may_take(rule: &pb::FirewallRule, flow: Flow) -> bool {
    let family = match rule.family.as_str() {
        "ip" => flow.source.is_ipv4(),
        "ip6" => flow.source.is_ipv6(),
        _ => true,
    };
    let certain = |field: &str, holds: bool| field.is_empty() || holds;
    family
        && (rule.protocol.is_empty() || rule.protocol == flow.protocol)
        && certain(&rule.source, within(&rule.source, flow.source))
        && certain(&rule.destination, within(&rule.destination, flow.destination))
        && certain(&rule.destination_port, port(&rule.destination_port, flow.destination_port))
        && (flow.source_port == 0 || certain(&rule.source_port, port(&rule.source_port, flow.source_port)))
        && certain(&rule.length, length(&rule.length, flow.length))
        && certain(&rule.ct_state, state(&rule.ct_state, flow))
}

/// A rule before this one in its chain may have let the flow go, or sent it elsewhere.
pub(crate) fn spared(rules: &[pb::FirewallRule], rule: &pb::FirewallRule, flow: Flow) -> bool {
    let chain = |other: &pb::FirewallRule| {
        (&other.family, &other.table, &other.chain) == (&rule.family, &rule.table, &rule.chain)
    };
    rules
        .iter()
        .take_while(|other| other.handle != rule.handle || !chain(other))
        .filter(|other| chain(other) && !matches!(other.verdict.as_str(), "" | "drop" | "reject"))
        .any(|other| may_take(other, flow))
}

/// True when the rule's test on the packet's length is what selects: a small packet passes, a full one does not.
pub(crate) fn selects_by_length(rule: &pb::FirewallRule, flow: Flow, large: u32) -> bool {
    !rule.length.is_empty() && !takes(rule, flow) && takes(rule, Flow { length: large, ..flow })
}

fn within(field: &str, address: IpAddr) -> bool {
    if field.is_empty() {
        return true;
    }
    // A set is written "{ a, b }" or "a, b".
    field.trim_matches(|c| matches!(c, '{' | '}' | ' ')).split(',').map(str::trim).any(|part| {
        part.parse::<IpNet>().is_ok_and(|net| net.contains(&address))
            || part.parse::<IpAddr>().is_ok_and(|one| one == address)
    })
}

fn port(field: &str, port: u16) -> bool {
    if field.is_empty() {
        return true;
    }
    if port == 0 {
        return false;
    }
    field.trim_matches(|c| matches!(c, '{' | '}' | ' ')).split(',').map(str::trim).any(|part| {
        match part.split_once('-') {
            Some((low, high)) => match (low.parse::<u16>(), high.parse::<u16>()) {
                (Ok(low), Ok(high)) => (low..=high).contains(&port),
                _ => false,
            },
            None => part.parse::<u16>().is_ok_and(|one| one == port),
        }
    })
}

fn length(field: &str, bytes: u32) -> bool {
    if field.is_empty() {
        return true;
    }
    let (operator, number) = field.split_once(' ').unwrap_or(("==", field));
    let Ok(limit) = number.trim().parse::<u32>() else { return false };
    match operator {
        ">" => bytes > limit,
        ">=" => bytes >= limit,
        "<" => bytes < limit,
        "<=" => bytes <= limit,
        "==" | "" => bytes == limit,
        "!=" => bytes != limit,
        _ => false,
    }
}

/// A first packet is in state `new`, its answer and all that follow in `established`; a rule that wants another state does
/// not take it.
fn state(field: &str, flow: Flow) -> bool {
    let is = if flow.answer || flow.begun { "established" } else { "new" };
    field.is_empty() || field.split(',').any(|state| state.trim() == is)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flow() -> Flow {
        Flow {
            source: "10.88.1.11".parse().unwrap(),
            source_port: 0,
            destination: "10.77.4.2".parse().unwrap(),
            destination_port: 8080,
            length: SYN_BYTES,
            answer: false,
            begun: false,
            protocol: "tcp",
        }
    }

    fn rule() -> pb::FirewallRule {
        pb::FirewallRule { family: "inet".into(), understood: true, verdict: "drop".into(), ..Default::default() }
    }

    #[test]
    fn a_rule_without_tests_takes_everything_and_one_not_understood_takes_nothing() {
        assert!(takes(&rule(), flow()));
        assert!(!takes(&pb::FirewallRule { understood: false, ..rule() }, flow()));
        assert!(!takes(&pb::FirewallRule { sometimes: true, ..rule() }, flow()));
    }

    #[test]
    fn an_accept_before_a_drop_spares_what_it_takes_and_one_not_understood_might() {
        let drop = pb::FirewallRule { handle: 9, ..rule() };
        let accept = |destination_port: &str| pb::FirewallRule {
            handle: 3,
            verdict: "accept".into(),
            destination_port: destination_port.into(),
            ..rule()
        };
        assert!(spared(&[accept("8080"), drop.clone()], &drop, flow()));
        assert!(!spared(&[accept("22"), drop.clone()], &drop, flow()));
        assert!(!spared(&[drop.clone(), accept("8080")], &drop, flow()), "what comes after changes nothing");
        let unclear = pb::FirewallRule { understood: false, ..accept("") };
        assert!(spared(&[unclear, drop.clone()], &drop, flow()));
        let established = pb::FirewallRule { ct_state: "established,related".into(), ..accept("") };
        assert!(!spared(&[established, drop.clone()], &drop, flow()));
    }

    #[test]
    fn every_field_can_spare_the_flow() {
        for (field, spared) in [
            (pb::FirewallRule { source: "10.88.2.0/24".into(), ..rule() }, true),
            (pb::FirewallRule { source: "10.88.0.0/16".into(), ..rule() }, false),
            (pb::FirewallRule { destination: "10.77.4.2".into(), ..rule() }, false),
            (pb::FirewallRule { destination_port: "8000-8079".into(), ..rule() }, true),
            (pb::FirewallRule { destination_port: "80, 8080".into(), ..rule() }, false),
            (pb::FirewallRule { source_port: "1024-65535".into(), ..rule() }, true),
            (pb::FirewallRule { protocol: "udp".into(), ..rule() }, true),
            (pb::FirewallRule { length: "> 1400".into(), ..rule() }, true),
            (pb::FirewallRule { ct_state: "established,related".into(), ..rule() }, true),
            (pb::FirewallRule { family: "ip6".into(), ..rule() }, true),
            (pb::FirewallRule { in_interface: "eth0".into(), ..rule() }, true),
        ] {
            assert_eq!(takes(&field, flow()), !spared, "{field:?}");
        }
        let by_length = pb::FirewallRule { length: "> 1400".into(), ..rule() };
        assert!(selects_by_length(&by_length, flow(), 1500));
    }
}
