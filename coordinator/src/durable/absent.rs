//! No database is built in: nothing of this has a value.

use std::time::Duration;

use mesh_proto::v1::{self as pb, prober_client::ProberClient};
use tonic::transport::Channel;

use super::{Note, Row};
use crate::{Log, acknowledge::Acknowledged, once::Origin};

#[derive(Debug, Clone)]
pub enum Durable {}

impl Durable {
    pub(crate) fn path(&self) -> &std::path::Path {
        match *self {}
    }

    pub(crate) fn rows(&self, _most: usize) -> Result<Vec<Row>, tonic::Status> {
        match *self {}
    }

    pub(crate) fn find(&self, _run: &str) -> Result<(String, Vec<u8>), tonic::Status> {
        match *self {}
    }
}

#[derive(Debug, Clone)]
pub(crate) enum Keeper {}

#[derive(Debug)]
#[expect(dead_code, reason = "nobody can write it")]
pub(crate) struct Ending {
    pub(crate) row: Row,
    pub(crate) bundle: Vec<u8>,
    pub(crate) marks: Vec<(Origin, String)>,
    pub(crate) askers: Vec<(String, String)>,
    pub(crate) alarms: Vec<String>,
    pub(crate) acknowledged: Acknowledged,
}

impl Keeper {
    pub(crate) fn begin(durable: Durable, _log: Log) -> Self {
        match durable {}
    }

    pub(crate) async fn start(&self, _record: pb::RunRecord, _askers: Vec<(String, String)>) -> Result<(), String> {
        match *self {}
    }

    pub(crate) fn note(&self, _note: Note, _client: Option<ProberClient<Channel>>) -> bool {
        match *self {}
    }

    pub(crate) async fn end(&self, _ending: Ending, _patience: Duration) -> Result<(), String> {
        match *self {}
    }
}
