//! The one-way lift of observations into borrowed, typed facts, indexed by vantage and address.
//!
//! Nothing is interpreted here beyond the words a protocol itself defines: an [`Attempt`] says at which stage a question
//! ended and how, not why.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

use mesh_proto::v1 as pb;

use crate::continued;

mod index;
mod symptom;

use index::Index;
use symptom::symptom;

/// Index into [`View::seen`].
pub(crate) type SeenIx = usize;
/// Index into [`View::vantages`].
pub(crate) type VantageIx = usize;

/// Vantage under which cluster state arrives.
pub(crate) const KUBE_API: &str = "kube-api";

/// One observation and its evidence id.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) id: String,
    pub(crate) vantage: VantageIx,
    pub(crate) obs: pb::Observation,
}

/// What a question was for; told by its task's prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Role {
    /// The target, as the caller asked.
    Question,
    /// The same again, in a later round.
    Again,
    /// The same from another fresh port, where the caller asks several times.
    More,
    /// One of those that failed, again from the same port.
    Same,
    /// The same with more time than the caller has.
    Patient,
    /// The same request without its body.
    Small,
    /// The same with a body of another size.
    Sized,
    /// The same with a `ClientHello` of one segment.
    SmallHello,
    /// The same through the forward proxy.
    Proxied,
    /// An endpoint of the Service, asked directly.
    Endpoint,
    /// A plain request to an address that must be dead.
    ControlHttp,
    /// Port 80 beside a bare name.
    Port80,
    /// A server behind the proxy, asked directly.
    Upstream,
    /// A port of the target that must be closed.
    ControlPort,
    /// An address that must be dead.
    ControlNet,
    /// An address the caller says must work.
    Positive,
}

/// Who said no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RefusedBy {
    /// A RST: the error queue was read and held nothing.
    Rst,
    /// An ICMP error, and its sender.
    Icmp { offender: Option<IpAddr>, kind: (u32, u32) },
    /// The error queue could not be read.
    Unknown,
}

/// How a question ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Symptom {
    Works,
    Refused(RefusedBy),
    ConnectTimeout,
    /// EHOSTUNREACH or ENETUNREACH, with the ICMP sender when there was one.
    Unreachable {
        offender: Option<IpAddr>,
    },
    /// Any other errno before or at connect.
    LocalError,
    TlsVerify(String),
    TlsAlert(u32),
    TlsReset,
    TlsEof,
    TlsSilent,
    NotTls,
    TlsOther,
    /// A status the caller does not accept.
    Status(u32),
    /// The request's body stopped moving.
    Stalled,
    /// The request went out whole and nothing came back in time.
    NoAnswer,
    HttpReset,
    HttpEof,
    HttpOther,
    /// The answer ended before its declared length.
    Truncated,
    /// What came back is no HTTP.
    Garbage,
    /// The connection did not survive the pause that was asked for.
    Reuse(Reused),
    /// The forward proxy answered CONNECT with this status; 0 = with nothing.
    ProxyRefuses(u32),
    /// The prober could not do its work.
    NotLooked,
}

/// How a connection that was idle met its next request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reused {
    /// The peer had closed it during the pause.
    Closed,
    /// A reset answered, and nothing had closed it before.
    Reset,
    /// Nothing answered.
    Silent,
    Other,
}

impl Symptom {
    /// Order of the stages: a later one means that more of the path worked.
    pub(crate) fn depth(&self) -> u8 {
        match self {
            Self::NotLooked => 0,
            Self::LocalError => 1,
            Self::Unreachable { .. } => 2,
            Self::ConnectTimeout => 3,
            Self::Refused(_) => 4,
            Self::TlsSilent | Self::ProxyRefuses(_) => 5,
            Self::TlsReset | Self::TlsEof | Self::NotTls | Self::TlsOther | Self::TlsAlert(_) | Self::TlsVerify(_) => 6,
            Self::Stalled
            | Self::NoAnswer
            | Self::HttpReset
            | Self::HttpEof
            | Self::HttpOther
            | Self::Truncated
            | Self::Garbage => 7,
            Self::Status(_) | Self::Reuse(_) => 8,
            Self::Works => 9,
        }
    }
}

/// One question towards one address.
#[derive(Debug, Clone)]
pub(crate) struct Attempt {
    pub(crate) seen: SeenIx,
    pub(crate) vantage: VantageIx,
    pub(crate) address: IpAddr,
    pub(crate) port: u16,
    pub(crate) role: Role,
    pub(crate) symptom: Symptom,
}

/// How one asking vantage stands towards the target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Standing {
    Works(SeenIx),
    Fails(SeenIx),
    NameFails(SeenIx),
    /// Nothing could be asked from there; why.
    Unknown(String),
}

