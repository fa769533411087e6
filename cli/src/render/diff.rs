//! Two runs beside each other, as text and as Markdown. Compact: what does not fit is counted.

use mesh_diagnosis::report::{Location, Outcome};

use super::{
    markdown::{cell_code, code, escaped},
    matrix::stage_name,
    style::{Style, count, long_time, shorten},
    text,
};
use crate::cmd::runs::diff::{Apart, Cell, Changed, Diff, Excluded, Item, Place, Side};

/// Lines of each part. With its heads and its counts the whole stays within forty lines, one screen.
const CAUSES: usize = 6;
const RESULTS: usize = 9;
const EVIDENCE: usize = 7;
const RULED_OUT: usize = 6;
/// Rows of a part in Markdown, which is folded away where it is pasted.
const ROWS: usize = 100;

/// The difference as text; `diff` is cleaned already. `all` leaves nothing out.
pub(crate) fn text(diff: &Diff, style: &Style, all: bool) -> String {
    let most = |most: usize| if all { usize::MAX } else { most };
    let mut out = vec![side("A", &diff.a, style), side("B", &diff.b, style), verdict(diff, style)];
    part(&mut out, causes(&diff.causes, style), most(CAUSES), style);
    if diff.results.is_empty() {
        out.push(format!("results  {} the same", diff.unchanged));
    } else {
        out.push(format!("results  {} changed, {} the same", diff.results.len(), diff.unchanged));
        part(&mut out, diff.results.iter().map(|changed| result(changed, style)).collect(), most(RESULTS), style);
    }
    let (only_a, only_b) = (diff.evidence.only_a.len(), diff.evidence.only_b.len());
    if only_a + only_b > 0 {
        out.push(format!("evidence  {only_a} only in A, {only_b} only in B"));
        part(&mut out, turns(&diff.evidence, seen), most(EVIDENCE), style);
    }
    let (only_a, only_b) = (diff.ruled_out.only_a.len(), diff.ruled_out.only_b.len());
    if only_a + only_b > 0 {
        out.push(format!("ruled out  {only_a} only in A, {only_b} only in B"));
        part(&mut out, turns(&diff.ruled_out, excluded), most(RULED_OUT), style);
    }
    out.push(String::new());
    out.join("\n")
}

/// At most so many lines, then how many there are beside them.
fn part(out: &mut Vec<String>, lines: Vec<String>, most: usize, style: &Style) {
    let more = lines.len().saturating_sub(most);
    out.extend(lines.into_iter().take(most).map(|line| format!("  {}", shorten(&line, style.width - 2, style.ascii))));
    if more > 0 {
        out.push(format!("  and {more} more; -v shows all"));
    }
}

fn side(name: &str, side: &Side, style: &Style) -> String {
    let (_, word) = style.verdict(side.status);
    let line =
        format!("{name}  {}  {}  {word}{}  {}", side.run, style.instant(&side.started_at), known(side), side.target);
    shorten(&line, style.width, style.ascii)
}

fn known(side: &Side) -> &'static str {
    match side.location {
        Some(Location::Proved) => " proved",
        Some(Location::Likely) => " likely",
        Some(Location::Narrowed) => " narrowed",
        Some(Location::Open) => " open",
        None => "",
    }
}

fn verdict(diff: &Diff, style: &Style) -> String {
    let rules = if diff.a.rules_version == diff.b.rules_version {
        String::new()
    } else {
        format!("; A was judged by rules {}, B by rules {}", diff.a.rules_version, diff.b.rules_version)
    };
    let target = if diff.a.target == diff.b.target { "" } else { "; the targets are different" };
    let line = if diff.same_verdict {
        format!("verdict  the same{target}{rules}")
    } else {
        format!("verdict  differs in {}{target}{rules}", diff.differs.join(", "))
    };
    shorten(&line, style.width, style.ascii)
}

