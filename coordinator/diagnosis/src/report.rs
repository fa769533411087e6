//! The report: what a run found, as one JSON document. Within an `apiVersion` fields are only added, never renamed.
//!
//! Durations are integers with the unit in the name; times are RFC 3339 with an offset; error strings are exact.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Version of the document until the accuracy work is done; `probemesh/v1` afterwards.
pub const API_VERSION: &str = "probemesh/v1alpha1";

/// A whole report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    #[serde(rename = "apiVersion")]
    pub api_version: String,
    /// Always `Report`.
    pub kind: String,
    pub run: Run,
    pub target: TargetInfo,
    pub verdict: Verdict,
    /// From the vantage that failed towards the target, as far as known; empty when nothing is known of it.
    pub path: Vec<PathNode>,
    pub vantages: Vec<VantageInfo>,
    pub results: Vec<StageResult>,
    pub evidence: Vec<Evidence>,
    pub ruled_out: Vec<RuledOut>,
    /// Rights or features that were missing, one per line of the report, deduplicated over vantages.
    pub could_not_look: Vec<CouldNotLook>,
    pub next: Vec<Next>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Run {
    pub id: String,
    /// RFC 3339 in UTC.
    pub started_at: String,
    pub duration_ms: u64,
    pub command: Vec<String>,
    pub tool_version: String,
    pub rules_version: u32,
    pub status: RunStatus,
    pub rounds: u32,
    pub probes: u32,
    /// Vantages that were named and could not be reached, with the reason.
    pub unreachable: Vec<String>,
    /// What a reader must know of the run beside: items that came late, items that contradict each other.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// The run that this one continues.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub continues: Option<Continues>,
    /// Of the first round that asks the target; absent where fewer than two vantages asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub synchrony: Option<Synchrony>,
}

/// How well the vantages' starts were synchronised. Durations are microseconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Synchrony {
    pub round: u32,
    /// Vantages that started together; those of `apart` are not among them.
    pub vantages: u32,
    /// 99 % of their starts lie within this time; of fewer than a hundred, all.
    pub within_us: u64,
    /// Each of them is known to ± this.
    pub bound_us: u64,
    /// Vantages that are left out where answers are compared in time.
    pub apart: Vec<Apart>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Apart {
    pub vantage: String,
    /// "its clock is known to ± 620 ms".
    pub reason: String,
}

/// An earlier run, to which this one adds. Vantages that can be asked again were asked again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Continues {
    pub run: String,
    /// From its oldest evidence to the start of this run; absent when it had none.
    pub evidence_age_ms: Option<u64>,
    /// Vantages that are judged by its evidence.
    pub not_asked_again: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RunStatus {
    Complete,
    Interrupted,
    TimedOut,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TargetInfo {
    pub input: String,
    pub scheme: String,
    pub host: String,
    pub port: u16,
    pub path: String,
    /// Every address any vantage was given, in order of first sight.
    pub addresses: Vec<String>,
}

/// Does it work from there?
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Healthy,
    /// Works, with a finding.
    Degraded,
    Failing,
    /// Nothing could be asked of the target.
    Unknown,
}

