//! The cluster state that goes with the topology, in the shapes the Kubernetes API prints.

use std::{fs, io, path::Path};

use serde_json::{Value, json};

/// Addresses of svc's endpoints, with the node and Pod each is.
const ENDPOINTS: [(&str, &str, &str); 2] = [("10.88.1.12", "node-a", "pod-a2"), ("10.88.2.11", "node-b", "pod-b1")];

/// How the state differs from that of a healthy cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variant {
    Healthy,
    /// Service svc has no ready endpoint.
    EmptyEndpoints,
    /// A policy lets nobody but `pod-a2` into `pod-b1`.
    IngressPolicy,
    /// A policy lets `pod-a1` out to TCP alone: DNS is forgotten.
    EgressPolicy,
}

impl Variant {
    /// Every variant that a scenario can name.
    pub const NAMES: [(&str, Self); 3] = [
        ("empty-endpoints", Self::EmptyEndpoints),
        ("ingress-policy", Self::IngressPolicy),
        ("egress-policy", Self::EgressPolicy),
    ];

    pub fn named(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, variant)| *variant)
    }
}

/// Writes the state.
pub fn write(path: &Path, variant: Variant) -> io::Result<()> {
    let mut state = state(variant != Variant::EmptyEndpoints);
    if let Some(items) = state.get_mut("items").and_then(Value::as_array_mut) {
        items.extend(policies(variant));
    }
    fs::write(path, serde_json::to_vec_pretty(&state)?)
}

/// One policy that allows what everybody does anyway, so that policies are known to have been read; and the variant's.
fn policies(variant: Variant) -> Vec<Value> {
    let policy = |name: &str, spec: Value| {
        json!({"kind": "NetworkPolicy", "apiVersion": "networking.k8s.io/v1",
               "metadata": {"name": name, "namespace": "lab"}, "spec": spec})
    };
    let mut all = vec![policy("open", json!({"podSelector": {"matchLabels": {"app": "pod-a2"}}, "ingress": [{}]}))];
    match variant {
        Variant::IngressPolicy => all.push(policy(
            "only-a2",
            json!({"podSelector": {"matchLabels": {"app": "pod-b1"}}, "policyTypes": ["Ingress"],
                   "ingress": [{"from": [{"podSelector": {"matchLabels": {"app": "pod-a2"}}}],
                                "ports": [{"port": "http"}]}]}),
        )),
        Variant::EgressPolicy => all.push(policy(
            "tcp-only",
            json!({"podSelector": {"matchLabels": {"app": "pod-a1"}}, "policyTypes": ["Egress"],
                   "egress": [{"ports": [{"protocol": "TCP", "port": 1, "endPort": 52},
                                         {"protocol": "TCP", "port": 54, "endPort": 65535}]}]}),
        )),
        Variant::Healthy | Variant::EmptyEndpoints => {}
    }
    all
}

fn state(ready: bool) -> Value {
    let endpoint = |(address, node, pod): (&str, &str, &str)| {
        json!({"addresses": [address], "conditions": {"ready": ready}, "nodeName": node,
               "targetRef": {"kind": "Pod", "name": pod, "namespace": "lab"}})
    };
    let pod = |name: &str, address: &str, node: &str| {
        json!({"kind": "Pod", "apiVersion": "v1", "metadata": {"name": name, "namespace": "lab", "labels": {"app": name}},
               "spec": {"nodeName": node, "containers": [{"name": "web",
                        "ports": [{"name": "http", "containerPort": 8080, "protocol": "TCP"}]}]},
               "status": {"podIP": address, "conditions": [{"type": "Ready", "status": if ready { "True" } else { "False" }}]}})
    };
    let node = |name: &str, address: &str, pods: &str| {
        json!({"kind": "Node", "apiVersion": "v1", "metadata": {"name": name}, "spec": {"podCIDRs": [pods]},
               "status": {"addresses": [{"type": "InternalIP", "address": address}]}})
    };
    let slice = |service: &str, endpoints: Value, port: u16| {
        json!({"kind": "EndpointSlice", "apiVersion": "discovery.k8s.io/v1",
               "metadata": {"name": format!("{service}-1"), "namespace": "lab",
                            "labels": {"kubernetes.io/service-name": service}},
               "addressType": "IPv4", "endpoints": endpoints, "ports": [{"name": "http", "port": port}]})
    };
    let service = |name: &str, address: &str, port: u16, target: u16| {
        json!({"kind": "Service", "apiVersion": "v1", "metadata": {"name": name, "namespace": "lab"},
               "spec": {"clusterIP": address, "clusterIPs": [address],
                        "ports": [{"name": "http", "port": port, "targetPort": target, "protocol": "TCP"}]}})
    };
    let ingress = json!({"kind": "Ingress", "apiVersion": "networking.k8s.io/v1",
        "metadata": {"name": "edge", "namespace": "lab"},
        "spec": {"rules": [{"host": "slow.lab", "http": {"paths": [
            {"path": "/", "pathType": "Prefix", "backend": {"service": {"name": "slow", "port": {"number": 80}}}}]}}]}});
    let one = |address: &str| json!([{"addresses": [address], "conditions": {"ready": true}}]);
    json!({"kind": "List", "apiVersion": "v1", "items": [
        service("svc", "10.99.0.10", 80, 8080),
        slice("svc", ENDPOINTS.map(endpoint).to_vec().into(), 8080),
        service("slow", "10.99.0.20", 80, 8081),
        slice("slow", one("10.77.8.2"), 8081),
        service("hair", "10.99.0.30", 80, 8080),
        slice("hair", one("10.88.1.12"), 8080),
        service("wrong", "10.99.0.50", 80, 8081),
        slice("wrong", one("10.88.2.11"), 8081),
        service("stale", "10.99.0.60", 80, 8080),
        slice("stale", one("10.88.9.9"), 8080),
        ingress,
        pod("pod-a1", "10.88.1.11", "node-a"), pod("pod-a2", "10.88.1.12", "node-a"), pod("pod-b1", "10.88.2.11", "node-b"),
        node("node-a", "10.77.6.2", "10.88.1.0/24"), node("node-b", "10.77.7.2", "10.88.2.0/24"),
    ]})
}
