//! The report on a terminal: verdict first, then the evidence, then what to do next.

use mesh_diagnosis::report::{Certainty, Evidence, Finding, Location, NextKind, Report, Status};

use super::{
    Saved, matrix, path,
    style::{Style, columns, pad, shorten, wrap},
};

mod facts;

pub(crate) use facts::{continued, scope_words};
use facts::{counted, run_line, scope, synchrony};

/// Cited items that are shown without `--verbose`.
const EVIDENCE: usize = 14;
/// Lines of every other section without `--verbose`.
const LINES: usize = 10;
/// Width of a slug's column.
const SLUG: usize = 25;
/// Lines that one item of evidence may take without `--verbose`; the rest is in the bundle.
const ITEM: usize = 3;
/// Vantages beyond which the report is made to fit, and the lines it fits then: a screen's.
const FLEET: usize = 16;
const SCREEN: usize = 40;
/// How often the limits are halved until it fits; after that one line of each section is left.
const SQUEEZES: u32 = 4;
/// What to do next is never cut below this.
const STEPS: usize = 4;
/// From here on what was ruled out and noticed is counted; what could not be seen is from the first squeeze on.
const COUNTED: u32 = 3;

/// How a report is shown.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shown<'s> {
    pub(crate) style: &'s Style,
    pub(crate) verbose: bool,
    /// The code this command ends with; none where it does not stand for the verdict.
    pub(crate) exit: Option<u8>,
    pub(crate) saved: &'s Saved,
    /// How often the limits are halved; the report decides it itself.
    pub(crate) squeeze: u32,
}

impl Shown<'_> {
    fn limit(&self, usual: usize) -> usize {
        if self.verbose { usize::MAX } else { (usual >> self.squeeze).max(1) }
    }
}

/// The whole report; `report` is cleaned already. However many vantages there were, it fits a screen.
pub(crate) fn report(report: &Report, shown: Shown<'_>) -> String {
    let mut text = laid(report, shown);
    if shown.verbose || report.vantages.len() <= FLEET {
        return text;
    }
    for squeeze in 1..=SQUEEZES {
        if text.lines().count() <= SCREEN {
            break;
        }
        text = laid(report, Shown { squeeze, ..shown });
    }
    text
}

fn laid(report: &Report, shown: Shown<'_>) -> String {
    let style = shown.style;
    let mut out = headline(report, shown);
    out.extend(boundary(report, style));
    out.extend(scope(report, style));
    out.extend(run_line(report, shown));
    out.extend(synchrony(report, shown));
    for section in [path::text(report, style), table(report, shown)] {
        if !section.is_empty() {
            out.push(String::new());
            out.extend(section);
        }
    }
    let quiet = report.verdict.status == Status::Healthy && !shown.verbose;
    if quiet {
        out.push(String::new());
        out.extend(answers(report, style));
        out.extend(noticed(report, shown, "noticed"));
        out.extend(not_looked_briefly(report, style));
        out.extend(more_samples(report, style));
        out.extend(saved(report, shown));
    } else {
        section(&mut out, "Evidence", evidence(report, shown));
        section(&mut out, "Possible, and what would tell them apart", possible(report, shown));
        if shown.squeeze < COUNTED {
            section(&mut out, "Ruled out", ruled_out(report, shown));
            section(&mut out, "Noticed", noticed(report, shown, ""));
        }
        if shown.squeeze == 0 {
            section(&mut out, "Could not look", not_looked(report, shown));
        }
        out.extend(counted(report, shown));
        let mut steps = next(report, shown);
        steps.extend(saved(report, shown));
        section(&mut out, "Next", steps);
    }
    let mut text = out.join("\n");
    text.push('\n');
    text
}

fn section(out: &mut Vec<String>, title: &str, lines: Vec<String>) {
    if !lines.is_empty() {
        out.push(String::new());
        out.push(format!("  {title}"));
        out.extend(lines);
    }
}

/// Glyph, word, sentence; the exit code at the right edge.
fn headline(report: &Report, shown: Shown<'_>) -> Vec<String> {
    let style = shown.style;
    let (glyph, word) = style.verdict(report.verdict.status);
    let start = format!("{glyph} {word}").trim_start().to_owned();
    let exit = shown.exit.map_or(String::new(), |code| format!("exit {code}"));
    let room = style.width.saturating_sub(columns(&start) + 2 + columns(&exit) + 2).max(20);
    let mut lines = wrap(&sentence(report), room).into_iter();
    let first = format!("{start}  {}", lines.next().unwrap_or_default());
    let gap = style.width.saturating_sub(columns(&first) + columns(&exit)).max(1);
    let painted = if report.verdict.status == Status::Degraded && !style.ascii {
        first.replacen(glyph, &style.warning(glyph), 1)
    } else {
        first
    };
    let first = if exit.is_empty() { painted } else { format!("{painted}{}{exit}", " ".repeat(gap)) };
    let indent = " ".repeat(columns(&start) + 2);
    std::iter::once(first).chain(lines.map(|line| format!("{indent}{line}"))).collect()
}

