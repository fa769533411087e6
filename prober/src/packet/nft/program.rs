//! Follows a rule's expressions and writes down its tests and its verdict.

use std::collections::BTreeMap;

use mesh_proto::v1 as pb;

use super::{
    SetName, Sets,
    subject::{Field, Slot, Subject, resolve, states},
};
use crate::packet::netlink::{attribute, be32_at, text};

/// What a register holds.
#[derive(Debug, Clone)]
enum Held {
    Value(Vec<u8>),
    Field {
        field: Field,
        mask: Option<Vec<u8>>,
        /// Turned into network byte order by an expression.
        turned: bool,
    },
}

/// Subjects with the bytes of each, and the mask over them.
type Masked = (Vec<(Subject, usize)>, Option<Vec<u8>>);

/// `NFT_CMP_*`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Op {
    Is,
    IsNot,
    Below,
    AtMost,
    Above,
    AtLeast,
}

impl Op {
    fn of(number: u32) -> Option<Self> {
        [Self::Is, Self::IsNot, Self::Below, Self::AtMost, Self::Above, Self::AtLeast]
            .get(usize::try_from(number).ok()?)
            .copied()
    }

    fn sign(self) -> &'static str {
        match self {
            Self::Is => "==",
            Self::IsNot => "!=",
            Self::Below => "<",
            Self::AtMost => "<=",
            Self::Above => ">",
            Self::AtLeast => ">=",
        }
    }
}

mod actions;

pub(super) struct Program<'a> {
    family: u8,
    table: &'a str,
    sets: &'a Sets,
    registers: BTreeMap<u32, Held>,
    nfproto: Option<u8>,
    l4proto: Option<u8>,
    /// Words of protocol tests, which nft(8) leaves out where a later test names the protocol: `tcp dport 80`.
    implied: Vec<(usize, Slot)>,
    words: Vec<String>,
    rule: pb::FirewallRule,
}

impl<'a> Program<'a> {
    pub(super) fn new(family: u8, table: &'a str, sets: &'a Sets) -> Self {
        Self {
            family,
            table,
            sets,
            registers: BTreeMap::new(),
            nfproto: matches!(family, 2 | 10).then_some(family),
            l4proto: None,
            implied: Vec::new(),
            words: Vec::new(),
            rule: pb::FirewallRule { understood: true, ..Default::default() },
        }
    }

    pub(super) fn finish(mut self) -> pb::FirewallRule {
        self.words.retain(|word| !word.is_empty());
        self.rule.text = self.words.join(" ");
        self.rule
    }

    /// One expression. What is not known is named, and the rule is not understood.
    pub(super) fn step(&mut self, name: &str, data: &[u8]) {
        let known = match name {
            "payload" => self.payload(data),
            "meta" => self.load(data, 1, 2, 3, Field::Meta),
            "ct" => self.load(data, 1, 2, 4, Field::Ct),
            "numgen" => self.numgen(data),
            "bitwise" => self.bitwise(data),
            "byteorder" => self.byteorder(data),
            "cmp" => self.cmp(data),
            "range" => self.range(data),
            "lookup" => self.lookup(data),
            "immediate" => self.immediate(data),
            "counter" => self.counter(data),
            "limit" => self.limit(data),
            "log" => {
                self.words.push("log".to_owned());
                Some(())
            }
            "reject" => self.reject(data),
            "nat" => self.nat(data),
            "masq" => {
                self.act("masquerade", "masquerade".to_owned());
                Some(())
            }
            "redir" => {
                self.redirect(data);
                Some(())
            }
            "match" | "target" => self.xtables(name, data),
            _ => None,
        };
        if known.is_none() {
            self.unknown(name);
        }
    }

    fn unknown(&mut self, name: &str) {
        self.rule.understood = false;
        // These have been written out already: "xt match multiport", "vmap @services".
        if !matches!(name, "match" | "target" | "lookup" | "nat") {
            self.words.push(format!("[{name}]"));
        }
        if self.rule.verdict.is_empty() && matches!(name, "queue" | "tproxy" | "synproxy" | "dup" | "fwd") {
            "other".clone_into(&mut self.rule.verdict);
        }
    }

    fn payload(&mut self, data: &[u8]) -> Option<()> {
        // With a source register it writes to the packet.
        let register = number(data, 1)?;
        let field = Field::Payload { base: number(data, 2)?, offset: number(data, 3)?, length: number(data, 4)? };
        self.hold(register, field);
        Some(())
    }