/// Is it known where it breaks?
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Location {
    /// The bundle holds the contradiction of every other cause of the class.
    Proved,
    /// One cause agrees with everything seen; nothing independent contradicts the others yet.
    Likely,
    /// A set of causes that the vantages at hand cannot separate.
    Narrowed,
    Open,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    Proved,
    Likely,
    Possible,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Verdict {
    pub status: Status,
    /// Absent when the status is healthy or unknown: nothing breaks, or nothing was asked.
    pub location: Option<Location>,
    /// One sentence for people.
    pub summary: String,
    /// Empty when healthy. More than one only when `location` is `narrowed` or `open`.
    pub boundaries: Vec<Finding>,
    /// What would separate the findings that could not be separated.
    pub open: Vec<OpenQuestion>,
    /// Things worth knowing that are not a fault of the target.
    pub noticed: Vec<Noticed>,
    /// Where it fails and where it does not; none where few vantages ask or all stand alike.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<Scope>,
    /// Attributes that separate failing rows from passing ones ("vantage", "address", "size" …).
    pub separated_by: Vec<Separator>,
    /// For faults that come and go.
    pub rate: Option<Rate>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    pub boundary: String,
    /// Absent = the boundary is known, the cause is not.
    pub cause: Option<String>,
    /// A vantage id, a host, or `A → B`.
    pub segment: Option<String>,
    /// The two ends of the segment, when it has two.
    pub between: Vec<String>,
    pub certainty: Certainty,
    /// Ids of the evidence this rests on.
    pub because: Vec<String>,
    /// Why it is proved, likely or possible, in a few words.
    pub reason: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OpenQuestion {
    pub boundary: String,
    pub cause: Option<String>,
    /// What this cause would mean here, one sentence.
    pub meaning: String,
    pub decided_by: Vec<Decider>,
}

/// A vantage or probe that would split a set of causes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Decider {
    /// In words: "a prober on 10.0.0.7 (its listeners)".
    pub what: String,
    /// A command to paste, when there is one.
    pub command: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Noticed {
    pub text: String,
    pub because: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Separator {
    /// Column of the contrast table.
    pub attribute: String,
    pub failing: Vec<String>,
    pub passing: Vec<String>,
    /// It predicted a new probe of a later round.
    pub confirmed: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Rate {
    pub failed: u32,
    pub of: u32,
    /// 95 % interval of the fraction (Wilson).
    pub low: f64,
    pub high: f64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PathNode {
    /// Vantage id, host name or address.
    pub id: String,
    pub address: Option<String>,
    pub mtu: Option<u32>,
    /// The break lies directly after this node.
    pub broken_after: bool,
    /// Words to show below the node: "last to answer".
    pub note: Option<String>,
}

/// How many vantages a failure is seen from, and which.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Scope {
    pub failing: u32,
    pub passing: u32,
    /// From which nothing could be told.
    pub unknown: u32,
    /// Machines that the failing ones stand on; a node and its Pods are one.
    pub machines: u32,
    /// "the 3 Pods of node/worker-17, which itself passes".
    pub summary: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct VantageInfo {
    pub id: String,
    pub kind: String,
    /// Vantages that share it are one witness.
    pub witness: String,
    pub capabilities: Vec<String>,
    pub clock_offset_us: i64,
    pub clock_bound_us: u64,
    pub observer: bool,
    /// Other vantages of the kind with the same outcomes; listed at the first of them, the others name that one alone.
    pub alike: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    Dns,
    Route,
    Tcp,
    Tls,
    Http,
    Icmp,
    Pmtu,
    Mss,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Pass,
    Fail,
    Degraded,
    NotReached,
    NotAsked,
    CouldNotLook,
    Intercepted,
}

/// One cell of the matrix: one vantage, one address, one stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StageResult {
    pub vantage: String,
    /// Address asked; absent for the name's resolution.
    pub address: Option<String>,
    /// Variant of the question when it was not the plain one: "upstream 10.0.0.7:8080", "port 80".
    pub via: Option<String>,
    pub stage: Stage,
    pub outcome: Outcome,
    /// Short form for a cell: "200", "1500", "refused", "timeout".
    pub label: String,
    /// Exact text, or which right is missing.
    pub reason: Option<String>,
    /// errno name, alert name, rcode, "timeout" …
    pub error_type: Option<String>,
    pub duration_us: Option<u64>,
    pub evidence: Vec<String>,
}

/// One observation, in the words a person needs; the wire form is in the bundle under the same round, vantage and task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Evidence {
    pub id: String,
    /// RFC 3339, the prober's clock.
    pub at: String,
    pub source: String,
    pub round: u32,
    pub task: String,
    /// "tcp connect 10.0.0.7:443".
    pub asked: String,
    pub outcome: Outcome,
    /// What was seen, one line.
    pub seen: String,
    pub name: Option<String>,
    pub address: Option<String>,
    pub port: Option<u16>,
    pub protocol: Option<String>,
    /// Exact error text.
    pub error: Option<String>,
    pub errno: Option<i32>,
    pub errno_name: Option<String>,
    pub duration_us: u64,
    /// Only shown in full listings; not cited by the verdict, the ruled-out lines or what was noticed.
    pub cited: bool,
    pub caveats: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RuledOut {
    pub boundary: String,
    /// Absent = the whole boundary.
    pub cause: Option<String>,
    pub why: String,
    pub because: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct CouldNotLook {
    /// "icmp", "firewall rules" …
    pub what: String,
    /// Missing right or feature, and what would give it.
    pub missing: String,
    pub vantages: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NextKind {
    /// A command that changes nothing.
    Look,
    /// Something the reader may decide to do.
    Change,
    Read,
    /// Ask again from elsewhere.
    Ask,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Next {
    pub kind: NextKind,
    pub text: String,
    pub command: Option<String>,
}

/// JSON Schema (2020-12) of [`Report`].
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Report).to_value()
}

/// What a reader of a change of the rules wants to see of a report: the verdict without the evidence.
pub fn gist(report: &Report) -> serde_json::Value {
    serde_json::json!({
        "status": report.verdict.status,
        "location": report.verdict.location,
        "summary": report.verdict.summary,
        "boundaries": report.verdict.boundaries,
        "ruled_out": report.ruled_out,
    })
}