/// Everything known, lifted.
#[derive(Debug)]
pub(crate) struct View<'a> {
    pub(crate) request: &'a pb::DiagnoseRequest,
    pub(crate) vantages: &'a [pb::Vantage],
    pub(crate) seen: Vec<Seen>,
    pub(crate) attempts: Vec<Attempt>,
    /// Oldest evidence of the run that this one continues, Unix microseconds of the coordinator.
    pub(crate) then_us: Option<i64>,
    index: Index,
}

impl<'a> View<'a> {
    /// Lifts a run. Evidence ids number the observations by round, vantage and task, never by arrival.
    pub(crate) fn lift(
        request: &'a pb::DiagnoseRequest,
        vantages: &'a [pb::Vantage],
        observations: &[pb::Observation],
    ) -> Self {
        let index: BTreeMap<&str, VantageIx> =
            vantages.iter().enumerate().map(|(ix, vantage)| (vantage.id.as_str(), ix)).collect();
        let mut known: Vec<(VantageIx, &pb::Observation)> = observations
            .iter()
            .filter_map(|obs| index.get(obs.vantage.as_str()).map(|vantage| (*vantage, obs)))
            .filter(|(vantage, obs)| {
                !continued::is_of(request, obs) || vantages.get(*vantage).is_some_and(|asked| asked.earlier)
            })
            .collect();
        known.sort_by(|(va, a), (vb, b)| (a.round, va, &a.task).cmp(&(b.round, vb, &b.task)));
        // The first answer to a task wins; a second one is a duplicate delivery.
        known.dedup_by(|(va, a), (vb, b)| (a.round, va, &a.task) == (b.round, vb, &b.task));
        let seen: Vec<Seen> = known
            .into_iter()
            .enumerate()
            .map(|(n, (vantage, obs))| Seen { id: format!("e{:02}", n + 1), vantage, obs: obs.clone() })
            .collect();
        let want = request.want.clone().unwrap_or_default();
        let attempts: Vec<Attempt> = seen
            .iter()
            .enumerate()
            .filter_map(|(ix, seen)| attempt(ix, seen, &want))
            .map(|attempt| own_error(attempt, vantages))
            .collect();
        let index = Index::new(vantages, &seen, &attempts);
        let then_us = continued::oldest_us(request, observations);
        Self { request, vantages, seen, attempts, then_us, index }
    }

    pub(crate) fn target(&self) -> pb::Target {
        self.request.target.clone().unwrap_or_default()
    }

    pub(crate) fn want(&self) -> pb::Want {
        self.request.want.clone().unwrap_or_default()
    }

    pub(crate) fn port(&self) -> u16 {
        self.request.target.as_ref().and_then(|target| u16::try_from(target.port).ok()).unwrap_or(0)
    }

