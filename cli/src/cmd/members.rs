//! `meshctl members`: who belongs to the mesh.

use mesh_proto::{
    identity::now_s,
    v1::{ListMembersRequest, MemberRecord},
};
use serde_json::json;

use super::Context;
use crate::{
    connect,
    exit::{Code, Problem},
    render::table,
};

pub(crate) async fn run(cx: &Context) -> Result<Code, Problem> {
    let members = connect::mesh(cx).await?.list_members(ListMembersRequest {}).await?.into_inner().members;
    if cx.out.for_programs() {
        cx.out.document("Members", json!({ "members": members }));
        return Ok(Code::Good);
    }
    let rows: Vec<Vec<String>> = members.iter().map(|member| row(member, cx)).collect();
    cx.out.stdout(&table::text(&["ROLE", "NAME", "STATE", "CONNECTIONS", "CERTIFICATE"], &rows));
    Ok(Code::Good)
}

fn row(member: &MemberRecord, cx: &Context) -> Vec<String> {
    let left = member.not_after_s - now_s();
    let revoked = member.revoked_us >= member.issued_us;
    let state = match (revoked, left > 0, member.connections) {
        (true, ..) => "revoked",
        (false, false, _) => "expired",
        (false, true, 0) => "away",
        (false, true, _) => "connected",
    };
    let left = if left > 0 { format!("{} h left", left / 3_600) } else { "over".to_owned() };
    [member.role.clone(), member.name.clone(), state.to_owned(), member.connections.to_string(), left]
        .iter()
        .map(|cell| cx.out.clean(cell))
        .collect()
}