/// The verdict's sentence; a place that is not settled is said in it.
pub(crate) fn sentence(report: &Report) -> String {
    let said = &report.verdict.summary;
    let causes = report.verdict.boundaries.len();
    match report.verdict.location {
        Some(Location::Narrowed) if !said.contains("where:") => {
            format!("{said}; where: narrowed to {}", number(causes))
        }
        Some(Location::Open) if !said.contains("where:") => format!("{said}; where: open"),
        _ => said.clone(),
    }
}

fn number(count: usize) -> String {
    ["none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
        .get(count)
        .map_or_else(|| count.to_string(), |word| (*word).to_owned())
}

/// "path-mtu/blackhole".
pub(crate) fn slug(boundary: &str, cause: Option<&String>) -> String {
    cause.map_or_else(|| boundary.to_owned(), |cause| format!("{boundary}/{cause}"))
}

/// "path-mtu/blackhole @ r1 → r2".
pub(crate) fn place(finding: &Finding, style: &Style) -> String {
    let slug = slug(&finding.boundary, finding.cause.as_ref());
    match &finding.segment {
        Some(segment) => format!("{slug} @ {}", segment.replace('→', style.arrow())),
        None => slug,
    }
}

pub(crate) fn certainty(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::Proved => "proved",
        Certainty::Likely => "likely",
        Certainty::Possible => "possible",
    }
}

/// Findings whose place is settled.
fn boundary(report: &Report, style: &Style) -> Vec<String> {
    if !matches!(report.verdict.location, Some(Location::Proved | Location::Likely)) {
        return Vec::new();
    }
    let mut out = Vec::new();
    for finding in &report.verdict.boundaries {
        let place = place(finding, style);
        let sure = if finding.reason.is_empty() {
            certainty(finding.certainty).to_owned()
        } else {
            format!("{} ({})", certainty(finding.certainty), finding.reason)
        };
        let label = "  boundary  ";
        let room = style.width.saturating_sub(columns(label) + columns(&place) + 4);
        if columns(&sure) <= room {
            out.push(format!("{label}{}    {sure}", style.broken(&place)));
        } else {
            out.push(format!("{label}{}", style.broken(&place)));
            let indent = " ".repeat(columns(label));
            let room = style.width.saturating_sub(indent.len()).max(20);
            out.extend(wrap(&sure, room).into_iter().map(|line| format!("{indent}{line}")));
        }
    }
    out
}

/// The matrix, and what separates its failing rows from the passing ones.
fn table(report: &Report, shown: Shown<'_>) -> Vec<String> {
    let style = shown.style;
    let mut out = matrix::text(report, style, shown.squeeze);
    for separator in report.verdict.separated_by.iter().take(shown.limit(LINES)) {
        let sure = if separator.confirmed { "; predicted a new probe" } else { "" };
        let text = format!(
            "{}: {} fails, {} passes{sure}",
            separator.attribute,
            few(&separator.failing),
            few(&separator.passing)
        );
        out.extend(hanging("  differs by  ", &text, style.width));
    }
    out
}

/// A label, then text that continues below itself.
pub(crate) fn hanging(label: &str, text: &str, width: usize) -> Vec<String> {
    let indent = columns(label);
    let mut lines = wrap(text, width.saturating_sub(indent).max(20)).into_iter();
    let first = format!("{label}{}", lines.next().unwrap_or_default());
    std::iter::once(first).chain(lines.map(|line| format!("{}{line}", " ".repeat(indent)))).collect()
}

fn answers(report: &Report, style: &Style) -> Vec<String> {
    let mut out = Vec::new();
    if !report.target.addresses.is_empty() {
        out.extend(hanging("  answers    ", &report.target.addresses.join(", "), style.width));
    }
    let asked = report.evidence.iter().find(|item| item.task.starts_with("ask:"));
    if let Some(item) = asked {
        out.extend(hanging("  seen       ", &format!("{}  [{}]", item.seen, item.id), style.width));
    }
    out
}

fn cited(because: &[String]) -> String {
    if because.is_empty() { String::new() } else { format!("  [{}]", ids(because)) }
}

