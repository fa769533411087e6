//! The standard topology. `tests/lab/TOPOLOGY.md` is its map.

use std::io;

use crate::{
    lab::{exec, services::daemons::BIG},
    network::{End, Network},
};

/// Every host, and the vantage it is.
pub const HOSTS: [(&str, &str); 14] = [
    ("client", "host/client"),
    ("external", "ext/external"),
    ("r1", "host/r1"),
    ("ra", "host/ra"),
    ("rb", "host/rb"),
    ("r3", "host/r3"),
    ("edge", "host/edge"),
    ("dns", "host/dns"),
    ("node-a", "node/node-a"),
    ("node-b", "node/node-b"),
    ("backend", "host/backend"),
    ("pod-a1", "pod/pod-a1"),
    ("pod-a2", "pod/pod-a2"),
    ("pod-b1", "pod/pod-b1"),
];

/// The node that a Pod runs on.
pub fn node_of(host: &str) -> Option<&'static str> {
    match host {
        "pod-a1" | "pod-a2" => Some("node-a"),
        "pod-b1" => Some("node-b"),
        _ => None,
    }
}

/// The vantage that a host is.
pub fn vantage(host: &str) -> Option<&'static str> {
    HOSTS.iter().find(|(name, _)| *name == host).map(|(_, vantage)| *vantage)
}

/// Pods: name, node, address, IPv6 address.
const PODS: [(&str, &str, &str, &str); 3] = [
    ("pod-a1", "node-a", "10.88.1.11", "fd88:1::11"),
    ("pod-a2", "node-a", "10.88.1.12", "fd88:1::12"),
    ("pod-b1", "node-b", "10.88.2.11", "fd88:2::11"),
];

/// Hosts behind r3: name and third number of their network.
const BEHIND: [(&str, u8); 6] =
    [("external", 2), ("edge", 4), ("dns", 5), ("node-a", 6), ("node-b", 7), ("backend", 8)];

/// Builds the topology; no daemon runs yet.
pub fn build() -> io::Result<Network> {
    let names: Vec<&str> = HOSTS.iter().map(|(name, _)| *name).collect();
    let network = Network::with_hosts(&names)?;
    for router in ["r1", "ra", "rb", "r3", "node-a", "node-b"] {
        network.router(router)?;
        // Several diagnoses a second spend what a router may say to one peer; people ask seldom enough.
        let host = network.host(router)?;
        host.sysctl("ipv4/icmp_ratelimit", "0")?;
        host.sysctl("ipv6/icmp/ratelimit", "0")?;
    }
    transit(&network)?;
    for (host, third) in BEHIND {
        attach(&network, host, "r3", third)?;
    }
    for (pod, node, v4, v6) in PODS {
        attach_pod(&network, pod, node, v4, v6)?;
    }
    for (node, third, gateway) in [("node-a", 1, 6), ("node-b", 2, 7)] {
        network.route("r3", &format!("10.88.{third}.0/24"), &[&format!("10.77.{gateway}.2")])?;
        network.route("r3", &format!("fd88:{third}::/64"), &[&format!("fd77:{gateway}::2")])?;
        service(&network, node)?;
    }
    more_addresses(&network)?;
    Ok(network)
}

/// A second resolver on dns, and on edge the addresses of a name that has many.
fn more_addresses(network: &Network) -> io::Result<()> {
    exec::run(network.host("dns")?, &["ip", "addr", "add", "10.77.5.3/32", "dev", "r3"])?;
    let many: Vec<String> = BIG.map(|last| format!("addr add 10.77.4.{last}/32 dev r3\n")).collect();
    exec::feed(network.host("edge")?, &["ip", "-batch", "-"], &many.concat()).map(drop)
}

