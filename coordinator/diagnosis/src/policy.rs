//! What `NetworkPolicies` say about one flow. Pure.
//!
//! Semantics of networking.k8s.io/v1: policies only allow; a Pod that some policy is about in a direction is closed there
//! but for what the rules of all such policies together allow; a connection must be allowed at both ends; answers follow.

use std::{collections::BTreeMap, net::IpAddr};

use mesh_proto::v1 as pb;

/// Label that every namespace bears with its own name (since Kubernetes 1.22).
const NAME_LABEL: &str = "kubernetes.io/metadata.name";

/// One end of a flow.
#[derive(Debug, Clone, Copy)]
pub(crate) struct End<'a> {
    pub(crate) address: IpAddr,
    /// The Pod that has the address; none = somebody else has it.
    pub(crate) pod: Option<&'a pb::ClusterPod>,
    /// The node that asks for itself; empty = it is none, or that is not known.
    pub(crate) node: &'a str,
}

/// A question to a port.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) from: End<'a>,
    pub(crate) to: End<'a>,
    /// TCP or UDP.
    pub(crate) protocol: &'static str,
    pub(crate) port: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    Ingress,
    Egress,
}

impl Direction {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Ingress => "ingress",
            Self::Egress => "egress",
        }
    }
}

/// What the policies say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Said {
    /// No policy is about either end.
    Nothing,
    /// Policies are about an end, and their rules allow it.
    Allowed,
    /// Closed: the policies about that Pod in that direction ("shop/deny-all"), none of whose rules allows it.
    Denied { direction: Direction, pod: String, policies: Vec<String> },
    /// A part of a policy was not understood; which.
    Unclear(String),
}

/// What all policies together say about a question.
pub(crate) fn said(cluster: &pb::ClusterDetail, asked: &Asked<'_>) -> Said {
    // "A Pod cannot block access to itself" (Kubernetes documentation, Network Policies).
    if asked.from.address == asked.to.address {
        return Said::Nothing;
    }
    let egress = at_end(cluster, asked, Direction::Egress);
    if !matches!(egress, Said::Nothing | Said::Allowed) {
        return egress;
    }
    match at_end(cluster, asked, Direction::Ingress) {
        Said::Nothing => egress,
        ingress => ingress,
    }
}

/// What they say at one end: where it is sent from, or where it arrives.
fn at_end(cluster: &pb::ClusterDetail, asked: &Asked<'_>, direction: Direction) -> Said {
    let (end, other) = match direction {
        Direction::Egress => (asked.from, asked.to),
        Direction::Ingress => (asked.to, asked.from),
    };
    let Some(pod) = end.pod.filter(|pod| !pod.host_network) else { return Said::Nothing };
    if on_node_of(cluster, pod, other) {
        return Said::Nothing;
    }
    let (mut policies, mut open, mut unclear) = (Vec::new(), false, None);
    for policy in &cluster.policies {
        let name = format!("{}/{}", policy.namespace, policy.name);
        match is_about(policy, pod, direction) {
            Ok(true) => {}
            Ok(false) => continue,
            Err(why) => {
                unclear = Some(format!("{name}: {why}"));
                continue;
            }
        }
        let rules = match direction {
            Direction::Ingress => &policy.ingress_rules,
            Direction::Egress => &policy.egress_rules,
        };
        for rule in rules {
            match allows(cluster, policy, rule, other, asked) {
                Ok(allowed) => open |= allowed,
                Err(why) => unclear = Some(format!("{name}: {why}")),
            }
        }
        policies.push(name);
    }
    match (open, unclear) {
        (true, _) => Said::Allowed,
        (false, Some(why)) => Said::Unclear(why),
        (false, None) if policies.is_empty() => Said::Nothing,
        (false, None) => Said::Denied { direction, pod: format!("{}/{}", pod.namespace, pod.name), policies },
    }
}

/// "Traffic to and from the node where a Pod is running is always allowed" (Kubernetes documentation, Network Policies).
fn on_node_of(cluster: &pb::ClusterDetail, pod: &pb::ClusterPod, other: End<'_>) -> bool {
    let text = other.address.to_string();
    if !other.node.is_empty() && other.node == pod.node {
        return true;
    }
    let node = cluster.nodes.iter().find(|node| node.name == pod.node);
    let its = node.is_some_and(|node| node.addresses.contains(&text));
    its || other.pod.is_some_and(|other| other.host_network && other.node == pod.node)
}

