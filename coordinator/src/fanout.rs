//! One `Run` per vantage and round, all with the same start; partial results are kept.

use std::time::Duration;

use mesh_diagnosis::Round;
use mesh_proto::{PROTOCOL, v1 as pb};
use tokio::{sync::mpsc, task::JoinSet, time};
use tokio_stream::StreamExt as _;

use crate::{
    clock::{self, Frame},
    vantages::{Reach, chain},
};

/// Shortest time between sending a round and its start: the request must be there first.
const LEAD: Duration = Duration::from_millis(4);
/// More for every further vantage: what encoding, sending and taking in one request cost where both ends share one slow
/// processor.
const LEAD_EACH: Duration = Duration::from_millis(4);
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
fn lead(bounds_us: &[u64]) -> Duration {
    let slowest = bounds_us.iter().filter(|bound| **bound < clock::UNKNOWN_US).max().copied().unwrap_or(0);
    let others = u32::try_from(bounds_us.len().saturating_sub(1)).unwrap_or(u32::MAX);
    (LEAD + LEAD_EACH.saturating_mul(others) + Duration::from_micros(slowest.saturating_mul(6))).min(LEAD_MOST)
}

/// Sends a round. Everything still going on ends when the returned set is dropped. Clocks that nobody looked at lately are
/// measured first.
pub(crate) async fn send(
    run: &str,
    round: &Round,
    reached: &[Reach],
    frame: Frame,
    back: &mpsc::Sender<Back>,
) -> JoinSet<()> {
    let asked: Vec<(&pb::RoundTasks, Reach)> = round
        .tasks
        .iter()
        .filter_map(|tasks| {
            let reach = reached.iter().find(|reach| reach.vantage.id == tasks.vantage)?;
            Some((tasks, reach.clone()))
        })
        .collect();
    freshen(&asked).await;
    let bound = |reach: &Reach| reach.clock.reading().map_or(clock::UNKNOWN_US, |reading| reading.bound_us);
    let bounds: Vec<u64> = asked.iter().map(|(_, reach)| bound(reach)).collect();
    let lead = lead(&bounds);
    let start_us = clock::steady_us() + i64::try_from(lead.as_micros()).unwrap_or(0);
    let mut set = JoinSet::new();
    for (tasks, reach) in asked {
        let start = reach.clock.start(start_us, frame);
        let request = pb::RunRequest {
            run: run.to_owned(),
            round: round.number,
            vantage: reach.own_id.clone(),
            vantage_as: reach.vantage.id.clone(),
            start_us: start.wall_us,
            deadline_us: u64::try_from(round.bound.as_micros()).unwrap_or(u64::MAX),
            probes: tasks.probes.clone(),
            clock_offset_us: start.offset_us,
            clock_bound_us: start.bound_us,
            start_steady_us: start.steady_us,
            protocol: PROTOCOL,
        };
        let (back, patience) = (back.clone(), lead + round.bound + GRACE);
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

/// Measures the clocks that need it, all at once.
async fn freshen(asked: &[(&pb::RoundTasks, Reach)]) {
    let mut measured = JoinSet::new();
    for (_, reach) in asked {
        let (clock, client) = (reach.clock.clone(), reach.client.clone());
        measured.spawn(async move { clock.freshen(&client).await });
    }
    measured.join_all().await;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lead_grows_with_the_slowest_way_and_with_the_number_asked_up_to_a_second() {
        assert_eq!(lead(&[100]), Duration::from_micros(4_600));
        assert_eq!(lead(&[100, 20_000]), Duration::from_millis(128));
        assert_eq!(lead(&[100; 50]), Duration::from_micros(200_600));
        assert_eq!(lead(&[1_000_000; 200]), LEAD_MOST);
        assert_eq!(lead(&[100, clock::UNKNOWN_US]), Duration::from_micros(8_600), "nobody waits for what is not known");
    }
}
