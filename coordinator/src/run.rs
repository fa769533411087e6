//! The loop: next round, fan out, hand to the store, absorb, tell.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use mesh_diagnosis::{Case, Round};
use mesh_proto::{
    bundle::attached::Attached,
    v1::{self as pb, diagnose_event::Event, prober_client::ProberClient},
};
use prost::Message as _;
use tokio::sync::{mpsc, watch};
use tonic::transport::Channel;

use crate::{
    Settings,
    acknowledge::Acknowledged,
    clock::Frame,
    durable::{Keeper, Loose, Note},
    fanout::{self, Back},
    once::{self, Key, Once, Origin, Seen},
    resume::Earlier,
    vantages::{Reach, now_us, waves},
};

mod ending;

pub(crate) use ending::{HIDDEN, row};

/// Items that may wait for the reader of the event stream.
pub(crate) const WAITING: usize = 1_024;

/// Why vantages of later waves are not asked.
const LATE: &str =
    "half of the deadline was over, and one of each node had been asked; a longer --deadline asks more of them";

/// Everything one run needs.
pub(crate) struct Run {
    pub(crate) id: String,
    pub(crate) settings: Settings,
    /// Its attachments are names alone.
    pub(crate) request: pb::DiagnoseRequest,
    pub(crate) attached: Attached,
    pub(crate) reached: Vec<Reach>,
    pub(crate) vantages: Vec<pb::Vantage>,
    pub(crate) unreachable: Vec<String>,
    pub(crate) cluster: Option<pb::ClusterDetail>,
    /// What this run begins with.
    pub(crate) earlier: Option<Earlier>,
    /// The clock that all its times go by.
    pub(crate) frame: Frame,
    pub(crate) stop: watch::Receiver<bool>,
    /// Items that a prober still had when it came back.
    pub(crate) late: mpsc::Receiver<Late>,
    /// Where runs are kept in a database: the way to it.
    pub(crate) keeper: Option<Keeper>,
    pub(crate) events: mpsc::Sender<Result<pb::DiagnoseEvent, tonic::Status>>,
}

/// An item from a spool, and the way to acknowledge it.
#[derive(Debug)]
pub(crate) struct Late {
    pub(crate) origin: Origin,
    pub(crate) client: ProberClient<Channel>,
    pub(crate) item: pb::Item,
}

/// What a run collects on its way.
struct Kept {
    case: Case,
    once: Once,
    items: Vec<pb::Item>,
    rounds: Vec<pb::RoundRecord>,
    unreachable: Vec<String>,
    /// What a reader must know beside.
    notes: Vec<String>,
    alarms: Vec<String>,
    /// In no queue of the store: acknowledged with the bundle.
    unwritten: Acknowledged,
}

impl Run {
    /// Sends an event; false when nobody reads any more.
    async fn tell(&self, event: Event) -> bool {
        self.events.send(Ok(pb::DiagnoseEvent { event: Some(event) })).await.is_ok()
    }

    /// Carries the run out.
    pub(crate) async fn drive(mut self) {
        let (began, started_us) = (Instant::now(), now_us());
        let not_begun = self.begin(started_us).await;
        let started = pb::Started {
            run: self.id.clone(),
            vantages: self.vantages.clone(),
            started_us,
            deadline_ms: self.request.deadline_ms,
            unreachable: self.unreachable.clone(),
        };
        let mut kept = Kept {
            case: Case::new(&self.id, started_us, self.request.clone(), self.vantages.clone()),
            once: Once::default(),
            items: Vec::new(),
            rounds: Vec::new(),
            unreachable: self.unreachable.clone(),
            notes: Vec::new(),
            alarms: Vec::new(),
            unwritten: Acknowledged::default(),
        };
        self.begin_with(&mut kept, started_us);
        let mut going = if self.tell(Event::Started(started)).await { Going::On } else { Going::Abandoned };
        while let Going::On = going
            && let Some(round) = kept.case.next_round(began.elapsed())
        {
            going = self.round(&mut kept, &round, began).await;
        }
        while let Ok(late) = self.late.try_recv() {
            self.take_late(&mut kept, late).await;
        }
        let status = match going {
            // The reader is gone. Where nobody could come back for it, there is nobody to judge for.
            Going::Abandoned if self.keeper.is_none() => return,
            Going::Abandoned => {
                kept.notes.push("whoever asked went away before the end".to_owned());
                "interrupted"
            }
            Going::Interrupted => "interrupted",
            Going::On if began.elapsed() >= Duration::from_millis(self.request.deadline_ms.into()) => "timed_out",
            Going::On => "complete",
        };
        let mut finished = self.finish(kept, began.elapsed(), started_us, status).await;
        if let Some(why) = not_begun.filter(|_| finished.save_error.is_empty()) {
            finished.save_error = format!("its start was not written down: {why}");
        }
        self.tell(Event::Finished(finished)).await;
    }