fn is_about(policy: &pb::ClusterPolicy, pod: &pb::ClusterPod, direction: Direction) -> Result<bool, String> {
    let typed = match direction {
        Direction::Ingress => policy.ingress,
        Direction::Egress => policy.egress,
    };
    if !typed || policy.namespace != pod.namespace {
        return Ok(false);
    }
    // An empty selector selects every Pod.
    policy.pods.as_ref().map_or(Ok(true), |pods| matches(pods, &pod.labels))
}

fn allows(
    cluster: &pb::ClusterDetail,
    policy: &pb::ClusterPolicy,
    rule: &pb::PolicyRule,
    other: End<'_>,
    asked: &Asked<'_>,
) -> Result<bool, String> {
    let mut open = rule.ports.is_empty();
    for port in &rule.ports {
        open |= port_matches(port, asked)?;
    }
    if !open || rule.peers.is_empty() {
        return Ok(open);
    }
    let mut peer = false;
    for one in &rule.peers {
        peer |= peer_matches(cluster, policy, one, other)?;
    }
    Ok(peer)
}

fn port_matches(port: &pb::PolicyPort, asked: &Asked<'_>) -> Result<bool, String> {
    if port.protocol != asked.protocol {
        return Ok(false);
    }
    if !port.name.is_empty() {
        // A name is one of the Pod that is asked, in both directions.
        let Some(pod) = asked.to.pod else { return Ok(false) };
        let named = pod.named_ports.iter().find(|known| known.name == port.name && known.protocol == port.protocol);
        return Ok(named.is_some_and(|known| known.port == asked.port));
    }
    Ok(match (port.port, port.end_port) {
        (0, 0) => true,
        (0, _) => return Err("a range of ports without a beginning".to_owned()),
        (one, 0) => one == asked.port,
        (first, last) => (first..=last).contains(&asked.port),
    })
}

fn peer_matches(
    cluster: &pb::ClusterDetail,
    policy: &pb::ClusterPolicy,
    peer: &pb::PolicyPeer,
    other: End<'_>,
) -> Result<bool, String> {
    if !peer.cidr.is_empty() {
        let net = |text: &str| text.parse::<ipnet::IpNet>().map_err(|e| format!("{text:?}: {e}"));
        let mut inside = net(&peer.cidr)?.contains(&other.address);
        for except in &peer.except {
            inside &= !net(except)?.contains(&other.address);
        }
        return Ok(inside);
    }
    // Selectors name Pods; a Pod in its node's network has no address of its own that they could mean.
    let Some(pod) = other.pod.filter(|pod| !pod.host_network) else { return Ok(false) };
    let namespace = match &peer.namespaces {
        None => pod.namespace == policy.namespace,
        Some(selector) => matches(selector, &labels_of(cluster, &pod.namespace))?,
    };
    let selected = peer.pods.as_ref().map_or(Ok(true), |pods| matches(pods, &pod.labels))?;
    Ok(namespace && selected)
}

/// A namespace's labels; the one with its name is always there.
fn labels_of(cluster: &pb::ClusterDetail, namespace: &str) -> BTreeMap<String, String> {
    let known = cluster.namespaces.iter().find(|known| known.name == namespace);
    let mut labels = known.map(|known| known.labels.clone()).unwrap_or_default();
    labels.entry(NAME_LABEL.to_owned()).or_insert_with(|| namespace.to_owned());
    labels
}

