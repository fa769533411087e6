//! The list of vantages. Alike ones are one row where there are many, so that a fleet fits a screen; `--verbose` shows each.

use std::{collections::BTreeMap, net::IpAddr, time::Duration};

use mesh_proto::v1::{ListVantagesReply, Vantage};

use super::{Output, style, table};

/// Vantages that are listed one by one without `--verbose`.
const EACH: usize = 20;
/// Rows and lines of a section without `--verbose`; the rest is counted.
const ROWS: usize = 20;
const LINES: usize = 5;
/// Widest cell of labels without `--verbose`.
const LABELS: usize = 24;

/// Rows that say the same about several vantages, the first of which gives its name.
struct Group<'v> {
    vantages: Vec<&'v Vantage>,
}

/// The whole list. `now_us` is now.
pub(crate) fn text(reply: &ListVantagesReply, now_us: i64, out: &Output) -> String {
    let groups = grouped(&reply.vantages, out.verbose || reply.vantages.len() <= EACH);
    let limit = |usual: usize| if out.verbose { usize::MAX } else { usual };
    let columns = columns(&groups, now_us, out);
    let head: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    let rows: Vec<Vec<String>> = (0..groups.len())
        .take(limit(ROWS))
        .map(|ix| columns.iter().map(|(_, cells)| cells.get(ix).cloned().unwrap_or_default()).collect())
        .collect();
    let mut lines = Vec::new();
    if groups.len() > rows.len() {
        let left = groups.iter().skip(rows.len()).map(|group| group.vantages.len()).sum();
        lines.push(format!("and {} more: --verbose", style::count(left, "vantage")));
    }
    if out.verbose {
        for (vantage, reason) in reply.vantages.iter().flat_map(|v| v.lacking.iter().map(move |reason| (v, reason))) {
            lines.push(format!("{}: {}", out.clean(&vantage.id), out.clean(reason)));
        }
    }
    let mut section = |all: Vec<String>| {
        let more = all.len().saturating_sub(limit(LINES));
        lines.extend(all.into_iter().take(limit(LINES)));
        if more > 0 {
            lines.push(format!("and {more} more: --verbose"));
        }
    };
    section(reply.absent.iter().map(|absent| out.clean(&gone(absent, now_us))).collect());
    section(reply.unreachable.iter().map(|reason| format!("not reached: {}", out.clean(reason))).collect());
    let table = table::text(&head, &rows);
    std::iter::once(table).chain(lines.into_iter().map(|line| format!("{line}\n"))).collect()
}

/// "not connected: node/w7, last seen 3 min ago".
fn gone(absent: &Vantage, now_us: i64) -> String {
    if absent.seen_us == 0 {
        return format!("not connected: {}, no note of when it was", absent.id);
    }
    format!("not connected: {}, last seen {} ago", absent.id, age(now_us - absent.seen_us))
}

fn grouped(vantages: &[Vantage], each: bool) -> Vec<Group<'_>> {
    if each {
        return vantages.iter().map(|vantage| Group { vantages: vec![vantage] }).collect();
    }
    let by = |labels: bool| {
        let mut groups: BTreeMap<_, Group<'_>> = BTreeMap::new();
        for v in vantages {
            let labels = labels.then_some(&v.labels);
            let key = (&v.kind, labels, &v.version, &v.capabilities, &v.lacking, v.observer);
            groups.entry(key).or_insert_with(|| Group { vantages: Vec::new() }).vantages.push(v);
        }
        groups.into_values().collect::<Vec<_>>()
    };
    // Labels of which each vantage has its own group nothing.
    let groups = by(true);
    if groups.len() <= ROWS { groups } else { by(false) }
}

