//! Which packet sizes reach the target, by a ladder of packets that may not be fragmented, and where larger ones vanish.
//!
//! IPv4 uses ICMP echoes, whose replies nobody rations; IPv6 uses UDP to a closed port, because a "too big" that quotes
//! an echo lowers the host's route. UDP is also what is left without the right to echo, or where echoes are filtered.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    time::{Duration, Instant},
};

use mesh_proto::v1 as pb;

use self::{
    hops::{HOPS, Hops},
    search::{Budget, Search, Step},
};
use super::{Ask, could_not_look};
use crate::{
    collect::routes,
    failure,
    net::{
        Net, Refused,
        raw::{
            Event, Probe,
            datagrams::Datagrams,
            echo::{Echo, RIGHT},
            is_too_big, not_opened,
        },
    },
};

mod hops;
mod search;
#[cfg(test)]
mod tests;

/// Largest frame of common networks; `lo` has 65,536, at which nothing else is to be learnt.
const TOP: u32 = 9216;
/// Smallest packet that every link must carry whole: RFC 791 and RFC 8200 §5.
const BOTTOM: (u32, u32) = (68, 1280);
/// What asks for the hops of a path: fits every header and nonce.
const SMALL: u32 = 96;
/// First port of traceroute(8): closed nearly everywhere.
const CLOSED_PORT: u16 = 33_434;
/// A second method is begun only with this much time left: its two waits.
const SECOND_METHOD: Duration = Duration::from_millis(500);

pub(crate) async fn run(ask: &Ask, spec: &pb::PmtuSpec) -> pb::Observation {
    let asked = format!("path mtu {}", spec.address);
    let Ok(to) = spec.address.parse::<IpAddr>() else {
        return could_not_look(asked, format!("not an address: {}", spec.address));
    };
    let to = to.to_canonical();
    let port = u16::try_from(spec.port).ok().filter(|port| *port != 0).unwrap_or(CLOSED_PORT);
    let job = Job {
        net: ask.net.clone(),
        to: SocketAddr::new(to, port),
        max: spec.max_bytes,
        hops: spec.hops,
        deadline: ask.deadline,
    };
    let mut obs = match ask.net.run(move || job.measure()).await {
        Ok(Ok(found)) => told(asked, found),
        Ok(Err(Trouble::Open(refused))) => not_opened(asked, &refused, RIGHT),
        Ok(Err(Trouble::Io(e))) => failed(asked, &e),
        Err(e) => could_not_look(asked, e.to_string()),
    };
    obs.name.clone_from(&spec.name);
    obs.address = to.to_string();
    if obs.protocol == "udp" {
        obs.port = port.into();
    }
    obs.flow = pb::Flow::Fresh.into();
    obs
}

enum Trouble {
    Open(Refused),
    /// Of the route or of waiting.
    Io(io::Error),
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

struct Job {
    net: Net,
    to: SocketAddr,
    max: u32,
    hops: bool,
    deadline: Instant,
}

/// What a ladder found, and what it did to this host.
struct Found {
    detail: pb::PmtuDetail,
    caveats: Vec<String>,
    /// Largest size asked about.
    top: u32,
}

impl Job {
    fn measure(&self) -> Result<Found, Trouble> {
        let links = routes::interfaces(self.deadline)?;
        let way = routes::way(self.to.ip(), self.deadline)?;
        let before = routes::mtu(&way, &links);
        let link = routes::link_of(&way, &links).map(|link| link.mtu);
        // A learnt MTU is what is to be checked, so it is no bound; a configured one is.
        let bound = if way.learnt { link } else { before };
        let ipv6 = self.to.is_ipv6();
        let bottom = if ipv6 { BOTTOM.1 } else { BOTTOM.0 };
        let top = if self.max == 0 { bound.unwrap_or(1500) } else { self.max }.clamp(bottom, TOP);
        let mut caveats = Vec::new();
        if way.learnt
            && let Some(mtu) = way.mtu
        {
            caveats.push(format!("this host had learnt an MTU of {mtu} for that route before the probe"));
        }
        let mut found = self.methods(bottom, top)?;
        caveats.append(&mut found.caveats);
        let after =
            routes::way(self.to.ip(), self.deadline + SECOND_METHOD).ok().and_then(|way| routes::mtu(&way, &links));
        if after != before {
            let told = |mtu: Option<u32>| mtu.map_or_else(|| "unknown".to_owned(), |mtu| mtu.to_string());
            caveats.push(format!(
                "this host's route MTU changed from {} to {} during the probe, for up to ten minutes",
                told(before),
                told(after)
            ));
        }
        found.detail.route_mtu_before = before;
        found.detail.route_mtu_after = after;
        Ok(Found { detail: found.detail, caveats, top })
    }

