//! `meshctl token`: what probers and people join with.

use mesh_proto::v1::CreateTokenRequest;
use serde_json::json;

use super::Context;
use crate::{
    args::{Create, Token, TokenVerb},
    connect,
    exit::{Code, Problem},
};

pub(crate) async fn run(args: &Token, cx: &Context) -> Result<Code, Problem> {
    let TokenVerb::Create(create) = &args.verb;
    let address = connect::named(cx)?;
    let made = connect::mesh(cx).await?.create_token(request(create)).await?.into_inner();
    if cx.out.for_programs() {
        cx.out.document("Token", json!({ "token": made.token, "expires_us": made.expires_us }));
        return Ok(Code::Good);
    }
    cx.out.stdout(&format!("{}\n", cx.out.clean(&made.token)));
    let join = match create.role.as_str() {
        "prober" => format!("prober join --coordinator {address} --token-file FILE --state DIR --name {}", create.name),
        _ => format!("meshctl login --coordinator {address} --token-file FILE"),
    };
    cx.out.note(&format!("one use, within {} min: {join}", create.ttl.as_secs() / 60));
    Ok(Code::Good)
}

fn request(create: &Create) -> CreateTokenRequest {
    CreateTokenRequest {
        role: create.role.clone(),
        name: create.name.clone(),
        // Zero would mean the coordinator's own default.
        ttl_s: u32::try_from(create.ttl.as_secs()).unwrap_or(u32::MAX).max(1),
    }
}
