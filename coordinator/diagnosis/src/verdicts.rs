//! What the diagnosis says of runs put together by hand: one sentence a test.

use mesh_proto::v1 as pb;

use crate::testing::{World, failure, rule, said};

const EDGE: &str = "10.77.4.2";

fn http() -> World {
    World::new("http", EDGE, 8080).vantage("host/client", &["10.77.1.2"])
}

fn with_edge() -> World {
    http().vantage("host/edge", &[EDGE]).observing()
}

fn check(world: &World, expected: &str) {
    let report = world.report();
    assert_eq!(said(&report), expected, "{:#?}", report.verdict);
    assert_eq!(report, world.clone().reversed().report(), "the order of observations changed the report");
}

#[test]
fn an_answer_from_everywhere_is_healthy_and_has_no_boundary() {
    check(&http().answers("host/client", "ask", EDGE, 200, 900), "healthy -");
}

#[test]
fn nothing_asked_is_unknown_and_never_healthy() {
    check(&http(), "unknown -");
    let denied = http().seen("host/client", "ask:10.77.4.2", |obs| {
        EDGE.clone_into(&mut obs.address);
        obs.outcome = pb::Outcome::CouldNotLook.into();
        obs.missing = "policy".to_owned();
    });
    check(&denied, "unknown -");
}

#[test]
fn a_refusal_alone_is_narrowed_and_the_servers_socket_table_proves_it() {
    let alone = http().refused("host/client", EDGE, None);
    check(
        &alone,
        "failing narrowed application/bound-loopback application/host-firewall-reject application/not-listening firewall/reject-rst",
    );
    let looked = with_edge().refused("host/client", EDGE, None).sockets("host/edge", &[("0.0.0.0", 80)]);
    check(&looked, "failing proved application/not-listening");
}

#[test]
fn a_port_that_is_translated_elsewhere_is_not_proved_to_have_no_listener() {
    let turning = pb::FirewallRule { to: "10.88.2.11:8080".to_owned(), ..rule("prerouting", "dnat") };
    let world = with_edge().refused("host/client", EDGE, None).sockets("host/edge", &[]).rule("host/edge", turning);
    let said = said(&world.report());
    assert!(!said.contains("proved"), "{said}");
}

#[test]
fn a_listener_on_loopback_only_is_not_called_missing() {
    let world = with_edge().refused("host/client", EDGE, None).sockets("host/edge", &[("127.0.0.1", 8080)]);
    check(&world, "failing proved application/bound-loopback");
}

#[test]
fn a_refusal_in_front_of_a_listener_blames_the_host_firewall_only_with_its_rule() {
    let world = with_edge().refused("host/client", EDGE, None).sockets("host/edge", &[("0.0.0.0", 8080)]);
    check(&world, "failing likely application/host-firewall-reject");
    let rejecting = pb::FirewallRule { to: "tcp-reset".to_owned(), ..rule("input", "reject") };
    check(&world.rule("host/edge", rejecting), "failing proved application/host-firewall-reject");
}

#[test]
fn an_address_that_two_vantages_have_is_held_by_nobody_known() {
    let world = with_edge()
        .vantage("host/other", &[EDGE])
        .observing()
        .refused("host/client", EDGE, None)
        .sockets("host/edge", &[]);
    check(
        &world,
        "failing narrowed application/bound-loopback application/host-firewall-reject application/not-listening firewall/reject-rst",
    );
}

#[test]
fn silence_from_one_place_is_narrowed_to_many_and_proves_nothing() {
    let report = http().silent("host/client", "ask", EDGE).report();
    let said = said(&report);
    assert!(said.starts_with("failing narrowed"), "{said}");
    for cause in ["firewall/drop", "route/return-path-lost", "source-address/acl-drop", "application/accept-queue-full"]
    {
        assert!(said.contains(cause), "{cause} is missing in {said}");
    }
}

#[test]
fn a_drop_rule_proves_only_where_the_flow_is_seen_to_pass() {
    let dropping = pb::FirewallRule { destination_port: "8080".to_owned(), ..rule("forward", "drop") };
    let aside = http()
        .vantage("host/r3", &["10.77.14.1"])
        .observing()
        .silent("host/client", "ask", EDGE)
        .rule("host/r3", dropping);
    let said_aside = said(&aside.report());
    assert!(!said_aside.contains("proved"), "{said_aside}");
    let crossing = aside.ladder("host/client", EDGE, 1500, None, &[("10.77.14.1", true), (EDGE, true)]);
    check(&crossing, "failing proved firewall/drop");
}

