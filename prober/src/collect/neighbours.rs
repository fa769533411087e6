//! The neighbour table: who answered for an address on its link, and who did not.

use std::{io, net::IpAddr, time::Instant};

use mesh_proto::v1 as pb;

use super::routes;
use crate::{
    net::netlink::{self, ROUTE},
    packet::neighbour::{self, Row},
    probe::Ask,
};

/// Rows reported. A node has one per Pod and per node; those that failed come first.
const ROWS: usize = 256;

pub(super) async fn run(ask: &Ask, spec: &pb::CollectSpec) -> pb::Observation {
    let (addresses, mut caveats) = super::addresses(spec);
    let asked = match addresses.as_slice() {
        [] => "neighbours".to_owned(),
        some => format!("neighbours of {}", some.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")),
    };
    match super::look(ask, move |deadline| read(&addresses, deadline)).await {
        Ok((neighbours, more)) => {
            caveats.extend(more);
            let detail = pb::NeighbourDetail { neighbours };
            pb::Observation { neighbours: Some(detail), ..super::seen(asked, caveats) }
        }
        Err(e) => super::blind(asked, &e, "the right to open a netlink socket"),
    }
}

/// A neighbour that is looked for. A gateway's address may be link-local and so have a meaning on its own link alone.
struct Wanted {
    address: IpAddr,
    interface: Option<u32>,
}

fn read(addresses: &[IpAddr], deadline: Instant) -> io::Result<(Vec<pb::Neighbour>, Vec<String>)> {
    let links = routes::interfaces(deadline)?;
    let wanted: Vec<Wanted> = addresses.iter().flat_map(|to| wanted(*to, deadline)).collect();
    let answer = netlink::dump(ROUTE, neighbour::GET_NEIGHBOUR, &neighbour::question(), deadline)?;
    let mut caveats = Vec::new();
    if !answer.complete {
        caveats.push("the neighbour table changed or was too long to be read whole".to_owned());
    }
    let rows = answer.payloads.iter().filter_map(|payload| neighbour::row(payload));
    let mut rows: Vec<Row> = rows.filter(|row| addresses.is_empty() || wanted.iter().any(|one| is(one, row))).collect();
    rows.sort_by_key(|row| !matches!(row.state, "FAILED" | "INCOMPLETE"));
    if rows.len() > ROWS {
        caveats.push(format!("{} neighbours, {ROWS} are listed, those that do not answer first", rows.len()));
    }
    let named = |index: u32| links.iter().find(|link| link.index == index).map(|link| link.name.clone());
    let neighbours = rows.into_iter().take(ROWS).map(|row| pb::Neighbour {
        address: row.address.to_string(),
        interface: named(row.interface).unwrap_or_default(),
        link_address: row.link_address,
        state: row.state.to_owned(),
        router: row.router,
    });
    Ok((neighbours.collect(), caveats))
}

/// The address and the gateway towards it. An address without a way has no gateway, which the routes tell.
fn wanted(to: IpAddr, deadline: Instant) -> Vec<Wanted> {
    let own = Wanted { address: to, interface: None };
    let gateway = routes::way(to, deadline).ok().and_then(|way| {
        let address = way.gateway?;
        Some(Wanted { address, interface: way.interface })
    });
    std::iter::once(own).chain(gateway).collect()
}

fn is(wanted: &Wanted, row: &Row) -> bool {
    wanted.address == row.address && wanted.interface.is_none_or(|interface| interface == row.interface)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect::bench::Space;

    fn told(obs: &pb::Observation) -> Vec<(&str, &str, &str, &str)> {
        let detail = obs.neighbours.as_ref().expect("a detail");
        detail
            .neighbours
            .iter()
            .map(|n| (n.address.as_str(), n.interface.as_str(), n.link_address.as_str(), n.state.as_str()))
            .collect()
    }

    #[tokio::test]
    async fn an_address_and_the_gateway_towards_another_are_told_and_no_third() {
        let space = Space::fresh();
        space.sh("ip link add d0 type veth peer name d1; ip link set d0 up; ip link set d1 up
             ip addr add 10.9.0.1/24 dev d0; ip route add 10.8.0.0/16 via 10.9.0.9
             ip neigh add 10.9.0.9 lladdr 02:00:00:00:00:09 nud permanent dev d0
             ip neigh add 10.9.0.7 lladdr 02:00:00:00:00:07 nud stale dev d0
             ip neigh add 10.9.0.5 lladdr 02:00:00:00:00:05 nud reachable dev d0");
        let spec = pb::CollectSpec { addresses: vec!["10.8.1.1".into(), "10.9.0.7".into()], ..Default::default() };
        let obs = run(&space.ask(), &spec).await;
        let mut rows = told(&obs);
        rows.sort_unstable();
        assert_eq!(
            rows,
            [("10.9.0.7", "d0", "02:00:00:00:00:07", "STALE"), ("10.9.0.9", "d0", "02:00:00:00:00:09", "PERMANENT"),]
        );
        // The third is there when all are asked for.
        let all = run(&space.ask(), &pb::CollectSpec::default()).await;
        assert!(told(&all).contains(&("10.9.0.5", "d0", "02:00:00:00:00:05", "REACHABLE")), "{all:?}");
    }

    #[tokio::test]
    async fn a_neighbour_that_nobody_answers_for_is_told_without_a_link_address() {
        let space = Space::fresh();
        space.sh("ip link add d0 type veth peer name d1; ip link set d0 up; ip link set d1 up
             ip addr add 10.9.0.1/24 dev d0; ip neigh add 10.9.0.7 nud failed dev d0");
        let spec = pb::CollectSpec { addresses: vec!["10.9.0.7".into()], ..Default::default() };
        let obs = run(&space.ask(), &spec).await;
        assert_eq!(obs.outcome(), pb::Outcome::Pass, "{obs:?}");
        assert_eq!(told(&obs), [("10.9.0.7", "d0", "", "FAILED")]);
    }

    #[tokio::test]
    async fn a_link_local_gateway_is_told_of_its_own_link_alone() {
        let space = Space::fresh();
        space.sh("ip link add d0 type veth peer name d1; ip link set d0 up; ip link set d1 up
             ip link add e0 type veth peer name e1; ip link set e0 up; ip link set e1 up
             ip -6 addr add fd09::1/64 dev d0 nodad; ip -6 route add fd08::/64 via fe80::9 dev d0
             ip -6 neigh add fe80::9 lladdr 02:00:00:00:00:09 nud permanent router dev d0
             ip -6 neigh add fe80::9 lladdr 02:00:00:00:00:08 nud permanent dev e0");
        let spec = pb::CollectSpec { addresses: vec!["fd08::1".into()], ..Default::default() };
        let obs = run(&space.ask(), &spec).await;
        assert_eq!(told(&obs), [("fe80::9", "d0", "02:00:00:00:00:09", "PERMANENT")]);
        assert!(obs.neighbours.unwrap().neighbours[0].router);
        let all = run(&space.ask(), &pb::CollectSpec::default()).await;
        assert!(told(&all).contains(&("fe80::9", "e0", "02:00:00:00:00:08", "PERMANENT")), "{all:?}");
    }

    #[expect(clippy::disallowed_methods, reason = "the test makes the kernel look for a neighbour")]
    fn send(to: &str) {
        let socket = std::net::UdpSocket::bind("0.0.0.0:0").unwrap();
        socket.send_to(b"x", to).unwrap();
    }

    #[tokio::test]
    async fn a_neighbour_that_the_kernel_still_looks_for_is_incomplete() {
        let space = Space::fresh();
        space.sh("ip link add d0 type veth peer name d1; ip link set d0 up; ip link set d1 up
             ip addr add 10.9.0.1/24 dev d0");
        let spec = pb::CollectSpec { addresses: vec!["10.9.0.7".into()], ..Default::default() };
        assert!(told(&run(&space.ask(), &spec).await).is_empty());
        space.run(|| send("10.9.0.7:9"));
        assert_eq!(told(&run(&space.ask(), &spec).await), [("10.9.0.7", "d0", "", "INCOMPLETE")]);
    }
}
