//! A common start: an absolute time, turned into a monotonic deadline on receipt and slept on by a thread of its own.
//!
//! The coordinator knows this process's monotonic clock from its exchanges and states the start in it, too: a wall clock
//! that was set meanwhile then moves no start. tokio's timer is a millisecond wheel; `clock_nanosleep` on a thread with the
//! least timer slack wakes within tens of microseconds.

use std::{
    sync::{LazyLock, OnceLock},
    thread,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use mesh_proto::v1 as pb;
use nix::{
    sys::time::TimeSpec,
    time::{ClockId, ClockNanosleepFlags, clock_gettime, clock_nanosleep},
};
use tokio::{sync::oneshot, time};

/// Longest wait for a start; a later one is a clock that is off, not a plan.
pub(crate) const LEAD_MOST: Duration = Duration::from_secs(5);
/// A wall clock that moved further than this against the monotonic one within the seconds since it was measured was set by
/// somebody, and not slewed.
const SET_US: u64 = 100_000;
/// Looks at both clocks at once; the one that took the shortest counts.
const LOOKS: usize = 3;
/// The epoch of the monotonic clock that is told. Its first instant is a second, because 0 says that none is told.
static EPOCH: LazyLock<Instant> = LazyLock::new(Instant::now);
const EPOCH_US: i64 = 1_000_000;

/// Both clocks at one instant.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Now {
    /// Unix microseconds by this host's clock.
    pub(crate) wall_us: i64,
    pub(crate) monotonic: Instant,
}

impl Now {
    pub(crate) fn read() -> Self {
        let look = |_| {
            let (before, wall_us, after) = (Instant::now(), now_us(), Instant::now());
            let took = after - before;
            (took, Self { wall_us, monotonic: before + took / 2 })
        };
        let best = (0..LOOKS).map(look).min_by_key(|(took, _)| *took);
        best.map_or_else(|| Self { wall_us: now_us(), monotonic: Instant::now() }, |(_, now)| now)
    }

    /// Microseconds of the monotonic clock as the coordinator is told them.
    pub(crate) fn steady_us(self) -> i64 {
        EPOCH_US + signed_us(self.monotonic, *EPOCH)
    }

    /// The wall clock at another instant, as if nobody set it in between.
    fn wall_at(self, instant: Instant) -> i64 {
        self.wall_us + signed_us(instant, self.monotonic)
    }

    /// How far ahead a start is, and by how much the wall clock was set since the coordinator measured it. Microseconds.
    pub(crate) fn ahead_us(self, request: &pb::RunRequest) -> (i64, i64) {
        if request.start_steady_us == 0 {
            return (request.start_us.saturating_sub(self.wall_us), 0);
        }
        let ahead = request.start_steady_us.saturating_sub(self.steady_us());
        (ahead, self.wall_us.saturating_add(ahead).saturating_sub(request.start_us))
    }
}

fn signed_us(later: Instant, earlier: Instant) -> i64 {
    let micros = |time: Duration| i64::try_from(time.as_micros()).unwrap_or(i64::MAX);
    match later.checked_duration_since(earlier) {
        Some(time) => micros(time),
        None => -micros(earlier.saturating_duration_since(later)),
    }
}

/// When a start came.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Started {
    /// Both clocks as the request met them.
    received: Now,
    planned: Instant,
    pub(crate) monotonic: Instant,
    /// By how much the wall clock was set since the coordinator measured it, microseconds.
    set_us: i64,
}

/// Around the first connect of a probe: before and after the call. Its SYN left in between.
pub(crate) type First = OnceLock<(Instant, Instant)>;

impl Started {
    /// What an observation says of its time; `first` is when the probe's first packet left, when that is known.
    pub(crate) fn timing(&self, request: &pb::RunRequest, first: Option<&(Instant, Instant)>) -> pb::Timing {
        let micros = |time: Duration| u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        let (began, ended) = first.copied().unwrap_or((self.monotonic, self.monotonic));
        pb::Timing {
            planned_start_us: self.received.wall_at(self.planned),
            actual_start_us: self.received.wall_at(began),
            duration_us: micros(self.monotonic.elapsed()),
            clock_offset_us: request.clock_offset_us.saturating_add(self.set_us),
            clock_bound_us: request.clock_bound_us,
            lateness_us: micros(began.saturating_duration_since(self.planned)),
            start_span_us: micros(ended.saturating_duration_since(began)),
        }
    }

    /// What the reader must know of this host's clock, when somebody set it.
    pub(crate) fn caveat(&self) -> Option<String> {
        let by = Duration::from_micros(self.set_us.unsigned_abs()).as_secs_f64();
        let way = if self.set_us < 0 { "back" } else { "forward" };
        (self.set_us.unsigned_abs() > SET_US).then(|| {
            format!("this host's clock was set {way} by {by:.1} s since it was measured; the start kept to the plan")
        })
    }
}

/// Unix microseconds.
pub(crate) fn now_us() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
}

