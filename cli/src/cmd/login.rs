//! `meshctl login`: join a mesh, with a token.

use mesh_proto::identity::{Role, client, token::TokenSource};
use serde_json::json;

use super::Context;
use crate::{
    args::Login,
    connect::{self, unusable_credential},
    exit::{Code, Problem},
};

pub(crate) async fn run(args: &Login, cx: &Context) -> Result<Code, Problem> {
    let address = connect::named(cx)?;
    let folder = connect::folder(address, cx)?;
    let missing = || Problem::usage("a join token is missing").hint("write --token-file FILE, or - to type it");
    let source = TokenSource::of(args.token.clone(), args.token_file.clone()).ok_or_else(missing)?;
    let token = source.read().map_err(|e| Problem::usage(e.to_string()))?;
    let credential = client::enrol(address, &token, &args.name).await?;
    let identity = credential.member.identity.clone();
    credential.store(&folder).map_err(|e| unusable_credential(&e))?;
    let folder = cx.short(&folder.display().to_string());
    if cx.out.for_programs() {
        let fields =
            json!({ "identity": identity.to_string(), "not_after": credential.member.not_after, "folder": folder });
        cx.out.document("Login", fields);
        return Ok(Code::Good);
    }
    cx.out.stdout(&format!("logged in to mesh {} as {}; the key is in {folder}\n", identity.mesh(), identity.short()));
    if identity.role() == Role::Operator {
        cx.out.stdout(&format!("next: meshctl token create --coordinator {address} --role prober --name host/NAME\n"));
    }
    Ok(Code::Good)
}
