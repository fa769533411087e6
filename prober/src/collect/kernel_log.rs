//! What the kernel said of the network lately.

use mesh_proto::v1 as pb;

use crate::probe::{Ask, could_not_look};

#[expect(clippy::unused_async, reason = "the signature of a collector")]
pub(super) async fn run(_ask: &Ask, _spec: &pb::CollectSpec) -> pb::Observation {
    could_not_look("kernel_log".to_owned(), "this prober can't look at it".to_owned())
}
