//! What probers still hold: asked for when they connect and after each run, kept with its run, judged again, acknowledged.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use mesh_proto::{
    transport,
    v1::{self as pb, prober_client::ProberClient},
};
use prost::Message as _;
use tokio::{
    sync::{Mutex, Semaphore},
    task, time,
};
use tokio_stream::StreamExt as _;
use tonic::transport::Channel;

use crate::{
    Log,
    acknowledge::Acknowledged,
    durable::Durable,
    live::Live,
    once::Origin,
    run,
    server::Running,
    vantages::{Reach, chain},
};

mod judge;

use judge::Settled;

/// Probers drained at once: after a partition all of them come back, and a run needs the disk too.
const AT_ONCE: usize = 8;
/// Items that are settled together, and their bytes: a large run's, and little beside what a run holds in memory.
const CHUNK: usize = 4_096;
const CHUNK_BYTES: usize = 16 << 20;
/// Until a prober must have answered, or sent its next item.
const PATIENCE: Duration = Duration::from_secs(10);
/// Until a run that goes on must have taken an item.
const HANDED_OVER: Duration = Duration::from_secs(1);
/// After a drain that failed, as on a full disk.
const AGAIN: Duration = Duration::from_secs(10);

/// Drains spools.
#[derive(Debug, Clone)]
pub(crate) struct Late {
    durable: Durable,
    running: Running,
    log: Log,
    gate: Arc<Semaphore>,
    /// Two drains may bring items of one run.
    one: Arc<Mutex<()>>,
}

/// An item, decoded once.
#[derive(Debug)]
struct Held {
    origin: Origin,
    observation: pb::Observation,
    item: pb::Item,
}

impl Late {
    /// Puts together the runs that a crash cut short.
    pub(crate) fn new(durable: Durable, running: Running, log: Log) -> Self {
        match durable.cut_short() {
            Ok(runs) => {
                for run in runs {
                    match judge::settle(&durable, &run, "", Vec::new()) {
                        Ok(_) => log.say(&format!("run {run} was cut short: it is kept with what had come in")),
                        Err(e) => log.say(&format!("run {run} was cut short and can't be put together: {e}")),
                    }
                }
            }
            Err(e) => log.say(&chain(&e)),
        }
        Self { durable, running, log, gate: Arc::new(Semaphore::new(AT_ONCE)), one: Arc::default() }
    }

    /// Drains every prober once it is connected. Never ends.
    pub(crate) async fn follow(self, live: Arc<Live>) {
        let mut changed = live.changed();
        let mut drained: BTreeSet<u64> = BTreeSet::new();
        loop {
            let standing = live.standing();
            drained.retain(|id| standing.iter().any(|(_, connection, _)| connection == id));
            for (prober, connection, channel) in standing {
                if drained.insert(connection) {
                    let (late, live) = (self.clone(), Arc::clone(&live));
                    tokio::spawn(async move { late.until_drained(prober, connection, channel, live).await });
                }
            }
            if changed.changed().await.is_err() {
                return;
            }
        }
    }

    /// Tries again for as long as the prober is connected.
    async fn until_drained(&self, prober: String, connection: u64, channel: Channel, live: Arc<Live>) {
        let mut said = false;
        while let Err(why) = self.drain(&prober, client(channel.clone())).await {
            if !said {
                self.log.say(&format!("what {prober} still holds is not fetched yet: {why}"));
                said = true;
            }
            time::sleep(AGAIN).await;
            if !live.standing().iter().any(|(_, standing, _)| *standing == connection) {
                return;
            }
        }
    }

    /// Drains the probers that a run asked, each once.
    pub(crate) async fn after(&self, reached: &[Reach]) {
        let mut probers = BTreeMap::new();
        for reach in reached.iter().filter(|reach| !reach.spool.is_empty()) {
            probers.entry(reach.prober.clone()).or_insert_with(|| reach.client.clone());
        }
        for (prober, client) in probers {
            if let Err(why) = self.drain(&prober, client).await {
                self.log.say(&format!("what {prober} still holds is not fetched yet: {why}"));
            }
        }
    }

