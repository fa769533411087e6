//! Hosts and the links between them, by rtnetlink: no command is needed to build a network.

use std::{collections::BTreeMap, io, net::IpAddr, os::fd::AsRawFd as _};

use rtnetlink::{
    Handle, LinkUnspec, LinkVeth, RouteMessageBuilder, new_connection,
    packet_route::{
        link::LinkAttribute,
        route::{RouteAttribute, RouteMessage, RouteNextHop},
    },
};
use tokio::runtime;

use crate::namespace::{Host, Prefixed};

/// One end of a link.
#[derive(Debug, Clone)]
pub struct End<'e> {
    pub host: &'e str,
    pub addresses: Vec<Prefixed>,
    /// Bytes; 1500 when none.
    pub mtu: Option<u32>,
}

impl<'e> End<'e> {
    /// An end with addresses written as "10.0.0.1/24".
    pub fn new(host: &'e str, addresses: &[&str]) -> Self {
        Self { host, addresses: addresses.iter().filter_map(|text| prefixed(text)).collect(), mtu: None }
    }

    #[must_use]
    pub fn mtu(mut self, bytes: u32) -> Self {
        self.mtu = Some(bytes);
        self
    }
}

/// Parses "10.0.0.1/24".
pub fn prefixed(text: &str) -> Option<Prefixed> {
    let (address, length) = text.split_once('/')?;
    Some((address.parse().ok()?, length.parse().ok()?))
}

/// Hosts by name.
#[derive(Debug, Clone, Default)]
pub struct Network {
    hosts: BTreeMap<String, Host>,
}

fn unknown(name: &str) -> io::Error {
    io::Error::new(io::ErrorKind::NotFound, format!("no host {name:?} in this network"))
}

impl Network {
    /// Makes hosts with loopback up and IPv6 addresses usable at once.
    pub fn with_hosts(names: &[&str]) -> io::Result<Self> {
        let mut network = Self::default();
        for name in names {
            let host = Host::new(name)?;
            // Duplicate address detection would keep an address unusable for a second.
            for scope in ["all", "default"] {
                host.sysctl(&format!("ipv6/conf/{scope}/accept_dad"), "0")?;
                host.sysctl(&format!("ipv4/conf/{scope}/rp_filter"), "0")?;
            }
            in_host(&host, |handle| async move { up(&handle, "lo").await })?;
            network.hosts.insert((*name).to_owned(), host);
        }
        Ok(network)
    }

    pub fn host(&self, name: &str) -> io::Result<&Host> {
        self.hosts.get(name).ok_or_else(|| unknown(name))
    }

    pub fn hosts(&self) -> impl Iterator<Item = &Host> {
        self.hosts.values()
    }

    /// Makes a host forward, IPv4 and IPv6.
    pub fn router(&self, name: &str) -> io::Result<()> {
        let host = self.host(name)?;
        host.sysctl("ipv4/ip_forward", "1")?;
        host.sysctl("ipv6/conf/all/forwarding", "1")
    }

    /// A veth pair between two hosts; each end is named after the other host.
    pub fn link(&self, a: &End<'_>, b: &End<'_>) -> io::Result<()> {
        let (near, far) = (self.host(a.host)?, self.host(b.host)?);
        let (near_name, far_name) = (b.host.to_owned(), a.host.to_owned());
        let far_fd = far.netns.as_raw_fd();
        // The two ends need different names while they are in one namespace.
        let temporary = format!("t{}", far_name.chars().take(12).collect::<String>());
        let (ends, moved) = ((near_name.clone(), temporary.clone()), temporary.clone());
        in_host(near, move |handle| async move {
            handle.link().add(LinkVeth::new(&ends.0, &ends.1).build()).execute().await?;
            let index = index_of(&handle, &moved).await?;
            handle.link().set(LinkUnspec::new_with_index(index).setns_by_fd(far_fd).build()).execute().await
        })?;
        let renamed = far_name.clone();
        in_host(far, move |handle| async move {
            let index = index_of(&handle, &temporary).await?;
            handle.link().set(LinkUnspec::new_with_index(index).name(renamed).build()).execute().await
        })?;
        finish(near, near_name, a)?;
        finish(far, far_name, b)
    }