    pub(crate) fn vantage(&self, ix: VantageIx) -> &'a pb::Vantage {
        // An index comes from `lift`, which only hands out those of this slice.
        self.vantages.get(ix).expect("vantage index from this view")
    }

    pub(crate) fn at(&self, ix: SeenIx) -> &Seen {
        self.seen.get(ix).expect("evidence index from this view")
    }

    pub(crate) fn id(&self, ix: SeenIx) -> String {
        self.at(ix).id.clone()
    }

    pub(crate) fn ids(&self, of: impl IntoIterator<Item = SeenIx>) -> Vec<String> {
        of.into_iter().collect::<BTreeSet<_>>().into_iter().map(|ix| self.id(ix)).collect()
    }

    /// Vantages that ask the target.
    pub(crate) fn askers(&self) -> impl Iterator<Item = VantageIx> + use<'a> {
        self.vantages.iter().enumerate().filter(|(_, v)| !v.observer && v.id != KUBE_API).map(|(ix, _)| ix)
    }

    /// Evidence of one vantage.
    pub(crate) fn of(&self, vantage: VantageIx) -> impl Iterator<Item = (SeenIx, &pb::Observation)> {
        self.index.seen(vantage).iter().map(|ix| (*ix, &self.at(*ix).obs))
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = (SeenIx, VantageIx, &pb::Observation)> {
        self.seen.iter().enumerate().map(|(ix, seen)| (ix, seen.vantage, &seen.obs))
    }

    /// The vantage that holds an address: the asker itself, or the only one that has it. Two networks may use the same
    /// private address, so an address that several vantages have is held by nobody known.
    pub(crate) fn holder(&self, address: IpAddr, asker: VantageIx) -> Option<VantageIx> {
        let text = address.to_string();
        if address.is_loopback() || self.vantage(asker).addresses.contains(&text) {
            return Some(asker);
        }
        match self.index.holders(&text) {
            [one] => Some(*one),
            _ => None,
        }
    }

    /// Name of whoever holds an address: a vantage's id, otherwise the address itself.
    pub(crate) fn name_of(&self, address: IpAddr) -> String {
        let text = address.to_string();
        let holder = self.index.holders(&text).first().and_then(|ix| self.vantages.get(*ix));
        holder.map_or(text, |vantage| vantage.id.clone())
    }

    pub(crate) fn cluster(&self) -> Option<(SeenIx, &pb::ClusterDetail)> {
        let ix = self.index.cluster?;
        self.at(ix).obs.cluster.as_ref().map(|cluster| (ix, cluster))
    }

    /// The Service that owns an address, with the port asked when it has it.
    pub(crate) fn service_at(
        &self,
        address: IpAddr,
    ) -> Option<(SeenIx, &pb::ClusterService, Option<&pb::ServicePort>)> {
        let (ix, cluster) = self.cluster()?;
        let text = address.to_string();
        let service = cluster.services.iter().find(|service| service.addresses.contains(&text))?;
        let port = service.ports.iter().find(|port| port.port == u32::from(self.port()));
        Some((ix, service, port))
    }

    fn attempts_of(&self, vantage: VantageIx) -> impl Iterator<Item = &Attempt> {
        self.index.seen(vantage).iter().filter_map(|seen| self.attempt_at(*seen))
    }

    /// Attempts of one vantage in the given roles.
    pub(crate) fn tries(&self, vantage: VantageIx, roles: &'static [Role]) -> impl Iterator<Item = &Attempt> {
        self.attempts_of(vantage).filter(move |a| roles.contains(&a.role))
    }

    pub(crate) fn attempt_at(&self, seen: SeenIx) -> Option<&Attempt> {
        self.attempts.get(self.index.attempt(seen)?)
    }

    /// The names' look-up at a vantage.
    pub(crate) fn resolution(&self, vantage: VantageIx) -> Option<(SeenIx, &pb::Observation)> {
        self.of(vantage).find(|(_, obs)| obs.task == "resolve")
    }

    /// Something answers connects for others at this vantage: the controls that prove it.
    pub(crate) fn intercepted(&self, vantage: VantageIx) -> Option<Interception> {
        let passed = |role: Role| -> Vec<SeenIx> {
            self.attempts_of(vantage)
                .filter(|a| a.role == role && connected(&self.at(a.seen).obs))
                .map(|a| a.seen)
                .collect()
        };
        let (port, net) = (passed(Role::ControlPort), passed(Role::ControlNet));
        let asked_net = self.attempts_of(vantage).any(|a| a.role == Role::ControlNet);
        let target = !port.is_empty();
        if target && (!net.is_empty() || !asked_net) {
            Some(Interception { because: port.into_iter().chain(net.iter().copied()).collect(), both: !net.is_empty() })
        } else {
            None
        }
    }

    /// Failing and passing rows of a vantage that asked several times and got both.
    pub(crate) fn mixed(&self, vantage: VantageIx) -> Option<(Vec<SeenIx>, Vec<SeenIx>)> {
        let first = self.tries(vantage, &[Role::More]).next()?.address;
        let tries = || {
            self.tries(vantage, &[Role::Question, Role::More])
                .filter(move |a| a.address == first && a.symptom != Symptom::NotLooked)
        };
        let bad: Vec<SeenIx> = tries().filter(|a| a.symptom != Symptom::Works).map(|a| a.seen).collect();
        let good: Vec<SeenIx> = tries().filter(|a| a.symptom == Symptom::Works).map(|a| a.seen).collect();
        (!bad.is_empty() && !good.is_empty()).then_some((bad, good))
    }

    /// A plain request to an address that must be dead was answered: something answers every request here.
    pub(crate) fn captured(&self, vantage: VantageIx) -> Option<SeenIx> {
        let answered = |seen: SeenIx| self.at(seen).obs.http.as_ref().is_some_and(|http| http.status > 0);
        self.tries(vantage, &[Role::ControlHttp]).map(|attempt| attempt.seen).find(|seen| answered(*seen))
    }

    /// The look-up of the name, when it took longer than the caller waits for everything.
    pub(crate) fn slow_name(&self, vantage: VantageIx) -> Option<SeenIx> {
        let budget = u64::from(self.want().max_time_ms) * 1_000;
        let (ix, obs) = self.resolution(vantage)?;
        let took = obs.timing.as_ref()?.duration_us;
        (budget > 0 && took > budget && obs.outcome() == pb::Outcome::Pass).then_some(ix)
    }

    /// A missing way of one family says nothing about the other, whose answer did not arrive here.
    fn unheard_of(&self, vantage: VantageIx, bad: &Attempt) -> Option<String> {
        if !matches!(bad.symptom, Symptom::LocalError | Symptom::Unreachable { offender: None }) {
            return None;
        }
        let (_, obs) = self.resolution(vantage)?;
        let other =
            obs.resolve.as_ref()?.addresses.iter().filter_map(|text| text.parse::<IpAddr>().ok()).find(|address| {
                address.is_ipv6() != bad.address.is_ipv6()
                    && !self.attempts_of(vantage).any(|a| a.role == Role::Question && a.address == *address)
            })?;
        let only = self.want().family;
        let wanted = only.is_empty() || (only == "6") == other.is_ipv6();
        wanted.then(|| format!("what came of asking {other} did not arrive"))
    }

    /// How an asking vantage stands.
    pub(crate) fn standing(&self, vantage: VantageIx) -> Standing {
        let tries: Vec<&Attempt> = self.tries(vantage, &[Role::Question]).collect();
        if let Some(slow) = self.slow_name(vantage) {
            return Standing::NameFails(slow);
        }
        if let Some(good) = tries.iter().find(|attempt| attempt.symptom == Symptom::Works) {
            if self.captured(vantage).is_some() {
                return Standing::Fails(good.seen);
            }
            return Standing::Works(good.seen);
        }
        // Of several failing addresses the one that got furthest describes the fault best, except that a missing route
        // of one family says least.
        let worst = tries.iter().filter(|a| a.symptom != Symptom::NotLooked).max_by_key(|a| a.symptom.depth());
        if let Some(bad) = worst {
            if let Some(why) = self.unheard_of(vantage, bad) {
                return Standing::Unknown(why);
            }
            return Standing::Fails(bad.seen);
        }
        if let Some((ix, obs)) = self.resolution(vantage)
            && obs.outcome() == pb::Outcome::Fail
        {
            return Standing::NameFails(ix);
        }
        let why = tries.first().map_or_else(
            || "nothing was asked from there".to_owned(),
            |attempt| self.at(attempt.seen).obs.missing.clone(),
        );
        Standing::Unknown(why)
    }

    /// Source address of an attempt's flow.
    pub(crate) fn source_of(&self, seen: SeenIx) -> Option<IpAddr> {
        let seen = self.at(seen);
        if let Ok(address) = seen.obs.local_address.parse() {
            return Some(address);
        }
        // A connect that never finished may not have told its source; the route did.
        let want: &str = &seen.obs.address;
        self.of(seen.vantage)
            .filter_map(|(_, obs)| obs.routes.as_ref())
            .flat_map(|detail| &detail.routes)
            .find(|route| route.destination == want)
            .and_then(|route| route.source.parse().ok())
    }
}

