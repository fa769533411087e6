//! Who may take the coordinator's time before anybody knows who they are: rates and places, in all and for each source.
//!
//! A source is an IPv4 address or an IPv6 /64, which is what one host is given. No source gets more than half of anything,
//! so that whoever floods from one place leaves the other half to the rest.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// Takes what an operator should read, one line each.
pub type Say = Arc<dyn Fn(&str) + Send + Sync>;

/// Sources that are remembered; one costs about 200 bytes.
const SOURCES: usize = 4_096;
/// After as long a source that has nothing open is as good as a new one: every bucket has filled up again.
const FORGOTTEN: Duration = Duration::from_mins(1);
/// Lines of the log about one source: a few at once, so that somebody who tries things out sees each, then one a second.
const LINES: Rate = Rate { burst: 16.0, per_second: 1.0 };
/// Lines of the log about all sources together.
const ALL_LINES: Rate = Rate { burst: 64.0, per_second: 10.0 };
/// Bits that tell one network from another.
const PREFIX: u32 = 64;

/// So many at once, then so many a second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    pub burst: f64,
    pub per_second: f64,
}

/// What is let in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// Handshakes begun, in all. A handshake costs a signature and a verification, about half a millisecond.
    pub handshakes: Rate,
    /// Handshakes that are not done, in all. One may hold 64 KiB.
    pub in_flight: usize,
    /// Enrolments from one source.
    pub enrolments: Rate,
    /// Enrolments in all.
    pub all_enrolments: Rate,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            handshakes: Rate { burst: 200.0, per_second: 200.0 },
            in_flight: 64,
            enrolments: Self::enrolments(1),
            all_enrolments: Self::enrolments(20),
        }
    }
}

impl Limits {
    /// So many a second, and five seconds' worth at once: a rack of machines that starts together.
    pub fn enrolments(per_second: u32) -> Rate {
        let per_second = f64::from(per_second);
        Rate { burst: per_second * 5.0, per_second }
    }
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    left: f64,
    filled: Instant,
}

impl Bucket {
    fn full(rate: Rate, now: Instant) -> Self {
        Self { left: rate.burst, filled: now }
    }

    fn take(&mut self, rate: Rate, now: Instant) -> bool {
        let gained = now.saturating_duration_since(self.filled).as_secs_f64() * rate.per_second;
        (self.left, self.filled) = ((self.left + gained).min(rate.burst), now);
        let enough = self.left >= 1.0;
        if enough {
            self.left -= 1.0;
        }
        enough
    }
}

#[derive(Debug)]
struct Source {
    in_flight: usize,
    handshakes: Bucket,
    enrolments: Bucket,
    strangers: Bucket,
    lines: Bucket,
    /// Refusals that the log did not name.
    unsaid: u64,
    used: Instant,
}

#[derive(Debug)]
struct Inner {
    sources: HashMap<IpAddr, Source>,
    in_flight: usize,
    handshakes: Bucket,
    enrolments: Bucket,
    strangers: Bucket,
    lines: Bucket,
    refused: u64,
}

/// The door: who is let in, and what is said of those who are not.
pub struct Door {
    limits: Limits,
    say: Say,
    inner: Mutex<Inner>,
}

impl std::fmt::Debug for Door {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Door").field("limits", &self.limits).finish_non_exhaustive()
    }
}

/// A place among the handshakes that are not done; dropping it gives it back.
#[derive(Debug)]
pub(crate) struct Place {
    door: Arc<Door>,
    source: IpAddr,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut inner = self.door.inner();
        inner.in_flight = inner.in_flight.saturating_sub(1);
        if let Some(source) = inner.sources.get_mut(&self.source) {
            source.in_flight = source.in_flight.saturating_sub(1);
        }
    }
}