/// Ids with runs of neighbours folded: "e01–e06, e09".
pub(crate) fn ids(because: &[String]) -> String {
    let number = |id: &String| id.get(1..).and_then(|digits| digits.parse::<u32>().ok());
    let mut runs: Vec<(String, String, Option<u32>)> = Vec::new();
    for id in because {
        match runs.last_mut() {
            Some((_, last, at)) if at.is_some() && number(id) == at.map(|at| at + 1) => {
                id.clone_into(last);
                *at = number(id);
            }
            _ => runs.push((id.clone(), id.clone(), number(id))),
        }
    }
    let text: Vec<String> = runs
        .into_iter()
        .map(|(first, last, _)| if first == last { first } else { format!("{first}-{last}") })
        .collect();
    text.join(", ")
}

fn noticed(report: &Report, shown: Shown<'_>, label: &str) -> Vec<String> {
    let mut out = Vec::new();
    for (ix, line) in report.verdict.noticed.iter().take(shown.limit(LINES)).enumerate() {
        let head =
            if label.is_empty() { "  ".to_owned() } else { format!("  {}", pad(if ix == 0 { label } else { "" }, 11)) };
        let lines = hanging(&format!("{head}! "), &format!("{}{}", line.text, cited(&line.because)), shown.style.width);
        let mark = format!("{head}! ");
        out.extend(lines.into_iter().map(|line| match line.strip_prefix(&mark) {
            Some(rest) => format!("{head}{} {rest}", shown.style.warning("!")),
            None => line,
        }));
    }
    out
}

fn evidence(report: &Report, shown: Shown<'_>) -> Vec<String> {
    let items: Vec<&Evidence> = report.evidence.iter().filter(|item| shown.verbose || item.cited).collect();
    let limit = shown.limit(EVIDENCE);
    let mut out: Vec<String> = items.iter().take(limit).flat_map(|item| item_lines(item, shown)).collect();
    if items.len() > limit {
        out.push(format!("  and {} more: meshctl runs show {} --verbose", items.len() - limit, report.run.id));
    }
    out
}

fn item_lines(item: &Evidence, shown: Shown<'_>) -> Vec<String> {
    let style = shown.style;
    let head = format!("  {}  {}  ", pad(&item.id, 3), style.clock(&item.at));
    let indent = " ".repeat(columns(&head));
    let room = style.width.saturating_sub(indent.len()).max(20);
    let mut lines: Vec<String> = wrap(&format!("{}  {}", item.source, item.asked), room);
    let mut seen = item.seen.clone();
    if let Some(error) = item.error.as_ref().filter(|error| !seen.contains(error.as_str())) {
        seen = format!("{seen}, \"{error}\"");
    }
    let joined = lines.last().map_or(0, |line| columns(line)) + 3 + columns(&seen);
    match lines.last_mut() {
        Some(last) if joined <= room => {
            last.push_str("   ");
            last.push_str(&seen);
        }
        _ => {
            let mut more = wrap(&seen, room.saturating_sub(2));
            let limit = shown.limit(ITEM).max(2);
            if more.len() > limit {
                more.truncate(limit);
                if let Some(last) = more.last_mut() {
                    let dots = if style.ascii { " ..." } else { " …" };
                    while columns(last) + columns(dots) > room.saturating_sub(2)
                        && let Some((rest, _)) = last.rsplit_once(' ')
                    {
                        *last = rest.to_owned();
                    }
                    last.push_str(dots);
                }
            }
            lines.extend(more.into_iter().map(|line| format!("  {line}")));
        }
    }
    if shown.verbose {
        lines.extend(item.caveats.iter().map(|caveat| format!("  caveat: {caveat}")));
    }
    let mut lines = lines.into_iter();
    let first = format!("{head}{}", lines.next().unwrap_or_default());
    std::iter::once(first).chain(lines.map(|line| format!("{indent}{line}"))).collect()
}

/// Column of slugs: as wide as the widest that is shown.
fn slug_width<'s>(slugs: impl Iterator<Item = (&'s String, Option<&'s String>)>) -> usize {
    slugs.map(|(boundary, cause)| columns(&slug(boundary, cause)) + 2).max().unwrap_or(0).clamp(SLUG, SLUG * 2)
}

fn possible(report: &Report, shown: Shown<'_>) -> Vec<String> {
    let arrow = shown.style.arrow();
    let limit = shown.limit(LINES);
    let open = &report.verdict.open;
    let width = slug_width(open.iter().take(limit).map(|question| (&question.boundary, question.cause.as_ref())));
    let mut out = Vec::new();
    let mut questions = open.iter().take(limit).peekable();
    while let Some(question) = questions.next() {
        let slug = slug(&question.boundary, question.cause.as_ref());
        out.extend(hanging(&format!("  {}", pad(&slug, width)), &question.meaning, shown.style.width));
        // What decides several in a row is said once, below the last of them.
        if questions.peek().is_some_and(|next| next.decided_by == question.decided_by) {
            continue;
        }
        for decider in &question.decided_by {
            let command = decider.command.as_ref().map_or(String::new(), |command| format!(":  {command}"));
            let label = format!("  {}{arrow} ", " ".repeat(width));
            out.extend(hanging(&label, &format!("{}{command}", decider.what), shown.style.width));
        }
    }
    if open.len() > limit {
        out.push(format!("  and {} more: --verbose", open.len() - limit));
    }
    out
}