#[test]
fn a_rule_that_was_not_understood_proves_nothing() {
    let dropping = pb::FirewallRule { understood: false, ..rule("forward", "drop") };
    let world = http()
        .vantage("host/r3", &["10.77.14.1"])
        .observing()
        .silent("host/client", "ask", EDGE)
        .rule("host/r3", dropping)
        .ladder("host/client", EDGE, 1500, None, &[("10.77.14.1", true), (EDGE, true)]);
    let said = said(&world.report());
    assert!(said.starts_with("failing narrowed"), "{said}");
}

#[test]
fn a_rule_on_the_target_that_tests_the_source_is_an_acl_and_one_that_does_not_is_its_firewall() {
    let base = with_edge().vantage("pod/a1", &["10.88.1.11"]).on("node/node-a").silent("pod/a1", "ask", EDGE).answers(
        "host/client",
        "ask",
        EDGE,
        200,
        900,
    );
    let by_source = pb::FirewallRule { source: "10.88.0.0/16".to_owned(), ..rule("input", "drop") };
    check(&base.clone().rule("host/edge", by_source), "failing proved source-address/acl-drop");
    let other = pb::FirewallRule { source: "10.99.0.0/16".to_owned(), ..rule("input", "drop") };
    let said_other = said(&base.rule("host/edge", other).report());
    assert!(!said_other.contains("proved"), "{said_other}");
}

#[test]
fn a_504_alone_has_two_causes_and_the_direct_question_splits_them() {
    let gateway = || http().answers("host/client", "ask", EDGE, 504, 2_001_000);
    check(&gateway(), "failing narrowed application/slow-handler timeout-budget/proxy-shorter");
    let finishes = gateway().answers("host/client", "upstream", "10.77.8.2", 200, 4_000_000);
    check(&finishes, "failing likely timeout-budget/proxy-shorter");
    let hangs = gateway().hangs("host/client", "upstream", "10.77.8.2", 0, 0);
    check(&hangs, "failing likely application/slow-handler");
    let edge = with_edge().answers("host/client", "ask", EDGE, 504, 2_001_000).answers(
        "host/edge",
        "upstream",
        "10.77.8.2",
        200,
        4_000_000,
    );
    check(&edge, "failing proved timeout-budget/proxy-shorter");
}

#[test]
fn a_large_body_that_stalls_with_a_silent_limit_is_a_black_hole_between_named_hosts() {
    let want = pb::Want { body_bytes: 65_536, ..Default::default() };
    let base = World::new("http", EDGE, 8080)
        .want(want)
        .vantage("host/client", &["10.77.1.2"])
        .vantage("host/r3", &["10.77.14.1"])
        .observing()
        .vantage("host/edge", &[EDGE])
        .observing()
        .hangs("host/client", "ask", EDGE, 65_536, 0)
        .answers("host/client", "small", EDGE, 200, 900)
        .ladder("host/client", EDGE, 1400, Some(1500), &[("10.77.14.1", true), (EDGE, false)]);
    check(&base, "failing likely path-mtu/blackhole");
    assert_eq!(base.report().verdict.boundaries[0].between, ["host/r3", "host/edge"]);
    let external = base.vantage("ext/external", &["10.77.2.2"]).answers("ext/external", "ask", EDGE, 200, 900).ladder(
        "ext/external",
        EDGE,
        1500,
        None,
        &[],
    );
    check(&external, "failing proved path-mtu/blackhole");
}

#[test]
fn an_icmp_refusal_is_no_endpoints_only_when_the_api_says_so() {
    let cluster = |ready: bool| pb::ClusterDetail {
        services: vec![pb::ClusterService {
            namespace: "lab".to_owned(),
            name: "svc".to_owned(),
            addresses: vec!["10.99.0.10".to_owned()],
            ports: vec![pb::ServicePort {
                port: 8080,
                endpoints: vec![pb::EndpointAddress {
                    address: "10.88.2.11".to_owned(),
                    port: 8080,
                    ready,
                    ..Default::default()
                }],
                ..Default::default()
            }],
        }],
        ..Default::default()
    };
    let world = |detail: pb::ClusterDetail| {
        World::new("http", "10.99.0.10", 8080)
            .vantage("pod/a1", &["10.88.1.11"])
            .vantage("kube-api", &[])
            .observing()
            .refused("pod/a1", "10.99.0.10", Some("10.88.1.1"))
            .seen("kube-api", "cluster", |obs| obs.cluster = Some(detail))
    };
    check(&world(cluster(false)), "failing proved service-datapath/no-endpoints-reject");
    let said_ready = said(&world(cluster(true)).report());
    assert!(!said_ready.contains("no-endpoints"), "{said_ready}");
}

