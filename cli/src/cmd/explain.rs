//! `meshctl explain`: runbook pages, offline.

use serde_json::json;

use super::Context;
use crate::{
    args::{Explain, Format},
    exit::{Code, Problem},
    render::text::hanging,
};

mod pages;

use pages::{PAGES, SYMPTOMS};

/// What each boundary is and where it sits, in path order.
const BOUNDARIES: [(&str, &str); 15] = [
    ("client-host", "the client's kernel and limits: ports, local firewall and routes, link, clock"),
    ("egress-proxy", "what relays or intercepts the client's traffic on purpose"),
    ("resolver-config", "how a name becomes queries: nameservers, search list, hosts file, libc"),
    ("resolver", "the recursive resolver, and the path to it"),
    ("dns-data", "what the authority says: records, views, chains, staleness"),
    ("source-address", "who the client appears to be: SNAT, policy by source, the way back"),
    ("route", "forwarding, both ways: routes, last-hop neighbours, reverse-path filters"),
    ("path-mtu", "packet size on the path: filters, tunnels, MSS, ICMP \"too big\""),
    ("firewall", "a box between the ends that drops, rejects, injects or forgets"),
    ("service-datapath", "a node's translation of a Service's address to an endpoint"),
    ("endpoints", "the choice of endpoints: EndpointSlices, readiness, selectors, ports"),
    ("edge", "a proxy's route and its leg to the upstream"),
    ("tls", "handshake policy and certificates, both sides"),
    ("application", "the backend: its listener, accept queue, host firewall, handler"),
    ("timeout-budget", "all parts work, but an outer timer is shorter than the inner work"),
];

/// Farthest that a typo may be from what was meant.
const TYPO: usize = 3;

pub(crate) fn run(args: &Explain, cx: &Context) -> Result<Code, Problem> {
    let Some(topic) = args.topic.as_deref() else {
        overview(cx);
        return Ok(Code::Good);
    };
    let topic = topic.trim_matches('/');
    if let Some((slug, page)) = PAGES.iter().find(|(slug, _)| *slug == topic) {
        show(cx, slug, page);
        return Ok(Code::Good);
    }
    let symptom = SYMPTOMS.iter().find(|(name, _)| *name == topic).map(|(_, page)| (*page).to_owned());
    let boundary = BOUNDARIES.iter().find(|(name, _)| *name == topic).map(|(name, what)| causes(name, what));
    let parts: Vec<String> = [symptom, boundary].into_iter().flatten().collect();
    if parts.is_empty() {
        return Err(unknown(topic));
    }
    show(cx, topic, &parts.join("\n"));
    Ok(Code::Good)
}

fn unknown(topic: &str) -> Problem {
    let known = PAGES.iter().map(|(slug, _)| *slug).chain(BOUNDARIES.iter().map(|(name, _)| *name));
    let known = known.chain(SYMPTOMS.iter().map(|(name, _)| *name));
    // A cause alone is meant as often as it is mistyped.
    let whole = known.clone().find(|slug| slug.split_once('/').is_some_and(|(_, cause)| cause == topic));
    let near = known.map(|slug| (distance(slug, topic), slug)).min().filter(|(far, _)| *far <= TYPO);
    let problem = Problem::usage(format!("nothing is called {topic:?}"));
    match whole.or(near.map(|(_, slug)| slug)) {
        Some(slug) => problem.hint(format!("meshctl explain {slug}")),
        None => problem.hint("meshctl explain lists every cause and symptom"),
    }
}