fn causes(causes: &Apart<Place>, style: &Style) -> Vec<String> {
    turns(causes, |cause| {
        let slug = text::slug(&cause.boundary, cause.cause.as_ref());
        let at = cause.segment.as_ref().map_or_else(String::new, |at| format!(" @ {}", at.replace('→', style.arrow())));
        format!("{slug}{at} ({})", text::certainty(cause.certainty))
    })
}

/// Lines of both sides in turn, so that neither pushes the other out.
fn turns<T>(apart: &Apart<T>, line: impl Fn(&T) -> String) -> Vec<String> {
    let mut out = Vec::with_capacity(apart.only_a.len() + apart.only_b.len());
    let (mut a, mut b) = (apart.only_a.iter(), apart.only_b.iter());
    loop {
        let (left, right) = (a.next(), b.next());
        out.extend(left.map(|item| format!("only A  {}", line(item))));
        out.extend(right.map(|item| format!("only B  {}", line(item))));
        if left.is_none() && right.is_none() {
            return out;
        }
    }
}

fn asked(changed: &Changed) -> String {
    let address = changed.address.as_ref().map_or_else(String::new, |address| format!(" {address}"));
    let via = changed.via.as_ref().map_or_else(String::new, |via| format!(" ({via})"));
    format!("{}{address}{via}", stage_name(changed.stage))
}

fn result(changed: &Changed, style: &Style) -> String {
    let time = changed.a.as_ref().zip(changed.b.as_ref()).is_some_and(|(a, b)| a.outcome == b.outcome);
    format!(
        "{}  {}  {} {} {}",
        changed.vantage,
        asked(changed),
        cell(changed.a.as_ref(), time),
        style.arrow(),
        cell(changed.b.as_ref(), time)
    )
}

fn cell(cell: Option<&Cell>, with_time: bool) -> String {
    let Some(cell) = cell else { return "not asked".to_owned() };
    let time = cell.duration_us.filter(|_| with_time).map(|us| format!(" {}", long_time(us))).unwrap_or_default();
    let label = if cell.label.is_empty() { String::new() } else { format!(" {}", cell.label) };
    format!("{}{label}{time}", outcome(cell.outcome))
}

fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Pass => "ok",
        Outcome::Fail => "FAIL",
        Outcome::Degraded => "warn",
        Outcome::NotReached => "not reached",
        Outcome::NotAsked => "not asked",
        Outcome::CouldNotLook => "could not look",
        Outcome::Intercepted => "intercepted",
    }
}

fn seen(seen: &Item) -> String {
    let times = if seen.times > 1 { format!(" ({} times)", seen.times) } else { String::new() };
    let said = seen.error.as_ref().unwrap_or(&seen.seen);
    format!("{} {}  {}: {} {said}{times}", seen.id, seen.source, seen.asked, outcome(seen.outcome))
}

fn excluded(excluded: &Excluded) -> String {
    format!("{}: {}", text::slug(&excluded.boundary, excluded.cause.as_ref()), excluded.why)
}

