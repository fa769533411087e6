//! The path from the failing vantage to the target, with the break drawn into it.

use mesh_diagnosis::report::{Location, PathNode, Report};

use super::style::{NARROW, Style, columns, pad};

/// Most nodes that are drawn; of a longer path the middle is left out.
const NODES: usize = 10;
/// Columns of the line between two nodes.
const BETWEEN: usize = 5;

/// Lines of the drawing; none when nothing is known of the path.
pub(crate) fn text(report: &Report, style: &Style) -> Vec<String> {
    if report.path.len() < 2 {
        return Vec::new();
    }
    let nodes: Vec<&PathNode> = shown(&report.path);
    if style.width >= NARROW {
        let drawn = across(&nodes, report, style);
        if drawn.iter().all(|line| columns(line) <= style.width) {
            return drawn.into_iter().map(|line| painted(&line, style)).collect();
        }
    }
    down(&nodes, report, style).into_iter().map(|line| painted(&line, style)).collect()
}

fn shown(path: &[PathNode]) -> Vec<&PathNode> {
    if path.len() <= NODES {
        return path.iter().collect();
    }
    let broken = path.iter().position(|node| node.broken_after);
    let near = |ix: usize| broken.is_some_and(|at| ix == at || ix == at + 1);
    path.iter().enumerate().filter(|(ix, _)| *ix < 3 || *ix + 3 >= path.len() || near(*ix)).map(|(_, n)| n).collect()
}

fn cross(style: &Style) -> &'static str {
    if style.ascii { "X" } else { "╳" }
}

/// The stretch behind a node, `length` columns: whole, broken, open or beyond the break.
fn stretch(node: &PathNode, beyond: bool, unsettled: bool, length: usize, style: &Style) -> String {
    let line = if style.ascii { "-" } else { "─" };
    let left = length.saturating_sub(1) / 2;
    let around =
        |mark: &str, line: &str| format!("{}{mark}{}", line.repeat(left), line.repeat(length.saturating_sub(left + 1)));
    if node.broken_after {
        around(cross(style), line)
    } else if beyond {
        if style.ascii { ". ".repeat(length).chars().take(length).collect() } else { "╌".repeat(length) }
    } else if unsettled && node.note.is_some() {
        around("?", " ")
    } else {
        line.repeat(length)
    }
}

fn unsettled(report: &Report) -> bool {
    !matches!(report.verdict.location, Some(Location::Proved | Location::Likely))
}

fn beneath(node: &PathNode) -> String {
    let mtu = node.mtu.map(|mtu| format!("mtu {mtu}"));
    [mtu, node.note.clone()].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// Names above, addresses and stretches in the middle, what is known of each below.
fn across(nodes: &[&PathNode], report: &Report, style: &Style) -> Vec<String> {
    let mut lines = [String::from(" "), String::from(" "), String::from(" ")];
    let mut beyond = false;
    for (ix, node) in nodes.iter().enumerate() {
        let (name, address) = names(node);
        let below = beneath(node);
        let width = [&name, &address, &below].iter().map(|part| columns(part)).max().unwrap_or(0);
        let mut middle = address;
        if ix + 1 < nodes.len() {
            let length = width + BETWEEN - columns(&middle);
            middle = format!("{middle} {} ", stretch(node, beyond, unsettled(report), length, style));
        }
        beyond |= node.broken_after;
        for (line, part) in lines.iter_mut().zip([name, middle, below]) {
            line.push(' ');
            line.push_str(&pad(&part, width + BETWEEN + 2));
        }
    }
    lines.into_iter().map(|line| line.trim_end().to_owned()).filter(|line| !line.is_empty()).collect()
}

/// What stands above the line and in it: a node of which one thing is known stands in the line.
fn names(node: &PathNode) -> (String, String) {
    match &node.address {
        Some(address) if *address == node.id || address.strip_prefix(&node.id).is_some_and(|r| r.starts_with(':')) => {
            (String::new(), address.clone())
        }
        Some(address) => (node.id.clone(), address.clone()),
        None => (String::new(), node.id.clone()),
    }
}

/// One node a line, for narrow terminals and long paths.
fn down(nodes: &[&PathNode], report: &Report, style: &Style) -> Vec<String> {
    let line = if style.ascii { "|" } else { "│" };
    let mut out = Vec::new();
    for (ix, node) in nodes.iter().enumerate() {
        let (name, address) = names(node);
        let parts: Vec<String> = [name, address, beneath(node)].into_iter().filter(|part| !part.is_empty()).collect();
        out.push(format!("  {}", parts.join("  ")));
        if ix + 1 < nodes.len() {
            out.push(match (node.broken_after, unsettled(report) && node.note.is_some()) {
                (true, _) => format!("  {}  breaks here", cross(style)),
                (false, true) => "  ?  somewhere from here on".to_owned(),
                (false, false) => format!("  {line}"),
            });
        }
    }
    out
}

/// Only the mark of the break is painted, in the same place as without colour.
fn painted(line: &str, style: &Style) -> String {
    for (plain, mark) in [("──╳──", "╳"), ("--X--", "X"), ("╳  breaks here", "╳"), ("X  breaks here", "X")]
    {
        if style.color
            && let Some(at) = line.find(plain)
        {
            let (before, rest) = line.split_at(at);
            let replaced = plain.replacen(mark, &style.broken(mark), 1);
            return format!("{before}{replaced}{}", rest.strip_prefix(plain).unwrap_or_default());
        }
    }
    line.to_owned()
}
