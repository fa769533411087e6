//! Scenarios through the real binaries, and how right they were.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::lab::{
    exec, inject, keep,
    lane::Lane,
    scenario::{Answer, Scenario},
    services, topology,
};

/// Which vantages there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub enum View {
    /// Every host.
    Full,
    /// Those of the asking hosts where somebody can put a prober (no router, edge or server), and the cluster's API.
    Typical,
    /// The first that asks, alone.
    ClientOnly,
}

impl View {
    pub fn name(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Typical => "typical",
            Self::ClientOnly => "client-only",
        }
    }

    fn expects(self, scenario: &Scenario) -> Option<&Answer> {
        match self {
            Self::Full => Some(&scenario.expect.full),
            Self::Typical => Some(scenario.expect.typical.as_ref().unwrap_or(&scenario.expect.full)),
            Self::ClientOnly => scenario.expect.client_only.as_ref(),
        }
    }

    /// The hosts that ask in this view. The first always does.
    fn asking(self, from: &[String]) -> Vec<&str> {
        let own = |vantage: &str| {
            vantage == "host/client" || ["ext/", "node/", "pod/"].iter().any(|kind| vantage.starts_with(kind))
        };
        let everyday = |host: &str| topology::vantage(host).is_some_and(own);
        let (first, others) = from.split_first().map_or(("client", from), |(first, others)| (first.as_str(), others));
        let others = others.iter().map(String::as_str).filter(|host| match self {
            Self::Full => true,
            Self::Typical => everyday(host),
            Self::ClientOnly => false,
        });
        std::iter::once(first).chain(others).collect()
    }
}

/// What was answered.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Given {
    pub status: String,
    pub location: Option<String>,
    pub causes: Vec<String>,
    pub between: Vec<String>,
    pub noticed: Vec<String>,
    pub summary: String,
    pub exit: i32,
}

/// One scenario in one view.
#[expect(clippy::struct_excessive_bools, reason = "each is a column of the score")]
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Case {
    pub name: String,
    pub view: String,
    pub expected: Value,
    pub answered: Given,
    /// proved, likely, possible of the first finding.
    pub certainty: Option<String>,
    pub seconds: f64,
    pub bundle: Option<String>,
    /// The scenario says what is right in this view.
    pub checked: bool,
    pub right: bool,
    /// What is not as expected.
    pub why: Vec<String>,
    pub faulty: bool,
    pub boundary_top1: bool,
    pub boundary_top3: bool,
    pub cause_top1: bool,
    pub false_alarm: bool,
    pub proved_wrong: bool,
    pub honest: bool,
}

/// The prober's ceiling lets two requests with a body pass a second; a person asks less often than this lab.
const UPLOADS: Duration = Duration::from_millis(2_500);

/// Runs one scenario in the given views, between two controls.
pub fn scenario(
    lane: &mut Lane,
    scenario: &Scenario,
    views: &[View],
    save: &Path,
    keep: Option<&Path>,
) -> io::Result<Vec<Case>> {
    control(lane, scenario, save, "before")?;
    let injected = inject::inject(&lane.network, &mut lane.daemons, scenario)?;
    let mut cases = Vec::new();
    for (number, view) in views.iter().enumerate() {
        if number > 0 && scenario.diagnose.args.iter().any(|argument| argument == "--body") {
            thread::sleep(UPLOADS);
        }
        lane.forget_neighbours()?;
        cases.push(case(lane, scenario, *view, save, keep));
    }
    injected.undo(&lane.network, &mut lane.daemons)?;
    if let Err(differs) = lane.settle()? {
        return Err(io::Error::other(format!("{}: not undone: {differs}", scenario.name)));
    }
    control(lane, scenario, save, "after")?;
    cases.into_iter().collect()
}

fn control(lane: &Lane, scenario: &Scenario, save: &Path, when: &str) -> io::Result<()> {
    let target = scenario.control.target.as_ref().unwrap_or(&scenario.diagnose.target);
    let arguments = scenario.control.args.as_ref().unwrap_or(&scenario.diagnose.args);
    let (report, given) = ask(lane, target, arguments, &scenario.diagnose.from, View::Typical, save)?;
    drop(report);
    if given.exit == scenario.control.exit {
        return Ok(());
    }
    Err(io::Error::other(format!(
        "{}: the control {when} it ended with {}: {}",
        scenario.name, given.exit, given.summary
    )))
}