fn matches(selector: &pb::LabelSelector, labels: &BTreeMap<String, String>) -> Result<bool, String> {
    let mut all = selector.labels.iter().all(|(key, value)| labels.get(key) == Some(value));
    for one in &selector.expressions {
        let value = labels.get(&one.key);
        let listed = value.is_some_and(|value| one.values.contains(value));
        all &= match one.operator.as_str() {
            "In" => listed,
            // A key that is absent is in no list (labels.Requirement.Matches of apimachinery).
            "NotIn" => !listed,
            "Exists" => value.is_some(),
            "DoesNotExist" => value.is_none(),
            other => return Err(format!("operator {other:?} is not known")),
        };
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    fn selecting(pairs: &[(&str, &str)]) -> pb::LabelSelector {
        pb::LabelSelector { labels: labels(pairs), expressions: Vec::new() }
    }

    fn pod(namespace: &str, name: &str, address: &str, node: &str) -> pb::ClusterPod {
        pb::ClusterPod {
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            address: address.to_owned(),
            node: node.to_owned(),
            labels: labels(&[("app", name)]),
            named_ports: vec![pb::NamedPort { name: "http".to_owned(), port: 8080, protocol: "TCP".to_owned() }],
            ..Default::default()
        }
    }

    /// shop/cart on n1, shop/api and pay/ledger on n2.
    fn cluster(policies: Vec<pb::ClusterPolicy>) -> pb::ClusterDetail {
        let node = |name: &str, address: &str| pb::ClusterNode {
            name: name.to_owned(),
            addresses: vec![address.to_owned()],
            ..Default::default()
        };
        pb::ClusterDetail {
            pods: vec![
                pod("shop", "cart", "10.42.1.7", "n1"),
                pod("shop", "api", "10.42.2.8", "n2"),
                pod("pay", "ledger", "10.42.2.9", "n2"),
            ],
            nodes: vec![node("n1", "10.0.0.1"), node("n2", "10.0.0.2")],
            namespaces: vec![pb::ClusterNamespace { name: "pay".to_owned(), labels: labels(&[("team", "pay")]) }],
            policies,
            ..Default::default()
        }
    }

    fn ask(cluster: &pb::ClusterDetail, from: &str, to: &str, protocol: &'static str, port: u32) -> Said {
        let end = |text: &str| End {
            address: text.parse().unwrap(),
            pod: cluster.pods.iter().find(|pod| pod.address == text),
            node: if text == BRIDGE { "n2" } else { "" },
        };
        said(cluster, &Asked { from: end(from), to: end(to), protocol, port })
    }

    const CART: &str = "10.42.1.7";
    const API: &str = "10.42.2.8";
    const LEDGER: &str = "10.42.2.9";
    /// Address of n2 towards its Pods, which the API does not know.
    const BRIDGE: &str = "10.42.2.1";
    const AWAY: &str = "203.0.113.10";

    fn on_api(rules: Vec<pb::PolicyRule>) -> pb::ClusterPolicy {
        pb::ClusterPolicy {
            namespace: "shop".to_owned(),
            name: "api".to_owned(),
            pods: Some(selecting(&[("app", "api")])),
            ingress: true,
            ingress_rules: rules,
            ..Default::default()
        }
    }

    fn denied(said: &Said) -> bool {
        matches!(said, Said::Denied { .. })
    }

    fn from(peers: Vec<pb::PolicyPeer>) -> pb::PolicyRule {
        pb::PolicyRule { peers, ports: Vec::new() }
    }

    #[test]
    fn without_a_policy_about_it_a_pod_is_open() {
        let open = cluster(Vec::new());
        assert_eq!(ask(&open, CART, API, "TCP", 8080), Said::Nothing);
        let elsewhere = cluster(vec![on_api(Vec::new())]);
        assert_eq!(ask(&elsewhere, API, CART, "TCP", 8080), Said::Nothing, "answers and other Pods are not meant");
    }

    #[test]
    fn no_rule_closes_and_the_policy_is_named() {
        let closed = cluster(vec![on_api(Vec::new())]);
        let said = ask(&closed, CART, API, "TCP", 8080);
        let expected = Said::Denied {
            direction: Direction::Ingress,
            pod: "shop/api".to_owned(),
            policies: vec!["shop/api".to_owned()],
        };
        assert_eq!(said, expected);
        assert_eq!(ask(&closed, "10.0.0.2", API, "TCP", 8080), Said::Nothing, "its own node always gets in");
        assert_eq!(ask(&closed, BRIDGE, API, "TCP", 8080), Said::Nothing, "by whatever address");
        assert!(denied(&ask(&closed, "10.0.0.1", API, "TCP", 8080)), "another node does not");
        assert_eq!(ask(&closed, API, API, "TCP", 8080), Said::Nothing, "nor can a Pod be closed to itself");
    }

    #[test]
    fn peers_are_pods_of_the_own_namespace_of_others_or_blocks() {
        let own = from(vec![pb::PolicyPeer { pods: Some(selecting(&[("app", "cart")])), ..Default::default() }]);
        let theirs =
            from(vec![pb::PolicyPeer { namespaces: Some(selecting(&[("team", "pay")])), ..Default::default() }]);
        let named =
            from(vec![pb::PolicyPeer { namespaces: Some(selecting(&[(NAME_LABEL, "pay")])), ..Default::default() }]);
        let both = from(vec![pb::PolicyPeer {
            pods: Some(selecting(&[("app", "cart")])),
            namespaces: Some(selecting(&[("team", "pay")])),
            ..Default::default()
        }]);
        let block = from(vec![pb::PolicyPeer {
            cidr: "203.0.113.0/24".to_owned(),
            except: vec!["203.0.113.128/25".to_owned()],
            ..Default::default()
        }]);
        for (rule, cart, ledger, away, excepted) in [
            (own, true, false, false, false),
            (theirs, false, true, false, false),
            (named, false, true, false, false),
            (both, false, false, false, false),
            (block, false, false, true, false),
            (from(Vec::new()), true, true, true, true),
        ] {
            let cluster = cluster(vec![on_api(vec![rule.clone()])]);
            for (source, allowed) in [(CART, cart), (LEDGER, ledger), (AWAY, away), ("203.0.113.200", excepted)] {
                assert_eq!(denied(&ask(&cluster, source, API, "TCP", 8080)), !allowed, "{source} {rule:?}");
            }
        }
    }

    #[test]
    fn ports_are_numbers_ranges_or_names_of_one_protocol() {
        let port = |port, end_port, name: &str| pb::PolicyPort {
            protocol: "TCP".to_owned(),
            port,
            end_port,
            name: name.to_owned(),
        };
        for (one, open, closed) in
            [(port(8080, 0, ""), 8080, 8081), (port(8000, 8100, ""), 8100, 8101), (port(0, 0, "http"), 8080, 80)]
        {
            let rule = pb::PolicyRule { peers: Vec::new(), ports: vec![one.clone()] };
            let cluster = cluster(vec![on_api(vec![rule])]);
            assert_eq!(ask(&cluster, CART, API, "TCP", open), Said::Allowed, "{one:?}");
            assert!(denied(&ask(&cluster, CART, API, "TCP", closed)), "{one:?}");
            assert!(denied(&ask(&cluster, CART, API, "UDP", open)), "{one:?}");
        }
        let every = pb::PolicyRule { peers: Vec::new(), ports: vec![port(0, 0, "")] };
        let cluster = cluster(vec![on_api(vec![every])]);
        assert_eq!(ask(&cluster, CART, API, "TCP", 9), Said::Allowed);
        assert!(denied(&ask(&cluster, CART, API, "UDP", 9)));
    }

    #[test]
    fn an_egress_policy_that_forgets_dns_closes_it() {
        let egress = pb::ClusterPolicy {
            namespace: "shop".to_owned(),
            name: "out".to_owned(),
            pods: Some(selecting(&[])),
            egress: true,
            egress_rules: vec![pb::PolicyRule {
                peers: Vec::new(),
                ports: vec![pb::PolicyPort { protocol: "TCP".to_owned(), port: 8080, ..Default::default() }],
            }],
            ..Default::default()
        };
        let cluster = cluster(vec![egress]);
        assert_eq!(ask(&cluster, CART, API, "TCP", 8080), Said::Allowed);
        let said = ask(&cluster, CART, "10.96.0.10", "UDP", 53);
        assert!(matches!(&said, Said::Denied { direction: Direction::Egress, .. }), "{said:?}");
        assert_eq!(ask(&cluster, LEDGER, "10.96.0.10", "UDP", 53), Said::Nothing, "another namespace");
    }

    #[test]
    fn several_policies_allow_together_and_one_more_never_closes_what_its_own_kind_left_open() {
        let cart = from(vec![pb::PolicyPeer { pods: Some(selecting(&[("app", "cart")])), ..Default::default() }]);
        let two = cluster(vec![on_api(Vec::new()), on_api(vec![cart])]);
        assert_eq!(ask(&two, CART, API, "TCP", 8080), Said::Allowed);
        assert!(denied(&ask(&two, LEDGER, API, "TCP", 8080)));
    }

    #[test]
    fn expressions_mean_what_the_api_says_and_an_unknown_one_is_never_a_denial() {
        let with = |operator: &str, values: &[&str]| {
            let expression = pb::LabelRequirement {
                key: "app".to_owned(),
                operator: operator.to_owned(),
                values: values.iter().map(|&value| value.to_owned()).collect(),
            };
            let pods = pb::LabelSelector { labels: BTreeMap::new(), expressions: vec![expression] };
            cluster(vec![on_api(vec![from(vec![pb::PolicyPeer { pods: Some(pods), ..Default::default() }])])])
        };
        for (operator, values, allowed) in [
            ("In", &["cart", "x"][..], true),
            ("In", &["x"], false),
            ("NotIn", &["x"], true),
            ("NotIn", &["cart"], false),
            ("Exists", &[], true),
            ("DoesNotExist", &[], false),
        ] {
            assert_eq!(denied(&ask(&with(operator, values), CART, API, "TCP", 1)), !allowed, "{operator} {values:?}");
        }
        assert!(matches!(ask(&with("Like", &[]), CART, API, "TCP", 1), Said::Unclear(_)));
    }

    #[test]
    fn a_pod_in_its_nodes_network_is_nobodys_subject() {
        let mut cluster = cluster(vec![on_api(Vec::new())]);
        for pod in &mut cluster.pods {
            pod.host_network = true;
        }
        assert_eq!(ask(&cluster, CART, API, "TCP", 8080), Said::Nothing);
    }
}