/// Controls that connected although they must not.
#[derive(Debug, Clone)]
pub(crate) struct Interception {
    pub(crate) because: Vec<SeenIx>,
    /// Both controls connected: the target's closed port and the dead address.
    pub(crate) both: bool,
}

fn connected(obs: &pb::Observation) -> bool {
    obs.tcp.as_ref().is_some_and(|tcp| tcp.connected)
}

fn role_of(task: &str) -> Option<Role> {
    Some(match task.split_once(':')?.0 {
        "ask" => Role::Question,
        "again" => Role::Again,
        "more" => Role::More,
        "same" => Role::Same,
        "patient" => Role::Patient,
        "small" => Role::Small,
        "size" => Role::Sized,
        "small-hello" => Role::SmallHello,
        "proxied" => Role::Proxied,
        "endpoint" => Role::Endpoint,
        "control-http" => Role::ControlHttp,
        "port80" => Role::Port80,
        "upstream" => Role::Upstream,
        "control-port" => Role::ControlPort,
        "control-net" => Role::ControlNet,
        "positive" => Role::Positive,
        _ => return None,
    })
}

fn attempt(ix: SeenIx, seen: &Seen, want: &pb::Want) -> Option<Attempt> {
    let role = role_of(&seen.obs.task)?;
    let address = seen.obs.address.parse().ok()?;
    let port = u16::try_from(seen.obs.port).ok()?;
    Some(Attempt { seen: ix, vantage: seen.vantage, address, port, role, symptom: symptom(&seen.obs, want) })
}

/// An error that the asking host sends itself (a neighbour that does not answer) is said by no router.
fn own_error(mut attempt: Attempt, vantages: &[pb::Vantage]) -> Attempt {
    if let Symptom::Unreachable { offender: Some(address) } = &attempt.symptom
        && vantages.get(attempt.vantage).is_some_and(|own| own.addresses.contains(&address.to_string()))
    {
        attempt.symptom = Symptom::Unreachable { offender: None };
    }
    attempt
}