/// Asks through the real command, inside the first asking host.
pub fn ask(
    lane: &Lane,
    target: &str,
    arguments: &[String],
    from: &[String],
    view: View,
    save: &Path,
) -> io::Result<(Value, Given)> {
    let output = command(lane, target, arguments, from, view, save, "json")?.output()?;
    let report: Value = serde_json::from_slice(&output.stdout).map_err(|e| {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        io::Error::other(format!("meshctl diagnose {target}: no JSON ({e}): {said}"))
    })?;
    let given = given(&report, output.status.code().unwrap_or(-1));
    Ok((report, given))
}

/// The command line of one question.
pub fn command(
    lane: &Lane,
    target: &str,
    arguments: &[String],
    from: &[String],
    view: View,
    save: &Path,
    format: &str,
) -> io::Result<std::process::Command> {
    let first = from.first().map_or("client", String::as_str);
    let host = lane.network.host(first)?;
    let mut command = exec::with_etc(host, &lane.files.etc(first), &services::binary("meshctl")?);
    command.args(["diagnose", target, "-o", format, "--ci"]).arg("--runs-dir").arg(save);
    let ca = lane.files.folder.join("certs/ca.pem").display().to_string();
    command.args(arguments.iter().map(|argument| argument.replace("{ca}", &ca)));
    let asks = view.asking(from);
    for (name, vantage) in topology::HOSTS {
        if view == View::Full || asks.contains(&name) {
            command.arg("--vantage").arg(format!("{vantage}=unix:{}", lane.socket(name).display()));
        }
    }
    let ids: Vec<&str> = asks.iter().filter_map(|name| topology::vantage(name)).collect();
    command.args(["--from", &ids.join(",")]);
    if view != View::ClientOnly {
        command.arg("--cluster-state").arg(lane.daemons.cluster_path());
    }
    Ok(command)
}

fn texts(value: &Value, pointer: &str, key: &str) -> Vec<String> {
    let list = value.pointer(pointer).and_then(Value::as_array).cloned().unwrap_or_default();
    list.iter().filter_map(|item| item.get(key).and_then(Value::as_str).map(str::to_owned)).collect()
}

fn given(report: &Value, exit: i32) -> Given {
    let text = |pointer: &str| report.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
    let findings = report.pointer("/verdict/boundaries").and_then(Value::as_array).cloned().unwrap_or_default();
    let slug = |finding: &Value| {
        let part = |key: &str| finding.get(key).and_then(Value::as_str).unwrap_or("").to_owned();
        format!("{}/{}", part("boundary"), part("cause"))
    };
    let between = findings.first().and_then(|finding| finding.get("between")).and_then(Value::as_array);
    Given {
        status: text("/verdict/status").unwrap_or_default(),
        location: text("/verdict/location"),
        causes: findings.iter().map(slug).collect(),
        between: between.into_iter().flatten().filter_map(Value::as_str).map(bare).collect(),
        noticed: texts(report, "/verdict/noticed", "text"),
        summary: text("/verdict/summary").or_else(|| text("/message")).unwrap_or_default(),
        exit,
    }
}

/// A vantage's name without its kind: scenarios write host names.
fn bare(id: &str) -> String {
    id.rsplit('/').next().unwrap_or(id).to_owned()
}

fn boundary(slug: &str) -> &str {
    slug.split('/').next().unwrap_or(slug)
}

