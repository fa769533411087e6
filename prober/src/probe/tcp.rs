//! placeholder

use mesh_proto::v1 as pb;

use super::Ask;

pub(crate) async fn run(_ask: &Ask, _spec: &pb::TcpSpec) -> pb::Observation {
    super::could_not_look("tcp".to_owned(), "not built yet".to_owned())
}
