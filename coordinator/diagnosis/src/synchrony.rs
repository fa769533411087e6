//! How far apart the vantages started, by one clock, and whose evidence is not of the same moment as the others'.
//!
//! "It fails here and works there" says something about the places only when both were asked at the same time: a fault that
//! came or went in between would look the same.

use std::collections::{BTreeMap, BTreeSet};

use mesh_proto::v1 as pb;

use crate::{
    evidence::{Role, SeenIx, VantageIx, View},
    report::{Apart, Synchrony},
    words,
};

/// No start is called synchronised whose clock is known worse than this.
const BOUND_US: u64 = 500_000;
/// How far a start may lie from the plan, error and lateness together, when its answer is compared with others'. The
/// fastest change that a network makes by itself, a path that BFD declares dead, takes three packets 50 ms apart (RFC 5880):
/// starts this close to one plan lie on one side of it or within it.
const TOLERANCE_US: u64 = 100_000;

/// Where a vantage's start lies.
#[expect(clippy::struct_field_names, reason = "the unit")]
#[derive(Debug, Clone, Copy)]
struct Start {
    /// By the coordinator's clock, Unix microseconds.
    at_us: i64,
    /// Half-width within which that is true.
    bound_us: u64,
    clock_us: u64,
    late_us: u64,
    /// When it was to be, by the coordinator's clock.
    plan_us: i64,
}

impl Start {
    fn of(timing: &pb::Timing) -> Self {
        Self {
            at_us: timing.actual_start_us.saturating_sub(timing.clock_offset_us),
            bound_us: timing.clock_bound_us.saturating_add(timing.start_span_us),
            clock_us: timing.clock_bound_us,
            late_us: timing.lateness_us,
            plan_us: timing.planned_start_us.saturating_sub(timing.clock_offset_us),
        }
    }

    /// Asked together. A round of more vantages than may be asked at once goes out in waves.
    fn is_with(self, other: Self) -> bool {
        self.plan_us.abs_diff(other.plan_us) <= TOLERANCE_US
    }

    /// Why it is not of the same moment as the plan.
    fn apart(self) -> Option<String> {
        let wide = TOLERANCE_US.saturating_sub(self.late_us.min(TOLERANCE_US));
        if self.clock_us > BOUND_US {
            return Some(format!("its clock is known to {}", within(self.clock_us)));
        }
        if self.late_us > TOLERANCE_US {
            return Some(format!("it started {} after the others", words::time(self.late_us)));
        }
        (self.bound_us > wide).then(|| format!("its start is known to {}", within(self.bound_us)))
    }
}

/// A day is more than any clock that was measured.
fn within(us: u64) -> String {
    const DAY_US: u64 = 86_400_000_000;
    if us > DAY_US { "nothing at all: it was never measured".to_owned() } else { format!("± {}", words::time(us)) }
}

/// The first round that asks the target; where none does, the first of all.
fn first_round(view: &View<'_>) -> Option<u32> {
    let asked = view.attempts.iter().filter(|attempt| attempt.role == Role::Question);
    let asked = asked.map(|attempt| view.at(attempt.seen).obs.round).min();
    asked.or_else(|| view.all().map(|(_, _, obs)| obs.round).filter(|round| *round > 0).min())
}

/// Each asking vantage's start in a round: that of its first question to the target, where it asked one.
fn starts(view: &View<'_>, round: u32) -> BTreeMap<VantageIx, Start> {
    let asking: BTreeSet<VantageIx> = view.askers().collect();
    let of_round = |obs: &pb::Observation| obs.round == round && obs.outcome() != pb::Outcome::CouldNotLook;
    let asked: BTreeSet<SeenIx> =
        view.attempts.iter().filter(|attempt| attempt.role == Role::Question).map(|attempt| attempt.seen).collect();
    let target: Vec<_> = view.all().filter(|(ix, _, obs)| asked.contains(ix) && of_round(obs)).collect();
    let questions: Vec<_> = if target.is_empty() {
        view.all().filter(|(_, _, obs)| of_round(obs) && obs.purpose() == pb::Purpose::Question).collect()
    } else {
        target
    };
    let mut starts: BTreeMap<VantageIx, Start> = BTreeMap::new();
    for (_, vantage, obs) in questions.into_iter().filter(|(_, vantage, _)| asking.contains(vantage)) {
        // Times of zero are no times.
        let Some(timing) = obs.timing.as_ref().filter(|timing| timing.actual_start_us != 0) else { continue };
        let start = Start::of(timing);
        let first = starts.entry(vantage).or_insert(start);
        if (start.at_us, start.late_us) < (first.at_us, first.late_us) {
            *first = start;
        }
    }
    starts
}