    /// Echo where it can be had and is answered, else UDP.
    fn methods(&self, bottom: u32, top: u32) -> Result<Found, Trouble> {
        let datagrams = || Datagrams::open(&self.net, self.to).map(Wire::Datagrams).map_err(Trouble::Open);
        if self.to.is_ipv6() {
            return self.ladder(datagrams()?, bottom, top, true);
        }
        let silent = match Echo::open(&self.net, self.to.ip()) {
            Ok(echo) => {
                let found = self.ladder(Wire::Echo(echo), bottom, top, true)?;
                let left = self.deadline.saturating_duration_since(Instant::now());
                if found.detail.passed_bytes.is_some() || left < SECOND_METHOD {
                    return Ok(found);
                }
                Some(found)
            }
            Err(Refused::Io { source, .. }) if source.kind() == io::ErrorKind::PermissionDenied => None,
            Err(refused) => return Err(Trouble::Open(refused)),
        };
        let mut found = self.ladder(datagrams()?, bottom, top, silent.is_none())?;
        if let Some(silent) = silent {
            found.caveats.insert(0, "echoes were not answered, so UDP was asked".to_owned());
            // The way is the same, and what the routers on it said of echoes holds.
            if found.detail.hops.len() < silent.detail.hops.len() {
                found.detail.hops = silent.detail.hops;
            }
        }
        Ok(found)
    }

    /// `first`: no other method has asked the hops yet.
    fn ladder(&self, wire: Wire, bottom: u32, top: u32, first: bool) -> Result<Found, Trouble> {
        let budget = wire.budget();
        let mut run = Run {
            wire,
            target: self.to.ip().to_string(),
            sent: Vec::new(),
            search: Search::new(bottom.max(SMALL), top, budget),
            hops: Hops::default(),
            reply_ttl: None,
            refused: None,
        };
        // Asked before any router has spent its errors on claims; where the target rations its answers, after.
        if self.hops && budget == Budget::Full {
            run.ask_hops(HOPS, &[SMALL]);
        }
        run.climb(self.deadline)?;
        if self.hops && (first || run.search.passed().is_some()) {
            run.locate(budget, self.deadline)?;
        }
        Ok(run.told(budget, top))
    }
}

enum Wire {
    Echo(Echo),
    Datagrams(Datagrams),
}

impl Wire {
    fn budget(&self) -> Budget {
        match self {
            Self::Echo(_) => Budget::Full,
            Self::Datagrams(_) => Budget::Rationed,
        }
    }

    fn method(&self) -> &'static str {
        match self {
            Self::Echo(_) => "icmp-echo",
            Self::Datagrams(_) => "udp",
        }
    }

    fn marks_route(&self) -> bool {
        match self {
            Self::Echo(wire) => wire.marks_route(),
            Self::Datagrams(wire) => wire.marks_route(),
        }
    }

    fn send(&mut self, probe: Probe) -> io::Result<()> {
        match self {
            Self::Echo(wire) => wire.send(probe),
            Self::Datagrams(wire) => wire.send(probe),
        }
    }

    fn wait(&self, until: Instant) -> io::Result<bool> {
        match self {
            Self::Echo(wire) => wire.wait(until),
            Self::Datagrams(wire) => wire.wait(until),
        }
    }

    fn events(&self) -> Vec<Event> {
        match self {
            Self::Echo(wire) => wire.events(),
            Self::Datagrams(wire) => wire.events(),
        }
    }
}

/// One ladder over one wire: moves what is sent and met between the sockets and the two pure machines.
struct Run {
    wire: Wire,
    target: String,
    /// Size and TTL by key.
    sent: Vec<(u32, Option<u8>)>,
    search: Search,
    hops: Hops,
    reply_ttl: Option<u32>,
    /// Who refused packets for another reason than their size.
    refused: Option<pb::IcmpError>,
}

impl Run {
    fn send(&mut self, bytes: u32, ttl: Option<u8>) {
        let known = self.sent.iter().position(|sent| *sent == (bytes, ttl));
        let at = known.unwrap_or_else(|| {
            self.sent.push((bytes, ttl));
            self.sent.len() - 1
        });
        let Ok(key) = u16::try_from(at) else { return };
        match self.wire.send(Probe { key, bytes, ttl }) {
            Err(e) if is_too_big(&e) && ttl.is_none() => self.search.on_local_limit(bytes),
            // An error met by an earlier packet, or a full queue: the packet counts as sent and unanswered.
            Ok(()) | Err(_) => {}
        }
    }

    fn take(&mut self) {
        let now = Instant::now();
        for event in self.wire.events() {
            match event {
                Event::Sent { .. } => {}
                Event::Reply { key, ttl, .. } => {
                    self.reply_ttl = self.reply_ttl.or(ttl);
                    match self.sent.get(usize::from(key)) {
                        Some((size, Some(asked))) => self.hops.on_reply(*asked, *size, &self.target),
                        Some((size, None)) => self.search.on_reply(*size, now),
                        None => {}
                    }
                }
                // This host's own refusal of a size was told by send(2) already.
                Event::Error { error, .. } if error.origin == 1 => {}
                Event::Error { key, error } => match self.sent.get(usize::from(key)) {
                    Some((size, Some(asked))) => self.hops.on_error(*asked, *size, &error, &self.target),
                    Some((size, None)) => {
                        if !search::is_too_big(&error) {
                            self.refused.get_or_insert_with(|| error.clone());
                        }
                        self.search.on_error(*size, error, now);
                    }
                    None => {}
                },
            }
        }
    }

