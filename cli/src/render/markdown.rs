//! The report for a ticket.

use mesh_diagnosis::report::{Location, Outcome, Report, Status};

use super::{
    matrix::{self, Cell},
    style::{Style, count, long_time},
    text,
};

/// The report as Markdown; `report` is cleaned already.
pub(crate) fn report(report: &Report, style: &Style, sha256: Option<&str>) -> String {
    let mut out = head(report, style);
    let drawing = super::path::text(report, style);
    if !drawing.is_empty() {
        out.push(String::new());
        out.extend(drawing.into_iter().map(|line| format!("    {}", line.trim_end())));
    }
    out.push(String::new());
    out.extend(table(report));
    out.extend(lists(report));
    out.extend(details(report, style));
    let digest = sha256.map_or(String::new(), |sha256| format!(" · report sha256 {}", code(sha256)));
    out.push(String::new());
    out.push(format!("Replay: {}{digest}", code(&format!("meshctl runs replay {}.mesh", report.run.id))));
    let mut text = out.join("\n");
    text.push('\n');
    text
}

fn head(report: &Report, style: &Style) -> Vec<String> {
    let word = match report.verdict.status {
        Status::Healthy => "HEALTHY",
        Status::Degraded => "DEGRADED",
        Status::Failing => "FAILING",
        Status::Unknown => "UNKNOWN",
    };
    let settled = matches!(report.verdict.location, Some(Location::Proved | Location::Likely));
    let places: Vec<String> = report
        .verdict
        .boundaries
        .iter()
        .filter(|_| settled)
        .map(|finding| format!(" {} ({})", code(&text::place(finding, style)), text::certainty(finding.certainty)))
        .collect();
    let fails = text::scope_words(report).map_or(String::new(), |words| format!(". Fails from {}", escaped(&words)));
    let run = &report.run;
    let askers = report.vantages.iter().filter(|vantage| !vantage.observer).count();
    let probes = usize::try_from(run.probes).unwrap_or(usize::MAX);
    let continues = run.continues.iter().map(|then| format!("continues {}", text::continued(then)));
    let beside = continues.chain(run.notes.iter().cloned()).flat_map(|line| [escaped(&line), String::new()]);
    let head = [
        format!(
            "**{word}**{} · run {} · {} · {}, {}, {}",
            places.concat(),
            code(&run.id),
            style.instant(&run.started_at),
            count(askers, "vantage"),
            count(probes, "probe"),
            long_time(run.duration_ms.saturating_mul(1_000)),
        ),
        String::new(),
    ];
    head.into_iter().chain(beside).chain([format!("{}{fails}", escaped(&text::sentence(report)))]).collect()
}

/// Text as Markdown and its HTML take it literally.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '!' | '~' => {
                out.push('\\');
                out.push(c);
            }
            // A handle or a number with a hash would notify or link.
            '@' => out.push_str("&#64;"),
            c => out.push(c),
        }
    }
    out
}

/// A code span that its content can't end.
pub(super) fn code(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    if longest > 0 { format!("{fence} {text} {fence}") } else { format!("{fence}{text}{fence}") }
}

/// A code span inside a table's cell.
pub(super) fn cell_code(text: &str) -> String {
    code(text).replace('|', "\\|")
}

fn table(report: &Report) -> Vec<String> {
    let matrix = matrix::build(report);
    if matrix.stages.is_empty() {
        return Vec::new();
    }
    let many = matrix.groups.len() > 1;
    let stages: Vec<&str> = matrix.stages.iter().map(|stage| matrix::stage_name(*stage)).collect();
    let via = if many { "| asked " } else { "" };
    let columns = stages.len() + usize::from(many);
    let mut out =
        vec![format!("| vantage {via}| {} |", stages.join(" | ")), format!("|---|{}", "---|".repeat(columns))];
    for group in matrix.groups.iter().take(matrix::GROUPS) {
        for row in group.rows.iter().take(matrix::ROWS) {
            let name = match row.alike {
                0 => escaped(row.vantage),
                alike => format!("{} (+{alike} alike)", escaped(row.vantage)),
            };
            let asked = if many { format!("| {} ", escaped(&group.heading)) } else { String::new() };
            let cells: Vec<String> = row.cells.iter().map(cell).collect();
            out.push(format!("| {name} {asked}| {} |", cells.join(" | ")));
        }
    }
    let left: usize = matrix.groups.iter().map(|group| group.rows.len()).sum::<usize>()
        - matrix.groups.iter().take(matrix::GROUPS).map(|group| group.rows.len().min(matrix::ROWS)).sum::<usize>();
    if left > 0 {
        out.extend([String::new(), format!("and {left} more rows")]);
    }
    out
}

