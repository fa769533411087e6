//! The matrix: rows are vantages, worst first and folded where they are alike; columns are stages.

use std::collections::{BTreeMap, BTreeSet};

use mesh_diagnosis::report::{Outcome, Report, Stage, StageResult};

use super::style::{self, NARROW, Style, columns, pad};

/// Groups of rows that are drawn; the rest is counted.
pub(crate) const GROUPS: usize = 8;
/// Rows of one group that are drawn; the rest is counted.
pub(crate) const ROWS: usize = 12;
/// Widest name of a row.
const NAME: usize = 44;

/// How much is drawn.
#[derive(Debug, Clone, Copy)]
struct Most {
    groups: usize,
    rows: usize,
}

/// Everything the matrix shows, before it is laid out.
#[derive(Debug)]
pub(crate) struct Matrix<'r> {
    pub(crate) stages: Vec<Stage>,
    pub(crate) groups: Vec<Group<'r>>,
}

/// Rows that asked the same address the same way.
#[derive(Debug)]
pub(crate) struct Group<'r> {
    pub(crate) heading: String,
    pub(crate) rows: Vec<Row<'r>>,
}

#[derive(Debug)]
pub(crate) struct Row<'r> {
    pub(crate) vantage: &'r str,
    /// Further vantages of the kind with the same outcomes.
    pub(crate) alike: usize,
    /// One per stage.
    pub(crate) cells: Vec<Cell<'r>>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Cell<'r> {
    Seen(&'r StageResult),
    /// Nothing was recorded, and why that is.
    Empty(Outcome),
}

impl Cell<'_> {
    pub(crate) fn outcome(&self) -> Outcome {
        match self {
            Self::Seen(result) => result.outcome,
            Self::Empty(outcome) => *outcome,
        }
    }

    /// What stands beside the glyph.
    pub(crate) fn words(&self) -> String {
        match self {
            Self::Empty(_) => String::new(),
            Self::Seen(result) if !result.label.is_empty() => result.label.clone(),
            Self::Seen(result) => match (result.outcome, &result.error_type, result.duration_us) {
                (Outcome::Fail, Some(error), _) => error.clone(),
                (Outcome::Pass | Outcome::Degraded | Outcome::Intercepted | Outcome::Fail, _, Some(us)) => {
                    format!("{:>6}", style::short_time(us))
                }
                _ => String::new(),
            },
        }
    }
}

/// How bad a cell is; the worst of a row decides its place.
fn badness(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Fail => 6,
        Outcome::Intercepted => 5,
        Outcome::Degraded => 4,
        Outcome::NotReached => 3,
        Outcome::CouldNotLook => 2,
        Outcome::Pass => 1,
        Outcome::NotAsked => 0,
    }
}

/// Name of a column.
pub(crate) fn stage_name(stage: Stage) -> &'static str {
    match stage {
        Stage::Dns => "dns",
        Stage::Route => "route",
        Stage::Tcp => "tcp",
        Stage::Tls => "tls",
        Stage::Http => "http",
        Stage::Icmp => "icmp",
        Stage::Pmtu => "pmtu",
        Stage::Mss => "mss",
    }
}

type Key<'r> = (Option<&'r str>, Option<&'r str>);

/// Arranges a report's results.
pub(crate) fn build(report: &Report) -> Matrix<'_> {
    let stages: Vec<Stage> =
        report.results.iter().map(|cell| cell.stage).collect::<BTreeSet<_>>().into_iter().collect();
    let askers: Vec<&str> =
        report.vantages.iter().filter(|vantage| !vantage.observer).map(|vantage| vantage.id.as_str()).collect();
    let mut keys: Vec<Key<'_>> = Vec::new();
    for cell in report.results.iter().filter(|cell| cell.address.is_some()) {
        let key = (cell.via.as_deref(), cell.address.as_deref());
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    // The plain question first; within it the addresses in the order they were first seen.
    let place =
        |address: Option<&str>| report.target.addresses.iter().position(|known| Some(known.as_str()) == address);
    keys.sort_by_key(|(via, address)| (via.is_some(), place(*address).unwrap_or(usize::MAX)));
    if keys.is_empty() {
        keys.push((None, None));
    }
    let mut cells: BTreeMap<&str, Vec<&StageResult>> = BTreeMap::new();
    for cell in &report.results {
        cells.entry(&cell.vantage).or_default().push(cell);
    }
    let own = |vantage: &str| cells.get(vantage).map(Vec::as_slice).unwrap_or_default();
    let mut groups: Vec<Group<'_>> = Vec::new();
    for (ix, key) in keys.iter().enumerate() {
        let rows: Vec<Row<'_>> =
            askers.iter().filter_map(|vantage| row(own(vantage), &stages, vantage, *key, ix == 0)).collect();
        if !rows.is_empty() {
            groups.push(Group { heading: heading(report, *key), rows: fold(rows) });
        }
    }
    Matrix { stages, groups }
}