    /// Expressions with a key and a register to load into or to store from.
    fn load(&mut self, data: &[u8], to: u16, key: u16, from: u16, field: fn(u32) -> Field) -> Option<()> {
        if attribute(data, from).is_some() {
            return None;
        }
        self.hold(number(data, to)?, field(number(data, key)?));
        Some(())
    }

    fn hold(&mut self, register: u32, field: Field) {
        self.registers.insert(register, Held::Field { field, mask: None, turned: false });
    }

    fn numgen(&mut self, data: &[u8]) -> Option<()> {
        let field = Field::Numgen { random: number(data, 3)? == 1, modulus: number(data, 2)? };
        if number(data, 4).unwrap_or(0) != 0 {
            return None;
        }
        self.hold(number(data, 1)?, field);
        Some(())
    }

    /// `register & mask`; with an exclusive-or or a shift it is not followed.
    fn bitwise(&mut self, data: &[u8]) -> Option<()> {
        let (from, to) = (number(data, 1)?, number(data, 2)?);
        let plain = number(data, 6).unwrap_or(0) == 0 && value(data, 5)?.iter().all(|byte| *byte == 0);
        let new = value(data, 4)?;
        match self.registers.get(&from)?.clone() {
            Held::Field { field, mask: None, turned } if plain => {
                self.registers.insert(to, Held::Field { field, mask: Some(new.to_vec()), turned });
                Some(())
            }
            _ => {
                self.registers.remove(&to);
                None
            }
        }
    }

    fn byteorder(&mut self, data: &[u8]) -> Option<()> {
        let (from, to) = (number(data, 1)?, number(data, 2)?);
        match self.registers.get(&from)?.clone() {
            Held::Field { field, mask: None, turned } => {
                self.registers.insert(to, Held::Field { field, mask: None, turned: !turned });
                Some(())
            }
            _ => None,
        }
    }

    /// The subjects a register holds, with the bytes of each, and the mask over them.
    fn subjects(&self, register: u32) -> Option<Masked> {
        let Held::Field { field, mask, turned } = self.registers.get(&register)? else { return None };
        let mut subjects = resolve(*field, self.nfproto, self.l4proto)?;
        for (subject, _) in &mut subjects {
            subject.host_order &= !turned;
        }
        Some((subjects, mask.clone()))
    }

    fn cmp(&mut self, data: &[u8]) -> Option<()> {
        let (op, value) = (Op::of(number(data, 2)?)?, value(data, 3)?);
        let (subjects, mask) = self.subjects(number(data, 1)?)?;
        match (subjects.as_slice(), mask) {
            ([(subject, _)], None) => self.compare(*subject, op, value),
            ([(subject, _)], Some(mask)) => self.masked(*subject, op, value, &mask),
            // Neighbouring fields in one load: all of them are equal, or nothing simple is meant.
            (parts, None) if op == Op::Is => {
                let mut rest = value;
                for (subject, bytes) in parts {
                    let (part, behind) = rest.split_at_checked(*bytes)?;
                    self.compare(*subject, Op::Is, part)?;
                    rest = behind;
                }
                Some(())
            }
            _ => None,
        }
    }

    fn compare(&mut self, subject: Subject, op: Op, value: &[u8]) -> Option<()> {
        if op == Op::Is {
            match (subject.slot, value) {
                (Slot::NfProto, [family]) => self.nfproto = Some(*family),
                (Slot::Protocol, [protocol]) => self.l4proto = Some(*protocol),
                _ => {}
            }
        }
        let written = subject.write(value)?;
        if let Slot::Length { add } = subject.slot {
            let number = subject.number(value)?.checked_add(add)?;
            self.put(subject.slot, format!("{} {number}", op.sign()));
            self.say(subject, op, &written);
            return Some(());
        }
        let told = match (subject.slot, op) {
            (_, Op::Is) => written.clone(),
            (Slot::SourcePort | Slot::DestinationPort, _) if op != Op::IsNot => ports(op, subject.number(value)?)?,
            _ => format!("{} {written}", op.sign()),
        };
        self.put(subject.slot, told);
        self.say(subject, op, &written);
        Some(())
    }

