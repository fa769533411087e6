//! placeholder

use mesh_proto::v1 as pb;

use super::Ask;

pub(crate) async fn run(_ask: &Ask, _spec: &pb::HttpSpec) -> pb::Observation {
    super::could_not_look("http".to_owned(), "not built yet".to_owned())
}