impl Door {
    pub fn new(limits: Limits, say: Say) -> Arc<Self> {
        let now = Instant::now();
        let inner = Inner {
            sources: HashMap::new(),
            in_flight: 0,
            handshakes: Bucket::full(limits.handshakes, now),
            enrolments: Bucket::full(limits.all_enrolments, now),
            strangers: Bucket::full(strangers(limits.all_enrolments), now),
            lines: Bucket::full(ALL_LINES, now),
            refused: 0,
        };
        Arc::new(Self { limits, say, inner: Mutex::new(inner) })
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One line, always.
    pub fn say(&self, text: &str) {
        (self.say)(text);
    }

    /// A place for a handshake, or why there is none.
    pub(crate) fn enter(self: &Arc<Self>, address: SocketAddr) -> Result<Place, &'static str> {
        let (key, now, limits) = (source_of(address.ip()), Instant::now(), self.limits);
        let mut inner = self.inner();
        let Inner { in_flight, handshakes, .. } = &mut *inner;
        let (all_in_flight, mut all) = (*in_flight, *handshakes);
        let source = inner.source(key, limits, now);
        // A source is asked first: what it has too much of must not cost the others.
        if source.in_flight >= limits.in_flight / 2 {
            return Err("it has too many handshakes open");
        }
        if !source.handshakes.take(half(limits.handshakes), now) {
            return Err("it begins too many connections");
        }
        if all_in_flight >= limits.in_flight {
            return Err("too many handshakes are open");
        }
        let enough = all.take(limits.handshakes, now);
        if enough {
            source.in_flight += 1;
            inner.in_flight += 1;
        }
        inner.handshakes = all;
        if enough { Ok(Place { door: Arc::clone(self), source: key }) } else { Err("too many connections begin") }
    }

    /// Whether somebody without a certificate may connect. Not every such connection is an enrolment: some end at a pin that
    /// is not the right one, some ask for the time.
    pub(crate) fn stranger(&self, address: SocketAddr) -> Result<(), &'static str> {
        let (now, limits) = (Instant::now(), self.limits);
        let mut inner = self.inner();
        let source = inner.source(source_of(address.ip()), limits, now);
        if !source.strangers.take(strangers(limits.enrolments), now) {
            return Err("it comes without a certificate too often");
        }
        if inner.strangers.take(strangers(limits.all_enrolments), now) { Ok(()) } else { Err("too many join") }
    }

    /// Whether a token may be tried.
    pub(crate) fn enrols(&self, address: SocketAddr) -> Result<(), &'static str> {
        let (now, limits) = (Instant::now(), self.limits);
        let mut inner = self.inner();
        if !inner.source(source_of(address.ip()), limits, now).enrolments.take(limits.enrolments, now) {
            return Err("it joins too often");
        }
        if inner.enrolments.take(limits.all_enrolments, now) { Ok(()) } else { Err("too many join") }
    }

    /// Counts a refusal, and says it unless the log has had enough of this source or of all.
    pub fn refused(&self, address: SocketAddr, reason: &str) {
        let now = Instant::now();
        let unsaid = {
            let mut inner = self.inner();
            inner.refused += 1;
            let mut all = inner.lines;
            let source = inner.source(source_of(address.ip()), self.limits, now);
            if !source.lines.take(LINES, now) || !all.take(ALL_LINES, now) {
                source.unsaid += 1;
                return;
            }
            let unsaid = std::mem::take(&mut source.unsaid);
            inner.lines = all;
            unsaid
        };
        let more =
            if unsaid > 0 { format!(" ({unsaid} more refusals from there were not said)") } else { String::new() };
        (self.say)(&format!("refused {address}: {reason}{more}"));
    }

    /// Refusals since the start.
    pub fn refusals(&self) -> u64 {
        self.inner().refused
    }
}

impl Inner {
    fn source(&mut self, key: IpAddr, limits: Limits, now: Instant) -> &mut Source {
        if self.sources.len() >= SOURCES && !self.sources.contains_key(&key) {
            self.sources.retain(|_, source| source.in_flight > 0 || now - source.used < FORGOTTEN);
            if self.sources.len() >= SOURCES {
                // From more places than can be remembered: the limits for all hold, those for each begin again.
                self.sources.retain(|_, source| source.in_flight > 0);
            }
        }
        let source = self.sources.entry(key).or_insert_with(|| Source {
            in_flight: 0,
            handshakes: Bucket::full(half(limits.handshakes), now),
            enrolments: Bucket::full(limits.enrolments, now),
            strangers: Bucket::full(strangers(limits.enrolments), now),
            lines: Bucket::full(LINES, now),
            unsaid: 0,
            used: now,
        });
        source.used = now;
        source
    }
}