    /// Writes down that there is such a run, where runs are kept in a database; gives why that was not possible.
    async fn begin(&self, started_us: i64) -> Option<String> {
        let mut record = self.record(started_us);
        if let Some(request) = &mut record.request {
            for attachment in &mut request.attachments {
                attachment.content = self.attached.get(&attachment.name).cloned().unwrap_or_default();
            }
        }
        self.keeper.as_ref()?.start(record, self.askers()).await.err()
    }

    /// Vantages, and the names of their probers.
    fn askers(&self) -> Vec<(String, String)> {
        self.reached.iter().map(|reach| (reach.vantage.id.clone(), reach.prober.clone())).collect()
    }

    /// Evidence that is there before anything is asked.
    fn begin_with(&mut self, kept: &mut Kept, started_us: i64) {
        for item in self.earlier.take().into_iter().flat_map(|earlier| earlier.items) {
            self.keep(kept, item, &Origin::default(), None);
        }
        if let Some(item) = self.cluster_item(started_us) {
            self.keep(kept, item, &Origin::default(), None);
        }
    }

    /// Cluster state travels as evidence like any other.
    fn cluster_item(&mut self, at_us: i64) -> Option<pb::Item> {
        let observation = pb::Observation {
            run: self.id.clone(),
            vantage: mesh_diagnosis::KUBE_API.to_owned(),
            task: "cluster".to_owned(),
            asked: "cluster state file".to_owned(),
            protocol: "local".to_owned(),
            purpose: pb::Purpose::Question.into(),
            outcome: pb::Outcome::Pass.into(),
            timing: Some(pb::Timing { planned_start_us: at_us, actual_start_us: at_us, ..Default::default() }),
            cluster: Some(self.cluster.take()?),
            ..Default::default()
        };
        Some(pb::Item { observation: observation.encode_to_vec(), ..Default::default() })
    }

    async fn round(&mut self, kept: &mut Kept, round: &Round, began: Instant) -> Going {
        let elapsed_us = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
        let probes: usize = round.tasks.iter().map(|tasks| tasks.probes.len()).sum();
        let event = pb::RoundStarted {
            round: round.number,
            why: round.why.clone(),
            probes: u32::try_from(probes).unwrap_or(u32::MAX),
            elapsed_us,
        };
        if !self.tell(Event::Round(event)).await {
            return Going::Abandoned;
        }
        let mut record = pb::RoundRecord {
            round: round.number,
            why: round.why.clone(),
            elapsed_us,
            tasks: round.tasks.iter().cloned().map(ending::masked_tasks).collect(),
            errors: Vec::new(),
        };
        self.note_round(&record);
        let mut going = Going::On;
        let mut waves = waves::split(&round.tasks, &self.vantages).into_iter().enumerate();
        while let Some((number, tasks)) = waves.next() {
            // The first wave sees every machine; what later ones could add is worth less than asking where it fails.
            if number > 0 && began.elapsed() > self.deadline() / 2 {
                let left: Vec<_> = std::iter::once(tasks).chain(waves.map(|(_, tasks)| tasks)).flatten().collect();
                leave_out(kept, &mut record, &left, LATE);
                break;
            }
            let wave = Round {
                tasks,
                bound: round.bound.min(self.deadline().saturating_sub(began.elapsed())),
                ..round.clone()
            };
            going = self.wave(kept, &mut record, &wave).await;
            if !matches!(going, Going::On) {
                let left: Vec<_> = waves.flat_map(|(_, tasks)| tasks).collect();
                leave_out(kept, &mut record, &left, "the run was ended");
                break;
            }
        }
        self.note_round(&record);
        kept.rounds.push(record);
        going
    }

    fn deadline(&self) -> Duration {
        Duration::from_millis(self.request.deadline_ms.into())
    }

    /// Vantages of a round that are asked at once.
    async fn wave(&mut self, kept: &mut Kept, record: &mut pb::RoundRecord, wave: &Round) -> Going {
        let (back, mut replies) = mpsc::channel(WAITING);
        let going_on = fanout::send(&self.id, wave, &self.reached, self.frame, &back).await;
        drop(back);
        let mut going = Going::On;
        loop {
            tokio::select! {
                reply = replies.recv() => match reply {
                    None => break,
                    Some(reply) => if !self.take(kept, record, reply).await {
                        going = Going::Abandoned;
                        break;
                    },
                },
                Some(late) = self.late.recv() => self.take_late(kept, late).await,
                () = stopped(&mut self.stop) => {
                    going = Going::Interrupted;
                    break;
                }
            }
        }
        // Dropping the set ends what is still asked; the probers close their sockets when their stream goes.
        drop(going_on);
        going
    }

    fn note_round(&self, record: &pb::RoundRecord) {
        if let Some(keeper) = &self.keeper {
            // A round that could not be written down is missing in a run that is cut short, and in no other.
            keeper.note(Note::Round { run: self.id.clone(), record: record.clone() }, None);
        }
    }

