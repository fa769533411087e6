//! `meshctl vantages`: where can be asked from, and what each place can do.

use mesh_coordinator::vantages::{now_us, selector};
use mesh_proto::v1::{ListVantagesReply, ListVantagesRequest, Vantage};
use serde_json::json;

use super::Context;
use crate::{
    args::Vantages,
    connect::{self, Peers},
    exit::{Code, Problem},
    render::vantages,
};

pub(crate) async fn run(args: &Vantages, cx: &Context) -> Result<Code, Problem> {
    let peers = Peers { named: args.asked.vantages.clone(), ..Peers::default() };
    let mut client = connect::reach(peers, cx).await?;
    let reply = client.list_vantages(ListVantagesRequest::default()).await?.into_inner();
    let shown = selected(reply, &args.asked.selectors())?;
    if cx.out.for_programs() {
        let fields = json!({ "vantages": shown.vantages, "unreachable": shown.unreachable, "absent": shown.absent });
        cx.out.document("Vantages", fields);
    } else {
        cx.out.stdout(&vantages::text(&shown, now_us(), &cx.out));
    }
    Ok(if shown.vantages.is_empty() { Code::CouldNotRun } else { Code::Good })
}

/// Without selectors everything; otherwise what a question with them would be asked from.
fn selected(mut reply: ListVantagesReply, from: &[String]) -> Result<ListVantagesReply, Problem> {
    if from.is_empty() {
        return Ok(reply);
    }
    let known: Vec<&Vantage> = reply.vantages.iter().collect();
    let chosen = selector::choose(from, &known).map_err(|e| {
        Problem::could_not_run(e.to_string()).hint("meshctl vantages lists the places that can be asked from")
    })?;
    reply.vantages = chosen.into_iter().filter_map(|ix| reply.vantages.get(ix).cloned()).collect();
    reply.absent.clear();
    Ok(reply)
}