/// Edits between two words (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(80).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut next = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let (diagonal, above) = (row.get(j).copied().unwrap_or(0), row.get(j + 1).copied().unwrap_or(0));
            let left = next.last().copied().unwrap_or(0);
            next.push((diagonal + usize::from(x != *y)).min(above + 1).min(left + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

/// A boundary and the causes it can have.
fn causes(boundary: &str, what: &str) -> String {
    let mut out = format!("# {boundary}\n\nBoundary: {what}.\n\n");
    let own: Vec<&str> = slugs_of(boundary);
    if own.is_empty() {
        out.push_str("No cause of it is told apart yet.\n");
    }
    for slug in own {
        out.push_str(&entry(slug));
    }
    out
}

fn slugs_of(boundary: &str) -> Vec<&'static str> {
    let of = |slug: &str| slug.split_once('/').is_some_and(|(own, _)| own == boundary);
    PAGES.iter().map(|(slug, _)| *slug).filter(|slug| of(slug)).collect()
}

fn entry(slug: &str) -> String {
    format!("- {slug}: {}\n", mesh_diagnosis::meaning(slug).unwrap_or("see its page"))
}

fn overview(cx: &Context) {
    if cx.out.for_programs() {
        let causes: Vec<_> =
            PAGES.iter().map(|(slug, _)| json!({ "slug": slug, "meaning": mesh_diagnosis::meaning(slug) })).collect();
        let symptoms: Vec<&str> = SYMPTOMS.iter().map(|(name, _)| *name).collect();
        let boundaries: Vec<_> = BOUNDARIES.iter().map(|(name, what)| json!({ "name": name, "what": what })).collect();
        cx.out.document("Pages", json!({ "causes": causes, "boundaries": boundaries, "symptoms": symptoms }));
        return;
    }
    let names: Vec<&str> = SYMPTOMS.iter().map(|(name, _)| *name).collect();
    let mut out = vec![format!("Symptoms: {}", names.join(", "))];
    for (name, what) in BOUNDARIES {
        out.extend([String::new(), format!("{name}: {what}")]);
        for slug in slugs_of(name) {
            let meaning = mesh_diagnosis::meaning(slug).unwrap_or_default();
            out.extend(hanging(&format!("  {slug:<38} "), meaning, cx.out.style.width));
        }
    }
    print(cx, &out.join("\n"));
}

fn show(cx: &Context, topic: &str, page: &str) {
    if cx.out.for_programs() {
        cx.out.document("Page", json!({ "topic": topic, "markdown": page }));
    } else if cx.out.format == Format::Md {
        cx.out.stdout(page);
    } else {
        print(cx, &plain(page, cx.out.style.width));
    }
}

/// Pages are this program's own text; only their character set may have to change.
fn print(cx: &Context, text: &str) {
    let lines: Vec<String> = text.lines().map(|line| cx.out.clean(line)).collect();
    cx.out.stdout(&format!("{}\n", lines.join("\n")));
}

/// A page for a terminal: headings without their marks, paragraphs and items refilled. Code stays in back quotes: where
/// it ends is part of what is said.
fn plain(page: &str, width: usize) -> String {
    let mut out = Vec::new();
    let mut open: Option<(String, String)> = None;
    let flush = |open: &mut Option<(String, String)>, out: &mut Vec<String>| {
        if let Some((label, text)) = open.take() {
            out.extend(hanging(&label, &text, width));
        }
    };
    for line in page.lines() {
        let heading = line.strip_prefix("# ").or_else(|| line.strip_prefix("## "));
        let item = line.split_once(' ').filter(|(mark, _)| *mark == "-" || is_number(mark));
        match (heading, item, &mut open) {
            (Some(heading), _, _) => {
                flush(&mut open, &mut out);
                out.push(heading.to_owned());
            }
            (None, _, _) if line.is_empty() => {
                flush(&mut open, &mut out);
                out.push(String::new());
            }
            (None, Some((mark, text)), _) => {
                flush(&mut open, &mut out);
                open = Some((format!("  {mark} "), text.to_owned()));
            }
            (None, None, Some((_, text))) => *text = format!("{text} {}", line.trim()),
            (None, None, None) => open = Some(("  ".to_owned(), line.trim().to_owned())),
        }
    }
    flush(&mut open, &mut out);
    out.join("\n")
}

/// "3.", as items of a list begin.
fn is_number(mark: &str) -> bool {
    mark.strip_suffix('.').is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cause_has_a_page_and_every_page_a_cause() {
        let slugs = mesh_diagnosis::slugs();
        let missing: Vec<_> = slugs.iter().filter(|slug| !PAGES.iter().any(|(page, _)| page == *slug)).collect();
        assert!(missing.is_empty(), "no page: {missing:?}");
        let orphans: Vec<_> = PAGES.iter().filter(|(page, _)| !slugs.contains(page)).map(|(page, _)| page).collect();
        assert!(orphans.is_empty(), "no cause: {orphans:?}");
    }

    #[test]
    fn pages_share_one_skeleton_and_stand_under_their_own_name() {
        for (slug, page) in PAGES {
            assert!(page.starts_with(&format!("# {slug}\n")), "{slug}");
            let mut rest = *page;
            for heading in [
                "## Symptom",
                "## What it proves, and what it does not",
                "## How meshctl proves it",
                "## Look",
                "## Change (you decide)",
                "## False friends",
                "## Lab case",
            ] {
                let (_, after) =
                    rest.split_once(&format!("\n{heading}\n")).unwrap_or_else(|| panic!("{slug}: {heading}"));
                rest = after;
            }
        }
    }

    #[test]
    fn every_slug_that_a_page_mentions_exists() {
        let known = |slug: &str| PAGES.iter().any(|(page, _)| *page == slug);
        for (name, page) in PAGES.iter().chain(SYMPTOMS) {
            for word in page.split('`').skip(1).step_by(2) {
                let of_boundary = BOUNDARIES
                    .iter()
                    .any(|(boundary, _)| word.strip_prefix(boundary).is_some_and(|r| r.starts_with('/')));
                if of_boundary && !word.ends_with("/*") && !word.contains(' ') {
                    assert!(known(word), "{name} mentions {word}");
                }
            }
        }
    }

    #[test]
    fn pages_are_refilled_and_items_keep_their_marks() {
        let page = "# a/b\n\none two\nthree\n\n## Look\n- four five\n  six\n1. seven\n";
        assert_eq!(plain(page, 24), "a/b\n\n  one two three\n\nLook\n  - four five six\n  1. seven");
        for (slug, page) in PAGES.iter().chain(SYMPTOMS) {
            let words = |text: &str| -> Vec<String> {
                text.split_whitespace().filter(|word| !word.starts_with('#')).map(str::to_owned).collect()
            };
            assert_eq!(words(&plain(page, 80)), words(page), "{slug}");
        }
    }

    #[test]
    fn boundaries_are_those_of_the_diagnosis() {
        let ours: Vec<&str> = BOUNDARIES.iter().map(|(name, _)| *name).collect();
        assert_eq!(ours, mesh_diagnosis::boundaries());
    }

    #[test]
    fn a_typo_or_a_bare_cause_finds_its_page() {
        for (typed, meant) in [
            ("path-mtu/blackhol", "path-mtu/blackhole"),
            ("blackhole", "blackhole"),
            ("aplication", "application"),
            ("not-listening", "application/not-listening"),
        ] {
            assert!(unknown(typed).hints[0].ends_with(meant), "{typed}: {:?}", unknown(typed).hints);
        }
        assert!(unknown("quantum").hints[0].contains("lists every cause"));
    }
}