fn heading(report: &Report, (via, address): Key<'_>) -> String {
    let port = report.target.port;
    let to = match address {
        Some(v6) if v6.contains(':') => format!("[{v6}]:{port}"),
        Some(v4) => format!("{v4}:{port}"),
        None => String::new(),
    };
    match via {
        None => format!("to {to}"),
        Some(via) if address.is_some_and(|address| via.contains(address)) => via.to_owned(),
        Some(via) => format!("{via}, to {}", address.unwrap_or_default()),
    }
}

fn row<'r>(own: &[&'r StageResult], stages: &[Stage], vantage: &'r str, key: Key<'r>, first: bool) -> Option<Row<'r>> {
    let here = |cell: &StageResult| cell.address.is_some() && (cell.via.as_deref(), cell.address.as_deref()) == key;
    let asked_here = own.iter().any(|cell| here(cell));
    let homeless = first && !own.iter().any(|cell| cell.address.is_some());
    if !asked_here && !homeless {
        return None;
    }
    let name_failed = own.iter().any(|cell| cell.stage == Stage::Dns && cell.outcome == Outcome::Fail);
    let cells = stages
        .iter()
        .map(|stage| {
            own.iter()
                .filter(|cell| cell.stage == *stage && (cell.address.is_none() || here(cell)))
                .max_by_key(|cell| badness(cell.outcome))
                .map_or_else(
                    || {
                        let unreached = name_failed && *stage != Stage::Dns;
                        Cell::Empty(if unreached { Outcome::NotReached } else { Outcome::NotAsked })
                    },
                    |cell| Cell::Seen(cell),
                )
        })
        .collect();
    Some(Row { vantage, alike: 0, cells })
}

/// Rows of one kind with the same outcomes become one; the worst come first.
fn fold(rows: Vec<Row<'_>>) -> Vec<Row<'_>> {
    let kind = |row: &Row<'_>| row.vantage.split('/').next().unwrap_or_default().to_owned();
    let signature = |row: &Row<'_>| -> Vec<(Outcome, String)> {
        let label = |cell: &Cell<'_>| match cell {
            Cell::Seen(result) => result.label.clone(),
            Cell::Empty(_) => String::new(),
        };
        row.cells.iter().map(|cell| (cell.outcome(), label(cell))).collect()
    };
    let mut kept: Vec<Row<'_>> = Vec::new();
    for row in rows {
        match kept.iter_mut().find(|known| kind(known) == kind(&row) && signature(known) == signature(&row)) {
            Some(known) => known.alike += 1,
            None => kept.push(row),
        }
    }
    let worst = |row: &Row<'_>| row.cells.iter().map(|cell| badness(cell.outcome())).max().unwrap_or(0);
    kept.sort_by_key(|row| std::cmp::Reverse(worst(row)));
    kept
}

/// "node  worker-1 (+211 alike)".
pub(crate) fn name(row: &Row<'_>, kinds: usize) -> String {
    let (kind, name) = row.vantage.split_once('/').unwrap_or(match row.vantage {
        "local" => ("local", "this host"),
        bare => ("", bare),
    });
    let alike = if row.alike > 0 { format!(" (+{} alike)", row.alike) } else { String::new() };
    if kinds == 0 { format!("{name}{alike}") } else { format!("{} {name}{alike}", pad(kind, kinds)) }
}

/// The matrix for a terminal; each squeeze halves what is drawn of it.
pub(crate) fn text(report: &Report, style: &Style, squeeze: u32) -> Vec<String> {
    let most = Most { groups: (GROUPS >> squeeze).max(1), rows: (ROWS >> squeeze).max(4) };
    let matrix = build(report);
    if matrix.groups.is_empty() || matrix.stages.is_empty() {
        return Vec::new();
    }
    let mut shown: Vec<usize> = (0..matrix.stages.len()).collect();
    if style.width < NARROW {
        return lines(&matrix, style, most);
    }
    // What is the same everywhere and good, or was asked nowhere, is the first to go.
    let dull: Vec<usize> = shown.iter().copied().filter(|ix| dull(&matrix, *ix)).collect();
    let mut dull = dull.into_iter();
    loop {
        let laid = table(&matrix, &shown, style, most);
        if laid.iter().all(|line| columns(line) <= style.width) {
            return painted(laid, style);
        }
        match dull.next() {
            Some(ix) if shown.len() > 1 => shown.retain(|kept| *kept != ix),
            _ => return lines(&matrix, style, most),
        }
    }
}

