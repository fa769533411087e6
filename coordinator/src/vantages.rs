//! Who can be asked, where they are, and which of them a request means.

use std::time::Duration;

use mesh_proto::{
    transport::{self, Address},
    v1::{self as pb, prober_client::ProberClient},
};
use tonic::transport::Channel;

use crate::{
    Settings,
    clock::{self, Clock, Frame},
};

/// Until a connected prober must have described itself.
const DESCRIBE: Duration = Duration::from_secs(3);
/// Vantages that one run may ask (decisions: connects from 200 at once).
pub const ASKED: usize = 200;

/// A vantage and the way to its prober.
#[derive(Debug, Clone)]
pub struct Reach {
    pub vantage: pb::Vantage,
    /// What the prober itself calls it.
    pub own_id: String,
    pub client: ProberClient<Channel>,
    pub clock: Clock,
    /// The caller named it, with its address.
    pub named: bool,
}

/// Everybody who answered, and who did not with the reason.
#[derive(Debug, Clone, Default)]
pub struct Registry {
    pub reached: Vec<Reach>,
    pub unreachable: Vec<String>,
}

/// Why a selector names nobody.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SelectError {
    #[error("no vantage matches {selector:?}; known: {known}")]
    Nobody { selector: String, known: String },
    #[error("{selector:?} means several vantages: {matches}; write one of them in full")]
    Ambiguous { selector: String, matches: String },
    #[error("{asked} vantages are more than the {ASKED} one run may ask")]
    TooMany { asked: usize },
}

/// Kinds, and the plural that selects all of one.
const KINDS: [(&str, &str); 7] = [
    ("host", "hosts"),
    ("node", "nodes"),
    ("pod", "pods"),
    ("ext", "ext"),
    ("netns", "netns"),
    ("ctr", "ctrs"),
    ("pid", "pids"),
];

impl Registry {
    /// Asks every prober of the settings what it offers and what its clock says. `wanted` are ids that a prober offers
    /// only when named (`pid/1234`).
    pub async fn discover(settings: &Settings, wanted: Vec<String>) -> Self {
        let mut tasks = Vec::new();
        if let Some(channel) = settings.local.clone() {
            tasks.push(tokio::spawn(async move {
                describe(None, wanted, "embedded prober".to_owned(), channel, Clock::default()).await
            }));
        }
        for (id, address) in settings.peers.clone() {
            tasks.push(tokio::spawn(async move { dial(id, address).await }));
        }
        for (id, channel) in settings.live.iter().flat_map(|live| live.probers()) {
            let clock = settings.live.as_ref().and_then(|live| live.clock(&id)).unwrap_or_default();
            tasks.push(tokio::spawn(async move { connected(id, channel, clock).await }));
        }
        let mut registry = Self::default();
        for task in tasks {
            match task.await {
                Ok(Ok(reached)) => registry.reached.extend(reached),
                Ok(Err(reason)) => registry.unreachable.push(reason),
                Err(broken) => registry.unreachable.push(format!("prober task: {broken}")),
            }
        }
        registry
    }

    /// Vantages that a request's selectors mean. Those not meant stay as observers when they were named by the settings.
    pub fn select(&self, selectors: &[String]) -> Result<Vec<usize>, SelectError> {
        if selectors.is_empty() {
            return Ok(self.default_askers());
        }
        let mut chosen = Vec::new();
        for selector in selectors.iter().flat_map(|text| text.split(',')).map(str::trim).filter(|text| !text.is_empty())
        {
            for ix in self.matching(selector)? {
                if !chosen.contains(&ix) {
                    chosen.push(ix);
                }
            }
        }
        if chosen.len() > ASKED {
            return Err(SelectError::TooMany { asked: chosen.len() });
        }
        Ok(chosen)
    }

    /// Every prober that was named, otherwise this process alone.
    fn default_askers(&self) -> Vec<usize> {
        let named: Vec<usize> =
            self.reached.iter().enumerate().filter(|(_, reach)| reach.named).map(|(ix, _)| ix).collect();
        if named.is_empty() {
            return self.reached.iter().position(|reach| is_local(&reach.vantage)).into_iter().collect();
        }
        named
    }