    async fn take(&self, kept: &mut Kept, record: &mut pb::RoundRecord, reply: Back) -> bool {
        match reply {
            Back::Item { vantage, item } => {
                let Some(reach) = self.reached.iter().find(|reach| reach.vantage.id == vantage) else { return true };
                let (prober, spool) = (reach.prober.clone(), reach.spool.clone());
                let origin = Origin { prober, spool, number: item.spooled };
                match self.keep(kept, item, &origin, Some(&reach.client)) {
                    Some(item) => self.tell(Event::Item(item)).await,
                    None => true,
                }
            }
            Back::Done { vantage, error } => {
                if let Some(reason) = &error {
                    record.errors.push(format!("{vantage}: {reason}"));
                    kept.unreachable.push(format!("{vantage} in round {}: {reason}", record.round));
                }
                let done = pb::VantageDone { round: record.round, vantage, error: error.unwrap_or_default() };
                self.tell(Event::VantageDone(done)).await
            }
        }
    }

    async fn take_late(&self, kept: &mut Kept, late: Late) {
        if let Some(item) = self.keep(kept, late.item, &late.origin, Some(&late.client)) {
            // A reader who is gone shows at the next event of the round.
            self.tell(Event::Item(item)).await;
        }
    }

    /// Keeps an item as received, lets the case see it, and hands it to the store. Gives it back when it was a new one.
    fn keep(
        &self,
        kept: &mut Kept,
        mut item: pb::Item,
        origin: &Origin,
        client: Option<&ProberClient<Channel>>,
    ) -> Option<pb::Item> {
        // The number means something between the prober and this process alone.
        item.spooled = 0;
        let observation = match pb::Observation::decode(item.observation.as_slice()) {
            Ok(observation) => observation,
            Err(e) => {
                kept.unreachable.push(format!("an item could not be decoded: {e}"));
                return None;
            }
        };
        if client.is_some() && !self.is_of(&observation, &origin.prober) {
            let Origin { prober, .. } = origin;
            self.alarm(kept, format!("integrity: {prober} answered for {}: it does not count", observation.vantage));
            return None;
        }
        let (key, digest) = (Key::of(&observation), once::digest(&item));
        let (note, new) = match kept.once.take(origin, key.clone(), &digest) {
            // A repetition is written too: whoever repeats it was not told that it is on disk.
            seen @ (Seen::New | Seen::Had) => {
                let (origin, item) = (origin.clone(), item.clone());
                let run = self.id.clone();
                (Note::Item(Loose { run, key, origin, digest, at_us: now_us(), item }), seen == Seen::New)
            }
            Seen::Differs(text) => {
                self.alarm(kept, text.clone());
                (Note::Alarm { run: self.id.clone(), text, origin: origin.clone(), digest }, false)
            }
        };
        let queued = self.keeper.as_ref().is_some_and(|keeper| keeper.note(note, client.cloned()));
        if let (false, Some(client)) = (queued, client) {
            kept.unwritten.add(origin, client);
        }
        if !new {
            return None;
        }
        kept.case.absorb(observation);
        kept.items.push(item.clone());
        Some(item)
    }

    /// The observation is one of this run, by the prober of its vantage.
    fn is_of(&self, observation: &pb::Observation, prober: &str) -> bool {
        let mut reached = self.reached.iter();
        let own = reached.any(|reach| reach.vantage.id == observation.vantage && reach.prober == prober);
        own && observation.run == self.id
    }

    fn alarm(&self, kept: &mut Kept, text: String) {
        if !kept.alarms.contains(&text) {
            self.settings.log.say(&format!("run {}: {text}", self.id));
            kept.notes.push(text.clone());
            kept.alarms.push(text);
        }
    }
}

/// The record holds what was asked, and the report says who was not.
fn leave_out(kept: &mut Kept, record: &mut pb::RoundRecord, left: &[pb::RoundTasks], why: &str) {
    if left.is_empty() {
        return;
    }
    let all = record.tasks.len();
    let names: BTreeSet<&str> = left.iter().map(|tasks| tasks.vantage.as_str()).collect();
    record.tasks.retain(|tasks| !names.contains(tasks.vantage.as_str()));
    kept.case.not_asked(left.iter().map(|tasks| tasks.probes.len()).sum());
    let (left, round) = (left.len(), record.round);
    kept.unreachable.push(format!("{left} of {all} vantages were not asked in round {round}: {why}"));
}

enum Going {
    On,
    Interrupted,
    Abandoned,
}

/// Completes when the run is to end; never when nobody can say so any more.
async fn stopped(stop: &mut watch::Receiver<bool>) {
    if stop.wait_for(|stop| *stop).await.is_err() {
        std::future::pending::<()>().await;
    }
}
