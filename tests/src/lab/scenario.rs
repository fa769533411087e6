//! Scenarios are data: one TOML file each; an unknown key is an error that names the file, the line and what is allowed.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use serde::Deserialize;

mod twin;

/// A fault, a question, and the right answer.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// Folder and file name without its ending: `path-mtu/blackhole-upload`.
    #[serde(skip)]
    pub name: String,
    pub title: String,
    #[serde(default = "standard")]
    pub topology: String,
    /// Public report it follows.
    #[serde(default)]
    pub source: Option<String>,
    pub diagnose: Diagnose,
    #[serde(default)]
    pub inject: Vec<Inject>,
    #[serde(default)]
    pub control: Control,
    /// Ask over IPv6 as well: the same scenario again, named with `-v6`, with the lab's IPv6 addresses in its rules.
    #[serde(default)]
    pub ipv6: bool,
    pub expect: Expect,
}

fn standard() -> String {
    "standard".to_owned()
}

/// The question.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Diagnose {
    pub target: String,
    /// Hosts that ask, by name.
    pub from: Vec<String>,
    /// Further arguments; `{ca}` is the lab authority's file.
    #[serde(default)]
    pub args: Vec<String>,
}

/// What must be healthy before and after: the question itself unless another is given.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Control {
    pub target: Option<String>,
    pub args: Option<Vec<String>>,
    /// Exit code that counts as good; 0 unless given.
    #[serde(default)]
    pub exit: i32,
}

/// One act on one host, undone exactly afterwards.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inject {
    /// A host, or `kube-api`.
    pub on: String,
    /// `add rule inet fault CHAIN …`; the table is made before and deleted afterwards.
    pub nft: Option<String>,
    /// Arguments of ip(8); needs `undo`.
    pub ip: Option<String>,
    /// `key = value` below /proc/sys/net; the old value is put back.
    pub sysctl: Option<String>,
    /// Arguments of tc(8); needs `undo`.
    pub tc: Option<String>,
    /// A command line; needs `undo`.
    pub run: Option<String>,
    pub undo: Option<String>,
    /// `stop unbound`, `stop nginx`, `stop haproxy`; started again afterwards.
    pub service: Option<String>,
    /// Text of the host's resolv.conf; the usual one is put back.
    pub resolv: Option<String>,
    /// A variant of the cluster's state: `empty-endpoints`, `ingress-policy`, `egress-policy`.
    pub cluster: Option<String>,
}

/// The right answer, with all vantages; views may expect something else.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    #[serde(flatten)]
    pub full: Answer,
    pub typical: Option<Answer>,
    #[serde(rename = "client-only")]
    pub client_only: Option<Answer>,
}

/// An answer.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Answer {
    pub status: String,
    #[serde(default)]
    pub location: Option<String>,
    #[serde(default)]
    pub cause: Option<String>,
    /// The set that can't be separated.
    #[serde(default)]
    pub among: Vec<String>,
    /// Names of the two ends, or of the one place.
    #[serde(default)]
    pub segment: Vec<String>,
    /// Must be part of something noticed.
    #[serde(default)]
    pub note: Option<String>,
}

/// Why a scenario can't be used.
#[derive(Debug, thiserror::Error)]
pub enum ScenarioError {
    #[error("{path}: {source}")]
    Read { path: PathBuf, source: io::Error },
    #[error("{path}: {source}")]
    Toml { path: PathBuf, source: Box<toml::de::Error> },
    #[error("{path}: {what}")]
    Content { path: PathBuf, what: String },
}

/// Reads one scenario.
pub fn read(path: &Path, name: &str) -> Result<Scenario, ScenarioError> {
    let text = fs::read_to_string(path).map_err(|source| ScenarioError::Read { path: path.to_owned(), source })?;
    let content = |what: String| ScenarioError::Content { path: path.to_owned(), what };
    known_keys(&text).map_err(content)?;
    let mut scenario: Scenario =
        toml::from_str(&text).map_err(|source| ScenarioError::Toml { path: path.to_owned(), source: source.into() })?;
    name.clone_into(&mut scenario.name);
    check(&scenario).map_err(content)?;
    Ok(scenario)
}

