//! A run that continues another: evidence of then counts only for vantages that can't be asked any more, never makes a proof,
//! and is marked wherever it is shown.

use mesh_proto::v1 as pb;

use crate::{
    evidence::{Seen, View},
    report::Continues,
    rules::{Claim, Opinion},
};

/// The observation is of the run that this one continues.
pub(crate) fn is_of(request: &pb::DiagnoseRequest, observation: &pb::Observation) -> bool {
    !request.resume.is_empty() && observation.run == request.resume
}

/// The oldest of such, by the coordinator's clock.
pub(crate) fn oldest_us(request: &pb::DiagnoseRequest, observations: &[pb::Observation]) -> Option<i64> {
    let then = observations.iter().filter(|observation| is_of(request, observation));
    let times = then.filter_map(|observation| observation.timing);
    times.map(|timing| timing.actual_start_us.saturating_sub(timing.clock_offset_us)).min()
}

impl View<'_> {
    fn is_earlier(&self, seen: &Seen) -> bool {
        is_of(self.request, &seen.obs)
    }

    /// Vantages that are judged by evidence of then.
    fn earlier(&self) -> Vec<String> {
        self.vantages.iter().filter(|vantage| vantage.earlier).map(|vantage| vantage.id.clone()).collect()
    }

    /// Microseconds from the oldest evidence of then to the start of this run, by the coordinator's clock.
    fn age_us(&self, started_us: i64) -> Option<u64> {
        Some(u64::try_from(started_us.saturating_sub(self.then_us?)).unwrap_or(0))
    }
}

/// A failure of then beside a pass of now is no contradiction of anything: it may have ended meanwhile.
pub(crate) fn capped(view: &View<'_>, mut opinion: Opinion) -> Opinion {
    if opinion.claim == Claim::Proved && view.vantages.iter().any(|vantage| vantage.earlier) {
        opinion.claim = Claim::Likely;
        opinion.why = format!("{}; part of the evidence is of run {}", opinion.why, view.request.resume);
    }
    opinion
}

/// The sentence of a verdict, with what is of then.
pub(crate) fn said(view: &View<'_>, summary: String) -> String {
    let earlier = view.earlier();
    if earlier.is_empty() {
        return summary;
    }
    format!("{summary} ({} as of run {})", earlier.join(", "), view.request.resume)
}

/// Caveats of an observation, as a reader sees them.
pub(crate) fn caveats(view: &View<'_>, seen: &Seen) -> Vec<String> {
    let then = view.is_earlier(seen).then(|| format!("of run {}, before this one", view.request.resume));
    seen.obs.caveats.iter().cloned().chain(then).collect()
}

/// What the report says about the run that is continued.
pub(crate) fn continues(view: &View<'_>, started_us: i64) -> Option<Continues> {
    if view.request.resume.is_empty() {
        return None;
    }
    Some(Continues {
        run: view.request.resume.clone(),
        evidence_age_ms: view.age_us(started_us).map(|age| age / 1_000),
        not_asked_again: view.earlier(),
    })
}

#[cfg(test)]
mod tests {
    use mesh_proto::v1 as pb;

    use crate::{
        report::{Location, Status},
        testing::{World, said},
    };

    const EDGE: &str = "10.77.4.2";

    fn two() -> World {
        World::new("http", EDGE, 8080).vantage("host/client", &["10.77.1.2"]).vantage("ext/far", &["10.77.2.2"])
    }

    #[test]
    fn what_was_then_does_not_count_where_it_was_asked_again() {
        let world =
            two().silent("host/client", "ask", EDGE).of_run("before").answers("host/client", "ask", EDGE, 200, 900);
        let world = world.answers("ext/far", "ask", EDGE, 200, 900);
        assert_eq!(world.clone().report().verdict.status, Status::Failing, "control: as one run it fails");
        let report = world.continuing("before", &[]).report();
        assert_eq!(report.verdict.status, Status::Healthy, "{:#?}", report.verdict);
        assert!(report.evidence.iter().all(|evidence| evidence.caveats.is_empty()));
        let continues = report.run.continues.expect("it says so");
        assert_eq!((continues.run.as_str(), continues.evidence_age_ms), ("before", Some(0)));
    }

    #[test]
    fn evidence_of_then_counts_where_nobody_can_be_asked_and_proves_nothing() {
        let closed = pb::ReuseDetail {
            idle_us: 3_000_000,
            how: "eof".to_owned(),
            closed_by: "fin".to_owned(),
            closed_at_us: Some(1_000_000),
            ..Default::default()
        };
        let world = two().reused("host/client", EDGE, closed.clone()).of_run("before").reused("ext/far", EDGE, closed);
        let now = world.clone().report();
        assert_eq!(now.verdict.location, Some(Location::Proved), "control: of one run it is proved: {}", said(&now));
        let report = world.continuing("before", &["host/client"]).report();
        assert_eq!(report.verdict.location, Some(Location::Likely), "{}", said(&report));
        assert!(report.verdict.summary.contains("host/client as of run before"), "{}", report.verdict.summary);
        let then = report.evidence.iter().find(|evidence| evidence.source == "host/client").expect("evidence of then");
        assert!(then.caveats.iter().any(|caveat| caveat.contains("of run before")), "{then:?}");
        let continues = report.run.continues.expect("it says so");
        assert_eq!(continues.not_asked_again, ["host/client"]);
    }

    #[test]
    fn nobody_who_is_gone_is_asked() {
        let world = two().silent("host/client", "ask", EDGE).of_run("before").silent("ext/far", "ask", EDGE);
        let asked = world.continuing("before", &["host/client"]).asked_vantages();
        assert!(asked.contains(&"ext/far".to_owned()), "control: {asked:?}");
        assert!(!asked.contains(&"host/client".to_owned()), "{asked:?}");
    }
}
