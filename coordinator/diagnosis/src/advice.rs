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
        _ => &[],
    }
}