fn dull(matrix: &Matrix<'_>, column: usize) -> bool {
    let mut cells = matrix.groups.iter().flat_map(|group| &group.rows).filter_map(|row| row.cells.get(column));
    let Some(first) = cells.next().map(Cell::outcome) else { return true };
    matches!(first, Outcome::Pass | Outcome::NotAsked) && cells.all(|cell| cell.outcome() == first)
}

fn cell(cell: &Cell<'_>, style: &Style) -> String {
    let glyph = style.glyph(cell.outcome());
    let glyph = if style.ascii { pad(glyph, 2) } else { glyph.to_owned() };
    format!("{glyph} {}", cell.words()).trim_end().to_owned()
}

fn table(matrix: &Matrix<'_>, shown: &[usize], style: &Style, most: Most) -> Vec<String> {
    let rows = || matrix.groups.iter().take(most.groups).flat_map(|group| group.rows.iter().take(most.rows));
    let kinds = rows().filter_map(|row| kind_of(row.vantage)).map(columns).max().unwrap_or(0);
    let named = |row: &Row<'_>| style::shorten(&name(row, kinds), NAME, style.ascii);
    let label = rows().map(|row| columns(&named(row))).max().unwrap_or(0).max(24);
    let widths: Vec<usize> = shown
        .iter()
        .map(|ix| {
            let cells = rows().filter_map(|row| row.cells.get(*ix)).map(|c| columns(&cell(c, style)));
            let head = matrix.stages.get(*ix).map_or(0, |stage| stage_name(*stage).len());
            cells.max().unwrap_or(0).max(head).max(5)
        })
        .collect();
    let head: Vec<String> = shown
        .iter()
        .zip(&widths)
        .filter_map(|(ix, width)| matrix.stages.get(*ix).map(|stage| pad(stage_name(*stage), *width)))
        .collect();
    let mut out = vec![format!("  {}  {}", " ".repeat(label), head.join("  ")).trim_end().to_owned()];
    let many = matrix.groups.len() > 1;
    for group in matrix.groups.iter().take(most.groups) {
        if many {
            out.push(format!("  {}", group.heading));
        }
        for row in group.rows.iter().take(most.rows) {
            let cells: Vec<String> = shown
                .iter()
                .zip(&widths)
                .filter_map(|(ix, width)| row.cells.get(*ix).map(|c| pad(&cell(c, style), *width)))
                .collect();
            out.push(format!("  {}  {}", pad(&named(row), label), cells.join("  ")).trim_end().to_owned());
        }
        if group.rows.len() > most.rows {
            out.push(format!("  and {} more rows", group.rows.len() - most.rows));
        }
    }
    if matrix.groups.len() > most.groups {
        out.push(format!("  and {} more ways of asking", matrix.groups.len() - most.groups));
    }
    out
}

fn kind_of(vantage: &str) -> Option<&str> {
    match vantage.split_once('/') {
        Some((kind, _)) => Some(kind),
        None if vantage == "local" => Some("local"),
        None => None,
    }
}

fn painted(lines: Vec<String>, style: &Style) -> Vec<String> {
    if !style.color {
        return lines;
    }
    let warn = format!(" {} ", style.glyph(Outcome::Degraded));
    lines.into_iter().map(|line| line.replace(&warn, &format!(" {} ", style.warning(warn.trim())))).collect()
}

/// One line per cell, for narrow terminals.
fn lines(matrix: &Matrix<'_>, style: &Style, most: Most) -> Vec<String> {
    let mut out = Vec::new();
    for group in matrix.groups.iter().take(most.groups) {
        if matrix.groups.len() > 1 {
            out.push(format!("  {}", group.heading));
        }
        for row in group.rows.iter().take(most.rows) {
            for (stage, seen) in matrix.stages.iter().zip(&row.cells) {
                if seen.outcome() != Outcome::NotAsked {
                    out.push(format!("  {} {} {}", name(row, 0), stage_name(*stage), cell(seen, style)));
                }
            }
        }
    }
    out
}
