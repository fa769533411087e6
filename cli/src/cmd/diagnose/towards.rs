//! `meshctl diagnose --to`: between vantages. The target says port and protocol, a vantage of the mesh is where they are.

use std::{
    net::{IpAddr, Ipv6Addr},
    time::Duration,
};

use mesh_proto::v1::{ListVantagesRequest, Vantage, coordinator_client::CoordinatorClient};
use serde::Serialize;
use tonic::transport::Channel;

use super::{
    repeat::{self, Line, Sum},
    request,
};
use crate::{
    args::Diagnose,
    cmd::{
        Context,
        drive::{self, Stop},
    },
    exit::{Code, Problem},
};

/// Destinations of one command: a run for each, one after the other.
const DESTINATIONS: usize = 200;

/// What became of one destination.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Reached {
    /// Id of the vantage that was to be reached.
    pub(crate) to: String,
    /// What was asked there, as a target is written.
    pub(crate) target: String,
    #[serde(flatten)]
    pub(crate) line: Line,
}

/// Asks for one destination as for any target, for several with a line each.
pub(super) async fn run(
    args: &Diagnose,
    mut client: CoordinatorClient<Channel>,
    cx: &Context,
) -> Result<Code, Problem> {
    let input = args.target.as_deref().unwrap_or_default();
    let meant = client.list_vantages(ListVantagesRequest { select: args.to.clone() }).await?.into_inner();
    if meant.vantages.len() > DESTINATIONS {
        let meant = meant.vantages.len();
        return Err(Problem::usage(format!(
            "--to means {meant} vantages, more than the {DESTINATIONS} of one command"
        )));
    }
    let mut destinations = Vec::with_capacity(meant.vantages.len());
    for vantage in &meant.vantages {
        destinations.push(destination(vantage, input, args, cx)?);
    }
    let [(_, only)] = destinations.as_slice() else { return each(args, &destinations, &client, cx).await };
    let (request, notes) = towards(args, only, cx)?;
    let mut live = cx.out.progress(only, args.deadline);
    for note in notes {
        cx.out.note(&note);
    }
    drive::run(client, request, &mut live, cx).await
}

fn towards(
    args: &Diagnose,
    target: &str,
    cx: &Context,
) -> Result<(mesh_proto::v1::DiagnoseRequest, Vec<String>), Problem> {
    let args = Diagnose { target: Some(target.to_owned()), ..args.clone() };
    let (mut request, notes) = request(&args, &cx.argv)?;
    request.to.clone_from(&args.to);
    Ok((request, notes))
}

/// Id and target: the typed one with an address of the vantage where the host would stand.
fn destination(vantage: &Vantage, input: &str, args: &Diagnose, cx: &Context) -> Result<(String, String), Problem> {
    let usable = |address: &IpAddr| match address {
        IpAddr::V4(address) => !args.ipv6 && !address.is_link_local(),
        IpAddr::V6(address) => !args.ipv4 && !address.is_unicast_link_local(),
    };
    let addresses: Vec<IpAddr> = vantage.addresses.iter().filter_map(|text| text.parse().ok()).filter(usable).collect();
    let Some(address) = addresses.iter().find(|address| address.is_ipv4()).or(addresses.first()) else {
        return Err(Problem::could_not_run(format!(
            "--to {}: no address of it is known that can be asked",
            vantage.id
        )));
    };
    if addresses.len() > 1 {
        let others: Vec<String> = addresses.iter().filter(|one| *one != address).map(ToString::to_string).collect();
        let others = others.join(", ");
        cx.out.note(&format!("{} is asked at {address}; it also has {others}: write one as the target", vantage.id));
    }
    Ok((vantage.id.clone(), at(input, *address)?))
}

/// `:8080` or `http://:8080/path` with the host filled in.
fn at(input: &str, address: IpAddr) -> Result<String, Problem> {
    let host = match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => bracketed(address),
    };
    if let Some(port) = input.strip_prefix(':') {
        return Ok(format!("{host}:{port}"));
    }
    match input.split_once("://") {
        Some((scheme, rest)) if rest.is_empty() || rest.starts_with([':', '/']) => {
            Ok(format!("{scheme}://{host}{rest}"))
        }
        _ => Err(Problem::usage(format!("target {input:?}: with --to the vantage is the host"))
            .hint("write :8080, or http://:8080/path")),
    }
}

fn bracketed(address: Ipv6Addr) -> String {
    format!("[{address}]")
}

async fn each(
    args: &Diagnose,
    destinations: &[(String, String)],
    client: &CoordinatorClient<Channel>,
    cx: &Context,
) -> Result<Code, Problem> {
    let quiet = repeat::quiet(cx);
    let mut stop = Stop::listen()?;
    let (mut all, mut sum) = (Vec::with_capacity(destinations.len()), Sum::default());
    cx.out.towards_begins(destinations.len());
    for (to, target) in destinations {
        let (request, _) = towards(args, target, cx)?;
        let mut progress = quiet.out.progress("", Duration::from_millis(request.deadline_ms.into()));
        let finished = drive::finished(client.clone(), request, &mut stop, &mut progress, &quiet).await;
        progress.end();
        let line = finished.and_then(|finished| repeat::line(&finished, cx.global.fail_on));
        let line = line.unwrap_or_else(repeat::absent);
        sum.add(&line);
        let reached = Reached { to: to.clone(), target: target.clone(), line };
        cx.out.towards_line(&reached)?;
        all.push(reached);
        if sum.interrupted {
            break;
        }
    }
    cx.out.towards_ends(&all, &sum, destinations.len());
    Ok(sum.code(cx.global.fail_on))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vantage_takes_the_place_of_the_host() {
        let (four, six) = ("10.0.0.7".parse().unwrap(), "2001:db8::7".parse().unwrap());
        for (typed, address, meant) in [
            (":5432", four, "10.0.0.7:5432"),
            ("http://:8080/health?x=1", four, "http://10.0.0.7:8080/health?x=1"),
            ("https:///", six, "https://[2001:db8::7]/"),
            ("tcp://:1", six, "tcp://[2001:db8::7]:1"),
        ] {
            assert_eq!(at(typed, address).unwrap(), meant);
        }
        for typed in ["api.lab", "http://api.lab:8080/", "8080", ""] {
            assert_eq!(at(typed, four).expect_err(typed).code, Code::Usage);
        }
    }
}
