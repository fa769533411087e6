//! What a rule does: its verdict, its translation, its counter.

use super::{Held, Program, number};
use crate::packet::netlink::{address, attribute, be16_at, be32_at, be64_at, text};

impl Program<'_> {
    pub(super) fn immediate(&mut self, data: &[u8]) -> Option<()> {
        let (register, data) = (number(data, 1)?, attribute(data, 2)?);
        if let Some(verdict) = attribute(data, 2) {
            let code = be32_at(attribute(verdict, 1)?, 0)?.cast_signed();
            let chain = attribute(verdict, 2).map(text).unwrap_or_default();
            match code {
                0 => self.act("drop", "drop".to_owned()),
                1 => self.act("accept", "accept".to_owned()),
                // The next rule.
                -1 => {}
                -3 => self.act("jump", format!("jump {chain}")),
                -4 => self.act("jump", format!("goto {chain}")),
                -5 => self.act("return", "return".to_owned()),
                other => self.act("other", format!("verdict {other}")),
            }
            return Some(());
        }
        self.registers.insert(register, Held::Value(attribute(data, 1)?.to_vec()));
        Some(())
    }

    pub(super) fn act(&mut self, verdict: &str, words: String) {
        verdict.clone_into(&mut self.rule.verdict);
        self.words.push(words);
    }

    pub(super) fn counter(&mut self, data: &[u8]) -> Option<()> {
        let (bytes, packets) = (be64_at(attribute(data, 1)?, 0)?, be64_at(attribute(data, 2)?, 0)?);
        self.rule.packets = Some(packets);
        self.rule.bytes = Some(bytes);
        self.words.push(format!("counter packets {packets} bytes {bytes}"));
        Some(())
    }

    pub(super) fn limit(&mut self, data: &[u8]) -> Option<()> {
        let (rate, unit) = (be64_at(attribute(data, 1)?, 0)?, be64_at(attribute(data, 2)?, 0)?);
        let unit = match unit {
            1 => "second",
            60 => "minute",
            3_600 => "hour",
            86_400 => "day",
            604_800 => "week",
            _ => return None,
        };
        let over = if number(data, 5).unwrap_or(0) & 1 == 0 { "" } else { "over " };
        let what = if number(data, 4).unwrap_or(0) == 0 { "" } else { " bytes" };
        self.rule.sometimes = true;
        self.words.push(format!("limit rate {over}{rate}{what}/{unit}"));
        Some(())
    }

    pub(super) fn reject(&mut self, data: &[u8]) -> Option<()> {
        let code = attribute(data, 2).and_then(|value| value.first().copied()).unwrap_or(0);
        let ipv6 = self.nfproto == Some(10);
        // NFT_REJECT_ICMP_UNREACH carries the family's own code, NFT_REJECT_ICMPX_UNREACH one of four for both.
        let (icmp, words) = match number(data, 1)? {
            1 => {
                "tcp-reset".clone_into(&mut self.rule.to);
                self.act("reject", "reject with tcp reset".to_owned());
                return Some(());
            }
            0 => (code, if ipv6 { "icmpv6" } else { "icmp" }),
            2 => {
                let codes: [u8; 4] = if ipv6 { [0, 4, 3, 1] } else { [0, 3, 1, 13] };
                (*codes.get(usize::from(code))?, "icmpx")
            }
            _ => return None,
        };
        let kind = if ipv6 { 1 } else { 3 };
        self.rule.to = format!("icmp {kind}/{icmp}");
        let named = code_name(ipv6, icmp).map_or_else(|| icmp.to_string(), str::to_owned);
        // The default is not written out.
        let text =
            if named == "port-unreachable" { "reject".to_owned() } else { format!("reject with {words} {named}") };
        self.act("reject", text);
        Some(())
    }

    pub(super) fn nat(&mut self, data: &[u8]) -> Option<()> {
        let verdict = if number(data, 1)? == 0 { "snat" } else { "dnat" };
        let register = |kind| number(data, kind).and_then(|register| self.registers.get(&register));
        let fixed = |held: Option<&Held>| match held {
            Some(Held::Value(value)) => Ok(Some(value.clone())),
            Some(Held::Field { .. }) => Err(()),
            None => Ok(None),
        };
        let wanted = number(data, 3).is_some() || number(data, 5).is_some();
        let (to, port) = match (fixed(register(3)), fixed(register(5))) {
            (Ok(to), Ok(port)) if to.is_some() || port.is_some() || !wanted => (to, port),
            _ => {
                self.act(verdict, format!("{verdict} to what the map yields"));
                return None;
            }
        };
        let address = to.as_deref().and_then(address);
        let port = port.and_then(|value| be16_at(&value, 0));
        self.rule.to = match (address, port) {
            (Some(std::net::IpAddr::V6(address)), Some(port)) => format!("[{address}]:{port}"),
            (Some(address), Some(port)) => format!("{address}:{port}"),
            (Some(address), None) => address.to_string(),
            (None, Some(port)) => format!(":{port}"),
            (None, None) => String::new(),
        };
        let words = format!("{verdict} to {}", self.rule.to);
        self.act(verdict, words);
        Some(())
    }

    pub(super) fn redirect(&mut self, data: &[u8]) {
        let held = number(data, 1).and_then(|register| self.registers.get(&register));
        let port = match held {
            Some(Held::Value(value)) => be16_at(value, 0),
            _ => None,
        };
        self.rule.to = port.map(|port| format!(":{port}")).unwrap_or_default();
        let words =
            if self.rule.to.is_empty() { "redirect".to_owned() } else { format!("redirect to {}", self.rule.to) };
        self.act("redirect", words);
    }

    /// An extension of iptables: named, and followed no further than a comment, which tests nothing.
    pub(super) fn xtables(&mut self, kind: &str, data: &[u8]) -> Option<()> {
        let name = text(attribute(data, 1)?);
        if name == "comment" {
            self.rule.comment = attribute(data, 3).map(text).unwrap_or_default();
            return Some(());
        }
        self.words.push(format!("xt {kind} {name}"));
        if kind == "target" {
            match name.as_str() {
                "REJECT" => "reject",
                "DNAT" => "dnat",
                "SNAT" => "snat",
                "MASQUERADE" => "masquerade",
                "REDIRECT" => "redirect",
                "LOG" | "MARK" | "CONNMARK" | "TCPMSS" | "CT" => "",
                _ => "other",
            }
            .clone_into(&mut self.rule.verdict);
        }
        None
    }
}

/// Codes as nft(8) names them.
fn code_name(ipv6: bool, code: u8) -> Option<&'static str> {
    Some(match (ipv6, code) {
        (false, 0) => "net-unreachable",
        (false, 1) => "host-unreachable",
        (false, 2) => "prot-unreachable",
        (false, 3) | (true, 4) => "port-unreachable",
        (false, 9) => "net-prohibited",
        (false, 10) => "host-prohibited",
        (false, 13) | (true, 1) => "admin-prohibited",
        (true, 0) => "no-route",
        (true, 3) => "addr-unreachable",
        _ => return None,
    })
}