fn control(world: World, vantage: &str, task: &str, connects: bool) -> World {
    world.seen(vantage, task, |obs| {
        task.split_once(':').unwrap().1.clone_into(&mut obs.address);
        obs.port = 50_000;
        obs.tcp = Some(pb::TcpDetail { connected: connects, queue_read: true, ..Default::default() });
        if !connects {
            obs.outcome = pb::Outcome::Fail.into();
            obs.failure = Some(failure("connect", "", 0, "no answer after 900 ms", "timeout"));
        }
    })
}

#[test]
fn connects_that_must_fail_and_do_not_are_interception_and_tcp_is_no_pass() {
    let base = http().hangs("host/client", "ask", EDGE, 0, 0);
    let world = control(
        control(base.clone(), "host/client", "control-port:10.77.4.2", true),
        "host/client",
        "control-net:192.0.2.1",
        true,
    );
    check(&world, "failing proved egress-proxy/intercepted");
    let tcp = world.report().results.into_iter().find(|cell| cell.stage == crate::report::Stage::Tcp).unwrap();
    assert_eq!(tcp.outcome, crate::report::Outcome::Intercepted);
    let honest = control(
        control(base, "host/client", "control-port:10.77.4.2", false),
        "host/client",
        "control-net:192.0.2.1",
        false,
    );
    assert!(!said(&honest.report()).contains("intercepted"));
}

#[test]
fn a_plain_answer_through_an_interceptor_is_not_healthy() {
    let base = http().answers("host/client", "ask", EDGE, 200, 900);
    let world = control(
        control(base, "host/client", "control-port:10.77.4.2", true),
        "host/client",
        "control-net:192.0.2.1",
        true,
    );
    check(&world, "degraded likely egress-proxy/intercepted");
}

#[test]
fn an_expired_certificate_needs_two_clocks_to_be_proved() {
    let expired = |world: World, vantage: &str| {
        world.seen(vantage, "ask:10.77.4.2", |obs| {
            EDGE.clone_into(&mut obs.address);
            obs.port = 8443;
            obs.outcome = pb::Outcome::Fail.into();
            obs.failure = Some(failure("tls", "", 0, "invalid peer certificate: Expired", "verify"));
            obs.tcp = Some(pb::TcpDetail { connected: true, ..Default::default() });
            obs.tls = Some(pb::TlsDetail {
                verify_error: "expired".to_owned(),
                judged_at: 2_000_000,
                chain: vec![pb::Certificate { not_after: 1_000_000, ..Default::default() }],
                ..Default::default()
            });
        })
    };
    let base = World::new("https", EDGE, 8443).vantage("host/client", &["10.77.1.2"]);
    check(&expired(base.clone(), "host/client"), "failing likely tls/expired");
    let two = expired(expired(base.vantage("ext/external", &["10.77.2.2"]), "host/client"), "ext/external");
    check(&two, "failing proved tls/expired");
}

#[test]
fn a_dead_resolver_is_likely_from_the_client_and_proved_by_its_own_socket_table() {
    let asked = |world: World, transport: &str| {
        let transport = transport.to_owned();
        world.seen("host/client", &format!("dns:10.77.5.2/{transport}"), |obs| {
            obs.outcome = pb::Outcome::Fail.into();
            obs.failure = Some(failure("dns", "ECONNREFUSED", 111, "Connection refused (os error 111)", "errno"));
            obs.dns = Some(pb::DnsDetail { server: "10.77.5.2".to_owned(), transport, ..Default::default() });
        })
    };
    let base = World::new("http", "api.lab", 80)
        .vantage("host/client", &["10.77.1.2"])
        .vantage("host/dns", &["10.77.5.2"])
        .observing()
        .seen("host/client", "resolve", |obs| {
            obs.outcome = pb::Outcome::Fail.into();
            obs.failure = Some(failure("resolve", "", 0, "Temporary failure in name resolution", "rcode"));
            obs.resolve = Some(pb::ResolveDetail { gai_error: "EAI_AGAIN".to_owned(), ..Default::default() });
        })
        .seen("host/client", "resolver", |obs| {
            obs.resolver = Some(pb::ResolverDetail { nameservers: vec!["10.77.5.2".to_owned()], ..Default::default() });
        });
    let refused = asked(asked(base, "udp"), "tcp");
    check(&refused, "failing likely resolver/daemon-dead");
    check(&refused.sockets("host/dns", &[]), "failing proved resolver/daemon-dead");
}