    fn matching(&self, selector: &str) -> Result<Vec<usize>, SelectError> {
        let ids = || self.reached.iter().enumerate().map(|(ix, reach)| (ix, reach.vantage.id.as_str()));
        if selector == "all" {
            return Ok(ids().map(|(ix, _)| ix).collect());
        }
        if let Some((kind, _)) = KINDS.iter().find(|(_, plural)| *plural == selector) {
            let of_kind: Vec<usize> =
                self.reached.iter().enumerate().filter(|(_, r)| r.vantage.kind == *kind).map(|(ix, _)| ix).collect();
            if !of_kind.is_empty() {
                return Ok(of_kind);
            }
        }
        if let Some((ix, _)) = ids().find(|(_, id)| *id == selector) {
            return Ok(vec![ix]);
        }
        let bare: Vec<(usize, &str)> =
            ids().filter(|(_, id)| id.rsplit_once('/').is_some_and(|(_, name)| name == selector)).collect();
        match bare.as_slice() {
            [(ix, _)] => Ok(vec![*ix]),
            [] => {
                let known: Vec<&str> = ids().map(|(_, id)| id).take(20).collect();
                Err(SelectError::Nobody { selector: selector.to_owned(), known: known.join(", ") })
            }
            many => {
                let matches: Vec<&str> = many.iter().map(|(_, id)| *id).collect();
                Err(SelectError::Ambiguous { selector: selector.to_owned(), matches: matches.join(", ") })
            }
        }
    }
}

fn is_local(vantage: &pb::Vantage) -> bool {
    vantage.kind == "local"
}

async fn dial(id: String, address: Address) -> Result<Vec<Reach>, String> {
    let channel = transport::connect(&address).await.map_err(|e| format!("{id} at {address}: {}", chain(&e)))?;
    describe(Some(id.clone()), vec![id.clone()], format!("{id} at {address}"), channel, Clock::default()).await
}

/// A prober that is connected. It may have died without a word since: its silence must not hold up the others.
async fn connected(id: String, channel: Channel, clock: Clock) -> Result<Vec<Reach>, String> {
    let described = describe(Some(id.clone()), vec![id.clone()], format!("{id}, connected"), channel, clock);
    match tokio::time::timeout(DESCRIBE, described).await {
        Ok(described) => described,
        Err(_) => Err(format!("{id} is connected and did not answer within {} s", DESCRIBE.as_secs())),
    }
}

/// An error and what caused it, in one line.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let more = inner.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        cause = inner.source();
    }
    text
}

async fn describe(
    id: Option<String>,
    wanted: Vec<String>,
    who: String,
    channel: Channel,
    clock: Clock,
) -> Result<Vec<Reach>, String> {
    let mut client = ProberClient::new(channel).max_decoding_message_size(transport::MESSAGE_BYTES);
    let description = client
        .describe(pb::DescribeRequest { wanted })
        .await
        .map_err(|status| format!("{who}: {}: {}", status.code(), status.message()))?
        .into_inner();
    clock.freshen(&client).await;
    let (offset_us, bound_us) = match clock.reading() {
        Some(reading) => (reading.offset_us(Frame::now()), reading.bound_us),
        None => (0, clock::UNKNOWN_US),
    };
    let offered = description.vantages;
    let named: Vec<(String, pb::Vantage)> = match &id {
        // A prober that was named by the caller is that vantage: the one it offers under that name, else its own.
        Some(id) => offered
            .iter()
            .find(|vantage| vantage.id == *id)
            .or_else(|| offered.first())
            .map(|vantage| (id.clone(), vantage.clone()))
            .into_iter()
            .collect(),
        None => offered.into_iter().map(|vantage| (vantage.id.clone(), vantage)).collect(),
    };
    let reach = |(as_id, vantage): (String, pb::Vantage)| {
        let kind = as_id.split('/').next().unwrap_or_default().to_owned();
        Reach {
            own_id: vantage.id.clone(),
            client: client.clone(),
            clock: clock.clone(),
            // Kinds that this machine does not offer by itself were named by whoever set the prober up.
            named: id.is_some() || matches!(kind.as_str(), "host" | "node" | "pod" | "ext"),
            vantage: pb::Vantage {
                id: as_id,
                kind,
                version: description.version.clone(),
                clock_offset_us: offset_us,
                clock_bound_us: bound_us,
                ..vantage
            },
        }
    };
    Ok(named.into_iter().map(reach).collect())
}

/// Unix microseconds.
pub fn now_us() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
}
