//! Tells probers what they may forget.

use std::{collections::BTreeMap, time::Duration};

use mesh_proto::v1::{self as pb, prober_client::ProberClient};
use tonic::transport::Channel;

use crate::once::Origin;

/// Numbers in one message: 16 bytes each at most, far below the bound of a message.
const NUMBERS: usize = 10_000;
/// Until a prober must have answered. What it did not hear it offers again, and is told again.
const PATIENCE: Duration = Duration::from_secs(5);

/// Places in spools, and the ways to their probers.
#[derive(Debug, Default)]
pub(crate) struct Acknowledged(BTreeMap<(String, String), (Vec<u64>, ProberClient<Channel>)>);

impl Acknowledged {
    /// One more item is on disk.
    pub(crate) fn add(&mut self, origin: &Origin, client: &ProberClient<Channel>) {
        if origin.is_spooled() {
            let place = (origin.prober.clone(), origin.spool.clone());
            self.0.entry(place).or_insert_with(|| (Vec::new(), client.clone())).0.push(origin.number);
        }
    }

    pub(crate) fn extend(&mut self, more: Self) {
        for (place, (numbers, client)) in more.0 {
            self.0.entry(place).or_insert_with(|| (Vec::new(), client)).0.extend(numbers);
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Sends everything, to all probers at once. Those that could not be told, with the reason.
    pub(crate) async fn send(self) -> Vec<String> {
        let mut tasks = Vec::new();
        for ((prober, spool), (numbers, client)) in self.0 {
            tasks.push(tokio::spawn(async move {
                let told = tokio::time::timeout(PATIENCE, one(client, spool, numbers)).await;
                match told {
                    Ok(Ok(())) => None,
                    Ok(Err(status)) => Some(format!("{prober}: {}: {}", status.code(), status.message())),
                    Err(_) => Some(format!("{prober}: no answer within {} s", PATIENCE.as_secs())),
                }
            }));
        }
        let mut untold = Vec::new();
        for task in tasks {
            untold.extend(task.await.unwrap_or_else(|broken| Some(format!("acknowledging: {broken}"))));
        }
        untold
    }
}

async fn one(mut client: ProberClient<Channel>, spool: String, numbers: Vec<u64>) -> Result<(), tonic::Status> {
    for numbers in numbers.chunks(NUMBERS) {
        client.acknowledge(pb::AcknowledgeRequest { spool: spool.clone(), numbers: numbers.to_vec() }).await?;
    }
    Ok(())
}