    /// A route; destinations are written "default", "default6" or "10.0.0.0/8", with one gateway or several.
    pub fn route(&self, host: &str, destination: &str, gateways: &[&str]) -> io::Result<()> {
        let gateways: Vec<IpAddr> = gateways.iter().filter_map(|text| text.parse().ok()).collect();
        let message = route_message(destination, &gateways)
            .ok_or_else(|| io::Error::other(format!("route {destination} via {gateways:?} is not understood")))?;
        in_host(self.host(host)?, move |handle| async move { handle.route().add(message).execute().await })
    }
}

fn route_message(destination: &str, gateways: &[IpAddr]) -> Option<RouteMessage> {
    let ipv6 = gateways.first()?.is_ipv6();
    let (address, length) = match destination {
        "default" | "default6" => (None, 0),
        other => prefixed(other).map(|(address, length)| (Some(address), length))?,
    };
    let hops: Vec<RouteNextHop> = gateways
        .iter()
        .map(|gateway| {
            let mut hop = RouteNextHop::default();
            hop.attributes.push(RouteAttribute::Gateway((*gateway).into()));
            hop
        })
        .collect();
    let many = hops.len() > 1;
    if ipv6 {
        let mut builder = RouteMessageBuilder::<std::net::Ipv6Addr>::new();
        if let Some(IpAddr::V6(address)) = address {
            builder = builder.destination_prefix(address, length);
        }
        builder = match gateways.first()? {
            _ if many => builder.multipath(hops),
            IpAddr::V6(gateway) => builder.gateway(*gateway),
            IpAddr::V4(_) => return None,
        };
        return Some(builder.build());
    }
    let mut builder = RouteMessageBuilder::<std::net::Ipv4Addr>::new();
    if let Some(IpAddr::V4(address)) = address {
        builder = builder.destination_prefix(address, length);
    }
    builder = match gateways.first()? {
        _ if many => builder.multipath(hops),
        IpAddr::V4(gateway) => builder.gateway(*gateway),
        IpAddr::V6(_) => return None,
    };
    Some(builder.build())
}

fn finish(host: &Host, name: String, end: &End<'_>) -> io::Result<()> {
    let (addresses, mtu) = (end.addresses.clone(), end.mtu);
    in_host(host, move |handle| async move {
        let index = index_of(&handle, &name).await?;
        if let Some(mtu) = mtu {
            handle.link().set(LinkUnspec::new_with_index(index).mtu(mtu).build()).execute().await?;
        }
        // A packet that carries several segments crosses every MTU of a veth unseen: one segment a packet.
        let single = LinkUnspec::new_with_index(index).append_extra_attribute(LinkAttribute::GsoMaxSegs(1)).build();
        handle.link().set(single).execute().await?;
        for (address, length) in addresses {
            handle.address().add(index, address, length).execute().await?;
        }
        handle.link().set(LinkUnspec::new_with_index(index).up().build()).execute().await
    })
}

async fn up(handle: &Handle, name: &str) -> Result<(), rtnetlink::Error> {
    let index = index_of(handle, name).await?;
    handle.link().set(LinkUnspec::new_with_index(index).up().build()).execute().await
}

async fn index_of(handle: &Handle, name: &str) -> Result<u32, rtnetlink::Error> {
    use futures_core::Stream as _;
    use std::pin::pin;
    let mut links = pin!(handle.link().get().match_name(name.to_owned()).execute());
    let next = std::future::poll_fn(|cx| links.as_mut().poll_next(cx)).await;
    match next {
        Some(Ok(link)) => Ok(link.header.index),
        Some(Err(e)) => Err(e),
        None => Err(rtnetlink::Error::RequestFailed),
    }
}

/// Runs a netlink conversation on a thread inside the host.
fn in_host<F, Fut>(host: &Host, job: F) -> io::Result<()>
where
    F: FnOnce(Handle) -> Fut + Send + 'static,
    Fut: Future<Output = Result<(), rtnetlink::Error>>,
{
    let name = host.name.clone();
    host.run(move || {
        let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let (connection, handle, _) = new_connection()?;
            let driver = tokio::spawn(connection);
            let done = job(handle).await.map_err(|e| io::Error::other(format!("{name}: {e}")));
            driver.abort();
            done
        })
    })
}