/// Keys of an answer; `deny_unknown_fields` does not reach through a flattened table.
fn known_keys(text: &str) -> Result<(), String> {
    const ANSWER: [&str; 6] = ["status", "location", "cause", "among", "segment", "note"];
    // What is no TOML at all is told by the typed reader, with its line.
    let Ok(table) = text.parse::<toml::Table>() else { return Ok(()) };
    let line = |key: &str| {
        let at = text.lines().position(|line| line.split('=').next().is_some_and(|name| name.trim() == key));
        at.map_or(String::new(), |at| format!("line {}: ", at + 1))
    };
    let Some(expect) = table.get("expect").and_then(toml::Value::as_table) else { return Ok(()) };
    for (key, value) in expect {
        let view = ["typical", "client-only"].contains(&key.as_str());
        if view {
            let inner = value.as_table().map(|table| table.keys().cloned().collect::<Vec<_>>()).unwrap_or_default();
            if let Some(bad) = inner.iter().find(|key| !ANSWER.contains(&key.as_str())) {
                return Err(format!(
                    "{}unknown key `{bad}` in [expect.{key}], expected one of {}",
                    line(bad),
                    ANSWER.join(", ")
                ));
            }
        } else if !ANSWER.contains(&key.as_str()) {
            return Err(format!(
                "{}unknown key `{key}` in [expect], expected one of {}, typical, client-only",
                line(key),
                ANSWER.join(", ")
            ));
        }
    }
    Ok(())
}

fn check(scenario: &Scenario) -> Result<(), String> {
    if scenario.topology != "standard" {
        return Err(format!("topology {:?} is not known; there is \"standard\"", scenario.topology));
    }
    if scenario.diagnose.from.is_empty() {
        return Err("[diagnose] from names nobody".to_owned());
    }
    for host in scenario.diagnose.from.iter().chain(scenario.inject.iter().map(|inject| &inject.on)) {
        if host != "kube-api" && super::topology::vantage(host).is_none() {
            return Err(format!("no host {host:?} in the standard topology"));
        }
    }
    for inject in &scenario.inject {
        let acts = [
            &inject.nft,
            &inject.ip,
            &inject.sysctl,
            &inject.tc,
            &inject.run,
            &inject.service,
            &inject.resolv,
            &inject.cluster,
        ];
        match acts.into_iter().flatten().count() {
            1 => {}
            count => {
                return Err(format!(
                    "[[inject]] on {:?}: {count} acts; give one of nft, ip, sysctl, tc, run, service, resolv, cluster",
                    inject.on
                ));
            }
        }
        if inject.cluster.is_some() != (inject.on == "kube-api") {
            return Err(format!("[[inject]] on {:?}: cluster goes with on = \"kube-api\", and only it", inject.on));
        }
        let needs_undo = inject.ip.is_some() || inject.tc.is_some() || inject.run.is_some();
        if needs_undo && inject.undo.is_none() {
            return Err(format!("[[inject]] on {:?}: ip, tc and run need undo", inject.on));
        }
    }
    let views = [Some(&scenario.expect.full), scenario.expect.typical.as_ref(), scenario.expect.client_only.as_ref()];
    views.into_iter().flatten().try_for_each(|answer| known_words(answer).map_err(|what| format!("[expect] {what}")))
}

/// A misspelt expectation would count as the product's error.
fn known_words(answer: &Answer) -> Result<(), String> {
    const STATUS: [&str; 4] = ["healthy", "degraded", "failing", "unknown"];
    const LOCATION: [&str; 4] = ["proved", "likely", "narrowed", "open"];
    if !STATUS.contains(&answer.status.as_str()) {
        return Err(format!("status {:?}: there are {}", answer.status, STATUS.join(", ")));
    }
    if let Some(location) = answer.location.as_deref().filter(|location| !LOCATION.contains(location)) {
        return Err(format!("location {location:?}: there are {}", LOCATION.join(", ")));
    }
    if let Some(cause) = answer.cause.iter().chain(&answer.among).find(|cause| cause.split('/').count() != 2) {
        return Err(format!("cause {cause:?}: write BOUNDARY/CAUSE"));
    }
    if let Some(host) = answer.segment.iter().find(|host| super::topology::vantage(host).is_none()) {
        return Err(format!("segment: no host {host:?} in the standard topology"));
    }
    Ok(())
}

/// Every scenario below a folder, by name; `glob` with `*` for any run of characters.
pub fn all(folder: &Path, glob: Option<&str>) -> Result<Vec<Scenario>, ScenarioError> {
    let mut found = BTreeMap::new();
    walk(folder, folder, &mut found)?;
    found
        .into_iter()
        .filter(|(name, _)| glob.is_none_or(|glob| matches(glob, name)))
        .map(|(name, path)| read(&path, &name))
        .flat_map(|scenario| match scenario {
            Ok(scenario) if scenario.ipv6 => [Ok(twin::over_ipv6(&scenario)), Ok(scenario)].into(),
            other => vec![other],
        })
        .collect()
}

