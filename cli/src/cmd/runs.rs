//! `meshctl runs`: list, show, replay, compare, export, prune. Sends nothing, but to the
//! coordinator when the runs are kept there.

use std::{fs, path::Path};

use mesh_coordinator::store;
use mesh_diagnosis::report::{Location, Report, Status};
use mesh_proto::bundle::{self, Bundle};
use serde_json::json;

use super::Context;
use crate::{
    args::{Format, Prune, Runs, RunsVerb},
    exit::{self, Code, Problem},
    render::{Saved, style, table, text},
};

pub(crate) mod diff;
mod export;
mod source;

use source::{Listed, Source};

/// Runs shown in a list; the folder's newest.
const LISTED: usize = 50;
/// Largest bundle, as its reader has it.
const BUNDLE_BYTES: u64 = bundle::FILE_BYTES as u64;

pub(crate) async fn run(args: &Runs, cx: &Context) -> Result<Code, Problem> {
    let verb = args.verb.as_ref().unwrap_or(&RunsVerb::List);
    let flag = args.kept.runs_dir.as_ref();
    if let RunsVerb::Prune(args) = verb {
        if let (Some(address), None) = (&cx.global.coordinator, flag) {
            return Err(Problem::usage(format!("the coordinator at {address} removes old runs by itself"))
                .hint("without --coordinator, or with --runs-dir DIR, runs of a folder are removed"));
        }
        return prune(args, cx.runs_dir(flag).as_deref(), cx);
    }
    let source = Source::of(flag, cx).await?;
    match verb {
        RunsVerb::List => Ok(list(&source.list().await?, cx)),
        RunsVerb::Show { run } => {
            let (bundle, _) = source.open(run).await?;
            let report = stored(&bundle)?;
            cx.out.report(&report, &bundle.report, None, &Saved::Shown)?;
            Ok(Code::Good)
        }
        RunsVerb::Replay { run } => {
            let (bundle, place) = source.open(run).await?;
            replay(&bundle, &place, cx)
        }
        RunsVerb::Diff { a, b } => {
            let (a, b) = (source.open(a).await?.0, source.open(b).await?.0);
            let diff = diff::of(&stored(&a)?, &stored(&b)?);
            cx.out.diff(&diff)?;
            Ok(if diff.same_verdict { Code::Good } else { Code::Failing })
        }
        RunsVerb::Export(args) => {
            let (bundle, _) = source.open(&args.run).await?;
            export::run(&bundle, args, cx)
        }
        RunsVerb::Prune(_) => Ok(Code::Good),
    }
}

fn stored(bundle: &Bundle) -> Result<Report, Problem> {
    serde_json::from_slice(&bundle.report)
        .map_err(|e| Problem::could_not_run(format!("the bundle's report can't be read: {e}")))
}

fn replay(bundle: &Bundle, place: &str, cx: &Context) -> Result<Code, Problem> {
    let judged = mesh_diagnosis::replay(bundle).map_err(|e| Problem::could_not_run(format!("bundle {place}: {e}")))?;
    let bytes = serde_json::to_vec_pretty(&judged).map_err(|e| Problem::could_not_run(format!("report: {e}")))?;
    let code = exit::of(&judged, cx.global.fail_on);
    let same = bytes == bundle.report;
    let (then, ours) = (bundle.rules_version, mesh_diagnosis::RULES_VERSION);
    if same {
        cx.out.note(&format!("replayed by rules {ours}: the report is equal to the byte"));
    } else if then == ours {
        cx.out.note(&format!(
            "replayed by rules {ours}: the report differs from the stored one: altered, or another build"
        ));
    } else {
        cx.out.note(&format!("written by rules {then}, replayed by rules {ours}; both verdicts:"));
    }
    if !same {
        cx.out.note(&format!("  stored  {}", stored(bundle).map_or_else(|problem| problem.message, |r| verdict(&r))));
        cx.out.note(&format!("  now     {}", verdict(&judged)));
    }
    cx.out.report(&judged, &bytes, Some(code.number()), &Saved::Shown)?;
    Ok(code)
}

pub(super) fn word(status: Status) -> &'static str {
    match status {
        Status::Healthy => "HEALTHY",
        Status::Degraded => "DEGRADED",
        Status::Failing => "FAILING",
        Status::Unknown => "UNKNOWN",
    }
}

/// "FAILING path-mtu/blackhole @ r1 -> r2".
fn verdict(report: &Report) -> String {
    format!("{} {}", word(report.verdict.status), place(report))
}

