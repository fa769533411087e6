//! Offsets of the probers' clocks, from four timestamps (RFC 5905 §8), and the half-width within which they are true.
//!
//! Starts are agreed upon in monotonic time: what is measured is the prober's monotonic clock against ours, so a wall clock
//! that is set on either side moves no start. Wall time is evidence, and travels with the offset it has at the start.

use std::{
    collections::VecDeque,
    sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use mesh_proto::v1::{self as pb, prober_client::ProberClient};
use tokio::time;
use tonic::transport::Channel;

use crate::{live::Live, vantages::now_us};

/// Exchanges that are kept of one prober; the best of them decides.
const KEPT: usize = 8;
/// Exchanges of one renewal: the window keeps those before.
const RENEWAL: usize = 2;
/// Age at which a connected prober is asked again.
const RENEW_AFTER: Duration = Duration::from_secs(5);
/// Age beyond which a round asks before it starts: two renewals were missed, or nobody renews it.
const FRESH: Duration = Duration::from_secs(12);
/// Between two looks for probers whose time has come; a prober that has just connected waits no longer.
const LOOK: Duration = Duration::from_millis(200);
/// Until the exchanges of one renewal must be over; a silent prober is asked again after [`RENEW_AFTER`].
const RENEWED: Duration = Duration::from_secs(3);
/// Until the exchanges before a round must be over. What was known before is used then, with the bound of its age.
const BEFORE_ROUND: Duration = Duration::from_millis(300);
/// How far two monotonic clocks drift apart, parts per million: twice the tolerance of RFC 5905 §11.1 (PHI).
const DRIFT_PPM: i64 = 30;
/// Of the four timestamps and of the division by two, microseconds.
const RESOLUTION_US: i64 = 2;
/// Bound of a clock that was never measured: the largest integer that every reader of JSON keeps exactly.
pub const UNKNOWN_US: u64 = (1 << 53) - 1;

/// Microseconds of this process's monotonic clock.
pub(crate) fn steady_us() -> i64 {
    static EPOCH: LazyLock<Instant> = LazyLock::new(Instant::now);
    micros(EPOCH.elapsed())
}

fn micros(time: Duration) -> i64 {
    i64::try_from(time.as_micros()).unwrap_or(i64::MAX)
}

/// The coordinator's wall clock as it was at one moment, carried on by the monotonic one. A run keeps one for its whole
/// length, so that its times can be compared even when somebody sets the clock meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Frame {
    /// Wall minus monotonic.
    ahead_us: i64,
}

impl Frame {
    pub(crate) fn now() -> Self {
        let before = steady_us();
        let wall = now_us();
        Self { ahead_us: wall - i64::midpoint(before, steady_us()) }
    }
}

/// One exchange: `sent` and `returned` by our monotonic clock, `received` and `replied` by their wall clock, `steady` by
/// their monotonic clock at `received` (0 = not told). Microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exchange {
    pub sent: i64,
    pub received: i64,
    pub replied: i64,
    pub returned: i64,
    pub steady: i64,
}

impl Exchange {
    /// Time on the way, both directions together; none when a clock was set in the middle of it.
    pub fn delay(self) -> Option<i64> {
        let (all, there) = (self.returned.checked_sub(self.sent)?, self.replied.checked_sub(self.received)?);
        (there >= 0).then(|| all.checked_sub(there)).flatten().filter(|delay| *delay >= 0)
    }

    fn sample(self) -> Option<Sample> {
        let delay = self.delay()?;
        // A prober that tells no monotonic time is followed by its wall clock.
        let theirs = if self.steady == 0 { self.received } else { self.steady };
        Some(Sample {
            at: self.returned,
            ahead_us: theirs.checked_sub(self.sent)?.checked_sub(delay / 2)?,
            half_us: delay - delay / 2 + RESOLUTION_US,
            wall_us: self.received.checked_sub(theirs)?,
            told: self.steady != 0,
        })
    }
}

/// What one exchange says.
#[derive(Debug, Clone, Copy)]
struct Sample {
    at: i64,
    ahead_us: i64,
    half_us: i64,
    wall_us: i64,
    told: bool,
}

impl Sample {
    /// The error it has by now: half its delay, and what the clocks may have drifted since.
    fn error(self, now: i64) -> i64 {
        let age = now.saturating_sub(self.at).max(0);
        self.half_us.saturating_add(age.saturating_mul(DRIFT_PPM) / 1_000_000)
    }
}

/// A clock, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reading {
    /// Their monotonic clock minus ours.
    ahead_us: i64,
    /// Their wall clock minus their monotonic one, as they said last.
    wall_us: i64,
    /// They told their monotonic clock.
    told: bool,
    pub(crate) bound_us: u64,
}

