//! What a reader may do next for each cause: commands that only look, and changes that are theirs to decide.
//!
//! Placeholders: `{address}`, `{port}`, `{host}`, `{passed}` (largest packet that passed), `{payload}` (its echo payload).

use crate::report::NextKind;

type Line = (NextKind, &'static str, Option<&'static str>);

/// Lines for one `boundary/cause`.
pub(crate) fn advice(slug: &str) -> &'static [Line] {
    use NextKind::{Change, Look};
    match slug {
        "application/not-listening" => &[
            (Look, "on the host that holds the address: what listens there", Some("ss -ltnp 'sport = :{port}'")),
            (Change, "start the service, or correct the port", None),
        ],
        "application/bound-loopback" => &[(Change, "bind the service to the address that is asked, or to all", None)],
        "application/host-firewall-reject" | "application/host-firewall-drop" | "source-address/acl-drop" => &[
            (Look, "on the host that holds the address: its rules and their counters", Some("nft list ruleset")),
            (Change, "let this source through there, or ask from an address that is allowed", None),
        ],
        "application/slow-handler" => &[
            (Look, "what the application waits for: its log and its own dependencies at that second", None),
            (Change, "a longer proxy timeout would only make the caller wait longer", None),
        ],
        "timeout-budget/proxy-shorter" => &[
            (
                Look,
                "the proxy's timeout towards its upstream (HAProxy: timeout server, nginx: proxy_read_timeout)",
                None,
            ),
            (Change, "raise the proxy's timeout above the work, or answer first and work later", None),
        ],
        "firewall/drop" | "firewall/reject-rst" | "firewall/reject-icmp" => {
            &[(Look, "on the box named: its rules and their counters", Some("nft list ruleset"))]
        }
        "path-mtu/blackhole" => &[
            (
                Look,
                "by hand from the failing side: this passes, one byte more does not",
                Some("ping -M do -s {payload} -c 3 {address}"),
            ),
            (Change, "raise the MTU there, or let ICMP \"fragmentation needed\" pass", None),
            (Change, "clamping the MSS hides it for TCP and for nothing else", None),
        ],
        "resolver/daemon-dead" => &[
            (Look, "by hand", Some("dig +time=2 +tries=1 {host}")),
            (Change, "start the resolver, or point this host to one that answers", None),
        ],
        "tls/expired" => &[
            (
                Look,
                "the certificate as it is served",
                Some(
                    "openssl s_client -connect {address}:{port} -servername {host} </dev/null | openssl x509 -noout -dates -subject",
                ),
            ),
            (Change, "renew the certificate and reload the server", None),
        ],
        "service-datapath/no-endpoints-reject" => &[
            (
                Look,
                "the endpoints of the Service and the Pods its selector matches",
                Some("kubectl get endpointslices,pods -o wide"),
            ),
            (Change, "make a Pod ready that the selector matches", None),
        ],
        "egress-proxy/intercepted" => &[
            (Look, "who answers a connect to a dead address", Some("curl -v --max-time 3 http://192.0.2.1/")),
            (
                Look,
                "redirect rules on this host and on its gateway",
                Some("nft list ruleset | grep -E 'redirect|tproxy|dnat'"),
            ),
        ],
        other => further(other),
    }
}

/// The causes that walk further.
fn further(slug: &str) -> &'static [Line] {
    use NextKind::{Change, Look};
    match slug {
        "client-host/gateway-arp-failed" => &[
            (Look, "on the asking host: its gateway on the link", Some("ip neigh show; ip route get {address}")),
            (Change, "bring the gateway or the link back, or route by another one", None),
        ],
        "resolver-config/search-amplification" => &[
            (Look, "the whole name, with a dot at its end, beside the short one", Some("time getent hosts {host}.")),
            (Change, "ask by the whole name, lower ndots, or drop search domains that answer slowly", None),
        ],
        "resolver/udp-dropped" | "resolver/udp-answer-dropped" | "resolver/tcp-dropped" => &[
            (
                Look,
                "both transports by hand",
                Some("dig +notcp +time=2 +tries=1 {host}; dig +tcp +time=2 +tries=1 {host}"),
            ),
            (Change, "let port 53 pass over UDP and over TCP, both ways", None),
        ],
        "route/ecmp-member-bad" => &[
            (
                Look,
                "on the router named: what it does with these packets",
                Some("ip route get {address}; nft list ruleset"),
            ),
            (Change, "take that way out of the set of equal ways until it works", None),
        ],
        "path-mtu/pq-clienthello" | "firewall/split-clienthello-reset" => &[
            (
                Look,
                "the same with a large hello and with a small one",
                Some(
                    "openssl s_client -connect {address}:{port} -servername {host} -groups X25519MLKEM768:X25519 </dev/null",
                ),
            ),
            (
                Change,
                "let full-size packets of this port pass; without post-quantum groups the hello is small again",
                None,
            ),
        ],
        "firewall/idle-expiry" | "firewall/state-lost-silent" | "firewall/nat-mapping-lost" => &[
            (
                Look,
                "on the box: its timeouts and its table",
                Some("sysctl net.netfilter | grep timeout; conntrack -L -d {address}"),
            ),
            (Change, "let applications send keep-alives more often than the box forgets, or close sooner", None),
        ],
        other => behind(other),
    }
}

/// The causes that lie with timers, proxies, Services and applications.
fn behind(slug: &str) -> &'static [Line] {
    use NextKind::{Change, Look};
    match slug {
        "timeout-budget/keepalive-mismatch" => &[(
            Change,
            "let the caller's pool drop connections sooner than the server does, or raise the server's timeout",
            None,
        )],
        "timeout-budget/client-shorter" => {
            &[(Change, "give the caller more time, or let the application answer sooner", None)]
        }
        "egress-proxy/forward-proxy-required" => {
            &[(Change, "tell the application its proxy (HTTPS_PROXY, NO_PROXY), or open the direct way", None)]
        }
        "egress-proxy/forward-proxy-denies" => {
            &[(Change, "have the destination allowed on the proxy, or log in to it", None)]
        }
        "service-datapath/rules-missing" => &[
            (
                Look,
                "on the node: its proxy and its rules",
                Some("nft list ruleset | grep {address}; systemctl status kube-proxy kubelet"),
            ),
            (Change, "restart what writes the Service rules on that node, or drain it", None),
        ],
        "endpoints/target-port-mismatch" => &[
            (
                Look,
                "the Service's target port and the port that the containers listen on",
                Some("kubectl get service,endpointslices,pods -o wide"),
            ),
            (Change, "correct targetPort", None),
        ],
        "edge/no-server-up" | "edge/queue-full" => &[(
            Look,
            "what the proxy says of its servers",
            Some("echo 'show stat' | socat stdio /run/haproxy/admin.sock | cut -d, -f1,2,3,4,18,19"),
        )],
        "tls/client-cert-absent" => &[(
            Look,
            "which authorities the server names",
            Some(
                "openssl s_client -connect {address}:{port} -servername {host} </dev/null | grep -A20 'Acceptable client'",
            ),
        )],
        _ => &[],
    }
}