    /// The words of a test, without the protocol tests that they imply.
    fn say(&mut self, subject: Subject, op: Op, written: &str) {
        let named = subject.name.split(' ').next().unwrap_or_default();
        for (at, slot) in &self.implied {
            let implies = match slot {
                Slot::NfProto => matches!(named, "ip" | "ip6" | "icmp" | "icmpv6"),
                _ => matches!(named, "tcp" | "udp" | "icmp" | "icmpv6"),
            };
            if implies && let Some(word) = self.words.get_mut(*at) {
                word.clear();
            }
        }
        let words = subject.words();
        let quoted = if subject.name.ends_with("ifname") { format!("\"{written}\"") } else { written.to_owned() };
        let lower = (op == Op::AtMost).then(|| format!("{words} {} ", Op::AtLeast.sign()));
        let lower = lower.and_then(|lower| self.words.last()?.strip_prefix(&lower).map(str::to_owned));
        if let Some(lower) = lower {
            // A range is dumped as two comparisons.
            self.words.pop();
            self.words.push(format!("{words} {lower}-{written}"));
            return;
        }
        self.words.push(match op {
            Op::Is => format!("{words} {quoted}"),
            _ => format!("{words} {} {quoted}", op.sign()),
        });
        if matches!(subject.name, "meta l4proto" | "meta nfproto") && op == Op::Is && !written.starts_with('{') {
            self.implied.push((self.words.len() - 1, subject.slot));
        }
    }

    /// Tests of some bits: a network, or states and flags.
    fn masked(&mut self, subject: Subject, op: Op, value: &[u8], mask: &[u8]) -> Option<()> {
        let zero = value.iter().all(|byte| *byte == 0);
        let any = matches!((op, zero), (Op::IsNot, true));
        let none = matches!((op, zero), (Op::Is, true));
        match subject.slot {
            Slot::CtState if any || none => {
                let bits = u32::from_ne_bytes(mask.try_into().ok()?);
                let names = states(bits.into())?;
                let op = if any { Op::Is } else { Op::IsNot };
                self.put(Slot::CtState, if any { names.clone() } else { format!("!= {names}") });
                self.say(subject, op, &names);
                Some(())
            }
            Slot::Source | Slot::Destination if matches!(op, Op::Is | Op::IsNot) => {
                let network = subject.write_masked(value, mask)?;
                self.put(subject.slot, if op == Op::Is { network.clone() } else { format!("!= {network}") });
                self.say(subject, op, &network);
                Some(())
            }
            Slot::Other => {
                self.put(Slot::Other, String::new());
                self.words.push(format!("{} & {} {} {}", subject.name, hex(mask), op.sign(), hex(value)));
                Some(())
            }
            _ => None,
        }
    }

    fn range(&mut self, data: &[u8]) -> Option<()> {
        let op = if number(data, 2)? == 0 { Op::Is } else { Op::IsNot };
        let (subject, _) = self.single(number(data, 1)?)?;
        let range = (value(data, 3)?.to_vec(), value(data, 4)?.to_vec());
        self.one_of(subject, op, &[range], false)
    }

    /// A register that holds one whole field.
    fn single(&self, register: u32) -> Option<(Subject, usize)> {
        match self.subjects(register)? {
            (subjects, None) if subjects.len() == 1 => subjects.first().copied(),
            _ => None,
        }
    }

    fn lookup(&mut self, data: &[u8]) -> Option<()> {
        /// `NFT_LOOKUP_F_INV`.
        const INVERTED: u32 = 1;
        let name = text(attribute(data, 1)?);
        let set = SetName { family: self.family, table: self.table.to_owned(), name };
        if let Some(register) = number(data, 3) {
            // A map yields a value or a verdict per key, which the fields of one rule cannot tell.
            let subject = self.single(number(data, 2)?).map(|(subject, _)| subject.words());
            let kind = if register == 0 { "vmap" } else { "map" };
            self.words.extend(subject);
            self.words.push(format!("{kind} @{}", set.name));
            if register == 0 {
                "other".clone_into(&mut self.rule.verdict);
            }
            self.registers.remove(&register);
            return None;
        }
        let op = if number(data, 5).unwrap_or(0) & INVERTED == 0 { Op::Is } else { Op::IsNot };
        let found = self.single(number(data, 2)?).zip(self.sets.get(&set).cloned().flatten());
        let Some(((subject, bytes), keys)) = found else {
            self.words.push(format!("@{}", set.name));
            return None;
        };
        // A key of another size is several fields in a row.
        if keys.iter().any(|(from, to)| from.len() != bytes || to.len() != bytes) {
            self.words.push(format!("@{}", set.name));
            return None;
        }
        self.one_of(subject, op, &keys, true)
    }

