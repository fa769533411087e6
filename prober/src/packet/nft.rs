//! Rules of `nf_tables` as the kernel dumps them (`linux/netfilter/nf_tables.h`): attributes in network byte order.
//!
//! A rule is a small program of expressions over registers. [`rule`] follows it and writes down what it tests and does,
//! in the words of nft(8). An expression it does not know makes the whole rule "not understood": a rule read in part
//! would seem to match more than it does.

use std::collections::BTreeMap;

use mesh_proto::v1 as pb;

use super::netlink::{attribute, attributes, be32_at, be64_at, put, text};

mod program;
mod subject;

/// `NFNL_SUBSYS_NFTABLES << 8`, and the messages that ask.
const NFTABLES: u16 = 10 << 8;
pub(crate) const GET_CHAINS: u16 = NFTABLES + 4;
pub(crate) const GET_RULES: u16 = NFTABLES + 7;
pub(crate) const GET_ELEMENTS: u16 = NFTABLES + 13;
pub(crate) const GET_GENERATION: u16 = NFTABLES + 16;

/// struct nfgenmsg: family, version, resource.
const NFGENMSG: usize = 4;
/// Elements of one set that are written out. A longer one is a blocklist, and what it holds is not the rule's meaning.
const ELEMENTS: usize = 256;
/// Text of one rule, bytes.
const TEXT: usize = 512;

/// Body of a question about everything of a kind.
pub(crate) fn everything() -> Vec<u8> {
    vec![0; NFGENMSG]
}

/// Body of the question for one set's elements.
pub(crate) fn elements_question(set: &SetName) -> Vec<u8> {
    let mut body = vec![set.family, 0, 0, 0];
    for (kind, name) in [(1, &set.table), (2, &set.name)] {
        let mut terminated = name.clone().into_bytes();
        terminated.push(0);
        put(&mut body, kind, &terminated);
    }
    body
}

/// Number of the rule set's generation, which rises with every change.
pub(crate) fn generation(payload: &[u8]) -> Option<u32> {
    attribute(payload.get(NFGENMSG..)?, 1).and_then(|value| be32_at(value, 0))
}

/// A chain, and where the kernel enters it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Chain {
    pub(crate) family: u8,
    pub(crate) table: String,
    pub(crate) name: String,
    /// Name of the hook; `None` for a chain that is jumped to.
    pub(crate) hook: Option<&'static str>,
    /// Packets that no rule decided are dropped.
    pub(crate) drops: bool,
}

impl Chain {
    /// "inet/filter/input: drop", for a base chain.
    pub(crate) fn policy(&self) -> Option<String> {
        self.hook?;
        let policy = if self.drops { "drop" } else { "accept" };
        Some(format!("{}/{}/{}: {policy}", family_name(self.family), self.table, self.name))
    }
}

/// One message of the chain dump.
pub(crate) fn chain(payload: &[u8]) -> Option<Chain> {
    let family = *payload.first()?;
    let attributes = payload.get(NFGENMSG..)?;
    let number = attribute(attributes, 4).and_then(|hook| attribute(hook, 1)).and_then(|value| be32_at(value, 0));
    Some(Chain {
        family,
        table: text(attribute(attributes, 1)?),
        name: text(attribute(attributes, 3)?),
        hook: number.map(|number| hook_name(family, number)),
        drops: attribute(attributes, 5).and_then(|value| be32_at(value, 0)) == Some(0),
    })
}

fn family_name(family: u8) -> &'static str {
    match family {
        1 => "inet",
        2 => "ip",
        3 => "arp",
        5 => "netdev",
        7 => "bridge",
        10 => "ip6",
        _ => "unknown",
    }
}

/// Whether a chain is of the family that a rule was told with.
pub(crate) fn is_family(chain: &Chain, family: &str) -> bool {
    family_name(chain.family) == family
}

fn hook_name(family: u8, number: u32) -> &'static str {
    match (family, number) {
        (5, 0) | (1, 5) => "ingress",
        (5, 1) => "egress",
        (3, 1) | (_, 3) => "output",
        (3, 0) | (_, 1) => "input",
        (_, 0) => "prerouting",
        (_, 2) => "forward",
        (_, 4) => "postrouting",
        _ => "unknown",
    }
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct SetName {
    pub(crate) family: u8,
    pub(crate) table: String,
    pub(crate) name: String,
}

/// An element's key, or the inclusive range of keys it stands for, in network byte order.
pub(crate) type Keys = (Vec<u8>, Vec<u8>);

/// Contents of the sets that rules look things up in. `None` = a set that is too long or could not be read.
pub(crate) type Sets = BTreeMap<SetName, Option<Vec<Keys>>>;