/// Vantages whose answers can't be compared in time with those of others, and why.
pub(crate) fn apart(view: &View<'_>) -> BTreeMap<VantageIx, String> {
    let starts = first_round(view).map(|round| starts(view, round)).unwrap_or_default();
    starts.into_iter().filter_map(|(vantage, start)| Some((vantage, start.apart()?))).collect()
}

/// Rows that may be held against the failing ones: those of a vantage that fails itself, and those of the same moment. A run
/// that continues an earlier one is judged by the evidence of then, as its report says.
pub(crate) fn comparable(view: &View<'_>, failing: &[SeenIx], passing: Vec<SeenIx>) -> Vec<SeenIx> {
    let starts = first_round(view).map(|round| starts(view, round)).unwrap_or_default();
    let continues = !view.request.resume.is_empty();
    let failed: BTreeSet<VantageIx> = failing.iter().map(|row| view.at(*row).vantage).collect();
    let in_time = |vantage: VantageIx| starts.get(&vantage).is_none_or(|start| start.apart().is_none());
    let moments: Vec<Option<&Start>> =
        failed.iter().filter(|vantage| in_time(**vantage)).map(|vantage| starts.get(vantage)).collect();
    let with = |vantage: VantageIx| {
        let own = starts.get(&vantage);
        // Without times there is nothing that says otherwise.
        moments.iter().any(|other| continues || own.zip(*other).is_none_or(|(own, other)| own.is_with(*other)))
    };
    let held = |row: &SeenIx| {
        let vantage = view.at(*row).vantage;
        failed.contains(&vantage) || (in_time(vantage) && with(vantage))
    };
    passing.into_iter().filter(held).collect()
}

/// How well the first question's starts were synchronised; none where fewer than two vantages asked.
pub(crate) fn synchrony(view: &View<'_>) -> Option<Synchrony> {
    let round = first_round(view)?;
    let starts = starts(view, round);
    if starts.len() < 2 {
        return None;
    }
    let apart = apart(view);
    let in_time: Vec<&Start> =
        starts.iter().filter(|(vantage, _)| !apart.contains_key(vantage)).map(|(_, start)| start).collect();
    // Of several waves the largest; of equals the first.
    let wave = |of: &Start| in_time.iter().copied().filter(|start| start.is_with(*of)).collect::<Vec<_>>();
    let plans: BTreeMap<i64, &Start> = in_time.iter().map(|start| (start.plan_us, *start)).collect();
    let waves = plans.into_values().map(wave);
    let together = waves.reduce(|most, next| if next.len() > most.len() { next } else { most }).unwrap_or_default();
    let mut at: Vec<i64> = together.iter().map(|start| start.at_us).collect();
    at.sort_unstable();
    Some(Synchrony {
        round,
        vantages: u32::try_from(together.len()).unwrap_or(u32::MAX),
        within_us: span(&at),
        bound_us: together.iter().map(|start| start.bound_us).max().unwrap_or(0),
        apart: apart
            .into_iter()
            .map(|(vantage, reason)| Apart { vantage: view.vantage(vantage).id.clone(), reason })
            .collect(),
    })
}

