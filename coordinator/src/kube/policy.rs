//! `NetworkPolicy` as the API prints it (networking.k8s.io/v1).

use std::collections::BTreeMap;

use mesh_proto::v1 as pb;
use serde::Deserialize;

use super::Meta;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Policy {
    metadata: Meta,
    spec: Spec,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Spec {
    pod_selector: Selector,
    policy_types: Vec<String>,
    ingress: Vec<Rule>,
    egress: Vec<Rule>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Selector {
    match_labels: BTreeMap<String, String>,
    match_expressions: Vec<Expression>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Expression {
    key: String,
    operator: String,
    values: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Rule {
    from: Vec<Peer>,
    to: Vec<Peer>,
    ports: Vec<Port>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Peer {
    pod_selector: Option<Selector>,
    namespace_selector: Option<Selector>,
    ip_block: Option<Block>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Block {
    cidr: String,
    except: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Port {
    protocol: String,
    #[serde(rename = "port")]
    number: serde_json::Value,
    #[serde(rename = "endPort")]
    last: u32,
}

pub(super) fn policy(policy: Policy) -> pb::ClusterPolicy {
    let spec = policy.spec;
    let typed = |name: &str| spec.policy_types.iter().any(|one| one == name);
    // Without types a policy is about ingress, and about egress when it has egress rules (the API's default).
    let untyped = spec.policy_types.is_empty();
    pb::ClusterPolicy {
        namespace: policy.metadata.namespace,
        name: policy.metadata.name,
        ingress: untyped || typed("Ingress"),
        egress: typed("Egress") || (untyped && !spec.egress.is_empty()),
        pods: Some(selector(spec.pod_selector)),
        ingress_rules: spec.ingress.into_iter().map(rule).collect(),
        egress_rules: spec.egress.into_iter().map(rule).collect(),
    }
}

fn selector(selector: Selector) -> pb::LabelSelector {
    let requirement =
        |one: Expression| pb::LabelRequirement { key: one.key, operator: one.operator, values: one.values };
    pb::LabelSelector {
        labels: selector.match_labels,
        expressions: selector.match_expressions.into_iter().map(requirement).collect(),
    }
}

fn rule(rule: Rule) -> pb::PolicyRule {
    let peers = rule.from.into_iter().chain(rule.to);
    pb::PolicyRule { peers: peers.map(peer).collect(), ports: rule.ports.into_iter().map(port).collect() }
}

fn peer(peer: Peer) -> pb::PolicyPeer {
    let block = peer.ip_block.unwrap_or_default();
    pb::PolicyPeer {
        pods: peer.pod_selector.map(selector),
        namespaces: peer.namespace_selector.map(selector),
        cidr: block.cidr,
        except: block.except,
    }
}

fn port(Port { protocol, number, last }: Port) -> pb::PolicyPort {
    pb::PolicyPort {
        protocol: super::protocol(&protocol).to_owned(),
        port: number.as_u64().and_then(|number| u32::try_from(number).ok()).unwrap_or(0),
        end_port: last,
        name: number.as_str().unwrap_or_default().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(spec: &str) -> pb::ClusterPolicy {
        let text = format!(r#"{{"metadata":{{"name":"p","namespace":"shop"}},"spec":{spec}}}"#);
        policy(serde_json::from_str(&text).expect("a policy"))
    }

    #[test]
    fn without_types_a_policy_is_about_ingress_and_about_egress_when_it_says_something_of_it() {
        for (spec, ingress, egress) in [
            (r#"{"podSelector":{}}"#, true, false),
            (r#"{"podSelector":{},"egress":[{}]}"#, true, true),
            (r#"{"podSelector":{},"policyTypes":["Egress"]}"#, false, true),
            (r#"{"podSelector":{},"policyTypes":["Ingress","Egress"],"ingress":[{}]}"#, true, true),
        ] {
            let policy = parsed(spec);
            assert_eq!((policy.ingress, policy.egress), (ingress, egress), "{spec}");
        }
    }

    #[test]
    fn an_absent_selector_is_not_an_empty_one() {
        let peers = |spec: &str| parsed(spec).ingress_rules[0].peers.clone();
        let own = peers(r#"{"podSelector":{},"ingress":[{"from":[{"podSelector":{}}]}]}"#);
        assert!(own[0].pods.is_some() && own[0].namespaces.is_none(), "{own:?}");
        let every = peers(r#"{"podSelector":{},"ingress":[{"from":[{"namespaceSelector":{}}]}]}"#);
        assert!(every[0].pods.is_none() && every[0].namespaces.is_some(), "{every:?}");
    }

    #[test]
    fn ports_are_numbers_or_names_and_tcp_unless_written() {
        let policy = parsed(
            r#"{"podSelector":{},"egress":[{"ports":[{"port":53,"protocol":"UDP"},{"port":"http"},{"port":8000,"endPort":8100}]}]}"#,
        );
        let ports = &policy.egress_rules[0].ports;
        assert_eq!((ports[0].port, ports[0].protocol.as_str()), (53, "UDP"));
        assert_eq!((ports[1].port, ports[1].name.as_str(), ports[1].protocol.as_str()), (0, "http", "TCP"));
        assert_eq!((ports[2].port, ports[2].end_port), (8000, 8100));
    }
}
