//! Who answers at each distance.

use mesh_proto::v1 as pb;

use super::{Ask, could_not_look};

#[expect(clippy::unused_async, reason = "the signature of a probe")]
pub(crate) async fn run(_ask: &Ask, _spec: &pb::TraceSpec) -> pb::Observation {
    could_not_look("trace".to_owned(), "this prober can't trace".to_owned())
}
