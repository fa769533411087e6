//! `meshctl demo`: a small network with a real fault, and the ordinary diagnosis of it.

use std::sync::Arc;

use mesh_lab::{DEMOS, DemoNetwork};
use mesh_prober::server::Extra;
use serde_json::json;

use super::{Context, diagnose, drive};
use crate::{
    args::Demo,
    connect::{self, Peers},
    exit::{Code, Problem},
    render::table,
};

/// How long a request of the demo may take.
const PATIENCE: &str = "3s";

/// Builds the network. Must be called before any thread exists: entering a user namespace is refused afterwards.
pub(crate) fn prepare(args: &Demo) -> Result<Option<DemoNetwork>, Problem> {
    let Some(name) = &args.name else { return Ok(None) };
    if !DEMOS.iter().any(|(known, _)| known == name) {
        let known: Vec<&str> = DEMOS.iter().map(|(known, _)| *known).collect();
        return Err(Problem::usage(format!("no demo is called {name:?}")).hint(format!("demos: {}", known.join(", "))));
    }
    mesh_lab::enter_rootless().map_err(|e| {
        Problem::could_not_run(format!("namespaces for the demo: {e}"))
            .hint("meshctl doctor says whether users may make namespaces here; as root the demo works too")
    })?;
    mesh_lab::demo(name).map(Some).map_err(|e| Problem::could_not_run(format!("demo {name}: {e}")))
}

pub(crate) async fn run(args: &Demo, network: Option<DemoNetwork>, cx: &Context) -> Result<Code, Problem> {
    let Some(network) = network else {
        list(cx);
        return Ok(Code::Good);
    };
    cx.out.note(&network.story);
    let mut words = vec![network.target.clone()];
    words.extend(network.args.iter().cloned());
    let asking: Vec<&str> = network.hosts.iter().filter(|host| host.asks).map(|host| host.id.as_str()).collect();
    words.extend(["--from".to_owned(), asking.join(",")]);
    if !words.iter().any(|word| word == "--max-time") {
        // Nothing in a demo is slow; what has not come by then does not come.
        words.extend(["--max-time".to_owned(), PATIENCE.to_owned()]);
    }
    cx.out.note(&format!("what follows is: meshctl diagnose {}", words.join(" ")));
    let typed: Vec<String> = std::iter::once("diagnose".to_owned()).chain(words.iter().cloned()).collect();
    let diagnosis = diagnose::from_words(&words)?;
    let (request, _) = diagnose::request(&diagnosis, &typed)?;
    let extra = network.hosts.iter().map(|host| Extra {
        id: host.id.clone(),
        namespace: Arc::clone(&host.netns),
        etc: None,
        // Each namespace of the demo stands for a machine.
        witness: Some(host.id.clone()),
        node: None,
        labels: std::collections::BTreeMap::new(),
    });
    let peers =
        Peers { extra: extra.collect(), runs_dir: cx.runs_dir(args.kept.runs_dir.as_ref()), ..Peers::default() };
    let mut live = cx.out.progress(&network.target, diagnosis.deadline);
    let client = match connect::coordinator(peers).await {
        Ok(client) => client,
        Err(problem) => {
            live.end();
            return Err(problem);
        }
    };
    let code = drive::run(client, request, &mut live, cx).await;
    drop(network);
    code
}

fn list(cx: &Context) {
    if cx.out.for_programs() {
        let demos: Vec<_> = DEMOS.iter().map(|(name, story)| json!({ "name": name, "story": story })).collect();
        cx.out.document("Demos", json!({ "demos": demos }));
    } else {
        let rows: Vec<Vec<String>> =
            DEMOS.iter().map(|(name, story)| vec![(*name).to_owned(), cx.out.clean(story)]).collect();
        cx.out.stdout(&table::text(&["DEMO", "WHAT IS BROKEN"], &rows));
    }
}
