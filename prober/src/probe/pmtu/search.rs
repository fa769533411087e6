//! Which packet sizes pass: a pure machine. It takes the time and what was met, and says what to send.
//!
//! All rungs of a ladder leave at once; those between the largest that passed and the smallest that did not follow in
//! waves. A refusal costs nothing and silence costs a wait, so sizes are never asked one after another.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use mesh_proto::v1 as pb;

/// Sizes where real paths end: IPv6's and IPv4's minimum, tunnels over Ethernet (`WireGuard` 1420, VXLAN 1450, GRE 1476,
/// IPIP 1480, `PPPoE` 1492), Ethernet, and the jumbo frames of clouds.
const COMMON: [u32; 19] =
    [576, 1280, 1330, 1360, 1380, 1400, 1410, 1420, 1430, 1440, 1450, 1460, 1476, 1480, 1492, 1500, 4000, 8951, 9001];
/// The same, where answers are rationed.
const RATIONED: [u32; 4] = [1280, 1400, 1450, 1500];
/// How long nobody's answer is waited for before a copy is sent, and again after it, while the distance is unknown.
const PATIENCE: Duration = Duration::from_millis(200);
/// Bounds of twice the round-trip time, which is waited once it is known.
const SHORT: Duration = Duration::from_millis(75);
const LONG: Duration = Duration::from_millis(400);

/// How many packets an answer may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Budget {
    /// Replies are free: rungs are asked twice.
    Full,
    /// Each answer spends one of about six that the target's kernel gives (`XRLIM_BURST_FACTOR`, net/ipv4/icmp.c), and
    /// then one per second. Sizes leave from the largest down with one that is known to pass behind them: a larger one
    /// is lost, and not merely unanswered, when what left after it was answered, twice.
    Rationed,
}

impl Budget {
    fn copies(self) -> u32 {
        if self == Self::Full { 2 } else { 1 }
    }

    /// Sizes of one wave between two rungs.
    fn width(self) -> u32 {
        if self == Self::Full { 24 } else { 1 }
    }

    fn waves(self) -> u32 {
        if self == Self::Full { 4 } else { 3 }
    }

    /// How often a size must be unanswered, beside a smaller one that was answered, to count as lost.
    fn controls(self) -> u32 {
        if self == Self::Full { 0 } else { 2 }
    }
}

#[derive(Debug, Clone, Default)]
struct Rung {
    sent: u32,
    passed: u32,
    claim: Option<pb::IcmpError>,
    /// Somebody refused it for another reason than its size.
    refused: bool,
    /// send(2) refused the size.
    local: bool,
    /// Waves in which it was unanswered and something smaller, sent after it, was answered.
    controls: u32,
}

impl Rung {
    fn settled(&self) -> bool {
        self.passed > 0 || self.claim.is_some() || self.refused || self.local
    }
}

/// What to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    /// Send these sizes, all at once, and ask again.
    Send(Vec<u32>),
    /// Nothing to do before then, unless something arrives.
    Wait(Instant),
    Done,
}

#[derive(Debug)]
pub(crate) struct Search {
    budget: Budget,
    rungs: BTreeMap<u32, Rung>,
    /// Sizes of the wave under way, and those of them that were answered in it.
    wave: Vec<u32>,
    answered: BTreeSet<u32>,
    waves: u32,
    copies: u32,
    began: Option<Instant>,
    copied: Option<Instant>,
    rtt: Option<Duration>,
    top: u32,
}

impl Search {
    /// A search up to `top` bytes, from `bottom` on.
    pub(crate) fn new(bottom: u32, top: u32, budget: Budget) -> Self {
        let common: &[u32] = if budget == Budget::Full { &COMMON } else { &RATIONED };
        let mut wave: Vec<u32> = common.iter().copied().filter(|size| (bottom..top).contains(size)).collect();
        wave.push(top);
        if wave.len() == 1 && bottom < top {
            wave.insert(0, bottom);
        }
        Self {
            budget,
            rungs: BTreeMap::new(),
            wave,
            answered: BTreeSet::new(),
            waves: 0,
            copies: 0,
            began: None,
            copied: None,
            rtt: None,
            top,
        }
    }