/// Connections for each enrolment that is allowed.
fn strangers(enrolments: Rate) -> Rate {
    Rate { burst: enrolments.burst * 4.0, per_second: enrolments.per_second * 4.0 }
}

fn half(rate: Rate) -> Rate {
    Rate { burst: rate.burst / 2.0, per_second: rate.per_second / 2.0 }
}

fn source_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & (u128::MAX << (128 - PREFIX)))),
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn door() -> Arc<Door> {
        Door::new(Limits::default(), Arc::new(|_| {}))
    }

    fn at(ip: &str) -> SocketAddr {
        SocketAddr::new(ip.parse().expect("address"), 1)
    }

    #[test]
    fn one_source_holds_half_of_the_places_and_the_others_get_in() {
        let door = door();
        let held: Vec<Place> = (0..100).filter_map(|_| door.enter(at("192.0.2.1")).ok()).collect();
        assert_eq!(held.len(), 32);
        let other = door.enter(at("192.0.2.2")).expect("the other half");
        drop((held, other));
        let inner = door.inner();
        assert_eq!((inner.in_flight, inner.sources.values().map(|source| source.in_flight).sum::<usize>()), (0, 0));
    }

    #[test]
    fn a_network_of_64_bits_is_one_source_and_so_is_a_mapped_address() {
        let door = door();
        let first: Vec<_> = (0..40).map(|n| door.enter(at(&format!("2001:db8::{n:x}")))).collect();
        assert!(first.iter().any(Result::is_err));
        assert!(door.enter(at("2001:db8:0:1::1")).is_ok(), "control: another network");
        let mapped: Vec<_> = (0..40).map(|n| door.enter(at(["::ffff:10.0.0.1", "10.0.0.1"][n % 2]))).collect();
        assert!(mapped.iter().any(Result::is_err));
    }

    #[test]
    fn connections_that_end_at_once_are_bounded_by_their_rate() {
        let door = door();
        let let_in = (0..2_000).filter(|_| door.enter(at("192.0.2.1")).is_ok()).count();
        assert!((100..150).contains(&let_in), "{let_in}");
        let others = (0..250).filter(|n| door.enter(at(&format!("198.51.100.{n}"))).is_ok()).count();
        assert!((100..150).contains(&others), "{others}: the rest of what all may have");
    }

    #[test]
    fn enrolments_have_a_rate_for_each_and_one_for_all() {
        let door = door();
        assert_eq!((0..50).filter(|_| door.enrols(at("192.0.2.1")).is_ok()).count(), 5);
        let others = (0..250).filter(|n| door.enrols(at(&format!("198.51.100.{n}"))).is_ok()).count();
        assert!((95..=100).contains(&others), "{others}");
    }

    #[test]
    fn what_is_remembered_of_sources_is_bounded() {
        let door = door();
        for n in 0..50_000_u32 {
            door.refused(SocketAddr::new(IpAddr::V4((0x0a00_0000 + n).into()), 1), "no reason");
        }
        assert!(door.inner().sources.len() <= SOURCES);
        assert_eq!(door.refusals(), 50_000);
    }

    #[test]
    fn the_log_is_not_flooded_and_says_how_much_it_left_out() {
        let lines = Arc::new(Mutex::new(Vec::new()));
        let to = Arc::clone(&lines);
        let say = Arc::new(move |text: &str| to.lock().expect("log").push(text.to_owned()));
        let door = Door::new(Limits::default(), say);
        for _ in 0..1_000 {
            door.refused(at("192.0.2.1"), "no certificate");
        }
        let said = lines.lock().expect("log").len();
        assert!((16..30).contains(&said), "{said}");
        std::thread::sleep(Duration::from_millis(1_100));
        door.refused(at("192.0.2.1"), "no certificate");
        let last = lines.lock().expect("log").last().cloned().expect("a line");
        assert!(last.starts_with("refused 192.0.2.1:1: no certificate (") && last.contains("more refusals"), "{last}");
    }
}