/// An instant in a prober's own clocks.
#[expect(clippy::struct_field_names, reason = "the unit")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Start {
    pub(crate) wall_us: i64,
    /// 0 = this prober knows no such clock.
    pub(crate) steady_us: i64,
    /// Prober's wall clock minus coordinator's.
    pub(crate) offset_us: i64,
    pub(crate) bound_us: u64,
}

impl Reading {
    /// Their wall clock minus ours.
    pub(crate) fn offset_us(self, frame: Frame) -> i64 {
        self.ahead_us + self.wall_us - frame.ahead_us
    }

    /// An instant of our monotonic clock in theirs.
    fn start(self, at_us: i64, frame: Frame) -> Start {
        let there = at_us + self.ahead_us;
        Start {
            wall_us: there + self.wall_us,
            steady_us: if self.told { there } else { 0 },
            offset_us: self.offset_us(frame),
            bound_us: self.bound_us,
        }
    }
}

/// The last exchanges with one prober.
#[derive(Debug, Default)]
struct Window {
    samples: VecDeque<Sample>,
    /// When a renewal was last begun.
    asked: Option<i64>,
}

impl Window {
    fn take(&mut self, exchange: Exchange) {
        let Some(new) = exchange.sample() else { return };
        // Two that can't both be true: their clock was set, or stood still while their machine slept. The later one holds.
        self.samples.retain(|old| {
            let apart = (old.ahead_us - new.ahead_us).abs();
            old.told == new.told && apart <= old.error(new.at).saturating_add(new.half_us)
        });
        if self.samples.len() >= KEPT {
            self.samples.pop_front();
        }
        self.samples.push_back(new);
    }

    fn reading(&self, now: i64) -> Option<Reading> {
        let (best, last) = (self.samples.iter().min_by_key(|sample| sample.error(now))?, self.samples.back()?);
        Some(Reading {
            ahead_us: best.ahead_us,
            wall_us: last.wall_us,
            told: last.told,
            bound_us: u64::try_from(best.error(now)).unwrap_or(UNKNOWN_US),
        })
    }

    fn is_younger(&self, than: Duration, now: i64) -> bool {
        self.samples.back().is_some_and(|last| now.saturating_sub(last.at) < micros(than))
    }
}

/// The clock of one prober, as it is known to whoever holds this.
#[derive(Debug, Clone, Default)]
pub struct Clock(Arc<Mutex<Window>>);

impl Clock {
    fn window(&self) -> MutexGuard<'_, Window> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is known now; none when no exchange ever came back.
    pub(crate) fn reading(&self) -> Option<Reading> {
        self.window().reading(steady_us())
    }

    /// Their wall clock minus ours as both are now, and how well that is known. Microseconds.
    pub(crate) fn now(&self) -> (i64, u64) {
        self.reading().map_or((0, UNKNOWN_US), |reading| (reading.offset_us(Frame::now()), reading.bound_us))
    }

    /// An instant of our monotonic clock by the prober's clocks. One that was never measured is taken for ours, with a bound
    /// that claims nothing.
    pub(crate) fn start(&self, at_us: i64, frame: Frame) -> Start {
        match self.reading() {
            Some(reading) => reading.start(at_us, frame),
            None => Start { wall_us: at_us + frame.ahead_us, steady_us: 0, offset_us: 0, bound_us: UNKNOWN_US },
        }
    }

    /// Asks `count` times, one after the other, until one fails.
    async fn ask(&self, client: &mut ProberClient<Channel>, count: usize) {
        for _ in 0..count {
            let sent = steady_us();
            let reply = client.clock(pb::ClockRequest { sent_us: now_us() }).await;
            let returned = steady_us();
            let Ok(reply) = reply else { return };
            let pb::ClockReply { received_us: received, replied_us: replied, steady_us: steady, .. } =
                reply.into_inner();
            self.window().take(Exchange { sent, received, replied, returned, steady });
        }
    }

    /// Measures before a round, unless that was done lately.
    pub(crate) async fn freshen(&self, client: &ProberClient<Channel>) {
        if self.window().is_younger(FRESH, steady_us()) {
            return;
        }
        let mut client = client.clone();
        // When it takes longer, what came back until then counts.
        time::timeout(BEFORE_ROUND, self.ask(&mut client, KEPT)).await.unwrap_or_default();
    }

    /// True once per [`RENEW_AFTER`].
    fn is_due(&self, now: i64) -> bool {
        let mut window = self.window();
        let due = window.asked.is_none_or(|asked| now.saturating_sub(asked) >= micros(RENEW_AFTER));
        if due {
            window.asked = Some(now);
        }
        due
    }
}

