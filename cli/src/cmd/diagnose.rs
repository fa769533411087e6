//! `meshctl diagnose`: from arguments to a request.

use std::{
    fs::{self, File},
    io::{self, Read as _},
    path::Path,
    time::Duration,
};

use mesh_proto::v1::{DiagnoseRequest, Header, Target, Want};

use super::{Context, drive};
use crate::{
    args::{self, Diagnose},
    connect::{self, Peers},
    exit::{Code, Problem},
    target,
};

mod attach;
pub(crate) mod curl;
pub(crate) mod record;
pub(crate) mod repeat;
pub(crate) mod towards;

/// Largest file of certificates; a system's whole store is a tenth of it.
const CERTIFICATES_BYTES: u64 = 4 << 20;
/// Largest cluster state; ten thousand Pods print as about this much.
const CLUSTER_BYTES: u64 = 256 << 20;

pub(crate) async fn run(args: &Diagnose, cx: &Context) -> Result<Code, Problem> {
    if !args.to.is_empty() {
        let client = connect::reach(peers(args, cx)?, cx).await?;
        return towards::run(args, client, cx).await;
    }
    let (request, notes) = request(args, &cx.argv)?;
    let peers = peers(args, cx)?;
    let target = match &request.target {
        Some(target) => target.input.clone(),
        None => format!("what run {} asked", request.resume),
    };
    let quiet = args.lasting.map(|_| repeat::quiet(cx));
    let mut live = quiet.as_ref().unwrap_or(cx).out.progress(&target, args.deadline);
    for note in notes {
        cx.out.note(&note);
    }
    let client = match connect::reach(peers, cx).await {
        Ok(client) => client,
        Err(problem) => {
            live.end();
            return Err(problem);
        }
    };
    if let (Some(lasting), Some(quiet)) = (args.lasting, &quiet) {
        live.end();
        let every = args.every.unwrap_or(repeat::EVERY);
        let repeat = repeat::Repeat { lasting, every, until_failing: args.until.is_some(), quiet };
        return repeat.run(&client, &request, cx).await;
    }
    drive::run(client, request, &mut live, cx).await
}

/// Who can be asked, and what is kept.
fn peers(args: &Diagnose, cx: &Context) -> Result<Peers, Problem> {
    let cluster_state =
        args.cluster_state.as_deref().map(|file| read("cluster state", file, CLUSTER_BYTES)).transpose()?;
    Ok(Peers {
        named: args.asked.vantages.clone(),
        runs_dir: cx.runs_dir(args.kept.runs_dir.as_ref()),
        cluster_state,
        allow_metadata: args.allow_metadata,
        ..Peers::default()
    })
}

/// What is to be asked, and what a reader should know about how the arguments were taken.
pub(crate) fn request(args: &Diagnose, typed: &[String]) -> Result<(DiagnoseRequest, Vec<String>), Problem> {
    let mut command = record::words(typed);
    let (target, mut want, cacert, notes) = if args.curl.is_empty() {
        let target = match (args.target.as_deref(), &args.resume) {
            (None, Some(_)) => None,
            (input, _) => Some(target::parse(input.unwrap_or_default())?),
        };
        (target, Want::default(), None, Vec::new())
    } else {
        let curl = curl::parse(&args.curl, &|file| fs::metadata(file).map(|metadata| metadata.len()))?;
        command.extend(curl.recorded);
        (Some(curl.target), curl.want, curl.cacert, curl.notes)
    };
    fill(&mut want, args);
    let cacert = args.cacert.clone().or(cacert.map(Into::into));
    if let Some(file) = cacert {
        want.ca_pem = certificates(&file)?;
    }
    if let Some(target) = &target {
        check(target, &want)?;
    }
    let request = DiagnoseRequest {
        target,
        want: Some(want),
        from: args.asked.selectors(),
        deadline_ms: millis(args.deadline),
        command,
        quick: args.quick,
        attachments: attach::read(&args.attach)?,
        resume: args.resume.clone().unwrap_or_default(),
        ..DiagnoseRequest::default()
    };
    Ok((request, notes))
}

/// Flags of this command line stand above those of a pasted one.
fn fill(want: &mut Want, args: &Diagnose) {
    if let Some(method) = &args.method {
        want.method.clone_from(method);
    }
    want.headers.extend(args.headers.iter().map(|(name, value)| Header { name: name.clone(), value: value.clone() }));
    if let Some(bytes) = args.body {
        want.body_bytes = bytes;
    }
    if let Some(time) = args.max_time {
        want.max_time_ms = millis(time);
    }
    if let Some(time) = args.idle {
        want.idle_ms = millis(time);
    }
    want.expect_status.extend(&args.expect);
    if let Some(sni) = &args.sni {
        want.sni.clone_from(sni);
    }
    want.resolve.extend(args.resolve.iter().flat_map(|pinned| &pinned.0).map(ToString::to_string));
    match (args.ipv4, args.ipv6) {
        (true, _) => "4".clone_into(&mut want.family),
        (false, true) => "6".clone_into(&mut want.family),
        (false, false) => {}
    }
    want.upstreams.extend(args.upstream.iter().cloned());
    if let Some(control) = &args.control {
        want.control.clone_from(control);
    }
    want.allow_metadata = args.allow_metadata;
    want.times = args.times.unwrap_or(0);
    want.proxy = args.proxy.map(|proxy| proxy.to_string()).unwrap_or_default();
}