fn case(lane: &Lane, scenario: &Scenario, view: View, save: &Path, keep: Option<&Path>) -> io::Result<Case> {
    let began = Instant::now();
    let asked = &scenario.diagnose;
    let (report, given) = ask(lane, &asked.target, &asked.args, &asked.from, view, save)?;
    let seconds = began.elapsed().as_secs_f64();
    let run = report.pointer("/run/id").and_then(Value::as_str).map(str::to_owned);
    let bundle = run.map(|run| save.join(format!("{run}.mesh")));
    if let (Some(folder), Some(bundle)) = (keep, &bundle) {
        keep::keep(folder, scenario, view.name(), bundle)?;
    }
    let bundle = bundle.map(|path| path.display().to_string());
    let certainty = report.pointer("/verdict/boundaries/0/certainty").and_then(Value::as_str).map(str::to_owned);
    let truth = Truth::of(scenario);
    let faulty = scenario.expect.full.status == "failing";
    let why = view.expects(scenario).map(|answer| differences(answer, &given)).unwrap_or_default();
    let first = given.causes.first().cloned().unwrap_or_default();
    let narrowed = given.location.as_deref() == Some("narrowed");
    let named = truth.causes.contains(&first);
    let proved_wrong = certainty.as_deref() == Some("proved") && (!faulty || !named);
    let top1 = if narrowed { truth.shared(&given.causes) } else { truth.boundary(&first) };
    let among = view.expects(scenario).map(|answer| answer.among.as_slice()).unwrap_or_default();
    let right_cause = if narrowed { !among.is_empty() && same_set(among, &given.causes) } else { named };
    Ok(Case {
        name: scenario.name.clone(),
        view: view.name().to_owned(),
        expected: expected_json(view.expects(scenario)),
        certainty,
        seconds,
        bundle,
        checked: view.expects(scenario).is_some(),
        right: why.is_empty(),
        why,
        faulty,
        boundary_top1: faulty && top1,
        boundary_top3: faulty && given.causes.iter().take(3).any(|slug| truth.boundary(slug)),
        cause_top1: faulty && right_cause,
        false_alarm: !faulty && (given.status == "failing" || !given.causes.is_empty()),
        proved_wrong,
        honest: if faulty {
            named || (narrowed && given.causes.iter().any(|slug| truth.causes.contains(slug)))
        } else {
            given.causes.is_empty()
        },
        answered: given,
    })
}

/// What is really broken: the cause, or those that even every vantage can't separate.
struct Truth {
    causes: Vec<String>,
}

impl Truth {
    fn of(scenario: &Scenario) -> Self {
        let full = &scenario.expect.full;
        Self { causes: full.cause.as_ref().map_or_else(|| full.among.clone(), |cause| vec![cause.clone()]) }
    }

    fn boundary(&self, slug: &str) -> bool {
        self.causes.iter().any(|cause| boundary(cause) == boundary(slug))
    }

    /// Several answers count as a boundary when all share it.
    fn shared(&self, slugs: &[String]) -> bool {
        slugs
            .first()
            .is_some_and(|first| self.boundary(first) && slugs.iter().all(|slug| boundary(slug) == boundary(first)))
    }
}

fn same_set(a: &[String], b: &[String]) -> bool {
    let sorted = |slugs: &[String]| slugs.iter().cloned().collect::<std::collections::BTreeSet<_>>();
    sorted(a) == sorted(b)
}

fn expected_json(answer: Option<&Answer>) -> Value {
    answer.map_or(Value::Null, |answer| {
        serde_json::json!({"status": answer.status, "location": answer.location, "cause": answer.cause,
                           "among": answer.among, "segment": answer.segment, "note": answer.note})
    })
}

/// What of an answer is not as expected.
fn differences(expected: &Answer, given: &Given) -> Vec<String> {
    let mut why = Vec::new();
    if expected.status != given.status {
        why.push(format!("status {} instead of {}", given.status, expected.status));
    }
    if expected.location.is_some() && expected.location != given.location {
        let word = |location: &Option<String>| location.clone().unwrap_or_else(|| "none".to_owned());
        why.push(format!("location {} instead of {}", word(&given.location), word(&expected.location)));
    }
    if let Some(cause) = &expected.cause
        && given.causes.first() != Some(cause)
    {
        why.push(format!("{} instead of {cause}", given.causes.first().map_or("no cause", String::as_str)));
    }
    if !expected.among.is_empty() && !same_set(&expected.among, &given.causes) {
        why.push(format!("among {:?} instead of {:?}", given.causes, expected.among));
    }
    if !expected.segment.is_empty() && expected.segment != given.between {
        why.push(format!("between {:?} instead of {:?}", given.between, expected.segment));
    }
    if let Some(note) = &expected.note
        && !given.noticed.iter().any(|text| text.contains(note.as_str()))
    {
        why.push(format!("{note:?} was not noticed: {:?}", given.noticed));
    }
    why
}

