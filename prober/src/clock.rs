//! A common start: absolute wall time, turned into a monotonic deadline on receipt and slept on by a thread of its own.
//!
//! tokio's timer is a millisecond wheel; `clock_nanosleep` on a thread with the least timer slack wakes within tens of
//! microseconds.

use std::{
    thread,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use nix::{
    sys::time::TimeSpec,
    time::{ClockId, ClockNanosleepFlags, clock_gettime, clock_nanosleep},
};
use tokio::sync::oneshot;

/// Longest wait for a start; a later one is a clock that is off, not a plan.
pub(crate) const LEAD_MOST: Duration = Duration::from_secs(5);

/// When a start came.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Started {
    /// Unix microseconds by this host's clock.
    pub(crate) at_us: i64,
    pub(crate) monotonic: Instant,
    /// After the planned instant, by the monotonic clock.
    pub(crate) late: Duration,
}

/// Unix microseconds.
pub(crate) fn now_us() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
}

/// Waits for an instant of this host's wall clock. One that has passed starts at once, and the lateness says so.
pub(crate) async fn wait_for(start_us: i64) -> Started {
    let (wall, monotonic) = (now_us(), Instant::now());
    let lead = Duration::from_micros(u64::try_from(start_us.saturating_sub(wall)).unwrap_or(0)).min(LEAD_MOST);
    let overdue = Duration::from_micros(u64::try_from(wall.saturating_sub(start_us)).unwrap_or(0));
    let planned = monotonic + lead;
    if !lead.is_zero() {
        let (tell, told) = oneshot::channel();
        let spawned = thread::Builder::new().name("start".to_owned()).spawn(move || {
            sleep(lead);
            // The round may have been dropped meanwhile; its start has no meaning then.
            tell.send(()).unwrap_or_default();
        });
        match spawned {
            // The thread cannot fail to tell; were it killed, the start is now.
            Ok(_) => drop(told.await),
            Err(_) => tokio::time::sleep_until(planned.into()).await,
        }
    }
    let monotonic = Instant::now();
    Started { at_us: now_us(), monotonic, late: monotonic.saturating_duration_since(planned) + overdue }
}

fn sleep(lead: Duration) {
    // Where the right is held, a thread that only sleeps goes before the others: under load the wake-up stays within
    // tens of microseconds. Without it the start is as punctual as the scheduler is, and its lateness is reported.
    drop(crate::sys::clock::first_in_line());
    // Least slack the kernel grants (prctl(2)); without it the wake-up may be 50 µs late.
    if nix::sys::prctl::set_timerslack(1).is_err() {
        return thread::sleep(lead);
    }
    let Ok(now) = clock_gettime(ClockId::CLOCK_MONOTONIC) else { return thread::sleep(lead) };
    let until = now + TimeSpec::from_duration(lead);
    while clock_nanosleep(ClockId::CLOCK_MONOTONIC, ClockNanosleepFlags::TIMER_ABSTIME, &until)
        == Err(nix::errno::Errno::EINTR)
    {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_start_is_never_early_and_one_that_has_passed_says_how_late_it_is() {
        let planned = now_us() + 20_000;
        let started = wait_for(planned).await;
        assert!(started.at_us >= planned, "{} before the start", planned - started.at_us);
        let overdue = wait_for(now_us() - 1_000_000).await;
        assert!(overdue.late >= Duration::from_secs(1));
    }
}
