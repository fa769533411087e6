//! How far packets of each size get, by their TTL. A router checks the TTL before its forward filter and before the MTU
//! of the next link, so the last hop that answers a large packet is the last that received one.

use std::collections::{BTreeMap, BTreeSet};

use mesh_proto::v1 as pb;

use super::search::is_too_big;

/// Hops asked; paths inside a company are shorter.
pub(crate) const HOPS: u8 = 16;

#[derive(Debug, Default)]
struct Hop {
    address: String,
    asked: BTreeSet<u32>,
    answered: BTreeSet<u32>,
    target: bool,
}

/// What was asked and met at each distance.
#[derive(Debug, Default)]
pub(crate) struct Hops {
    hops: BTreeMap<u8, Hop>,
}

impl Hops {
    pub(crate) fn asked(&mut self, ttl: u8, size: u32) {
        self.hops.entry(ttl).or_default().asked.insert(size);
    }

    /// The target answered a packet with that TTL.
    pub(crate) fn on_reply(&mut self, ttl: u8, size: u32, target: &str) {
        let hop = self.hops.entry(ttl).or_default();
        target.clone_into(&mut hop.address);
        hop.target = true;
        hop.answered.insert(size);
    }

    /// Somebody sent an ICMP error. "Too big" comes from a nearer hop than the TTL says, so it shows nothing of this one.
    pub(crate) fn on_error(&mut self, ttl: u8, size: u32, error: &pb::IcmpError, target: &str) {
        if is_too_big(error) {
            return;
        }
        let hop = self.hops.entry(ttl).or_default();
        hop.address.clone_from(&error.offender);
        hop.target |= error.offender == target;
        hop.answered.insert(size);
    }

    /// TTL with which the target was reached.
    pub(crate) fn distance(&self) -> Option<u8> {
        self.hops.iter().find(|(_, hop)| hop.target).map(|(ttl, _)| *ttl)
    }

    /// What was asked up to the target and is unanswered.
    pub(crate) fn unanswered(&self) -> Vec<(u8, u32)> {
        let end = self.distance().unwrap_or(HOPS);
        let near = self.hops.range(..=end);
        near.flat_map(|(ttl, hop)| hop.asked.difference(&hop.answered).map(|size| (*ttl, *size))).collect()
    }

    /// Up to the target, or else up to the last hop that answered.
    pub(crate) fn into_evidence(self, small: u32) -> Vec<pb::PmtuHop> {
        let last = self.hops.iter().rev().find(|(_, hop)| !hop.answered.is_empty()).map_or(0, |(ttl, _)| *ttl);
        let end = self.distance().unwrap_or(last);
        let near = self.hops.into_iter().filter(|(ttl, _)| *ttl <= end);
        near.map(|(ttl, hop)| pb::PmtuHop {
            ttl: ttl.into(),
            small_answered: hop.answered.contains(&small),
            largest_answered: hop.answered.last().copied(),
            is_target: hop.target,
            address: hop.address,
        })
        .collect()
    }
}

/// How many hops away a sender is whose packet arrived with this TTL, when it started from one of the usual values.
pub(crate) fn distance(ttl: u32) -> u8 {
    let start = [64, 128, 255].into_iter().find(|start| ttl <= *start).unwrap_or(255);
    u8::try_from(start.saturating_sub(ttl) + 1).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exceeded(offender: &str) -> pb::IcmpError {
        pb::IcmpError { r#type: 11, code: 0, offender: offender.into(), mtu: None, origin: 2 }
    }

    #[test]
    fn the_hop_before_the_hole_is_the_last_to_answer_large_packets() {
        let mut hops = Hops::default();
        for ttl in 1..=4 {
            for size in [84, 1400, 1404] {
                hops.asked(ttl, size);
            }
        }
        for (ttl, from) in [(1, "10.0.1.1"), (2, "10.0.2.1")] {
            hops.on_error(ttl, 84, &exceeded(from), "10.0.3.2");
        }
        for ttl in [3, 4] {
            hops.on_reply(ttl, 84, "10.0.3.2");
            hops.on_reply(ttl, 1400, "10.0.3.2");
        }
        hops.on_error(1, 1404, &exceeded("10.0.1.1"), "10.0.3.2");
        hops.on_error(2, 1404, &exceeded("10.0.2.1"), "10.0.3.2");
        assert_eq!(hops.distance(), Some(3));
        assert_eq!(hops.unanswered(), [(1, 1400), (2, 1400), (3, 1404)]);
        let told: Vec<_> = hops
            .into_evidence(84)
            .into_iter()
            .map(|hop| (hop.ttl, hop.address, hop.small_answered, hop.largest_answered, hop.is_target))
            .collect();
        assert_eq!(
            told,
            [
                (1, "10.0.1.1".to_owned(), true, Some(1404), false),
                (2, "10.0.2.1".to_owned(), true, Some(1404), false),
                (3, "10.0.3.2".to_owned(), true, Some(1400), true),
            ]
        );
    }

    #[test]
    fn without_the_target_the_list_ends_at_the_last_answer() {
        let mut hops = Hops::default();
        for ttl in 1..=HOPS {
            hops.asked(ttl, 84);
        }
        hops.on_error(2, 84, &exceeded("10.0.2.1"), "10.0.3.2");
        let told = hops.into_evidence(84);
        assert_eq!(told.len(), 2);
        assert_eq!((told[0].address.as_str(), told[0].small_answered, told[0].largest_answered), ("", false, None));
    }

    #[test]
    fn too_big_shows_nothing_of_the_hop_it_was_asked_of() {
        let mut hops = Hops::default();
        hops.asked(3, 1500);
        let claim = pb::IcmpError { r#type: 3, code: 4, offender: "10.0.1.1".into(), mtu: Some(1400), origin: 2 };
        hops.on_error(3, 1500, &claim, "10.0.3.2");
        assert_eq!(hops.unanswered(), [(3, 1500)]);
    }

    #[test]
    fn distance_is_counted_from_the_usual_starts() {
        assert_eq!([64, 63, 128, 120, 255, 1].map(distance), [1, 2, 1, 9, 1, 64]);
    }
}