/// The difference as Markdown; `diff` is cleaned already.
pub(crate) fn markdown(diff: &Diff, style: &Style) -> String {
    let head = if diff.same_verdict { "the same verdict" } else { "another verdict" };
    let mut out = vec![
        format!("**runs {} and {}: {head}**", code(&diff.a.run), code(&diff.b.run)),
        String::new(),
        "| | run | at | verdict | target |".to_owned(),
        "|---|---|---|---|---|".to_owned(),
    ];
    for (name, side) in [("A", &diff.a), ("B", &diff.b)] {
        let (_, word) = style.verdict(side.status);
        let (run, target) = (cell_code(&side.run), cell_code(&side.target));
        out.push(format!(
            "| {name} | {run} | {} | {word}{} | {target} |",
            style.instant(&side.started_at),
            known(side)
        ));
    }
    out.push(String::new());
    out.push(escaped(&verdict(diff, style)));
    list(&mut out, "Causes", &causes(&diff.causes, style));
    if !diff.results.is_empty() {
        out.extend([String::new(), "| vantage | asked | A | B |".to_owned(), "|---|---|---|---|".to_owned()]);
        for changed in diff.results.iter().take(ROWS) {
            let (a, b) = (escaped(&cell(changed.a.as_ref(), true)), escaped(&cell(changed.b.as_ref(), true)));
            out.push(format!("| {} | {} | {a} | {b} |", escaped(&changed.vantage), escaped(&asked(changed))));
        }
    }
    let more = diff.results.len().saturating_sub(ROWS);
    let more = if more > 0 { format!("{more} more changed, ") } else { String::new() };
    out.extend([String::new(), format!("{more}{} the same.", count(diff.unchanged, "result"))]);
    list(&mut out, "Evidence", &turns(&diff.evidence, seen));
    list(&mut out, "Ruled out", &turns(&diff.ruled_out, excluded));
    out.push(String::new());
    out.join("\n")
}

fn list(out: &mut Vec<String>, head: &str, lines: &[String]) {
    if lines.is_empty() {
        return;
    }
    out.extend([String::new(), format!("**{head}**"), String::new()]);
    out.extend(lines.iter().take(ROWS).map(|line| format!("- {}", escaped(line))));
    if lines.len() > ROWS {
        out.push(format!("- and {} more", lines.len() - ROWS));
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;
    use crate::{
        cmd::runs::diff,
        render::{samples, style::columns, untrusted},
    };

    fn style(ascii: bool) -> Style {
        Style { ascii, color: false, width: 100, zone: TimeZone::UTC }
    }

    /// Two runs that have nothing in common, each with hundreds of everything.
    fn crowded() -> Diff {
        let (mut a, mut b) = (samples::healthy(), samples::failing());
        for (report, name) in [(&mut a, "a"), (&mut b, "b")] {
            let (result, item) = (report.results[0].clone(), report.evidence[0].clone());
            let finding = samples::failing().verdict.boundaries[0].clone();
            for number in 0..300 {
                let mut result = result.clone();
                result.vantage = format!("node/{name}{number}");
                report.results.push(result);
                let mut item = item.clone();
                item.asked = format!("tcp connect {name} {number}");
                report.evidence.push(item);
                let mut finding = finding.clone();
                finding.segment = Some(format!("{name}{number} → x"));
                report.verdict.boundaries.push(finding);
                let mut ruled = samples::failing().ruled_out[0].clone();
                ruled.cause = Some(format!("{name}{number}"));
                report.ruled_out.push(ruled);
            }
        }
        diff::of(&a, &b)
    }

    #[test]
    fn whatever_differs_it_is_at_most_forty_lines_and_the_rest_is_counted() {
        let diff = crowded();
        for ascii in [false, true] {
            let diff = untrusted::cleaned(&diff, ascii).unwrap();
            let text = text(&diff, &style(ascii), false);
            assert!(text.lines().count() <= 40, "{text}");
            assert!(text.contains("more; -v shows all"), "{text}");
            assert!(text.lines().all(|line| columns(line) <= 100), "{text}");
            assert!(!ascii || text.is_ascii(), "{text}");
        }
        assert!(text(&diff, &style(false), true).lines().count() > 1_000, "all of it with -v");
    }

    #[test]
    fn the_same_run_twice_is_four_lines() {
        let diff = diff::of(&samples::failing(), &samples::failing());
        let text = text(&diff, &style(false), false);
        assert_eq!(text.lines().count(), 4, "{text}");
        assert!(text.contains("verdict  the same"), "{text}");
    }

    #[test]
    fn markdown_takes_foreign_text_literally() {
        let mut other = samples::failing();
        other.results[0].label = "<b>|x".to_owned();
        let text = markdown(&diff::of(&samples::failing(), &other), &style(false));
        assert!(text.contains("&lt;b&gt;\\|x"), "{text}");
    }
}
