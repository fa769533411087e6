//! A run that was cut short: who was not heard of yet may fail.

use crate::{
    case::Ended,
    evidence::{Standing, View},
    report::{Status, Verdict},
};

/// Healthy is said of places that answered, all of them; a run that was cut short may not have heard of some.
pub(crate) fn held_back(view: &View<'_>, ended: &Ended, mut verdict: Verdict) -> Verdict {
    let works = |vantage| matches!(view.standing(vantage), Standing::Works(_));
    let missing = view.askers().filter(|vantage| !works(*vantage)).count();
    if ended.status == "interrupted" && verdict.status == Status::Healthy && missing > 0 {
        verdict.status = Status::Unknown;
        verdict.summary = format!("{}; the run was cut short before {missing} of them had answered", verdict.summary);
    }
    verdict
}

#[cfg(test)]
mod tests {
    use crate::{report::Status, testing::World};

    const EDGE: &str = "10.77.4.2";

    #[test]
    fn a_run_cut_short_is_healthy_only_when_everybody_answered() {
        let world =
            World::new("http", EDGE, 8080).vantage("host/client", &["10.77.1.2"]).vantage("ext/far", &["10.77.2.2"]);
        let one = world.answers("host/client", "ask", EDGE, 200, 900);
        let report = one.interrupted();
        assert_eq!(report.verdict.status, Status::Unknown, "{}", report.verdict.summary);
        assert!(report.verdict.summary.contains("cut short before 1"), "{}", report.verdict.summary);
        let both = one.answers("ext/far", "ask", EDGE, 200, 900);
        assert_eq!(both.interrupted().verdict.status, Status::Healthy, "control");
    }
}
