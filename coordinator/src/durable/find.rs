//! Reading for others: errors as the API tells them.

use tonic::Status;

use super::{Durable, INTERRUPTED, RUNNING, Row};
use crate::vantages::chain;

fn failed(error: &super::DurableError) -> Status {
    Status::data_loss(chain(error))
}

impl Durable {
    pub(crate) fn rows(&self, most: usize) -> Result<Vec<Row>, Status> {
        self.list(most).map_err(|e| failed(&e))
    }

    /// The run whose id this is, or the only one whose id begins so; its id and its bundle.
    pub(crate) fn find(&self, run: &str) -> Result<(String, Vec<u8>), Status> {
        let unknown =
            || Status::failed_precondition(format!("run {run:?} is not kept here; meshctl runs lists those that are"));
        if run.is_empty() {
            return Err(unknown());
        }
        let ids = self.beginning(run).map_err(|e| failed(&e))?;
        let id = match ids.as_slice() {
            [] => return Err(unknown()),
            // The very id stands first.
            [one, ..] if one == run => one,
            [one] => one,
            [one, other, ..] => {
                return Err(Status::invalid_argument(format!(
                    "run {run:?} means several: {one}, {other}; write more of it"
                )));
            }
        };
        if let Some(bundle) = self.get(id).map_err(|e| failed(&e))? {
            return Ok((id.clone(), bundle));
        }
        let row = self.row(id).map_err(|e| failed(&e))?.ok_or_else(unknown)?;
        let why = match row.status.as_str() {
            RUNNING => "goes on: its report comes with its end",
            INTERRUPTED => "was cut short, and nothing of it is kept",
            _ => "has no bundle",
        };
        Err(Status::failed_precondition(format!("run {id} {why}")))
    }
}
