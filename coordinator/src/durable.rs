//! Runs of a coordinator that serves many, in a database: what is acknowledged survives a crash and a loss of power.
//!
//! Behind the feature `store`. Without it [`Durable`] has no value, and runs are kept as files by [`store`](crate::store).

use std::collections::BTreeMap;

use mesh_proto::v1 as pb;

use crate::once::{Key, Origin};

#[cfg(not(feature = "store"))]
mod absent;
#[cfg(feature = "store")]
pub mod backup;
#[cfg(feature = "store")]
mod find;
#[cfg(feature = "store")]
mod keeper;
#[cfg(feature = "store")]
mod loose;
#[cfg(feature = "store")]
mod sqlite;

#[cfg(not(feature = "store"))]
pub use absent::Durable;
#[cfg(not(feature = "store"))]
pub(crate) use absent::{Ending, Keeper};
#[cfg(feature = "store")]
pub(crate) use keeper::{Ending, Keeper};
#[cfg(feature = "store")]
pub use sqlite::{Durable, DurableError, restore};

/// Status of a run that goes on.
pub const RUNNING: &str = "running";
/// Status of a run that was cut short: by a crash, or because its reader went away.
pub const INTERRUPTED: &str = "interrupted";

/// Target of a run of which nothing but items is known.
#[cfg(feature = "store")]
pub(crate) const UNKNOWN_TARGET: &str = "(unknown)";

/// What is known of a run without its bundle.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Row {
    pub id: String,
    /// Since the Unix epoch.
    pub started_us: i64,
    pub target: String,
    /// [`RUNNING`], [`INTERRUPTED`], or the status of the verdict: "healthy", "degraded", "failing", "unknown".
    pub status: String,
    /// Location of the verdict: "proved", "likely", "narrowed", "open".
    pub location: Option<String>,
    /// "path-mtu/blackhole": the first finding.
    pub cause: Option<String>,
    /// Of the bundle; 0 as long as there is none.
    pub bytes: u64,
}

/// One item of a run that goes on.
#[derive(Debug, Clone, PartialEq)]
pub struct Loose {
    /// The run that it is kept for; its key names the run that asked, which is another one when that is continued.
    pub run: String,
    pub key: Key,
    pub origin: Origin,
    pub digest: String,
    /// When it came in, Unix microseconds.
    pub at_us: i64,
    pub item: pb::Item,
}

/// Something about a run that goes on.
#[derive(Debug, Clone, PartialEq)]
pub enum Note {
    /// What a round asks; again when it has ended, with its errors.
    Round {
        run: String,
        record: pb::RoundRecord,
    },
    Item(Loose),
    /// An item that contradicts an earlier one, which counts.
    Alarm {
        run: String,
        text: String,
        origin: Origin,
        digest: String,
    },
}

/// What became of a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noted {
    /// It is on disk, now or since before.
    Kept,
    /// Another one is kept in its place.
    Differs,
    /// No such run goes on.
    Ended,
}

/// A run with its bundle, to be put in place of everything loose.
#[derive(Debug, Clone, Copy)]
pub struct Judged<'a> {
    pub row: &'a Row,
    pub bundle: &'a [u8],
    /// Places in spools, and the digests of what was there.
    pub marks: &'a [(Origin, String)],
    /// Vantages and the names of their probers.
    pub askers: &'a [(String, String)],
    pub alarms: &'a [String],
    /// In place of the bundle that it may have; otherwise a run that has one is left as it is.
    pub again: bool,
}

/// What is kept of a run beside its bundle.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Pieces {
    /// As long as the run has no bundle.
    pub start: Option<pb::RunRecord>,
    pub rounds: Vec<pb::RoundRecord>,
    pub items: Vec<pb::Item>,
    /// When the last item came in, Unix microseconds.
    pub last_us: Option<i64>,
    pub marks: Vec<(Origin, String)>,
    pub askers: BTreeMap<String, String>,
    pub alarms: Vec<String>,
}
