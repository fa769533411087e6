//! What the diagnosis says where it has walked further: traces, packets of the own flow, pauses, several connections.

use mesh_proto::v1 as pb;

use crate::testing::{World, rule, said};

const EDGE: &str = "10.77.4.2";
const SET: &str = "failing narrowed application/accept-queue-full application/host-firewall-drop firewall/drop \
                   route/return-path-lost source-address/acl-drop";

/// A client whose own rules were read and take nothing.
fn client() -> World {
    let world = World::new("http", EDGE, 8080).vantage("host/client", &["10.77.1.2"]);
    world.rule("host/client", rule("forward", "accept"))
}

fn check(world: &World, expected: &str) {
    let report = world.report();
    assert_eq!(said(&report), expected, "{:#?}", report.verdict);
    assert_eq!(report, world.clone().reversed().report(), "the order of observations changed the report");
}

#[test]
fn a_silent_port_beside_one_that_answers_is_no_matter_of_routes() {
    let alone = client().silent("host/client", "ask", EDGE).control("host/client", EDGE, 50_000);
    check(&alone, SET);
    let silent = said(&client().silent("host/client", "ask", EDGE).report());
    assert!(silent.contains("route/blackhole"), "without the control a route may be it: {silent}");
}

#[test]
fn packets_of_one_port_that_end_before_a_router_which_others_reach_are_filtered_there() {
    let world = client()
        .silent("host/client", "ask", EDGE)
        .control("host/client", EDGE, 50_000)
        .trace("host/client", EDGE, 8080, &["10.77.1.1"], "")
        .trace("host/client", EDGE, 50_000, &["10.77.1.1", "10.77.11.2"], "rst");
    check(&world, "failing likely firewall/drop");
    let to_the_end = client()
        .silent("host/client", "ask", EDGE)
        .control("host/client", EDGE, 50_000)
        .trace("host/client", EDGE, 8080, &["10.77.1.1", "10.77.11.2"], "")
        .trace("host/client", EDGE, 50_000, &["10.77.1.1", "10.77.11.2"], "rst");
    check(&to_the_end, SET);
}

#[test]
fn a_reset_from_another_distance_is_not_the_applications() {
    check(&client().reset("host/client", EDGE, 61, 62, false), "failing likely firewall/rst-injected");
    check(
        &client().reset("host/client", EDGE, 61, 61, true),
        "failing narrowed application/abort application/close-unread",
    );
    let forged = said(&client().reset("host/client", EDGE, 61, 61, false).report());
    assert!(!forged.contains("proved"), "a TTL alone proves nothing: {forged}");
}

#[test]
fn after_a_pause_a_fin_a_reset_and_silence_are_three_causes() {
    let reuse = |how: &str, errno: &str| pb::ReuseDetail {
        idle_us: 3_000_000,
        how: how.to_owned(),
        errno_name: errno.to_owned(),
        ..Default::default()
    };
    let closed = pb::ReuseDetail { closed_by: "fin".to_owned(), closed_at_us: Some(1_000_000), ..reuse("eof", "") };
    check(&client().reused("host/client", EDGE, closed.clone()), "failing likely timeout-budget/keepalive-mismatch");
    let two = client().vantage("ext/far", &["10.77.2.2"]);
    let both = two.clone().reused("host/client", EDGE, closed.clone()).reused("ext/far", EDGE, closed.clone());
    check(&both, "failing proved timeout-budget/keepalive-mismatch");
    let later = pb::ReuseDetail { closed_at_us: Some(2_500_000), ..closed.clone() };
    let apart = two.reused("host/client", EDGE, closed).reused("ext/far", EDGE, later);
    check(&apart, "failing likely timeout-budget/keepalive-mismatch");
    check(
        &client().reused("host/client", EDGE, reuse("timeout", "")),
        "failing narrowed firewall/idle-expiry firewall/state-lost-silent",
    );
    check(
        &client().reused("host/client", EDGE, reuse("errno", "ECONNRESET")),
        "failing narrowed firewall/nat-mapping-lost",
    );
}

#[test]
fn some_of_many_connections_fail_and_the_rate_is_told_with_its_interval() {
    let mut world = client().answers("host/client", "ask", EDGE, 200, 900);
    for number in 1..6 {
        world = world.answers("host/client", &format!("more-{number}"), EDGE, 200, 900);
    }
    let some = (1..4).fold(world, |world, number| {
        world.seen("host/client", &format!("more:{EDGE}/{number}"), |obs| {
            EDGE.clone_into(&mut obs.address);
            obs.port = 8080;
            obs.outcome = pb::Outcome::Fail.into();
            obs.tcp = Some(pb::TcpDetail { queue_read: true, ..Default::default() });
            obs.failure = Some(crate::testing::failure("connect", "", 0, "no answer after 3300 ms", "timeout"));
        })
    });
    let report = some.report();
    let rate = report.verdict.rate.clone().expect("a rate");
    assert_eq!((rate.failed, rate.of), (3, 4));
    assert!(rate.low > 0.2 && rate.high < 1.0, "{rate:?}");
    assert!(said(&report).contains("route/random-loss"), "{}", said(&report));
}

#[test]
fn a_filter_on_the_asking_host_is_no_matter_of_the_resolver() {
    let world = World::new("http", "api.lab", 80)
        .vantage("host/client", &["10.77.1.2"])
        .seen("host/client", "resolve", |obs| {
            obs.outcome = pb::Outcome::Fail.into();
            obs.resolve = Some(pb::ResolveDetail::default());
        })
        .seen("host/client", "dns:10.77.5.2/udp", |obs| {
            "10.77.5.2".clone_into(&mut obs.address);
            obs.port = 53;
            obs.dns = Some(pb::DnsDetail {
                server: "10.77.5.2".to_owned(),
                transport: "udp".to_owned(),
                rcode: "NOERROR".to_owned(),
                truncated: true,
                ..Default::default()
            });
        })
        .seen("host/client", "dns:10.77.5.2/tcp", |obs| {
            "10.77.5.2".clone_into(&mut obs.address);
            obs.port = 53;
            obs.outcome = pb::Outcome::Fail.into();
            obs.dns = Some(pb::DnsDetail {
                server: "10.77.5.2".to_owned(),
                transport: "tcp".to_owned(),
                ..Default::default()
            });
            obs.failure = Some(crate::testing::failure("dns", "", 0, "no answer after 1500 ms", "timeout"));
        });
    let own =
        pb::FirewallRule { destination_port: "53".to_owned(), protocol: "tcp".to_owned(), ..rule("output", "drop") };
    let said = said(&world.rule("host/client", own).report());
    assert!(!said.contains("proved"), "{said}");
}

#[test]
fn a_redirect_within_a_site_is_no_portal_and_one_elsewhere_is_looked_into() {
    let sent = |location: &str| {
        let world = World::new("http", "example.com", 80).vantage("host/client", &["10.77.1.2"]);
        let world = world.seen("host/client", &format!("ask:{EDGE}"), |obs| {
            EDGE.clone_into(&mut obs.address);
            obs.port = 80;
            obs.tcp = Some(pb::TcpDetail { connected: true, ..Default::default() });
            let headers = vec![pb::HttpHeader { name: "location".to_owned(), value: location.to_owned() }];
            obs.http = Some(pb::HttpDetail { status: 302, complete: true, headers, ..Default::default() });
        });
        world.next_tasks()
    };
    let asks = |location: &str| sent(location).iter().any(|task| task.starts_with("control-http"));
    assert!(asks("http://portal.test/login"));
    assert!(!asks("https://www.example.com/") && !asks("https://example.com/"), "the site itself");
}
