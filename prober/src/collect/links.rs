//! Interfaces: state, MTU, addresses, drops.

use std::{io, time::Instant};

use mesh_proto::v1 as pb;

use crate::{
    net::netlink::{self, ROUTE},
    packet::route,
    probe::Ask,
};

/// Interfaces reported; a node with more has one per Pod, and the first ones are the oldest.
const LINKS: usize = 256;
/// Addresses per interface; IPVS hosts bind every Service to one.
const ADDRESSES: usize = 64;

pub(crate) async fn run(ask: &Ask, _spec: &pb::CollectSpec) -> pb::Observation {
    let asked = "links and addresses".to_owned();
    match super::look(ask, links).await {
        Ok((links, caveats)) => {
            let detail = pb::LinkDetail { links };
            pb::Observation { links: Some(detail), ..super::seen(asked, caveats) }
        }
        Err(e) => super::blind(asked, &e, "the right to open a netlink socket"),
    }
}

pub(super) fn links(deadline: Instant) -> io::Result<(Vec<pb::Link>, Vec<String>)> {
    let interfaces = super::routes::interfaces(deadline)?;
    let answer = netlink::dump(ROUTE, route::GET_ADDRESS, &route::addresses_question(), deadline)?;
    let addresses: Vec<_> = answer.payloads.iter().filter_map(|payload| route::interface_address(payload)).collect();
    let mut caveats = Vec::new();
    if interfaces.len() > LINKS {
        caveats.push(format!("{} interfaces, the first {LINKS} are listed", interfaces.len()));
    }
    let links = interfaces.into_iter().take(LINKS).map(|link| {
        let mut own = addresses.iter().filter(|(index, _)| *index == link.index).map(|(_, address)| address.clone());
        let listed: Vec<String> = own.by_ref().take(ADDRESSES).collect();
        let rest = own.count();
        if rest > 0 {
            caveats.push(format!("{}: {rest} more addresses are not listed", link.name));
        }
        pb::Link {
            name: link.name,
            mtu: link.mtu,
            up: link.up,
            addresses: listed,
            rx_dropped: link.counters.map(|c| c.rx_dropped),
            tx_dropped: link.counters.map(|c| c.tx_dropped),
            rx_errors: link.counters.map(|c| c.rx_errors),
        }
    });
    Ok((links.collect(), caveats))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect::bench::Space;

    #[tokio::test]
    async fn an_interface_is_told_with_its_mtu_state_and_addresses() {
        let space = Space::fresh();
        space.sh("ip link add a0 type veth peer name a1; ip link set a0 mtu 1400 up; ip link set a1 up
             ip addr add 10.9.0.1/24 dev a0; ip link add d1 type veth peer name d2");
        let obs = run(&space.ask(), &pb::CollectSpec::default()).await;
        let links = obs.links.unwrap().links;
        let named = |name: &str| links.iter().find(|link| link.name == name).unwrap();
        assert_eq!((named("a0").mtu, named("a0").up), (1400, true));
        assert!(named("a0").addresses.contains(&"10.9.0.1/24".to_owned()), "{links:?}");
        assert_eq!(named("a0").rx_errors, Some(0));
        assert!(!named("d1").up);
        assert!(named("lo").addresses.contains(&"127.0.0.1/8".to_owned()));
    }
}
