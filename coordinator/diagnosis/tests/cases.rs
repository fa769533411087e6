//! Every kept run, judged again: same report to the byte, same verdict as the file beside it. `UPDATE=1` rewrites both
//! after a change of the rules; the difference is then read in the `.json` files.

#![expect(clippy::disallowed_methods, reason = "the test reads the cases; the crate itself reads nothing")]

use std::{
    fs,
    path::{Path, PathBuf},
};

use mesh_diagnosis::report::gist;
use mesh_proto::bundle;
use prost::Message as _;
use serde_json::Value;

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the cases folder exists") {
        let path = entry.expect("entry").path();
        if path.is_dir() {
            walk(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "mesh") {
            found.push(path);
        }
    }
}

fn cases() -> Vec<PathBuf> {
    let mut found = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("cases"), &mut found);
    found.sort();
    assert!(found.len() >= 50, "{} cases are too few: were they checked out?", found.len());
    found
}

#[test]
fn every_kept_run_is_judged_as_before() {
    let mut wrong = Vec::new();
    for path in cases() {
        let mut kept = bundle::read(&fs::read(&path).expect("read")).expect("a bundle");
        let report = mesh_diagnosis::replay(&kept).expect("replay");
        let bytes = serde_json::to_vec_pretty(&report).expect("json");
        let seen = gist(&report);
        let beside = path.with_extension("json");
        if std::env::var_os("UPDATE").is_some() {
            kept.report = bytes;
            fs::write(&path, bundle::write(&kept).expect("pack")).expect("write");
            fs::write(&beside, format!("{}\n", serde_json::to_string_pretty(&seen).expect("json"))).expect("write");
            continue;
        }
        let expected: Value = serde_json::from_slice(&fs::read(&beside).expect("the verdict beside it")).expect("json");
        if seen != expected {
            wrong.push(format!("{}: {} instead of {}", path.display(), seen["summary"], expected["summary"]));
        } else if bytes != kept.report {
            wrong.push(format!("{}: the verdict is the same, the report is not", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Leave one observation out, and nothing that is wrong may become proved.
#[test]
fn no_observation_less_makes_a_wrong_verdict_proved() {
    let mut wrong = Vec::new();
    for path in cases() {
        let kept = bundle::read(&fs::read(&path).expect("read")).expect("a bundle");
        let truth = gist(&mesh_diagnosis::replay(&kept).expect("replay"));
        for left_out in 0..kept.items.len() {
            let mut less = kept.clone();
            less.items.remove(left_out);
            let seen = gist(&mesh_diagnosis::replay(&less).expect("replay"));
            let slug = |verdict: &Value| {
                let part = |key: &str| verdict.pointer(&format!("/boundaries/0/{key}")).cloned().unwrap_or(Value::Null);
                (part("boundary"), part("cause"))
            };
            let proved = seen["location"] == "proved";
            let named_before: Vec<_> = truth["boundaries"]
                .as_array()
                .into_iter()
                .flatten()
                .map(|finding| (finding["boundary"].clone(), finding["cause"].clone()))
                .collect();
            // The rule that drops is the policy's own: without the API it is named for what it does.
            let api = kept.items.get(left_out).is_some_and(of_the_api);
            let same = |named: &(Value, Value)| {
                let (policy, drop) = ("network-policy", "drop");
                api && named.0 == "firewall" && named.1 == policy && slug(&seen) == ("firewall".into(), drop.into())
            };
            if proved && !named_before.contains(&slug(&seen)) && !named_before.iter().any(same) {
                wrong.push(format!("{} without item {left_out}: {}", path.display(), seen["summary"]));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn of_the_api(item: &mesh_proto::v1::Item) -> bool {
    let observation = mesh_proto::v1::Observation::decode(item.observation.as_slice()).expect("an observation");
    observation.cluster.is_some()
}