    pub(crate) fn poll(&mut self, now: Instant) -> Step {
        let Some(began) = self.began else { return self.launch(now) };
        let open: Vec<u32> = self.wave.iter().copied().filter(|size| !self.hopeless(*size)).collect();
        if open.is_empty() {
            return self.next(now);
        }
        let half = self.half();
        match self.copied {
            None if now < began + half => Step::Wait(began + half),
            None if self.copies < self.budget.copies() => {
                self.copies += 1;
                self.copied = Some(now);
                self.send(open)
            }
            None if now < began + 2 * half => Step::Wait(began + 2 * half),
            Some(copied) if now < copied + half => Step::Wait(copied + half),
            _ => self.next(now),
        }
    }

    /// The target answered a packet of that size.
    pub(crate) fn on_reply(&mut self, size: u32, now: Instant) {
        if let Some(rung) = self.rungs.get_mut(&size) {
            rung.passed += 1;
            self.answered.insert(size);
        }
        self.measure(now);
    }

    /// Somebody on the way, or this host, sent an ICMP error.
    pub(crate) fn on_error(&mut self, size: u32, error: pb::IcmpError, now: Instant) {
        let Some(rung) = self.rungs.get_mut(&size) else { return };
        if is_too_big(&error) {
            rung.claim.get_or_insert(error);
        } else {
            rung.refused = true;
        }
        self.measure(now);
    }

    /// send(2) refused the size: the interface's MTU is smaller.
    pub(crate) fn on_local_limit(&mut self, size: u32) {
        if let Some(rung) = self.rungs.get_mut(&size) {
            rung.local = true;
            rung.sent = rung.sent.saturating_sub(1);
        }
    }

    /// Largest size that arrived.
    pub(crate) fn passed(&self) -> Option<u32> {
        self.rungs.iter().rev().find(|(_, rung)| rung.passed > 0).map(|(size, _)| *size)
    }

    /// Smallest size that vanished without a word. A size above a claim is explained by it (routers ration their
    /// errors), one below a size that passed is chance, and without any answer nothing can be said.
    pub(crate) fn lost(&self) -> Option<u32> {
        let passed = self.passed()?;
        let explained = self.claimed().unwrap_or(u32::MAX);
        self.rungs
            .iter()
            .find(|(size, rung)| {
                let vanished = rung.sent > 0 && !rung.settled() && rung.controls >= self.budget.controls();
                **size > passed && **size <= explained && vanished
            })
            .map(|(size, _)| *size)
    }

    /// The smallest claim.
    pub(crate) fn claim(&self) -> Option<&pb::IcmpError> {
        let claims = self.rungs.values().filter_map(|rung| rung.claim.as_ref());
        claims.min_by_key(|claim| claim.mtu.unwrap_or(u32::MAX))
    }

    /// The claimed size passed, and one byte more did not.
    pub(crate) fn confirmed(&self) -> bool {
        let Some(size) = self.claimed() else { return false };
        let rung = |size: u32| self.rungs.get(&size);
        rung(size).is_some_and(|rung| rung.passed > 0) && rung(size + 1).is_some_and(|rung| self.failed(rung))
    }

    /// It did not pass, and that its answer was held back is ruled out as far as one wave can.
    fn failed(&self, rung: &Rung) -> bool {
        rung.passed == 0 && (rung.settled() || rung.controls >= self.budget.controls().min(1))
    }

    fn silent(&self, size: u32) -> bool {
        self.rungs.get(&size).is_some_and(|rung| !rung.settled())
    }

    /// Half of what is waited for a wave.
    pub(crate) fn half(&self) -> Duration {
        self.rtt.map_or(PATIENCE, |rtt| (2 * rtt).clamp(SHORT, LONG))
    }

    pub(crate) fn into_rungs(self) -> Vec<pb::PmtuRung> {
        let told = |(size, rung): (u32, Rung)| pb::PmtuRung {
            packet_bytes: size,
            sent: rung.sent,
            passed: rung.passed,
            claim: rung.claim,
        };
        self.rungs.into_iter().map(told).collect()
    }