/// Keeps the clocks of connected probers fresh, so that no question has to wait for exchanges.
pub(crate) async fn keep(live: &Live) {
    let mut looks = time::interval(LOOK);
    looks.set_missed_tick_behavior(time::MissedTickBehavior::Delay);
    loop {
        looks.tick().await;
        for (clock, channel) in live.clocks() {
            if !clock.is_due(steady_us()) {
                continue;
            }
            tokio::spawn(async move {
                let count = if clock.reading().is_none() { KEPT } else { RENEWAL };
                let mut client = ProberClient::new(channel);
                time::timeout(RENEWED, clock.ask(&mut client, count)).await.unwrap_or_default();
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR_US: i64 = 3_600_000_000;
    /// Their monotonic clock began 70 s before ours, their wall clock stands at this.
    const WALL_US: i64 = 1_764_000_000_000_000;
    const AHEAD_US: i64 = 70_000_000;

    /// An exchange sent at `sent` that needs `there` and `back` on its way; their wall clock is `wall` ahead of their steady.
    fn exchange(sent: i64, there: i64, back: i64, wall: i64) -> Exchange {
        let steady = sent + there + AHEAD_US;
        let received = steady + wall;
        Exchange { sent, received, replied: received + 10, returned: sent + there + 10 + back, steady }
    }

    fn window(of: &[Exchange]) -> Window {
        let mut window = Window::default();
        for exchange in of {
            window.take(*exchange);
        }
        window
    }

    #[test]
    fn the_least_delayed_exchange_decides_and_bounds_the_error() {
        let kept = window(&[exchange(0, 900, 90, WALL_US), exchange(5_000, 20, 20, WALL_US)]);
        let reading = kept.reading(5_050).expect("a reading");
        assert_eq!((reading.ahead_us, reading.bound_us), (AHEAD_US, 22));
        let one_way = window(&[exchange(0, 900, 90, WALL_US)]).reading(1_000).expect("a reading");
        let wrong = u64::try_from((one_way.ahead_us - AHEAD_US).abs()).expect("distance");
        assert!(wrong > 0 && wrong <= one_way.bound_us, "however uneven the two ways are: {wrong} {one_way:?}");
    }

    #[test]
    fn a_bound_grows_with_age_until_a_younger_exchange_is_better() {
        let mut kept = window(&[exchange(0, 20, 20, WALL_US)]);
        assert_eq!(kept.reading(10_000_000).expect("a reading").bound_us, 22 + 299);
        kept.take(exchange(10_000_000, 100, 100, WALL_US));
        assert_eq!(kept.reading(10_000_210).expect("a reading").bound_us, 102);
    }

    #[test]
    fn a_wall_clock_that_is_set_moves_the_offset_and_no_start() {
        let before = [exchange(0, 20, 20, WALL_US), exchange(1_000, 30, 30, WALL_US)];
        let after = [before[0], before[1], exchange(2_000, 90, 90, WALL_US + HOUR_US)];
        let frame = Frame { ahead_us: WALL_US + AHEAD_US };
        let [told, set] = [window(&before), window(&after)].map(|kept| kept.reading(3_000).expect("a reading"));
        assert_eq!(told.offset_us(frame), 0);
        assert_eq!(set.offset_us(frame), HOUR_US);
        let [told, set] = [told, set].map(|reading| reading.start(50_000, frame));
        assert_eq!(told.steady_us, set.steady_us);
        assert_eq!(set.wall_us - told.wall_us, HOUR_US);
        // The coordinator's own clock is set: the frame of a run keeps what it began with.
        let set = Frame { ahead_us: frame.ahead_us - HOUR_US };
        assert_eq!(window(&before).reading(3_000).expect("a reading").start(50_000, set).steady_us, told.steady_us);
    }

    #[test]
    fn a_prober_without_a_monotonic_clock_is_followed_by_its_wall_clock_and_a_step_ends_what_was_known() {
        let old = |sent, wall| Exchange { steady: 0, ..exchange(sent, 20, 20, wall) };
        let kept = window(&[old(0, WALL_US), old(1_000, WALL_US + HOUR_US)]);
        assert_eq!(kept.samples.len(), 1, "the exchange before the step");
        let start = kept.reading(2_000).expect("a reading").start(50_000, Frame { ahead_us: WALL_US + AHEAD_US });
        assert_eq!((start.steady_us, start.offset_us), (0, HOUR_US));
    }

    #[test]
    fn an_exchange_in_whose_middle_a_clock_was_set_is_not_used() {
        let stepped = Exchange { replied: 0, ..exchange(0, 20, 20, WALL_US) };
        let forward = Exchange { replied: WALL_US * 2, ..exchange(0, 20, 20, WALL_US) };
        assert!(window(&[stepped, forward]).reading(0).is_none());
        assert_eq!(Clock::default().start(0, Frame { ahead_us: 5 }).bound_us, UNKNOWN_US);
    }

    #[test]
    fn a_window_holds_the_last_exchanges_alone() {
        let mut kept = Window::default();
        (0..100).for_each(|n| kept.take(exchange(n * 1_000, 20, 20, WALL_US)));
        assert_eq!(kept.samples.len(), KEPT);
        assert!(
            kept.is_younger(Duration::from_secs(1), 100_000) && !kept.is_younger(Duration::from_secs(1), 2_000_000)
        );
    }
}