#[test]
fn one_dead_address_of_two_is_noticed_and_no_fault_has_a_boundary() {
    let world = World::new("http", "two.lab", 80)
        .vantage("host/client", &["10.77.1.2"])
        .answers("host/client", "ask", EDGE, 200, 900)
        .silent("host/client", "ask", "10.77.4.99");
    check(&world, "degraded -");
    assert!(world.report().verdict.noticed[0].text.contains("is silent"));
}

#[test]
fn a_hanging_socket_of_the_hosts_own_forbids_healthy() {
    let world = http().answers("host/client", "ask", EDGE, 200, 900).seen("host/client", "sockets", |obs| {
        let row = pb::SocketRow {
            state: "SYN-SENT".to_owned(),
            remote_address: EDGE.to_owned(),
            remote_port: 8080,
            local_port: 40_000,
            ..Default::default()
        };
        obs.sockets = Some(pb::SocketDetail { peers: vec![row], complete: true, ..Default::default() });
    });
    check(&world, "degraded -");
}

#[test]
fn every_claim_cites_evidence_that_exists() {
    let report = with_edge().refused("host/client", EDGE, None).sockets("host/edge", &[]).report();
    let known: Vec<&str> = report.evidence.iter().map(|item| item.id.as_str()).collect();
    for finding in &report.verdict.boundaries {
        assert!(!finding.because.is_empty());
        assert!(finding.because.iter().all(|id| known.contains(&id.as_str())));
    }
}

#[test]
fn a_half_open_connection_at_the_target_clears_what_lies_before_it() {
    let world = with_edge().silent("host/client", "ask", EDGE).seen("host/edge", "listeners", |obs| {
        let peer = pb::SocketRow {
            state: "SYN-RECV".to_owned(),
            remote_address: "10.77.1.2".to_owned(),
            remote_port: 40_000,
            ..Default::default()
        };
        obs.sockets = Some(pb::SocketDetail { peers: vec![peer], complete: true, ..Default::default() });
    });
    let said = said(&world.report());
    assert!(said.starts_with("failing narrowed"), "{said}");
    assert!(said.contains("route/return-path-lost") && said.contains("source-address/no-return-route"), "{said}");
    assert!(!said.contains("firewall/drop") && !said.contains("route/blackhole"), "{said}");
}

#[test]
fn an_answer_that_only_the_target_could_give_is_healthy_though_something_answers_every_connect() {
    let base = World::new("https", EDGE, 443).vantage("host/client", &["10.77.1.2"]).seen(
        "host/client",
        "ask:10.77.4.2",
        |obs| {
            EDGE.clone_into(&mut obs.address);
            obs.port = 443;
            obs.tcp = Some(pb::TcpDetail { connected: true, ..Default::default() });
            obs.tls = Some(pb::TlsDetail { handshake_done: true, ..Default::default() });
            obs.http = Some(pb::HttpDetail { status: 200, complete: true, ..Default::default() });
        },
    );
    let world = control(
        control(base, "host/client", "control-port:10.77.4.2", true),
        "host/client",
        "control-net:192.0.2.1",
        true,
    );
    check(&world, "healthy -");
    assert!(world.report().verdict.noticed.iter().any(|noticed| noticed.text.contains("answers every connect")));
}

#[test]
fn unequal_ends_of_a_link_prove_a_black_hole_only_where_the_limit_lies_between_them() {
    let link = |name: &str, mtu: u32, address: &str| pb::LinkDetail {
        links: vec![pb::Link {
            name: name.to_owned(),
            mtu,
            up: true,
            addresses: vec![address.to_owned()],
            ..Default::default()
        }],
    };
    let world = |passed: u32, lost: u32| {
        World::new("http", EDGE, 8080)
            .want(pb::Want { body_bytes: 65_536, ..Default::default() })
            .vantage("host/client", &["10.77.1.2"])
            .vantage("host/r3", &["10.77.14.1"])
            .observing()
            .vantage("host/edge", &[EDGE])
            .observing()
            .hangs("host/client", "ask", EDGE, 65_536, 0)
            .answers("host/client", "small", EDGE, 200, 900)
            .ladder("host/client", EDGE, passed, Some(lost), &[("10.77.14.1", true), (EDGE, false)])
            .seen("host/r3", "links", |obs| obs.links = Some(link("edge", 1500, "10.77.4.1/24")))
            .seen("host/edge", "links", |obs| obs.links = Some(link("r3", 1400, "10.77.4.2/24")))
    };
    check(&world(1404, 1405), "failing proved path-mtu/blackhole");
    check(&world(1300, 1301), "failing likely path-mtu/blackhole");
}