/// The elements of a set, from the messages of its dump. `None` when there are too many, or one that has no key.
pub(crate) fn elements<'a>(payloads: impl Iterator<Item = &'a [u8]>) -> Option<Vec<Keys>> {
    const INTERVAL_END: u32 = 1;
    let mut points: Vec<(Vec<u8>, bool)> = Vec::new();
    let mut ranges = Vec::new();
    for payload in payloads {
        let list = attribute(payload.get(NFGENMSG..)?, 3).unwrap_or_default();
        for (_, element) in attributes(list).filter(|(kind, _)| *kind == 1) {
            let value = |kind| attribute(element, kind).and_then(|data| attribute(data, 1)).map(<[u8]>::to_vec);
            let flags = attribute(element, 3).and_then(|value| be32_at(value, 0)).unwrap_or(0);
            match (value(1)?, value(10)) {
                (from, Some(to)) => ranges.push((from, to)),
                (key, None) => points.push((key, flags & INTERVAL_END != 0)),
            }
            if points.len() + ranges.len() > 2 * ELEMENTS {
                return None;
            }
        }
    }
    // Intervals are dumped as their first key and, flagged, the first key behind them, in any order.
    points.sort();
    let interval = points.iter().any(|(_, end)| *end);
    let mut points = points.into_iter().filter(|(key, end)| !(*end && key.iter().all(|byte| *byte == 0))).peekable();
    while let Some((from, end)) = points.next() {
        if end {
            return None;
        }
        let to = match points.next_if(|(_, end)| *end) {
            Some((behind, _)) => before(behind),
            None if interval => vec![u8::MAX; from.len()],
            None => from.clone(),
        };
        ranges.push((from, to));
    }
    (ranges.len() <= ELEMENTS).then_some(ranges)
}

/// The key just before, as a big-endian number.
fn before(mut key: Vec<u8>) -> Vec<u8> {
    for byte in key.iter_mut().rev() {
        let (less, borrow) = byte.overflowing_sub(1);
        *byte = less;
        if !borrow {
            break;
        }
    }
    key
}

/// The expressions of a rule: name and data.
fn expressions(rule: &[u8]) -> impl Iterator<Item = (String, &[u8])> {
    let list = attribute(rule, 4).unwrap_or_default();
    attributes(list).filter(|(kind, _)| *kind == 1).filter_map(|(_, expression)| {
        Some((text(attribute(expression, 1)?), attribute(expression, 2).unwrap_or_default()))
    })
}

/// The sets that a rule of the dump looks things up in.
pub(crate) fn lookups(payload: &[u8]) -> Vec<SetName> {
    let Some((family, rule)) = payload.first().zip(payload.get(NFGENMSG..)) else { return Vec::new() };
    let Some(table) = attribute(rule, 1).map(text) else { return Vec::new() };
    expressions(rule)
        .filter(|(name, _)| name == "lookup")
        .filter_map(|(_, data)| attribute(data, 1))
        .map(|name| SetName { family: *family, table: table.clone(), name: text(name) })
        .collect()
}

/// One message of the rule dump.
pub(crate) fn rule(payload: &[u8], chains: &[Chain], sets: &Sets) -> Option<pb::FirewallRule> {
    let family = *payload.first()?;
    let attributes = payload.get(NFGENMSG..)?;
    let (table, chain) = (text(attribute(attributes, 1)?), text(attribute(attributes, 2)?));
    let hook = chains
        .iter()
        .find(|known| known.family == family && known.table == table && known.name == chain)
        .and_then(|known| known.hook);
    let mut program = program::Program::new(family, &table, sets);
    for (name, data) in expressions(attributes) {
        program.step(&name, data);
    }
    let mut rule = program.finish();
    rule.text.truncate(rule.text.floor_char_boundary(TEXT));
    family_name(family).clone_into(&mut rule.family);
    hook.unwrap_or_default().clone_into(&mut rule.hook);
    rule.handle = attribute(attributes, 3).and_then(|value| be64_at(value, 0)).unwrap_or(0);
    if let Some(comment) = attribute(attributes, 7).and_then(comment) {
        rule.comment = comment;
    }
    rule.table = table;
    rule.chain = chain;
    Some(rule)
}

/// The comment in a rule's user data: entries of type and length in one byte each (libnftnl's udata.h).
fn comment(mut data: &[u8]) -> Option<String> {
    const COMMENT: u8 = 0;
    loop {
        let (kind, length) = (*data.first()?, usize::from(*data.get(1)?));
        let value = data.get(2..2 + length)?;
        if kind == COMMENT {
            return Some(text(value));
        }
        data = data.get(2 + length..)?;
    }
}

#[cfg(test)]
mod tests;