    fn climb(&mut self, deadline: Instant) -> io::Result<()> {
        loop {
            let now = Instant::now();
            if now >= deadline {
                return Ok(());
            }
            match self.search.poll(now) {
                Step::Send(sizes) => sizes.into_iter().for_each(|size| self.send(size, None)),
                Step::Wait(until) => {
                    self.wire.wait(until.min(deadline))?;
                    self.take();
                }
                Step::Done => return Ok(()),
            }
        }
    }

    fn ask_hops(&mut self, end: u8, sizes: &[u32]) {
        for ttl in 1..=end {
            for size in sizes {
                self.hops.asked(ttl, *size);
                self.send(*size, Some(ttl));
            }
        }
    }

    /// Sends what passed and what was lost to each hop. A router gives about six errors at once and one per second then:
    /// with the small packet these are three, and two more where a copy is needed.
    fn locate(&mut self, budget: Budget, deadline: Instant) -> io::Result<()> {
        let near = self.hops.distance().or_else(|| self.reply_ttl.map(|ttl| hops::distance(ttl).saturating_add(1)));
        let end = near.unwrap_or(HOPS).min(HOPS);
        let (passed, lost) = (self.search.passed().filter(|size| *size > SMALL), self.search.lost());
        let sizes: Vec<u32> = match budget {
            // Nothing but the small ones can be asked, and they were.
            Budget::Full if passed.is_none() => return Ok(()),
            Budget::Full => passed.into_iter().chain(lost).collect(),
            Budget::Rationed => [SMALL].into_iter().chain(lost.or(passed)).collect(),
        };
        self.ask_hops(end, &sizes);
        self.await_hops(deadline)?;
        for (ttl, size) in self.hops.unanswered() {
            self.send(size, Some(ttl));
        }
        self.await_hops(deadline)
    }

    fn await_hops(&mut self, deadline: Instant) -> io::Result<()> {
        let until = (Instant::now() + self.search.half()).min(deadline);
        while !self.hops.unanswered().is_empty() && Instant::now() < until {
            self.wire.wait(until)?;
            self.take();
        }
        Ok(())
    }

    fn told(self, budget: Budget, top: u32) -> Found {
        let mut caveats = Vec::new();
        let passed_bytes = self.search.passed();
        let open = passed_bytes != Some(top) && !self.search.confirmed();
        if budget == Budget::Rationed && open {
            caveats.push("few sizes were asked, because hosts ration the ICMP errors that answer UDP".to_owned());
        }
        if let Some(error) = &self.refused {
            caveats.push(format!("{} answered with ICMP type {} code {}", error.offender, error.r#type, error.code));
        }
        if self.wire.marks_route() && self.search.claim().is_some() {
            caveats
                .push("without CAP_NET_RAW a \"too big\" stays in this host's route for up to ten minutes".to_owned());
        }
        let detail = pb::PmtuDetail {
            passed_bytes,
            lost_bytes: self.search.lost(),
            claim: self.search.claim().cloned(),
            claim_confirmed: self.search.confirmed(),
            method: self.wire.method().to_owned(),
            hops: self.hops.into_evidence(SMALL),
            rungs: self.search.into_rungs(),
            route_mtu_before: None,
            route_mtu_after: None,
        };
        Found { detail, caveats, top }
    }
}

fn told(asked: String, found: Found) -> pb::Observation {
    let detail = found.detail;
    let mut obs = pb::Observation { asked, caveats: found.caveats, ..Default::default() };
    if detail.method == "udp" { "udp" } else { "icmp" }.clone_into(&mut obs.protocol);
    let outcome = match (detail.passed_bytes, detail.lost_bytes) {
        (None, _) => {
            let held = if detail.method == "udp" { ", or holds its answers back" } else { "" };
            obs.missing = format!("an answer: the target is silent to every size ({}){held}", detail.method);
            pb::Outcome::CouldNotLook
        }
        (Some(passed), Some(lost)) => {
            let text = format!("{passed} bytes arrive, {lost} vanish without a word");
            let failure = failure::told("icmp", &obs.asked, &text, "timeout");
            obs.failure = Some(pb::Failure { side: "path".to_owned(), ..failure });
            pb::Outcome::Fail
        }
        (Some(passed), None) if passed < found.top && detail.claim.is_none() => {
            obs.missing = format!(
                "answers: {passed} bytes arrive, and of larger sizes too few were answered ({})",
                detail.method
            );
            pb::Outcome::CouldNotLook
        }
        (Some(_), None) => pb::Outcome::Pass,
    };
    obs.outcome = outcome.into();
    obs.pmtu = Some(detail);
    obs
}

/// There is no route, or the kernel could not be asked.
fn failed(asked: String, error: &io::Error) -> pb::Observation {
    let failure = pb::Failure { side: "local".to_owned(), ..failure::io("icmp", &asked, error) };
    pb::Observation { asked, outcome: pb::Outcome::Fail.into(), failure: Some(failure), ..Default::default() }
}