/// client – r1 – (ra, rb) – r3.
fn transit(network: &Network) -> io::Result<()> {
    attach(network, "client", "r1", 1)?;
    for (near, far, third) in [("r1", "ra", 11), ("r1", "rb", 12), ("r3", "ra", 13), ("r3", "rb", 14)] {
        let end = |host, last: u8| {
            End::new(host, &[&format!("10.77.{third}.{last}/30"), &format!("fd77:{third}::{last}/64")])
        };
        network.link(&end(near, 1), &end(far, 2))?;
    }
    network.route("r1", "default", &["10.77.11.2", "10.77.12.2"])?;
    network.route("r1", "default6", &["fd77:11::2", "fd77:12::2"])?;
    network.route("r3", "10.77.1.0/24", &["10.77.13.2", "10.77.14.2"])?;
    network.route("r3", "fd77:1::/64", &["fd77:13::2", "fd77:14::2"])?;
    for (middle, third) in [("ra", (11, 13)), ("rb", (12, 14))] {
        network.route(middle, "default", &[&format!("10.77.{}.1", third.1)])?;
        network.route(middle, "default6", &[&format!("fd77:{}::1", third.1)])?;
        network.route(middle, "10.77.1.0/24", &[&format!("10.77.{}.1", third.0)])?;
        network.route(middle, "fd77:1::/64", &[&format!("fd77:{}::1", third.0)])?;
    }
    for router in ["r1", "r3"] {
        // Policy 1 hashes what a veth carries over from the sender's socket; 3 with these fields is the 5-tuple.
        let host = network.host(router)?;
        host.sysctl("ipv4/fib_multipath_hash_policy", "3")?;
        host.sysctl("ipv4/fib_multipath_hash_fields", "55")?;
        host.sysctl("ipv6/fib_multipath_hash_policy", "3")?;
        host.sysctl("ipv6/fib_multipath_hash_fields", "55")?;
    }
    Ok(())
}

fn attach(network: &Network, host: &str, router: &str, third: u8) -> io::Result<()> {
    let end =
        |host, last: u8| End::new(host, &[&format!("10.77.{third}.{last}/24"), &format!("fd77:{third}::{last}/64")]);
    network.link(&end(host, 2), &end(router, 1))?;
    network.route(host, "default", &[&format!("10.77.{third}.1")])?;
    network.route(host, "default6", &[&format!("fd77:{third}::1")])
}

/// A Pod hangs on its node by a /32: its gateway is an address of the node that every Pod shares.
fn attach_pod(network: &Network, pod: &str, node: &str, v4: &str, v6: &str) -> io::Result<()> {
    let (gate4, gate6) = if node == "node-a" { ("10.88.1.1", "fd88:1::1") } else { ("10.88.2.1", "fd88:2::1") };
    let pod_end = End::new(pod, &[&format!("{v4}/32"), &format!("{v6}/128")]);
    let node_end = End::new(node, &[&format!("{gate4}/32"), &format!("{gate6}/128")]);
    network.link(&pod_end, &node_end)?;
    let inside = network.host(pod)?;
    exec::feed(
        inside,
        &["ip", "-batch", "-"],
        &format!("route add {gate4} dev {node} scope link\nroute add default via {gate4}\n"),
    )?;
    exec::feed(
        inside,
        &["ip", "-6", "-batch", "-"],
        &format!("route add {gate6} dev {node}\nroute add default via {gate6}\n"),
    )?;
    let outside = network.host(node)?;
    exec::run(outside, &["ip", "route", "add", v4, "dev", pod])?;
    exec::run(outside, &["ip", "-6", "route", "add", v6, "dev", pod]).map(drop)
}

/// Services: address and where it leads, all TCP port 80. svc has two endpoints, hair's is the Pod pod-a2 alone, wrong's
/// target port has no listener, stale's endpoint is no Pod's.
const SERVICES: [(&str, &str); 4] = [
    ("10.99.0.10", "numgen inc mod 2 map { 0 : 10.88.2.11, 1 : 10.88.1.12 } : 8080"),
    ("10.99.0.30", "10.88.1.12:8080"),
    ("10.99.0.50", "10.88.2.11:8081"),
    ("10.99.0.60", "10.88.9.9:8080"),
];

/// What kube-proxy would write for the Services.
fn service(network: &Network, node: &str) -> io::Result<()> {
    let rules: String = SERVICES.map(|(vip, to)| format!("    ip daddr {vip} tcp dport 80 dnat to {to}\n")).concat();
    let chain = |hook: &str| {
        format!("  chain {hook} {{\n    type nat hook {hook} priority -100; policy accept;\n{rules}  }}\n")
    };
    let post = "  chain postrouting {\n    type nat hook postrouting priority 100; policy accept;\n    ct status dnat masquerade\n  }\n";
    let table = format!("table ip kube {{\n{}{}{post}}}\n", chain("prerouting"), chain("output"));
    exec::feed(network.host(node)?, &["nft", "-f", "-"], &table).map(drop)
}
