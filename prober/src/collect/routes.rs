//! Which way packets to an address leave, as the kernel would send them this instant.

use std::{io, net::IpAddr, time::Instant};

use mesh_proto::v1 as pb;

use crate::{
    net::netlink::{self, ROUTE},
    packet::route::{self, Interface, Way},
    probe::Ask,
};

pub(crate) async fn run(ask: &Ask, spec: &pb::CollectSpec) -> pb::Observation {
    let (addresses, caveats) = super::addresses(spec);
    let asked = format!("route get {}", spec.addresses.join(" "));
    let found = super::look(ask, move |deadline| {
        let links = interfaces(deadline)?;
        Ok(addresses.into_iter().map(|to| describe(to, &links, deadline)).collect::<Vec<_>>())
    })
    .await;
    match found {
        Ok(routes) => {
            let detail = pb::RouteDetail { routes };
            pb::Observation { routes: Some(detail), ..super::seen(asked, caveats) }
        }
        Err(e) => super::blind(asked, &e, "the right to open a netlink socket"),
    }
}

/// The interfaces of the calling thread's namespace.
pub(crate) fn interfaces(deadline: Instant) -> io::Result<Vec<Interface>> {
    let answer = netlink::dump(ROUTE, route::GET_LINK, &route::links_question(), deadline)?;
    Ok(answer.payloads.iter().filter_map(|payload| route::link(payload)).collect())
}

/// The way to one address; the error is the route's own (`ENETUNREACH`, `EINVAL` of a blackhole, `EACCES` of a
/// prohibition, `EHOSTUNREACH`).
pub(crate) fn way(to: IpAddr, deadline: Instant) -> io::Result<Way> {
    let payload = netlink::get(ROUTE, route::GET_ROUTE, &route::way_question(to), deadline)?;
    route::way(&payload).ok_or_else(|| io::Error::from(io::ErrorKind::InvalidData))
}

/// MTU of the route, else of the interface, bytes.
pub(crate) fn mtu(way: &Way, links: &[Interface]) -> Option<u32> {
    way.mtu.or_else(|| link_of(way, links).map(|link| link.mtu))
}

/// The interface a way leaves by.
pub(crate) fn link_of<'l>(way: &Way, links: &'l [Interface]) -> Option<&'l Interface> {
    links.iter().find(|link| Some(link.index) == way.interface)
}

fn describe(to: IpAddr, links: &[Interface], deadline: Instant) -> pb::Route {
    let destination = to.to_string();
    let text = |address: Option<IpAddr>| address.map(|a| a.to_string()).unwrap_or_default();
    match way(to, deadline) {
        Ok(way) => pb::Route {
            destination,
            source: text(way.source),
            gateway: text(way.gateway),
            interface: link_of(&way, links).map(|link| link.name.clone()).unwrap_or_default(),
            mtu: mtu(&way, links),
            mtu_cached: way.mtu.is_some() && way.learnt,
            kind: way.kind.to_owned(),
            ..Default::default()
        },
        Err(e) => pb::Route {
            destination,
            kind: refusal(&e).to_owned(),
            errno: e.raw_os_error().unwrap_or_default(),
            error: e.to_string(),
            ..Default::default()
        },
    }
}

/// The kind of route that answers a look-up with this error (`fib_props` in `net/ipv4/fib_semantics.c`). A missing route
/// and a route of kind unreachable can differ in errno; where they share one, no kind is named.
fn refusal(error: &io::Error) -> &'static str {
    match error.raw_os_error() {
        Some(libc::EINVAL) => "blackhole",
        Some(libc::EACCES) => "prohibit",
        Some(libc::EHOSTUNREACH) => "unreachable",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect::bench::Space;

    #[tokio::test]
    async fn each_kind_of_route_is_told_with_the_kernels_words() {
        let space = Space::fresh();
        space.sh(
            "ip link add d0 type veth peer name d1; ip link set d1 up; ip addr add 10.9.0.1/24 dev d0; ip -6 addr add fd09::1/64 dev d0 nodad; ip link set d0 mtu 1400 up
             ip route add 10.9.1.0/24 via 10.9.0.2 mtu 1300; ip route add blackhole 10.9.2.0/24
             ip route add prohibit 10.9.3.0/24; ip route add unreachable 10.9.4.0/24",
        );
        let addresses =
            ["10.9.0.7", "10.9.1.7", "10.9.2.7", "10.9.3.7", "10.9.4.7", "10.8.0.1", "127.0.0.1", "fd09::2", "fd08::1"];
        let spec = pb::CollectSpec {
            source: pb::Source::Routes.into(),
            addresses: addresses.map(str::to_owned).to_vec(),
            port: 0,
        };
        let obs = run(&space.ask(), &spec).await;
        assert_eq!(obs.outcome(), pb::Outcome::Pass, "{obs:?}");
        let routes = obs.routes.unwrap().routes;
        let short: Vec<_> = routes
            .iter()
            .map(|r| (r.kind.as_str(), r.source.as_str(), r.gateway.as_str(), r.interface.as_str(), r.mtu, r.errno))
            .collect();
        assert_eq!(
            short,
            [
                ("unicast", "10.9.0.1", "", "d0", Some(1400), 0),
                ("unicast", "10.9.0.1", "10.9.0.2", "d0", Some(1300), 0),
                ("blackhole", "", "", "", None, 22),
                ("prohibit", "", "", "", None, 13),
                ("unreachable", "", "", "", None, 113),
                ("", "", "", "", None, 101),
                ("local", "127.0.0.1", "", "lo", Some(65536), 0),
                ("unicast", "fd09::1", "", "d0", Some(1400), 0),
                ("", "", "", "", None, 101),
            ]
        );
        assert_eq!(routes[5].error, "Network is unreachable (os error 101)");
    }
}