/// What contradicts itself is said before anything is sent.
fn check(target: &Target, want: &Want) -> Result<(), Problem> {
    let http = matches!(target.scheme.as_str(), "http" | "https");
    let asks_http = want.body_bytes > 0
        || !want.headers.is_empty()
        || !want.method.is_empty()
        || !want.expect_status.is_empty()
        || !want.proxy.is_empty()
        || want.idle_ms > 0
        || !want.upstreams.is_empty();
    if asks_http && !http {
        return Err(Problem::usage(format!(
            "target {:?} is asked by {}, which has no method, header, body, status, upstream, proxy or idle connection",
            target.input, target.scheme
        ))
        .hint(format!("write http://{}:{}/", target.host, target.port)));
    }
    if !want.method.chars().all(|c| c.is_ascii_uppercase() || c == '-') {
        return Err(Problem::usage(format!("--method {:?}: a method is written in capital letters", want.method)));
    }
    if let Ok(address) = target.host.parse::<std::net::IpAddr>() {
        let family = if address.is_ipv4() { "4" } else { "6" };
        if !want.family.is_empty() && want.family != family {
            return Err(Problem::usage(format!("target {:?} has no IPv{} address", target.input, want.family)));
        }
    }
    Ok(())
}

fn certificates(file: &Path) -> Result<Vec<u8>, Problem> {
    let pem = read("--cacert", file, CERTIFICATES_BYTES)?;
    if !pem.windows(b"BEGIN CERTIFICATE".len()).any(|window| window == b"BEGIN CERTIFICATE") {
        return Err(Problem::usage(format!("--cacert {}: holds no PEM certificate", file.display())));
    }
    Ok(pem)
}

/// A file of bounded size.
pub(crate) fn read(what: &str, file: &Path, most: u64) -> Result<Vec<u8>, Problem> {
    let failed = |e: io::Error| Problem::usage(format!("{what} {}: {e}", file.display()));
    let mut bytes = Vec::new();
    File::open(file).map_err(failed)?.take(most + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > most {
        return Err(Problem::usage(format!("{what} {}: more than {} MiB", file.display(), most >> 20)));
    }
    Ok(bytes)
}

pub(crate) fn millis(time: Duration) -> u32 {
    u32::try_from(time.as_millis()).unwrap_or(u32::MAX)
}

/// Arguments of a diagnosis as another command gives them.
pub(crate) fn from_words(words: &[String]) -> Result<Diagnose, Problem> {
    use clap::Parser as _;
    let line = ["meshctl", "diagnose"].into_iter().map(str::to_owned).chain(words.iter().cloned());
    match args::Cli::try_parse_from(line).map(|cli| cli.command) {
        Ok(Some(args::Command::Diagnose(args))) => Ok(*args),
        Ok(_) => Err(Problem::usage(format!("not a diagnosis: {}", words.join(" ")))),
        Err(e) => Err(Problem::usage(e.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(line: &str) -> Result<DiagnoseRequest, Problem> {
        let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        let args = from_words(&words)?;
        let typed: Vec<String> = std::iter::once("diagnose".to_owned()).chain(words).collect();
        request(&args, &typed).map(|(request, _)| request)
    }

    #[test]
    fn flags_become_what_the_caller_wants() {
        let request = asked(
            "http://upload.lab:8080/ --body 64KiB --max-time 2s --expect 200,204 -4 --resolve 10.0.0.7 --from client,pod-a1 \
             --upstream 10.0.0.8:80 --quick --deadline 5s -H X-Key:canary",
        )
        .unwrap();
        let want = request.want.unwrap();
        assert_eq!((want.body_bytes, want.max_time_ms, want.family.as_str()), (65_536, 2_000, "4"));
        assert_eq!((want.expect_status, want.resolve), (vec![200, 204], vec!["10.0.0.7".to_owned()]));
        assert_eq!(
            (request.from, request.deadline_ms, request.quick),
            (vec!["client".into(), "pod-a1".into()], 5_000, true)
        );
        assert!(!request.command.concat().contains("canary"));
    }

    #[test]
    fn a_pasted_curl_line_is_a_request_and_own_flags_stand_above_it() {
        let request = asked("--max-time 3 -- curl -m 9 -d a=canary http://api.lab/").unwrap();
        let want = request.want.unwrap();
        assert_eq!((want.method.as_str(), want.body_bytes, want.max_time_ms), ("POST", 8, 3_000));
        assert_eq!(
            request.command,
            ["diagnose", "--max-time", "3", "--", "curl", "-m", "9", "-d", "***", "http://api.lab/"]
        );
    }

    #[test]
    fn contradictions_are_usage_errors() {
        for line in
            ["db.lab:5432 --body 1k", "http://10.0.0.7/ -6", "http://a.lab/ --method get", "tcp://a.lab:1 --expect 200"]
        {
            assert_eq!(asked(line).expect_err(line).code, Code::Usage, "{line}");
        }
    }
}