/// The shortest time that holds 99 % of sorted instants; of fewer than a hundred, all.
fn span(at: &[i64]) -> u64 {
    let held = (at.len() * 99).div_ceil(100);
    let spans = at.windows(held.max(1)).filter_map(|few| Some(few.last()?.abs_diff(*few.first()?)));
    spans.min().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{report::Location, testing::World};

    /// Two places fail and two pass; `timing` changes what the passing ones say of their start.
    fn world(timing: impl Fn(&mut pb::Timing)) -> World {
        let mut world = World::new("http", "web", 80)
            .vantage("host/a", &["10.0.0.1"])
            .vantage("host/b", &["10.0.0.2"])
            .vantage("host/c", &["10.0.0.3"])
            .vantage("host/d", &["10.0.0.4"])
            .refused("host/a", "10.0.9.9", None)
            .refused("host/b", "10.0.9.9", None)
            .answers("host/c", "ask", "10.0.9.9", 200, 1_000)
            .answers("host/d", "ask", "10.0.9.9", 200, 1_000);
        for (n, obs) in world.observations().iter_mut().enumerate() {
            let at = obs.timing.get_or_insert_default();
            at.planned_start_us = 1_000_000_000;
            at.actual_start_us = 1_000_000_000 + i64::try_from(n).unwrap() * 200;
            at.clock_bound_us = 150;
            if n >= 2 {
                timing(at);
            }
        }
        world
    }

    fn synchrony_of(world: &World) -> Synchrony {
        world.report().run.synchrony.expect("several vantages asked")
    }

    #[test]
    fn the_report_says_how_far_apart_the_starts_lay_and_how_well_that_is_known() {
        let synchrony = synchrony_of(&world(|at| {
            // A clock an hour ahead, of which that is known.
            at.clock_offset_us = 3_600_000_000;
            at.planned_start_us += at.clock_offset_us;
            at.actual_start_us += at.clock_offset_us;
            at.start_span_us = 50;
        }));
        assert_eq!((synchrony.round, synchrony.vantages), (1, 4));
        assert_eq!((synchrony.within_us, synchrony.bound_us), (600, 200));
        assert!(synchrony.apart.is_empty(), "{:?}", synchrony.apart);
    }

    #[test]
    fn who_starts_late_or_has_an_unsure_clock_is_not_held_against_the_others() {
        let passing = |world: &World| world.view(|view| crate::rules::trouble(view).expect("two fail").passing.len());
        assert_eq!(passing(&world(|_| {})), 2, "control");
        let late = world(|at| {
            at.lateness_us = 240_000;
            at.actual_start_us += 240_000;
        });
        let unsure = world(|at| at.clock_bound_us = 620_000);
        let wide = world(|at| at.clock_bound_us = 120_000);
        let never = world(|at| at.clock_bound_us = (1 << 53) - 1);
        for (world, reason) in [
            (&late, "it started 240 ms after the others"),
            (&unsure, "its clock is known to ± 620 ms"),
            (&wide, "its start is known to ± 120 ms"),
            (&never, "its clock is known to nothing at all: it was never measured"),
        ] {
            assert_eq!(passing(world), 0, "{reason}");
            let synchrony = synchrony_of(world);
            assert_eq!((synchrony.vantages, synchrony.within_us, synchrony.bound_us), (2, 200, 150));
            let apart: Vec<(&str, &str)> =
                synchrony.apart.iter().map(|one| (one.vantage.as_str(), one.reason.as_str())).collect();
            assert_eq!(apart, [("host/c", reason), ("host/d", reason)]);
            let report = world.report();
            assert!(
                report.verdict.noticed.iter().any(|line| line.text.contains(reason)),
                "{:?}",
                report.verdict.noticed
            );
            assert!(report.verdict.location != Some(Location::Proved), "{:?}", report.verdict);
        }
    }

    #[test]
    fn waves_are_held_against_each_other_only_within_themselves() {
        let mut world = world(|_| {});
        // The second failing and the second passing one were asked two seconds later.
        for obs in [1, 3] {
            let at = world.observations()[obs].timing.as_mut().unwrap();
            (at.planned_start_us, at.actual_start_us) = (1_002_000_000, 1_002_000_100);
        }
        let passing = world.view(|view| crate::rules::trouble(view).expect("two fail").passing.len());
        assert_eq!(passing, 2, "each has one of its own wave");
        let synchrony = synchrony_of(&world);
        assert_eq!((synchrony.vantages, synchrony.within_us), (2, 400), "{synchrony:?}");
        let at = world.observations()[1].timing.as_mut().unwrap();
        (at.planned_start_us, at.actual_start_us) = (1_000_000_000, 1_000_000_000);
        let passing = world.view(|view| crate::rules::trouble(view).expect("two fail").passing.len());
        assert_eq!(passing, 1, "nobody failed in the second wave");
    }

    #[test]
    fn ninety_nine_of_a_hundred_count() {
        let mut at: Vec<i64> = (0..100).collect();
        at[99] = 5_000;
        assert_eq!(span(&at), 98);
        assert_eq!((span(&at[..99]), span(&[7]), span(&[])), (98, 0, 0));
    }
}