/// The figures of a run.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Score {
    pub scenarios: usize,
    pub boundary_top1: f64,
    pub boundary_top3: f64,
    pub cause_top1: f64,
    pub false_alarms: usize,
    pub proved_wrong: usize,
    /// Of the cases that are expected to fail, those whose first finding is proved.
    pub proved: f64,
    pub honest: f64,
    pub median_seconds: f64,
    pub median_seconds_healthy: f64,
    pub cases: Vec<Case>,
}

fn median(mut seconds: Vec<f64>) -> f64 {
    seconds.sort_by(f64::total_cmp);
    seconds.get(seconds.len() / 2).copied().unwrap_or(0.0)
}

#[expect(clippy::cast_precision_loss, reason = "counts of scenarios")]
fn fraction(count: usize, of: usize) -> f64 {
    if of == 0 { 1.0 } else { count as f64 / of as f64 }
}

/// Adds up; fractions are over the cases that are expected to fail.
pub fn score(cases: Vec<Case>) -> Score {
    let faulty: Vec<&Case> = cases.iter().filter(|case| case.faulty).collect();
    let count = |pick: fn(&Case) -> bool| faulty.iter().filter(|case| pick(case)).count();
    let healthy = cases.iter().filter(|case| !case.faulty).map(|case| case.seconds).collect();
    Score {
        scenarios: cases.iter().map(|case| case.name.as_str()).collect::<std::collections::BTreeSet<_>>().len(),
        boundary_top1: fraction(count(|case| case.boundary_top1), faulty.len()),
        boundary_top3: fraction(count(|case| case.boundary_top3), faulty.len()),
        cause_top1: fraction(count(|case| case.cause_top1), faulty.len()),
        false_alarms: cases.iter().filter(|case| case.false_alarm).count(),
        proved_wrong: cases.iter().filter(|case| case.proved_wrong).count(),
        proved: fraction(count(|case| case.certainty.as_deref() == Some("proved")), faulty.len()),
        honest: fraction(cases.iter().filter(|case| case.honest).count(), cases.len()),
        median_seconds: median(faulty.iter().map(|case| case.seconds).collect()),
        median_seconds_healthy: median(healthy),
        cases,
    }
}

/// Least figures by view: `[full] boundary_top1 = 1.0 …`, and most of `false_alarms`, `proved_wrong`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Floor {
    pub boundary_top1: f64,
    pub cause_top1: f64,
    pub honest: f64,
    #[serde(default)]
    pub false_alarms: usize,
    #[serde(default)]
    pub proved_wrong: usize,
    #[serde(default)]
    pub proved: f64,
    /// Fraction of cases exactly as their scenario says, of those about which it says something.
    pub right: f64,
}

/// Reads floors by view.
pub fn floors(path: &PathBuf) -> io::Result<BTreeMap<String, Floor>> {
    let text = fs::read_to_string(path)?;
    toml::from_str(&text).map_err(|e| io::Error::other(format!("{}: {e}", path.display())))
}

/// What lies below a floor.
pub fn below(score: &Score, floor: &Floor) -> Vec<String> {
    let checked: Vec<&Case> = score.cases.iter().filter(|case| case.checked).collect();
    let right = fraction(checked.iter().filter(|case| case.right).count(), checked.len());
    let mut found = Vec::new();
    for (name, value, least) in [
        ("boundary_top1", score.boundary_top1, floor.boundary_top1),
        ("cause_top1", score.cause_top1, floor.cause_top1),
        ("honest", score.honest, floor.honest),
        ("proved", score.proved, floor.proved),
        ("right", right, floor.right),
    ] {
        if value < least - 1e-9 {
            found.push(format!("{name} {value:.3} is below {least:.3}"));
        }
    }
    if score.false_alarms > floor.false_alarms {
        found.push(format!("{} false alarms", score.false_alarms));
    }
    if score.proved_wrong > floor.proved_wrong {
        found.push(format!("{} wrong and proved", score.proved_wrong));
    }
    found
}
