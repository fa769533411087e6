//! Verdicts about many vantages.

use std::collections::BTreeSet;

use mesh_proto::v1 as pb;

use crate::testing::{World, rule, said};

const WEB: &str = "10.250.0.2";
const NODES: usize = 40;

/// Nodes with two Pods each, of which `fails` says who gets no answer.
fn fleet(fails: impl Fn(usize, bool) -> bool) -> World {
    let mut world = World::new("http", WEB, 8080);
    for n in 0..NODES {
        let node = format!("node/w{n}");
        world = world.vantage(&node, &[&format!("10.1.{n}.2")]).on(&node);
        for p in 1..=2 {
            world = world.vantage(&format!("pod/p{n}-{p}"), &[&format!("10.2.{n}.{p}")]).on(&node);
        }
    }
    for n in 0..NODES {
        for (id, is_node) in
            [(format!("node/w{n}"), true), (format!("pod/p{n}-1"), false), (format!("pod/p{n}-2"), false)]
        {
            world = if fails(n, is_node) {
                world.silent(&id, "ask", WEB)
            } else {
                world.answers(&id, "ask", WEB, 200, 900)
            };
        }
    }
    world
}

fn scope(world: &World) -> String {
    world.report().verdict.scope.map(|scope| scope.summary).unwrap_or_default()
}

#[test]
fn the_scope_tells_a_node_from_its_pods_and_both_from_a_part() {
    assert_eq!(scope(&fleet(|n, node| n == 17 && !node)), "the 2 Pods of node/w17, which itself passes");
    assert_eq!(scope(&fleet(|n, node| n == 17 && node)), "node/w17 itself; its 2 Pods pass");
    assert_eq!(scope(&fleet(|n, _| n == 17)), "node/w17 and its 2 Pods");
    assert_eq!(scope(&fleet(|n, node| n < 9 && !node)), "18 vantages (pod) of 9 machines");
    assert_eq!(scope(&fleet(|_, _| true)), "", "everybody: there is nothing to tell apart");
    assert_eq!(scope(&fleet(|_, _| false)), "", "nobody");
}

#[test]
fn a_rule_of_the_sick_node_is_named_and_claims_cite_some_of_each_side() {
    let drops = pb::FirewallRule { destination_port: "8080".to_owned(), ..rule("forward", "drop") };
    let report = fleet(|n, node| n == 17 && !node).rule("node/w17", drops).report();
    assert!(said(&report).contains("firewall/drop"), "{}", said(&report));
    let finding = report.verdict.boundaries.iter().find(|f| f.cause.as_deref() == Some("drop")).expect("the rule");
    assert_eq!(finding.segment.as_deref(), Some("node/w17"));
    assert!(finding.because.len() <= 16, "{:?}", finding.because);
    assert_eq!(report.results.iter().map(|cell| &cell.vantage).collect::<BTreeSet<_>>().len(), NODES * 3, "all rows");
}

#[test]
fn later_rounds_look_at_the_sick_machine_and_at_some_that_are_well() {
    let few = fleet(|n, node| n == 17 && !node).later_askers();
    assert!(few.contains("node/w17") && few.contains("pod/p17-1") && few.contains("pod/p17-2"), "{few:?}");
    let well = |kind: &str| few.iter().filter(|id| id.starts_with(kind) && !id.contains("17")).count();
    assert!(well("node") >= 2 && well("pod") >= 2 && few.len() <= 24, "{few:?}");
    let all = fleet(|_, _| true).later_askers();
    assert!(!all.is_empty() && all.len() <= 48, "{all:?}");
}

#[test]
fn alike_vantages_are_listed_once() {
    let report = fleet(|n, node| n == 17 && !node).report();
    let of = |id: &str| report.vantages.iter().find(|v| v.id == id).expect(id).alike.clone();
    assert_eq!(of("node/w0").len(), NODES - 1);
    assert_eq!(
        (of("node/w5"), of("pod/p17-1"), of("pod/p17-2")),
        (vec!["node/w0".to_owned()], vec!["pod/p17-2".to_owned()], vec!["pod/p17-1".to_owned()],)
    );
}