/// Waits for the start of a round and does `first` there, on the thread that waited. A start that has passed is now, and the
/// lateness says so.
pub(crate) async fn wait_for<T: Default + Send + 'static>(
    request: &pb::RunRequest,
    first: impl FnOnce() -> T + Send + 'static,
) -> (Started, T) {
    let received = Now::read();
    let (ahead_us, set_us) = received.ahead_us(request);
    let distance = Duration::from_micros(ahead_us.unsigned_abs());
    let planned = if ahead_us > 0 {
        received.monotonic + distance.min(LEAD_MOST)
    } else {
        // Before this machine began to count there was no instant; nothing is planned there.
        received.monotonic.checked_sub(distance).unwrap_or(received.monotonic)
    };
    let (tell, told) = oneshot::channel();
    let spawned = thread::Builder::new().name("start".to_owned()).spawn(move || {
        sleep(planned);
        let monotonic = Instant::now();
        let done = first();
        // Waking whoever waits costs more than a start does: other starts of this machine that are due go before it.
        drop(crate::sys::clock::back_in_line());
        // The round may have been dropped meanwhile; its start has no meaning then.
        drop(tell.send((monotonic, done)));
    });
    // Without a thread there is a coarser timer, and what was to be done first is left to the probes.
    let began = if spawned.is_ok() { told.await.ok() } else { None };
    let (monotonic, done) = if let Some(began) = began {
        began
    } else {
        time::sleep_until(planned.into()).await;
        (Instant::now(), T::default())
    };
    (Started { received, planned, monotonic, set_us }, done)
}

fn sleep(until: Instant) {
    // Where the right is held, a thread that only sleeps goes before the others: under load the wake-up stays within
    // tens of microseconds. Without it the start is as punctual as the scheduler is, and its lateness is reported.
    drop(crate::sys::clock::first_in_line());
    // Least slack the kernel grants (prctl(2)); without it the wake-up may be 50 µs late.
    let slack = nix::sys::prctl::set_timerslack(1);
    let left = || until.saturating_duration_since(Instant::now());
    let (Ok(()), Ok(now)) = (slack, clock_gettime(ClockId::CLOCK_MONOTONIC)) else { return thread::sleep(left()) };
    let until = now + TimeSpec::from_duration(left());
    while clock_nanosleep(ClockId::CLOCK_MONOTONIC, ClockNanosleepFlags::TIMER_ABSTIME, &until)
        == Err(nix::errno::Errno::EINTR)
    {}
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR_US: i64 = 3_600_000_000;

    /// A start as a coordinator asks for it that measured a moment ago.
    fn request(ahead_us: i64) -> pb::RunRequest {
        let now = Now::read();
        pb::RunRequest {
            start_us: now.wall_us + ahead_us,
            start_steady_us: now.steady_us() + ahead_us,
            clock_bound_us: 100,
            ..Default::default()
        }
    }

    #[tokio::test]
    async fn a_start_is_never_early_and_one_that_has_passed_says_how_late_it_is() {
        let planned = request(20_000);
        let timing = wait_for(&planned, || ()).await.0.timing(&planned, None);
        assert!(timing.actual_start_us >= timing.planned_start_us, "{timing:?}");
        let overdue = request(-1_000_000);
        let timing = wait_for(&overdue, || ()).await.0.timing(&overdue, None);
        assert!(timing.lateness_us >= 1_000_000, "{timing:?}");
    }

    #[tokio::test]
    async fn a_wall_clock_set_by_an_hour_moves_no_start_and_the_offset_says_so() {
        for set in [HOUR_US, -HOUR_US] {
            let began = Instant::now();
            let planned = request(20_000);
            // The coordinator measured before the clock was set.
            let planned = pb::RunRequest { start_us: planned.start_us - set, ..planned };
            let (started, ()) = wait_for(&planned, || ()).await;
            let timing = started.timing(&planned, None);
            assert!(began.elapsed() >= Duration::from_millis(20), "no burst");
            assert!(timing.lateness_us < 10_000_000, "nothing of an hour: {timing:?}");
            assert!((timing.clock_offset_us - set).abs() < 1_000_000, "{timing:?}");
            assert!((timing.planned_start_us - planned.start_us - set).abs() < 1_000_000, "{timing:?}");
            assert!(started.caveat().is_some_and(|text| text.contains("by 3600.0 s")), "{:?}", started.caveat());
        }
        assert_eq!(wait_for(&request(1_000), || ()).await.0.caveat(), None, "control");
    }

    #[tokio::test]
    async fn a_coordinator_that_knows_no_monotonic_clock_is_followed_by_the_wall() {
        let planned = pb::RunRequest { start_steady_us: 0, ..request(20_000) };
        let timing = wait_for(&planned, || ()).await.0.timing(&planned, None);
        assert!(timing.actual_start_us >= planned.start_us && timing.clock_offset_us == 0, "{timing:?}");
    }
}