    fn one_of(&mut self, subject: Subject, op: Op, keys: &[(Vec<u8>, Vec<u8>)], braces: bool) -> Option<()> {
        if subject.slot == Slot::NfProto {
            return None;
        }
        let written: Option<Vec<String>> = keys.iter().map(|(from, to)| subject.write_range(from, to)).collect();
        let list = written?.join(if subject.slot == Slot::CtState { "," } else { ", " });
        let listed = if braces { format!("{{ {list} }}") } else { list.clone() };
        let told = match (op, subject.slot) {
            // A sum of two tests: what the field says must be one comparison.
            (_, Slot::Length { .. }) => {
                self.rule.sometimes = true;
                listed.clone()
            }
            (Op::Is, _) => list,
            _ => format!("!= {listed}"),
        };
        self.put(subject.slot, told);
        self.say(subject, op, &listed);
        Some(())
    }

    /// Writes a test into its field. A field that is taken can't hold both tests, and a test without a field may or may
    /// not hold: either way the rule may spare what the fields alone would take.
    fn put(&mut self, slot: Slot, told: String) {
        let rule = &mut self.rule;
        let field = match slot {
            Slot::Source => &mut rule.source,
            Slot::Destination => &mut rule.destination,
            Slot::Protocol => &mut rule.protocol,
            Slot::SourcePort => &mut rule.source_port,
            Slot::DestinationPort => &mut rule.destination_port,
            Slot::Length { .. } => &mut rule.length,
            Slot::InInterface => &mut rule.in_interface,
            Slot::OutInterface => &mut rule.out_interface,
            Slot::CtState => &mut rule.ct_state,
            Slot::NfProto => {
                // A table of both families: the address fields tell which one is meant.
                let all = match told.as_str() {
                    "ipv4" => "0.0.0.0/0",
                    "ipv6" => "::/0",
                    _ => {
                        rule.sometimes = true;
                        return;
                    }
                };
                if rule.source.is_empty() {
                    all.clone_into(&mut rule.source);
                }
                return;
            }
            Slot::Other => {
                rule.sometimes = true;
                return;
            }
        };
        let all = matches!(field.as_str(), "0.0.0.0/0" | "::/0");
        if field.is_empty() || all {
            *field = told;
        } else if let Some(both) = both(field, &told) {
            *field = both;
        } else if *field != told {
            rule.sometimes = true;
        }
    }
}

/// A comparison of ports as the range that it leaves.
fn ports(op: Op, number: u64) -> Option<String> {
    const LAST: u64 = 65_535;
    let (low, high) = match op {
        Op::Below => (0, number.checked_sub(1)?),
        Op::AtMost => (0, number),
        Op::Above => (number + 1, LAST),
        Op::AtLeast => (number, LAST),
        Op::Is | Op::IsNot => return None,
    };
    (low <= high).then(|| format!("{low}-{high}"))
}

/// Two tests of one field as one, where that can be said: two ranges, or a lower and an upper bound.
fn both(first: &str, second: &str) -> Option<String> {
    if let (Some(low), Some(high)) = (first.strip_prefix(">= "), second.strip_prefix("<= ")) {
        return Some(format!("{low}-{high}"));
    }
    let range = |text: &str| -> Option<(u32, u32)> {
        let (low, high) = text.split_once('-')?;
        Some((low.parse().ok()?, high.parse().ok()?))
    };
    let ((a, b), (c, d)) = (range(first)?, range(second)?);
    (a.max(c) <= b.min(d)).then(|| format!("{}-{}", a.max(c), b.min(d)))
}

fn number(data: &[u8], kind: u16) -> Option<u32> {
    attribute(data, kind).and_then(|value| be32_at(value, 0))
}

/// The bytes of a nested `NFTA_DATA_VALUE`.
fn value(data: &[u8], kind: u16) -> Option<&[u8]> {
    attribute(data, kind).and_then(|data| attribute(data, 1))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold("0x".to_owned(), |text, byte| format!("{text}{byte:02x}"))
}