type Column = (&'static str, Vec<String>);

/// The columns of which something can be said.
fn columns(groups: &[Group<'_>], now_us: i64, out: &Output) -> Vec<Column> {
    let cells = |cell: &dyn Fn(&Group<'_>) -> String| -> Vec<String> {
        groups.iter().map(|group| out.clean(&cell(group))).collect()
    };
    let first = |group: &Group<'_>, word: &dyn Fn(&Vantage) -> String| {
        none(group.vantages.first().map(|vantage| word(vantage)).unwrap_or_default())
    };
    let any = |has: &dyn Fn(&Vantage) -> bool| groups.iter().flat_map(|group| &group.vantages).any(|one| has(one));
    let single = groups.iter().all(|group| group.vantages.len() == 1);
    let mut columns: Vec<Column> = vec![("VANTAGE", cells(&name))];
    if any(&|vantage| !vantage.labels.is_empty()) {
        let wide = if out.verbose { usize::MAX } else { LABELS };
        columns.push(("LABELS", cells(&|group| style::shorten(&labels(group), wide, out.style.ascii))));
    }
    if single {
        columns.push(("ADDRESSES", cells(&|group| first(group, &addresses))));
    }
    columns.push(("CLOCK", cells(&clock)));
    if any(&|vantage| vantage.connected_us > 0) {
        columns.push(("SINCE", cells(&|group| span(group, now_us, |vantage| vantage.connected_us))));
    }
    if out.verbose {
        columns.push(("SEEN", cells(&|group| span(group, now_us, |vantage| vantage.seen_us))));
    }
    columns.push(("VERSION", cells(&|group| first(group, &|vantage| vantage.version.clone()))));
    columns.push(("CAN", cells(&|group| first(group, &|vantage| vantage.capabilities.join(" ")))));
    // "icmp: net.ipv4.ping_group_range …": what is lacking, without what would give it.
    let lacks = |vantage: &Vantage| {
        let lacks: Vec<&str> = vantage.lacking.iter().filter_map(|reason| reason.split(':').next()).collect();
        lacks.join(", ")
    };
    columns.push(("LACKS", cells(&|group| first(group, &lacks))));
    columns
}

fn none(words: String) -> String {
    if words.is_empty() { "-".to_owned() } else { words }
}

fn name(group: &Group<'_>) -> String {
    let Some(first) = group.vantages.first() else { return String::new() };
    let observer = if first.observer { " (observer)" } else { "" };
    match group.vantages.len() {
        0 | 1 => format!("{}{observer}", first.id),
        many => format!("{} (+{} alike){observer}", first.id, many - 1),
    }
}

/// Labels that all of the group have.
fn labels(group: &Group<'_>) -> String {
    let Some((first, rest)) = group.vantages.split_first() else { return String::new() };
    let shared: Vec<String> = first
        .labels
        .iter()
        .filter(|(key, value)| rest.iter().all(|other| other.labels.get(*key) == Some(value)))
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    none(shared.join(" "))
}

fn addresses(vantage: &Vantage) -> String {
    let own: Vec<&str> = vantage.addresses.iter().map(String::as_str).filter(|address| !local_only(address)).collect();
    let more = own.len().saturating_sub(2);
    let more = if more > 0 { format!(" +{more}") } else { String::new() };
    format!("{}{more}", own.into_iter().take(2).collect::<Vec<_>>().join(", "))
}

/// The worst clock of the group, and how sure that is.
fn clock(group: &Group<'_>) -> String {
    let worst = group
        .vantages
        .iter()
        .max_by_key(|vantage| vantage.clock_offset_us.unsigned_abs().saturating_add(vantage.clock_bound_us));
    worst.map_or_else(String::new, |vantage| offset(vantage.clock_offset_us, vantage.clock_bound_us))
}

/// "+0.0 ms +-0.1", "+3600.0 s +-0.0": theirs minus the coordinator's, and how well that is known.
fn offset(offset_us: i64, bound_us: u64) -> String {
    /// From here on a clock is off by more than a day's drift, and milliseconds say nothing.
    const OFF_US: u64 = 10_000_000;
    /// Beyond this nobody measured it.
    const BOUND_US: u64 = 86_400_000_000;
    if bound_us > BOUND_US {
        return "not measured".to_owned();
    }
    let (unit, word) = if offset_us.unsigned_abs() < OFF_US { (1_000.0, "ms") } else { (1.0, "s") };
    let in_unit = |us: u64| Duration::from_micros(us).as_secs_f64() * unit;
    let sign = if offset_us < 0 { '-' } else { '+' };
    format!("{sign}{:.1} {word} +-{:.1}", in_unit(offset_us.unsigned_abs()), in_unit(bound_us))
}

/// "2 h", or "3 min to 2 h" where the group's vantages differ.
fn span(group: &Group<'_>, now_us: i64, at: impl Fn(&Vantage) -> i64) -> String {
    let known: Vec<i64> = group.vantages.iter().map(|vantage| at(vantage)).filter(|at| *at > 0).collect();
    let (Some(oldest), Some(newest)) = (known.iter().min(), known.iter().max()) else { return none(String::new()) };
    let (short, long) = (age(now_us - newest), age(now_us - oldest));
    if short == long { short } else { format!("{short} to {long}") }
}

/// Time that has passed, to one unit: people compare it, nobody calculates with it.
fn age(us: i64) -> String {
    let seconds = u64::try_from(us).unwrap_or(0) / 1_000_000;
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min", seconds / 60),
        3_600..172_800 => format!("{} h", seconds / 3_600),
        _ => format!("{} days", seconds / 86_400),
    }
}

fn local_only(address: &str) -> bool {
    address.parse::<IpAddr>().is_ok_and(|address| match address {
        IpAddr::V4(v4) => v4.is_loopback(),
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unicast_link_local(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_shown_with_the_bound_within_which_that_is_true() {
        assert_eq!(offset(0, 140), "+0.0 ms +-0.1");
        assert_eq!(offset(-1_250, 300), "-1.2 ms +-0.3");
        assert_eq!(offset(3_600_000_000, 140), "+3600.0 s +-0.0");
        assert_eq!(offset(0, (1 << 53) - 1), "not measured");
    }
}
