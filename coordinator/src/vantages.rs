//! Who can be asked, where they are, and which of them a request means.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use mesh_proto::{
    identity::Role,
    transport::{self, Address},
    v1::{self as pb, prober_client::ProberClient},
};
use tokio::sync::Semaphore;
use tonic::transport::Channel;

use crate::{Settings, clock::Clock, live::Connected, members::Record};

pub(crate) mod absent;
pub mod admit;
pub mod selector;
pub(crate) mod waves;

pub use selector::SelectError;

/// Until a connected prober must have described itself.
const DESCRIBE: Duration = Duration::from_secs(3);
/// Connected probers that are described at once. Each takes its turn within a few milliseconds; all at once a fleet's
/// answers would wait for one another and look late.
const DESCRIBED: usize = 64;
/// Vantages of one run; they are asked in waves.
pub const MOST: usize = 4_000;
/// Kinds of places that a machine has beside itself.
const PLACES: [&str; 3] = ["netns/", "pid/", "ctr/"];
/// Vantages that a message lists.
const LISTED: usize = 20;
/// Name of a prober inside this process.
const EMBEDDED: &str = "local";

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
    /// Name of its prober in this mesh, from its connection or its caller.
    pub prober: String,
    /// Identity of the prober's spool; empty = it has none.
    pub spool: String,
}

/// Everybody who answered, and who did not with the reason.
#[derive(Debug, Clone, Default)]
pub struct Registry {
    pub reached: Vec<Reach>,
    pub unreachable: Vec<String>,
}

impl Registry {
    /// Asks every prober of the settings what it offers and what its clock says. `wanted` are ids that a prober offers
    /// only when named (`pid/1234`).
    pub async fn discover(settings: &Settings, wanted: Vec<String>) -> Self {
        let mut tasks = Vec::new();
        let named: Vec<String> = wanted.iter().flat_map(|text| selector::split(text)).collect();
        if let Some(channel) = settings.local.clone() {
            let wanted = named.clone();
            tasks.push(tokio::spawn(async move { reach(None, wanted, "embedded prober".to_owned(), channel).await }));
        }
        for (id, address) in settings.peers.clone() {
            tasks.push(tokio::spawn(async move { dial(id, address).await }));
        }
        let mut registry = Self::default();
        registry.join(settings, &named).await;
        for task in tasks {
            match task.await {
                Ok(Ok(reached)) => registry.reached.extend(reached),
                Ok(Err(reason)) => registry.unreachable.push(reason),
                Err(broken) => registry.unreachable.push(format!("prober task: {broken}")),
            }
        }
        registry
    }

    /// Takes in what the connected probers offer, those that have been connected for longest first.
    async fn join(&mut self, settings: &Settings, wanted: &[String]) {
        let Some(live) = &settings.live else { return };
        let turns = Arc::new(Semaphore::new(DESCRIBED));
        let asked: Vec<_> = live
            .connected()
            .into_iter()
            .map(|prober| {
                let wanted = wanted.iter().filter_map(|id| admit::own_name(&prober.name, id));
                let wanted = std::iter::once(prober.name.clone()).chain(wanted).collect();
                let turns = Arc::clone(&turns);
                (prober.clone(), tokio::spawn(async move { connected(prober, wanted, &turns).await }))
            })
            .collect();
        let mut names = admit::Names::new(match certified(settings).await {
            Ok(names) => names,
            Err(reason) => {
                // Without them a prober could take the name of one that is away.
                self.unreachable.push(format!("names of members: {reason}; only connected probers' own are safe"));
                asked.iter().map(|(prober, _)| prober.name.clone()).collect()
            }
        });
        for (prober, task) in asked {
            let described = match task.await {
                Ok(Ok(described)) => described,
                Ok(Err(reason)) => {
                    self.unreachable.push(reason);
                    continue;
                }
                Err(broken) => {
                    self.unreachable.push(format!("{}: its task: {broken}", prober.name));
                    continue;
                }
            };
            let Described { client, description, clock } = described;
            let (clock_offset_us, clock_bound_us) = clock.now();
            let (taken, refused) = admit::admit(&prober.name, description.vantages, &mut names);
            self.unreachable.extend(refused);
            self.reached.extend(taken.into_iter().map(|one| Reach {
                own_id: one.own_id,
                prober: prober.name.clone(),
                spool: description.spool.clone(),
                client: client.clone(),
                clock: clock.clone(),
                named: true,
                vantage: pb::Vantage {
                    version: description.version.clone(),
                    clock_offset_us,
                    clock_bound_us,
                    connected_us: prober.since_us,
                    seen_us: now_us(),
                    ..one.vantage
                },
            }));
        }
        self.reached.sort_by(|a, b| a.vantage.id.cmp(&b.vantage.id));
    }

