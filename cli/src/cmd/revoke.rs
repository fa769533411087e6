//! `meshctl revoke`: shut a member out.

use mesh_proto::v1::RevokeRequest;
use serde_json::json;

use super::Context;
use crate::{
    args::Revoke,
    connect,
    exit::{Code, Problem},
};

pub(crate) async fn run(args: &Revoke, cx: &Context) -> Result<Code, Problem> {
    let mut mesh = connect::mesh(cx).await?;
    let revoked =
        mesh.revoke(RevokeRequest { name: args.name.clone() }).await.map_err(|status| match status.code() {
            tonic::Code::NotFound => {
                Problem::could_not_run(status.message()).hint("meshctl members lists who belongs to the mesh")
            }
            _ => status.into(),
        })?;
    let revoked = revoked.into_inner();
    if cx.out.for_programs() {
        cx.out.document("Revoked", json!({ "member": revoked.member, "closed": revoked.closed }));
        return Ok(Code::Good);
    }
    let member = cx.out.clean(&revoked.member);
    cx.out.stdout(&format!("{member} is revoked; connections closed: {}\n", revoked.closed));
    Ok(Code::Good)
}
