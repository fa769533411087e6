//! Runs of a coordinator that serves many, in a database: what is acknowledged survives a crash and a loss of power.
//!
//! Behind the feature `store`. Without it [`Durable`] has no value, and runs are kept as files by [`store`](crate::store).

#[cfg(feature = "store")]
mod sqlite;

#[cfg(feature = "store")]
pub use sqlite::{Durable, DurableError, restore};

/// Status of a run that goes on.
pub const RUNNING: &str = "running";
/// Status of a run that ended without a report: by a crash, or because its reader went away.
pub const INTERRUPTED: &str = "interrupted";

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

/// No database is built in.
#[cfg(not(feature = "store"))]
#[derive(Debug, Clone)]
pub enum Durable {}

#[cfg(not(feature = "store"))]
impl Durable {
    pub(crate) fn begin(&self, _id: &str, _started_us: i64, _target: &str) -> Result<(), std::convert::Infallible> {
        match *self {}
    }

    pub(crate) fn put(&self, _row: &Row, _bundle: &[u8]) -> Result<(), std::convert::Infallible> {
        match *self {}
    }

    pub(crate) fn interrupt(&self, _id: &str) -> Result<(), std::convert::Infallible> {
        match *self {}
    }

    pub(crate) fn retain(&self, _bounds: &crate::store::Bounds) -> Result<(), std::convert::Infallible> {
        match *self {}
    }

    pub(crate) fn path(&self) -> &std::path::Path {
        match *self {}
    }
}