    /// Vantages that a request's selectors mean. Those not meant stay as observers when they were named by the settings.
    pub fn select(&self, selectors: &[String]) -> Result<Vec<usize>, SelectError> {
        if selectors.is_empty() {
            return Ok(self.default_askers());
        }
        let vantages: Vec<&pb::Vantage> = self.reached.iter().map(|reach| &reach.vantage).collect();
        let chosen = selector::choose(selectors, &vantages)?;
        if chosen.len() > MOST {
            return Err(SelectError::TooMany { asked: chosen.len(), most: MOST });
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
}

fn is_local(vantage: &pb::Vantage) -> bool {
    vantage.kind == "local"
}

async fn dial(id: String, address: Address) -> Result<Vec<Reach>, String> {
    let channel = transport::connect(&address).await.map_err(|e| format!("{id} at {address}: {}", chain(&e)))?;
    reach(Some(id.clone()), vec![id.clone()], format!("{id} at {address}"), channel).await
}

/// A prober that is connected. It may have died without a word since: its silence must not hold up the others.
async fn connected(prober: Connected, wanted: Vec<String>, turns: &Semaphore) -> Result<Described, String> {
    let id = prober.name;
    let _turn = turns.acquire().await.map_err(|closed| format!("{id}: {closed}"))?;
    let described = describe(wanted, format!("{id}, connected"), prober.channel, prober.clock);
    match tokio::time::timeout(DESCRIBE, described).await {
        Ok(described) => described,
        Err(_) => Err(format!("{id} is connected and did not answer within {} s", DESCRIBE.as_secs())),
    }
}

/// Names of every prober that has or had a certificate.
async fn certified(settings: &Settings) -> Result<BTreeSet<String>, String> {
    let records = probers(settings).await?;
    Ok(records.into_iter().map(|record| record.name).collect())
}

/// Every prober that was ever given a certificate; file work, away from the threads that drive connections.
pub(crate) async fn probers(settings: &Settings) -> Result<Vec<Record>, String> {
    let Some(members) = settings.members.clone() else { return Ok(Vec::new()) };
    let listed = tokio::task::spawn_blocking(move || members.list()).await.map_err(|e| e.to_string())?;
    Ok(listed.map_err(|e| chain(&e))?.into_iter().filter(|record| record.role == Role::Prober).collect())
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

/// What a prober says of itself, and its clock.
struct Described {
    client: ProberClient<Channel>,
    description: pb::Description,
    clock: Clock,
}

async fn describe(wanted: Vec<String>, who: String, channel: Channel, clock: Clock) -> Result<Described, String> {
    let mut client = ProberClient::new(channel).max_decoding_message_size(transport::MESSAGE_BYTES);
    let description = client
        .describe(pb::DescribeRequest { wanted })
        .await
        .map_err(|status| format!("{who}: {}: {}", status.code(), status.message()))?
        .into_inner();
    clock.freshen(&client).await;
    Ok(Described { client, description, clock })
}

/// The vantages of a prober that this process knows by its address.
async fn reach(id: Option<String>, wanted: Vec<String>, who: String, channel: Channel) -> Result<Vec<Reach>, String> {
    let Described { client, description, clock } = describe(wanted, who.clone(), channel, Clock::default()).await?;
    let (clock_offset_us, clock_bound_us) = clock.now();
    let offered = description.vantages;
    let named: Vec<(String, pb::Vantage)> = match &id {
        // A prober that was named by the caller is that vantage: the one it offers under that name, else its own. Another
        // place of that machine is not stood in for.
        Some(id) => {
            let own = || offered.first().filter(|_| !PLACES.iter().any(|kind| id.starts_with(kind)));
            let Some(vantage) = offered.iter().find(|vantage| vantage.id == *id).or_else(own) else {
                let known: Vec<&str> = offered.iter().take(LISTED).map(|vantage| vantage.id.as_str()).collect();
                return Err(format!("{who}: its prober offers no {id}; it offers {}", known.join(", ")));
            };
            vec![(id.clone(), vantage.clone())]
        }
        None => offered.into_iter().map(|vantage| (vantage.id.clone(), vantage)).collect(),
    };
    let reach = |(as_id, vantage): (String, pb::Vantage)| {
        let kind = as_id.split('/').next().unwrap_or_default().to_owned();
        Reach {
            own_id: vantage.id.clone(),
            client: client.clone(),
            clock: clock.clone(),
            prober: id.clone().unwrap_or_else(|| EMBEDDED.to_owned()),
            spool: description.spool.clone(),
            // Kinds that this machine does not offer by itself were named by whoever set the prober up.
            named: id.is_some() || matches!(kind.as_str(), "host" | "node" | "pod" | "ext"),
            vantage: pb::Vantage {
                id: as_id,
                kind,
                version: description.version.clone(),
                clock_offset_us,
                clock_bound_us,
                seen_us: now_us(),
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
