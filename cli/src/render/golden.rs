//! What is shown, compared with files. `UPDATE=1 cargo test -p meshctl` writes them anew.

use std::{fs, path::PathBuf};

use jiff::tz::TimeZone;
use mesh_diagnosis::report::Report;

use super::{Saved, markdown, samples, style::Style, text, untrusted};

fn style(ascii: bool, color: bool, width: usize) -> Style {
    Style { ascii, color, width, zone: TimeZone::UTC }
}

fn shown(report: &Report, style: &Style) -> String {
    let saved = Saved::At("~/.local/state/meshctl/runs/7kq2m.mesh".to_owned());
    let cleaned = untrusted::cleaned(report, style.ascii).unwrap();
    text::report(&cleaned, text::Shown { style, verbose: false, exit: Some(1), saved: &saved, squeeze: 0 })
}

fn same(name: &str, text: &str) {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&file, text).unwrap();
    }
    let kept = fs::read_to_string(&file).unwrap_or_else(|e| panic!("{}: {e}; run with UPDATE=1", file.display()));
    assert_eq!(text, kept, "{name} differs; if it should, run with UPDATE=1");
}

type Case = (&'static str, fn() -> Report);
const REPORTS: [Case; 3] =
    [("healthy", samples::healthy), ("failing", samples::failing), ("narrowed", samples::narrowed)];

#[test]
fn reports_look_as_agreed() {
    for (name, report) in REPORTS {
        for width in [100, 80, 60] {
            same(&format!("{name}-{width}.txt"), &shown(&report(), &style(false, false, width)));
        }
        same(&format!("{name}-ascii.txt"), &shown(&report(), &style(true, false, 100)));
        let cleaned = untrusted::cleaned(&report(), false).unwrap();
        same(&format!("{name}.md"), &markdown::report(&cleaned, &style(false, false, 100), Some("9c1f")));
    }
}

#[test]
fn colour_only_repeats_what_is_said_without_it() {
    for (name, report) in REPORTS {
        let coloured = shown(&report(), &style(false, true, 100));
        let mut stripped = String::new();
        for (ix, part) in coloured.split('\u{1b}').enumerate() {
            stripped.push_str(if ix == 0 { part } else { part.split_once('m').map_or("", |(_, rest)| rest) });
        }
        assert_eq!(stripped, shown(&report(), &style(false, false, 100)), "{name}");
    }
    assert!(shown(&samples::failing(), &style(false, true, 100)).contains("\u{1b}[1;4;31m╳"));
}

#[test]
fn ascii_is_seven_bit_and_nothing_is_wider_than_its_terminal() {
    for (name, report) in REPORTS {
        let ascii = shown(&report(), &style(true, false, 100));
        assert!(ascii.is_ascii(), "{name}");
        for width in [100, 80] {
            for line in shown(&report(), &style(false, false, width)).lines() {
                assert!(super::style::columns(line) <= width, "{name} at {width}: {line}");
            }
        }
    }
}

#[test]
fn five_hundred_nodes_fit_forty_lines() {
    assert!(shown(&samples::failing(), &style(false, false, 100)).lines().count() <= 40);
    assert!(shown(&samples::healthy(), &style(false, false, 100)).lines().count() <= 14);
}

/// 200 nodes with three Pods each; what node worker-17 forwards is lost. Every section has more to say than a screen holds.
#[test]
fn eight_hundred_vantages_fit_forty_lines_of_eighty_columns() {
    let report = samples::fleet();
    let text = shown(&report, &style(false, false, 80));
    assert!(text.lines().count() <= 40, "{}\n{text}", text.lines().count());
    assert!(text.lines().all(|line| super::style::columns(line) <= 80), "{text}");
    for said in ["@ node/worker-17", "the 3 Pods of node/worker-17", "(3 of 800", "(+199 alike)", "(+2 alike)"] {
        assert!(text.contains(said), "{said}: {text}");
    }
    let cleaned = untrusted::cleaned(&report, false).unwrap();
    let markdown = markdown::report(&cleaned, &style(false, false, 80), None);
    let above = markdown.split("<details>").next().unwrap_or_default();
    assert!(above.lines().count() <= 40 && above.contains("(+199 alike)"), "{above}");
    let all = text::report(
        &cleaned,
        text::Shown { style: &style(false, false, 80), verbose: true, exit: None, saved: &Saved::Shown, squeeze: 0 },
    );
    assert!(all.lines().count() > 40, "control: --verbose says everything");
}
