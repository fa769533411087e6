//! Writes while runs go on: they hand notes over and never wait for the disk. What waits is written together, and only what
//! is on disk is acknowledged.

use std::time::Duration;

use mesh_proto::v1::{self as pb, prober_client::ProberClient};
use tokio::{
    sync::{mpsc, oneshot},
    task, time,
};
use tonic::transport::Channel;

use super::{Durable, DurableError, Judged, Note, Noted, Row};
use crate::{Log, acknowledge::Acknowledged, once::Origin, store::Bounds, vantages::chain};

/// Notes that may wait for the disk. Those beyond are written with the run's bundle, and acknowledged then.
const WAITING: usize = 16_384;
/// Notes of one transaction: at 21,000 rows a second a tenth of a second.
const TOGETHER: usize = 2_048;
/// Longest wait of a run for the disk, at its start.
const START: Duration = Duration::from_secs(1);

type Done = oneshot::Sender<Result<(), String>>;

/// A run's end, as the keeper writes it.
#[derive(Debug)]
pub(crate) struct Ending {
    pub(crate) row: Row,
    pub(crate) bundle: Vec<u8>,
    pub(crate) marks: Vec<(Origin, String)>,
    pub(crate) askers: Vec<(String, String)>,
    pub(crate) alarms: Vec<String>,
    /// What was not acknowledged item by item.
    pub(crate) acknowledged: Acknowledged,
}

enum Work {
    Start { record: Box<pb::RunRecord>, askers: Vec<(String, String)>, done: Done },
    Note(Box<(Note, Option<ProberClient<Channel>>)>),
    End { ending: Box<Ending>, done: Done },
}

/// The way to the task that writes.
#[derive(Debug, Clone)]
pub(crate) struct Keeper(mpsc::Sender<Work>);

impl Keeper {
    /// Begins to write. Must be called within a tokio runtime.
    pub(crate) fn begin(durable: Durable, log: Log) -> Self {
        let (work, waiting) = mpsc::channel(WAITING);
        tokio::spawn(keep(durable, log, waiting));
        Self(work)
    }

    /// A run starts. An error says why that is not on disk, or not yet.
    pub(crate) async fn start(&self, record: pb::RunRecord, askers: Vec<(String, String)>) -> Result<(), String> {
        self.ask(START, |done| Work::Start { record: Box::new(record), askers, done }).await
    }

    /// False when too much waits for the disk already: the note is not kept.
    pub(crate) fn note(&self, note: Note, client: Option<ProberClient<Channel>>) -> bool {
        self.0.try_send(Work::Note(Box::new((note, client)))).is_ok()
    }

    /// A run ends. What is not on disk within so long is written as soon as the disk answers.
    pub(crate) async fn end(&self, ending: Ending, patience: Duration) -> Result<(), String> {
        self.ask(patience, |done| Work::End { ending: Box::new(ending), done }).await
    }

    async fn ask(&self, patience: Duration, work: impl FnOnce(Done) -> Work) -> Result<(), String> {
        let (done, told) = oneshot::channel();
        let asked = async {
            let gone = || "whoever writes to the store has ended".to_owned();
            self.0.send(work(done)).await.map_err(|_closed| gone())?;
            told.await.map_err(|_dropped| gone())?
        };
        match time::timeout(patience, asked).await {
            Ok(done) => done,
            Err(_) => Err(format!("the disk did not answer within {} ms", patience.as_millis())),
        }
    }
}

async fn keep(durable: Durable, log: Log, mut waiting: mpsc::Receiver<Work>) {
    let mut failing = false;
    loop {
        let mut works = Vec::new();
        if waiting.recv_many(&mut works, TOGETHER).await == 0 {
            return;
        }
        let store = durable.clone();
        let written = task::spawn_blocking(move || write(&store, works)).await;
        let (acknowledged, said, failed) = match written {
            Ok(written) => (written.acknowledged, written.said, written.failed),
            Err(broken) => (Acknowledged::default(), Vec::new(), Some(format!("writing: {broken}"))),
        };
        for line in said {
            log.say(&line);
        }
        match &failed {
            Some(why) if !failing => log.say(&format!("not persisted, and so not acknowledged: {why}")),
            None if failing => log.say("runs are persisted again"),
            _ => {}
        }
        failing = failed.is_some();
        if !acknowledged.is_empty() {
            let log = log.clone();
            // The next ones are written meanwhile.
            tokio::spawn(async move {
                for untold in acknowledged.send().await {
                    log.say(&format!("not acknowledged, it will be offered again: {untold}"));
                }
            });
        }
    }
}

#[derive(Default)]
struct Written {
    acknowledged: Acknowledged,
    said: Vec<String>,
    failed: Option<String>,
}

fn write(store: &Durable, works: Vec<Work>) -> Written {
    let mut written = Written::default();
    let (mut notes, mut clients) = (Vec::new(), Vec::new());
    for work in works {
        if let Work::Note(noted) = work {
            let (note, client) = *noted;
            notes.push(note);
            clients.push(client);
            continue;
        }
        // In the order they came: a run's notes before its end.
        written.flush(store, &mut notes, &mut clients);
        match work {
            Work::Start { record, askers, done } => {
                let started = store.start(&record, &askers);
                written.tell(started, done);
            }
            Work::End { ending, done } => written.end(store, *ending, done),
            Work::Note { .. } => {}
        }
    }
    written.flush(store, &mut notes, &mut clients);
    written
}

impl Written {
    fn failed(&mut self, done: Result<(), DurableError>) {
        if let Err(e) = done {
            self.failed = Some(chain(&e));
        }
    }

    /// Nobody may be waiting any more.
    fn tell(&mut self, result: Result<(), DurableError>, done: Done) {
        done.send(result.as_ref().copied().map_err(|e| chain(e))).unwrap_or_default();
        self.failed(result);
    }

    fn flush(&mut self, store: &Durable, notes: &mut Vec<Note>, clients: &mut Vec<Option<ProberClient<Channel>>>) {
        if notes.is_empty() {
            return;
        }
        match store.note(notes) {
            Ok(became) => {
                for ((note, client), became) in notes.iter().zip(clients.iter()).zip(became) {
                    self.became(note, client.as_ref(), became);
                }
            }
            Err(e) => self.failed(Err(e)),
        }
        notes.clear();
        clients.clear();
    }

    fn became(&mut self, note: &Note, client: Option<&ProberClient<Channel>>, became: Noted) {
        let origin = match note {
            Note::Item(loose) => &loose.origin,
            Note::Alarm { origin, .. } => origin,
            Note::Round { .. } => return,
        };
        match (became, client) {
            (Noted::Kept, Some(client)) => self.acknowledged.add(origin, client),
            (Noted::Differs, _) => self.said.push(format!("integrity: {} sent two items as one", origin.prober)),
            // What came after the end is offered again by its prober, and joins the run then.
            (Noted::Kept | Noted::Ended, _) => {}
        }
    }

    fn end(&mut self, store: &Durable, ending: Ending, done: Done) {
        let Ending { row, bundle, marks, askers, alarms, acknowledged } = ending;
        let judged =
            Judged { row: &row, bundle: &bundle, marks: &marks, askers: &askers, alarms: &alarms, again: false };
        let kept = store.judged(&judged);
        if kept.is_ok() {
            self.acknowledged.extend(acknowledged);
            if let Err(e) = store.retain(&Bounds::default()) {
                self.said.push(format!("older runs stay: {}", chain(&e)));
            }
        } else {
            self.failed(store.interrupt(&row.id));
        }
        self.tell(kept, done);
    }
}