    fn claimed(&self) -> Option<u32> {
        self.claim().and_then(|claim| claim.mtu)
    }

    /// Nothing more is to be learnt by a copy or by waiting: it is settled, or a claim explains its silence.
    fn hopeless(&self, size: u32) -> bool {
        let explained = self.claimed().is_some_and(|claim| size > claim && !self.is_pair(size));
        explained || self.rungs.get(&size).is_some_and(Rung::settled)
    }

    /// The size just above a claim is asked to see it fail, so its silence counts.
    fn is_pair(&self, size: u32) -> bool {
        self.claimed().is_some_and(|claim| size == claim + 1) && self.waves > 1
    }

    fn measure(&mut self, now: Instant) {
        let since = self.copied.or(self.began).map(|began| now.saturating_duration_since(began));
        self.rtt = self.rtt.into_iter().chain(since).max();
    }

    fn send(&mut self, sizes: Vec<u32>) -> Step {
        for size in &sizes {
            self.rungs.entry(*size).or_default().sent += 1;
        }
        Step::Send(sizes)
    }

    fn launch(&mut self, now: Instant) -> Step {
        self.began = Some(now);
        self.copied = None;
        self.copies = 1;
        self.waves += 1;
        self.answered.clear();
        if self.budget == Budget::Rationed {
            self.wave.extend(self.passed());
        }
        self.wave.sort_unstable_by(|a, b| b.cmp(a));
        self.wave.dedup();
        self.send(self.wave.clone())
    }

    fn next(&mut self, now: Instant) -> Step {
        let smallest = self.answered.first().copied().unwrap_or(u32::MAX);
        for size in self.wave.iter().filter(|size| **size > smallest) {
            if let Some(rung) = self.rungs.get_mut(size).filter(|rung| !rung.settled()) {
                rung.controls += 1;
            }
        }
        // A rationed wave ends with a size that passes: its silence means that answers are held back.
        let held_back = self.budget == Budget::Rationed && self.waves > 1 && self.answered.is_empty();
        let spent = held_back && self.wave.iter().any(|size| self.silent(*size));
        let more = self.waves < self.budget.waves() && !spent;
        self.wave = if more { self.between() } else { Vec::new() };
        if self.wave.is_empty() {
            // Polled again, it stays done.
            return Step::Done;
        }
        self.launch(now)
    }

    /// Sizes that would narrow the limit: the pair around a claim first, then those between what passed and what failed.
    fn between(&self) -> Vec<u32> {
        let Some(passed) = self.passed() else { return Vec::new() };
        if let Some(claim) = self.claimed() {
            let pair = [claim, claim.saturating_add(1)];
            let unasked: Vec<u32> =
                pair.into_iter().filter(|size| *size <= self.top && !self.rungs.contains_key(size)).collect();
            if !unasked.is_empty() {
                return unasked;
            }
        }
        let Some((failed, rung)) = self.rungs.iter().find(|(size, rung)| **size > passed && self.failed(rung)) else {
            return Vec::new();
        };
        let gap = failed - passed;
        let count = (gap - 1).min(self.budget.width());
        let doubtful = !rung.settled() && rung.controls < self.budget.controls();
        (1..=count).map(|nth| passed + gap * nth / (count + 1)).chain(doubtful.then_some(*failed)).collect()
    }
}