fn cell(cell: &Cell<'_>) -> String {
    let word = match cell.outcome() {
        Outcome::Pass => "ok",
        Outcome::Fail => "**FAIL**",
        Outcome::Degraded => "warn",
        Outcome::NotReached => "not reached",
        Outcome::NotAsked => "not asked",
        Outcome::CouldNotLook => "could not look",
        Outcome::Intercepted => "intercepted",
    };
    format!("{word} {}", escaped(cell.words().trim())).trim_end().to_owned()
}

fn lists(report: &Report) -> Vec<String> {
    let mut out = Vec::new();
    let mut titled = |title: &str, lines: Vec<String>| {
        if !lines.is_empty() {
            out.extend([String::new(), title.to_owned(), String::new()]);
            out.extend(lines);
        }
    };
    let command = |command: &Option<String>| command.as_ref().map_or(String::new(), |c| format!(": {}", code(c)));
    titled("Noticed:", report.verdict.noticed.iter().map(|line| format!("- {}", escaped(&line.text))).collect());
    let mut open = Vec::new();
    for question in &report.verdict.open {
        let slug = code(&text::slug(&question.boundary, question.cause.as_ref()));
        open.push(format!("- {slug}: {}", escaped(&question.meaning)));
        let deciders = question.decided_by.iter();
        open.extend(deciders.map(|decider| format!("  - {}{}", escaped(&decider.what), command(&decider.command))));
    }
    titled("Possible, and what would tell them apart:", open);
    let next = report.next.iter().map(|step| format!("- {}{}", escaped(&step.text), command(&step.command)));
    titled("Next:", next.collect());
    out
}

fn details(report: &Report, style: &Style) -> Vec<String> {
    let cited: Vec<_> = report.evidence.iter().filter(|item| item.cited).collect();
    if cited.is_empty() && report.ruled_out.is_empty() {
        return Vec::new();
    }
    let summary = format!("Evidence ({}) and what was ruled out ({})", cited.len(), report.ruled_out.len());
    let mut out = vec![
        String::new(),
        format!("<details><summary>{summary}</summary>"),
        String::new(),
        "| id | at | from | asked | seen |".to_owned(),
        "|---|---|---|---|---|".to_owned(),
    ];
    for item in cited {
        out.push(format!(
            "| {} | {} | {} | {} | {} |",
            item.id,
            style.clock(&item.at),
            escaped(&item.source),
            cell_code(&item.asked),
            escaped(&item.seen)
        ));
    }
    out.push(String::new());
    for line in &report.ruled_out {
        let slug = code(&text::slug(&line.boundary, line.cause.as_ref()));
        let because = text::ids(&line.because);
        let because = if because.is_empty() { String::new() } else { format!(" ({because})") };
        out.push(format!("- {slug}: {}{because}", escaped(&line.why)));
    }
    for line in &report.could_not_look {
        out.push(format!("- could not look: {}: {}", escaped(&line.what), escaped(&line.missing)));
    }
    out.extend([String::new(), "</details>".to_owned()]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_from_elsewhere_stays_text() {
        assert_eq!(escaped("<img> [x](y) @team #1 a|b"), "&lt;img&gt; \\[x\\](y) &#64;team \\#1 a\\|b");
        assert_eq!(code("a`b"), "`` a`b ``");
        assert_eq!(cell_code("a|b"), "`a\\|b`");
    }
}