    async fn drain(&self, prober: &str, mut client: ProberClient<Channel>) -> Result<(), String> {
        // The semaphore is never closed.
        let Ok(_permit) = self.gate.acquire().await else { return Ok(()) };
        let said = |status: tonic::Status| format!("{}: {}", status.code(), status.message());
        let silent = |_| format!("no answer within {} s", PATIENCE.as_secs());
        let asked = time::timeout(PATIENCE, client.describe(pb::DescribeRequest::default()));
        let spool = asked.await.map_err(silent)?.map_err(said)?.into_inner().spool;
        if spool.is_empty() {
            return Ok(());
        }
        let asked = time::timeout(PATIENCE, client.spooled(pb::SpooledRequest {}));
        let mut held = asked.await.map_err(silent)?.map_err(said)?.into_inner();
        let (mut refused, mut more) = (0, true);
        while more {
            let (mut chunk, mut bytes) = (Vec::new(), 0);
            while more && chunk.len() < CHUNK && bytes < CHUNK_BYTES {
                match time::timeout(PATIENCE, held.next()).await.map_err(silent)? {
                    Some(item) => {
                        let item = item.map_err(said)?;
                        bytes += item.observation.len() + item.signature.len();
                        chunk.push(item);
                    }
                    None => more = false,
                }
            }
            refused += self.chunk(prober, &spool, &client, chunk).await?;
        }
        if refused > 0 {
            self.log.say(&format!(
                "{prober} holds {refused} items that belong to no run of this coordinator, nor can be kept as one"
            ));
        }
        Ok(())
    }

    /// Gives how many items can't be kept.
    async fn chunk(
        &self,
        prober: &str,
        spool: &str,
        client: &ProberClient<Channel>,
        items: Vec<pb::Item>,
    ) -> Result<usize, String> {
        let mut refused = 0;
        let mut runs: BTreeMap<String, Vec<Held>> = BTreeMap::new();
        for mut item in items {
            let origin = Origin { prober: prober.to_owned(), spool: spool.to_owned(), number: item.spooled };
            item.spooled = 0;
            match pb::Observation::decode(item.observation.as_slice()) {
                Ok(observation) => {
                    runs.entry(observation.run.clone()).or_default().push(Held { origin, observation, item });
                }
                Err(_) => refused += 1,
            }
        }
        let mut acknowledged = Acknowledged::default();
        for (run, held) in runs {
            let going_on =
                self.running.lock().ok().and_then(|running| running.get(&run).map(|going| going.late.clone()));
            if let Some(going_on) = going_on {
                for Held { origin, item, .. } in held {
                    let late = run::Late { origin, client: client.clone(), item };
                    // What the run does not take any more is offered again once it has ended.
                    drop(going_on.send_timeout(late, HANDED_OVER).await);
                }
                continue;
            }
            let settled = self.settle(run, prober.to_owned(), held).await?;
            refused += settled.refused;
            for origin in &settled.kept {
                acknowledged.add(origin, client);
            }
        }
        for untold in acknowledged.send().await {
            self.log.say(&format!("not acknowledged, it will be offered again: {untold}"));
        }
        Ok(refused)
    }

    async fn settle(&self, run: String, prober: String, held: Vec<Held>) -> Result<Settled, String> {
        let _one = self.one.lock().await;
        let (durable, id) = (self.durable.clone(), run.clone());
        let settled = task::spawn_blocking(move || judge::settle(&durable, &id, &prober, held));
        let settled = settled.await.map_err(|broken| format!("judging again: {broken}"))??;
        if settled.late > 0 {
            self.log.say(&format!("run {run}: judged again with {} late items", settled.late));
        }
        for alarm in &settled.alarms {
            self.log.say(&format!("run {run}: {alarm}"));
        }
        Ok(settled)
    }
}

fn client(channel: Channel) -> ProberClient<Channel> {
    ProberClient::new(channel).max_decoding_message_size(transport::MESSAGE_BYTES)
}
