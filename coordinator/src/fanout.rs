//! One `Run` per vantage and round, all with the same start; partial results are kept.

use std::time::Duration;

use mesh_diagnosis::Round;
use mesh_proto::{PROTOCOL, v1 as pb};
use tokio::{sync::mpsc, task::JoinSet, time};
use tokio_stream::StreamExt as _;

use crate::vantages::{Reach, chain, now_us};

/// Shortest time between sending a round and its start: the request must be there first.
const LEAD: Duration = Duration::from_millis(4);
/// Longest.
const LEAD_MOST: Duration = Duration::from_secs(1);
/// What a prober may take beyond the round's bound to hand in its last item.
const GRACE: Duration = Duration::from_millis(400);

/// What comes back from a round.
#[derive(Debug)]
pub(crate) enum Back {
    Item {
        /// The vantage that was asked; what the item says of itself is the prober's word.
        vantage: String,
        item: pb::Item,
    },
    /// A vantage is done; why nothing more came, when it failed.
    Done { vantage: String, error: Option<String> },
}

/// How long before the start a round is sent: several times the slowest round trip, so that late requests are rare.
fn lead(reached: &[Reach], round: &Round) -> Duration {
    let asked = |reach: &&Reach| round.tasks.iter().any(|tasks| tasks.vantage == reach.vantage.id);
    let slowest = reached.iter().filter(asked).map(|reach| reach.vantage.clock_bound_us).max().unwrap_or(0);
    (LEAD + Duration::from_micros(slowest.saturating_mul(6))).min(LEAD_MOST)
}

/// Sends a round. Everything still going on ends when the returned set is dropped.
pub(crate) fn send(run: &str, round: &Round, reached: &[Reach], back: &mpsc::Sender<Back>) -> JoinSet<()> {
    let start_us = now_us() + i64::try_from(lead(reached, round).as_micros()).unwrap_or(0);
    let mut set = JoinSet::new();
    for tasks in &round.tasks {
        let Some(reach) = reached.iter().find(|reach| reach.vantage.id == tasks.vantage).cloned() else { continue };
        let request = pb::RunRequest {
            run: run.to_owned(),
            round: round.number,
            vantage: reach.own_id.clone(),
            vantage_as: reach.vantage.id.clone(),
            start_us: start_us + reach.vantage.clock_offset_us,
            deadline_us: u64::try_from(round.bound.as_micros()).unwrap_or(u64::MAX),
            probes: tasks.probes.clone(),
            clock_offset_us: reach.vantage.clock_offset_us,
            clock_bound_us: reach.vantage.clock_bound_us,
            protocol: PROTOCOL,
        };
        let (back, patience) = (back.clone(), lead(reached, round) + round.bound + GRACE);
        set.spawn(async move {
            let vantage = reach.vantage.id.clone();
            let error = match time::timeout(patience, one(reach, request, &back)).await {
                Ok(Ok(())) => None,
                Ok(Err(reason)) => Some(reason),
                Err(late) => Some(format!("no end of the round within {} ms ({late})", patience.as_millis())),
            };
            // The run is over when nobody listens any more.
            drop(back.send(Back::Done { vantage, error }).await);
        });
    }
    set
}

async fn one(mut reach: Reach, request: pb::RunRequest, back: &mpsc::Sender<Back>) -> Result<(), String> {
    let said = |status: tonic::Status| match std::error::Error::source(&status) {
        Some(cause) => format!("{}: {}: {}", status.code(), status.message(), chain(cause)),
        None => format!("{}: {}", status.code(), status.message()),
    };
    let vantage = reach.vantage.id.clone();
    let mut stream = reach.client.run(request).await.map_err(said)?.into_inner();
    while let Some(item) = stream.next().await {
        if back.send(Back::Item { vantage: vantage.clone(), item: item.map_err(said)? }).await.is_err() {
            return Ok(());
        }
    }
    Ok(())
}
