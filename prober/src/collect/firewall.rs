//! placeholder

use mesh_proto::v1 as pb;

use crate::probe::{Ask, could_not_look};

pub(crate) async fn run(_ask: &Ask, _spec: &pb::CollectSpec) -> pb::Observation {
    could_not_look("collect firewall".to_owned(), "not built yet".to_owned())
}