pub(super) fn place(report: &Report) -> String {
    let Some(first) = report.verdict.boundaries.first() else { return "-".to_owned() };
    match report.verdict.location {
        Some(Location::Proved | Location::Likely) => {
            let slug = text::slug(&first.boundary, first.cause.as_ref());
            first.segment.as_ref().map_or_else(|| slug.clone(), |segment| format!("{slug} @ {segment}"))
        }
        Some(Location::Narrowed) => format!("narrowed to {} causes", report.verdict.boundaries.len()),
        _ => "open".to_owned(),
    }
}

/// What a list says about one bundle.
struct Line {
    run: String,
    at: String,
    target: String,
    status: String,
    place: String,
    error: Option<String>,
}

fn line(path: &Path) -> Line {
    let run = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let read = fs::metadata(path)
        .map_err(|e| e.to_string())
        .and_then(|meta| if meta.len() > BUNDLE_BYTES { Err("too large".to_owned()) } else { Ok(()) })
        .and_then(|()| fs::read(path).map_err(|e| e.to_string()))
        .and_then(|bytes| bundle::read(&bytes).map_err(|e| e.to_string()))
        .and_then(|bundle| stored(&bundle).map_err(|problem| problem.message));
    match read {
        Ok(report) => Line {
            run,
            at: report.run.started_at.clone(),
            target: report.target.input.clone(),
            status: word(report.verdict.status).to_lowercase(),
            place: place(&report),
            error: None,
        },
        Err(e) => Line {
            run,
            at: String::new(),
            target: String::new(),
            status: "unreadable".to_owned(),
            place: String::new(),
            error: Some(e),
        },
    }
}

fn kept_in(folder: Option<&Path>) -> Result<&Path, Problem> {
    folder.ok_or_else(|| {
        Problem::could_not_run("runs are not kept: HOME and XDG_STATE_HOME are not set")
            .hint("name a folder: meshctl runs --runs-dir DIR")
    })
}

fn prune(args: &Prune, folder: Option<&Path>, cx: &Context) -> Result<Code, Problem> {
    let folder = kept_in(folder)?;
    let failed = |e: std::io::Error| Problem::could_not_run(format!("runs in {}: {e}", folder.display()));
    let bounds = store::Bounds::age(args.older_than, usize::try_from(args.keep).unwrap_or(usize::MAX));
    let pruned = store::retain(folder, &bounds, store::LOCK_WAIT).map_err(failed)?.ok_or_else(|| {
        Problem::could_not_run(format!("runs in {}: another process is removing runs there", folder.display()))
            .hint("try again in a moment")
    })?;
    if cx.out.for_programs() {
        let fields = json!({ "folder": folder.display().to_string(), "removed": pruned.runs,
                             "removed_bytes": pruned.bytes, "kept": pruned.kept, "kept_bytes": pruned.kept_bytes });
        cx.out.document("Pruned", fields);
        return Ok(Code::Good);
    }
    let line = format!(
        "removed {}, {} kB; {} stay, {} kB",
        style::count(pruned.runs.len(), "run"),
        pruned.bytes / 1_000,
        pruned.kept,
        pruned.kept_bytes / 1_000
    );
    cx.out.stdout(&format!("{line}\n"));
    Ok(Code::Good)
}

fn list(listed: &Listed, cx: &Context) -> Code {
    let Listed { lines, kept, place } = listed;
    if cx.out.for_programs() {
        let runs: Vec<_> = lines
            .iter()
            .map(|line| {
                json!({ "run": line.run, "started_at": line.at, "target": line.target, "status": line.status,
                        "place": line.place, "error": line.error })
            })
            .collect();
        cx.out.document("Runs", json!({ "folder": place, "kept": kept, "runs": runs }));
        return Code::Good;
    }
    if lines.is_empty() {
        cx.out.note(&format!("no runs are kept in {place}"));
        return Code::Good;
    }
    let rows: Vec<Vec<String>> = lines
        .iter()
        .map(|line| {
            let place = line.error.as_ref().unwrap_or(&line.place);
            [&line.run, &cx.out.style.instant(&line.at), &line.status, &line.target, place]
                .iter()
                .map(|cell| cx.out.clean(cell))
                .collect()
        })
        .collect();
    cx.out.stdout(&table::text(&["RUN", "AT", "STATUS", "TARGET", "WHERE IT BREAKS"], &rows));
    if *kept > LISTED {
        cx.out.note(&format!("and {} older ones in {place}", kept - LISTED));
    }
    if cx.out.format == Format::Md {
        cx.out.note("-o md is offered by diagnose, demo, explain, runs show, runs diff and runs replay");
    }
    Code::Good
}