fn walk(root: &Path, folder: &Path, found: &mut BTreeMap<String, PathBuf>) -> Result<(), ScenarioError> {
    let error = |source| ScenarioError::Read { path: folder.to_owned(), source };
    for entry in fs::read_dir(folder).map_err(error)? {
        let path = entry.map_err(error)?.path();
        if path.is_dir() {
            walk(root, &path, found)?;
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            let name = path.strip_prefix(root).unwrap_or(&path).with_extension("");
            found.insert(name.to_string_lossy().into_owned(), path);
        }
    }
    Ok(())
}

fn matches(glob: &str, name: &str) -> bool {
    let Some((before, after)) = glob.split_once('*') else { return glob == name };
    let Some(rest) = name.strip_prefix(before) else { return false };
    (0..=rest.len()).filter_map(|at| rest.get(at..)).any(|rest| matches(after, rest))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    fn written(extra: &str) -> PathBuf {
        // Tests run side by side in one process.
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("probemesh-scenario-{}-{number}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join("x.toml");
        let text = format!("title = \"t\"\n[diagnose]\ntarget = \"http://api.lab/\"\nfrom = [\"client\"]\n{extra}");
        fs::write(&path, text).unwrap();
        path
    }

    fn parse(extra: &str) -> Result<Scenario, String> {
        let path = written(extra);
        let scenario = read(&path, "x").map_err(|e| e.to_string());
        path.parent().map(fs::remove_dir_all).transpose().map(|_removed| ()).unwrap_or_default();
        scenario
    }

    #[test]
    fn an_unknown_key_is_an_error_that_names_it_and_what_is_allowed() {
        let error = parse("evry = 1\n[expect]\nstatus = \"healthy\"\n").unwrap_err();
        assert!(error.contains("evry") && error.contains("args"), "{error}");
        let error = parse("[expect]\nstatus = \"healthy\"\ncuase = \"x\"\n").unwrap_err();
        assert!(error.contains("cuase") && error.contains("cause"), "{error}");
        let error = parse("[[inject]]\non = \"r9\"\n[expect]\nstatus = \"healthy\"\n").unwrap_err();
        assert!(error.contains("r9"), "{error}");
    }

    #[test]
    fn a_fault_is_exactly_one_act() {
        let with = |acts: &str| parse(&format!("[[inject]]\non = \"r3\"\n{acts}[expect]\nstatus = \"healthy\"\n"));
        assert!(with("nft = \"a\"\n").is_ok());
        let error = with("").unwrap_err();
        assert!(error.contains("0 acts") && error.contains("nft"), "{error}");
        let error = with("nft = \"a\"\nservice = \"stop nginx\"\n").unwrap_err();
        assert!(error.contains("2 acts"), "{error}");
        let error = with("cluster = \"empty-endpoints\"\n").unwrap_err();
        assert!(error.contains("kube-api"), "{error}");
        let error = with("ip = \"link set edge down\"\n").unwrap_err();
        assert!(error.contains("undo"), "{error}");
    }

    #[test]
    fn a_misspelt_expectation_is_an_error_and_not_a_wrong_answer() {
        for (expect, word) in [
            ("status = \"helthy\"", "helthy"),
            ("status = \"failing\"\nlocation = \"prooved\"", "prooved"),
            ("status = \"failing\"\ncause = \"firewall-drop\"", "firewall-drop"),
            ("status = \"failing\"\nsegment = [\"r77\"]", "r77"),
            ("status = \"healthy\"\n[expect.typical]\nstatus = \"well\"", "well"),
        ] {
            let error = parse(&format!("[expect]\n{expect}\n")).unwrap_err();
            assert!(error.contains(word), "{error}");
        }
    }

    #[test]
    fn views_may_expect_something_else() {
        let text = "[expect]\nstatus = \"failing\"\ncause = \"a/b\"\n[expect.client-only]\nstatus = \"failing\"\nlocation = \"narrowed\"\n";
        let scenario = parse(text).unwrap();
        assert_eq!(scenario.expect.full.cause.as_deref(), Some("a/b"));
        assert_eq!(scenario.expect.client_only.unwrap().location.as_deref(), Some("narrowed"));
    }

    #[test]
    fn a_star_matches_any_run() {
        assert!(matches("path-mtu/*", "path-mtu/blackhole") && matches("*drop*", "firewall/drop-r3"));
        assert!(!matches("path-mtu/*", "tls/expired"));
    }
}