fn ruled_out(report: &Report, shown: Shown<'_>) -> Vec<String> {
    let limit = shown.limit(LINES);
    let lines = report.ruled_out.iter().take(limit);
    let width = slug_width(lines.clone().map(|line| (&line.boundary, line.cause.as_ref())));
    let mut out = Vec::new();
    for line in lines {
        let slug = slug(&line.boundary, line.cause.as_ref());
        let text = format!("{}{}", line.why, cited(&line.because));
        out.extend(hanging(&format!("  {}", pad(&slug, width)), &text, shown.style.width));
    }
    if report.ruled_out.len() > limit {
        out.push(format!("  and {} more: --verbose", report.ruled_out.len() - limit));
    }
    out
}

fn not_looked(report: &Report, shown: Shown<'_>) -> Vec<String> {
    let mut out = Vec::new();
    for line in report.could_not_look.iter().take(shown.limit(LINES)) {
        let from = if report.vantages.len() > 1 { format!("  ({})", few(&line.vantages)) } else { String::new() };
        let what = pad(&shorten(&line.what, SLUG - 1, shown.style.ascii), SLUG - 1);
        out.extend(hanging(&format!("  {what} "), &format!("{}{from}", line.missing), shown.style.width));
    }
    out
}

fn not_looked_briefly(report: &Report, style: &Style) -> Vec<String> {
    if report.could_not_look.is_empty() {
        return Vec::new();
    }
    let what: Vec<&str> = report.could_not_look.iter().map(|line| line.what.as_str()).collect();
    hanging("  ? not seen ", &format!("{} (meshctl doctor says what they need)", what.join(", ")), style.width)
}

fn few(names: &[String]) -> String {
    match names {
        [one, two, rest @ ..] if !rest.is_empty() => format!("{one}, {two} and {} more", rest.len()),
        names => names.join(", "),
    }
}

fn more_samples(report: &Report, style: &Style) -> Vec<String> {
    let target = &report.target;
    let host = if target.host.contains(':') { format!("[{}]", target.host) } else { target.host.clone() };
    let (kind, target) = match target.scheme.as_str() {
        "http" | "https" => ("http", format!("{}://{host}:{}{}", target.scheme, target.port, target.path)),
        "tls" | "grpc" => ("tls", format!("{host}:{}", target.port)),
        _ => ("tcp", format!("{host}:{}", target.port)),
    };
    let why = "  a fault that comes and goes needs more samples:";
    let command = format!("meshctl probe {kind} {} --count 100", quoted(&target));
    if columns(why) + 2 + columns(&command) <= style.width {
        vec![String::new(), format!("{why}  {command}")]
    } else {
        vec![String::new(), why.to_owned(), format!("  {command}")]
    }
}

/// A word as a shell takes it.
pub(crate) fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/.:-_=@%+,~".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

fn next(report: &Report, shown: Shown<'_>) -> Vec<String> {
    let mut out = Vec::new();
    for step in report.next.iter().take(shown.limit(LINES).max(STEPS)) {
        let kind = match step.kind {
            NextKind::Look => "look",
            NextKind::Change => "change",
            NextKind::Read => "read",
            NextKind::Ask => "ask",
        };
        let label = format!("  {}", pad(kind, 8));
        match &step.command {
            Some(command) if step.text.is_empty() || step.kind == NextKind::Read => {
                out.push(format!("{label}{command}"));
            }
            Some(command) => {
                out.extend(hanging(&label, &step.text, shown.style.width));
                out.push(format!("{}{command}", " ".repeat(10)));
            }
            None => out.extend(hanging(&label, &step.text, shown.style.width)),
        }
    }
    out
}

fn saved(report: &Report, shown: Shown<'_>) -> Vec<String> {
    match shown.saved {
        Saved::Shown => Vec::new(),
        Saved::No(why) => vec![format!("  not saved: {why}")],
        Saved::There(path) => vec![format!("  saved: {path}")],
        Saved::At(path) if report.verdict.status == Status::Healthy => vec![format!("  saved: {path}")],
        Saved::At(path) => {
            let share = format!("  share   meshctl runs show {} -o md", report.run.id);
            let kept = format!("saved: {path}");
            if columns(&share) + 4 + columns(&kept) <= shown.style.width {
                vec![format!("{share}    {kept}")]
            } else {
                vec![share, format!("  {kept}")]
            }
        }
    }
}