/// RFC 792 type 3 code 4, RFC 4443 type 2, or this host's own refusal of the size.
pub(crate) fn is_too_big(error: &pb::IcmpError) -> bool {
    match error.origin {
        2 => (error.r#type, error.code) == (3, 4),
        3 => error.r#type == 2,
        _ => error.mtu.is_some(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A path in virtual time.
    struct Path {
        rtt: Duration,
        /// Sizes above vanish.
        hole: u32,
        /// Sizes above are claimed to be too big, with this MTU, so many times.
        claim: Option<(u32, u32, usize)>,
        /// The nth packet of all is lost.
        chance: Option<usize>,
        /// The target answers this many.
        answers: usize,
    }

    impl Default for Path {
        fn default() -> Self {
            Self { rtt: Duration::from_millis(10), hole: u32::MAX, claim: None, chance: None, answers: usize::MAX }
        }
    }

    struct Run {
        search: Search,
        took: Duration,
        packets: usize,
    }

    fn claim(mtu: u32) -> pb::IcmpError {
        pb::IcmpError { r#type: 3, code: 4, offender: "10.0.0.1".into(), mtu: Some(mtu), origin: 2 }
    }

    fn run(mut path: Path, budget: Budget, top: u32) -> Run {
        let start = Instant::now();
        let (mut now, mut packets) = (start, 0);
        let mut search = Search::new(576, top, budget);
        let mut under_way: Vec<(Instant, u32, Option<u32>)> = Vec::new();
        loop {
            under_way.sort_by_key(|(at, ..)| *at);
            while under_way.first().is_some_and(|(at, ..)| *at <= now) {
                match under_way.remove(0) {
                    (at, size, None) => search.on_reply(size, at),
                    (at, size, Some(mtu)) => search.on_error(size, claim(mtu), at),
                }
            }
            match search.poll(now) {
                Step::Done => return Run { search, took: now - start, packets },
                Step::Wait(until) => {
                    assert!(until > now, "a wait leads on");
                    now =
                        under_way.first().map_or(until, |(at, ..)| until.min(*at)).max(now + Duration::from_micros(1));
                }
                Step::Send(sizes) => {
                    for size in sizes {
                        packets += 1;
                        if path.chance == Some(packets) {
                            continue;
                        }
                        match &mut path.claim {
                            Some((limit, mtu, left)) if size > *limit => {
                                if *left > 0 {
                                    *left -= 1;
                                    under_way.push((now + path.rtt, size, Some(*mtu)));
                                }
                            }
                            _ if size > path.hole || path.answers == 0 => {}
                            _ => {
                                path.answers -= 1;
                                under_way.push((now + path.rtt, size, None));
                            }
                        }
                    }
                }
            }
            assert!(now - start < Duration::from_secs(10), "the search ends");
        }
    }

    fn limits(run: &Run) -> (Option<u32>, Option<u32>, Option<u32>, bool) {
        (run.search.passed(), run.search.lost(), run.search.claimed(), run.search.confirmed())
    }

    #[test]
    fn a_free_path_costs_one_round_trip_and_one_packet_per_rung() {
        let run = run(Path::default(), Budget::Full, 1500);
        assert_eq!(limits(&run), (Some(1500), None, None, false));
        assert_eq!((run.took, run.packets), (Duration::from_millis(10), 16));
    }

    #[test]
    fn every_silent_limit_is_found_to_the_byte() {
        for hole in (576..1500).step_by(7).chain([1499, 1404, 1400]) {
            let run = run(Path { hole, ..Path::default() }, Budget::Full, 1500);
            assert_eq!(limits(&run), (Some(hole), Some(hole + 1), None, false));
            assert!(run.took <= Duration::from_millis(900), "{hole}: {:?}", run.took);
            assert!(run.packets <= 130, "{hole}: {}", run.packets);
        }
    }

    #[test]
    fn a_limit_between_common_sizes_takes_two_waves() {
        let run = run(Path { hole: 1404, ..Path::default() }, Budget::Full, 1500);
        assert!(run.took <= Duration::from_millis(320), "{:?}", run.took);
    }

    #[test]
    fn a_claim_is_confirmed_by_the_pair_around_it() {
        let run = run(Path { claim: Some((1437, 1437, usize::MAX)), ..Path::default() }, Budget::Full, 1500);
        assert_eq!(limits(&run), (Some(1437), None, Some(1437), true));
        assert!(run.took <= Duration::from_millis(30), "{:?}", run.took);
    }

    #[test]
    fn a_claim_said_once_explains_the_silence_of_what_is_larger() {
        let run = run(Path { claim: Some((1400, 1400, 1)), ..Path::default() }, Budget::Full, 1500);
        assert_eq!(limits(&run), (Some(1400), None, Some(1400), true));
    }

    #[test]
    fn a_false_claim_is_not_confirmed() {
        // Claims 1300 for what is over 1400: 1301 passes.
        let run = run(Path { claim: Some((1400, 1300, usize::MAX)), ..Path::default() }, Budget::Full, 1500);
        assert_eq!(limits(&run), (Some(1400), None, Some(1300), false));
    }

    #[test]
    fn a_hole_below_a_claim_is_lost_in_silence() {
        let run =
            run(Path { hole: 1350, claim: Some((1450, 1450, usize::MAX)), ..Path::default() }, Budget::Full, 1500);
        assert_eq!(limits(&run), (Some(1350), Some(1351), Some(1450), false));
    }

    #[test]
    fn one_lost_packet_is_no_limit() {
        for nth in 1..=16 {
            let run = run(Path { chance: Some(nth), ..Path::default() }, Budget::Full, 1500);
            assert_eq!(limits(&run), (Some(1500), None, None, false), "packet {nth}");
        }
    }

    #[test]
    fn silence_says_nothing_and_ends() {
        let run = run(Path { answers: 0, ..Path::default() }, Budget::Full, 1500);
        assert_eq!(limits(&run), (None, None, None, false));
        assert_eq!(run.took, Duration::from_millis(400));
    }

    #[test]
    fn a_distant_target_is_waited_for() {
        let run = run(Path { rtt: Duration::from_millis(290), hole: 1404, ..Path::default() }, Budget::Full, 1500);
        assert_eq!(limits(&run), (Some(1404), Some(1405), None, false));
    }

    #[test]
    fn a_target_that_gives_six_answers_is_asked_sparingly() {
        let run = run(Path { hole: 1404, answers: 6, ..Path::default() }, Budget::Rationed, 1500);
        assert_eq!((run.search.passed(), run.search.lost()), (Some(1400), Some(1425)));
        assert!(run.packets <= 10, "{}", run.packets);
    }

    #[test]
    fn answers_that_are_held_back_make_no_limit() {
        for answers in 0..6 {
            let free = run(Path { answers, ..Path::default() }, Budget::Rationed, 1500);
            assert_eq!(free.search.lost(), None, "{answers} answers");
            let narrow = run(Path { hole: 1404, answers, ..Path::default() }, Budget::Rationed, 1500);
            assert!(narrow.search.lost().is_none_or(|lost| lost > 1404), "{answers} answers");
            let claim = Some((1400, 1400, usize::MAX));
            let claimed = run(Path { claim, answers, ..Path::default() }, Budget::Rationed, 1500);
            assert_eq!((claimed.search.lost(), claimed.search.claimed()), (None, Some(1400)), "{answers} answers");
        }
        // The ration is spent, and one answer becomes due while the ladder is under way.
        let mut search = Search::new(576, 1500, Budget::Rationed);
        let now = Instant::now();
        assert_eq!(search.poll(now), Step::Send(vec![1500, 1450, 1400, 1280]));
        search.on_reply(1280, now + Duration::from_millis(1));
        let later = now + Duration::from_secs(1);
        let Step::Send(again) = search.poll(later) else { panic!("a doubtful loss is asked again") };
        assert_eq!(again, [1400, 1340, 1280]);
        assert_eq!(search.poll(later + Duration::from_secs(1)), Step::Done);
        assert_eq!((search.passed(), search.lost()), (Some(1280), None));
    }

    #[test]
    fn a_size_that_the_interface_refuses_is_neither_passed_nor_lost() {
        let mut search = Search::new(576, 1500, Budget::Full);
        let now = Instant::now();
        let Step::Send(sizes) = search.poll(now) else { panic!("a ladder") };
        for size in sizes {
            if size > 1400 { search.on_local_limit(size) } else { search.on_reply(size, now) }
        }
        assert_eq!((search.passed(), search.lost()), (Some(1400), None));
    }

    #[test]
    fn a_ladder_below_its_first_rung_still_has_two() {
        let mut search = Search::new(68, 400, Budget::Full);
        assert_eq!(search.poll(Instant::now()), Step::Send(vec![400, 68]));
    }
}
