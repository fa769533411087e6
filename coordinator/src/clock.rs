//! Offset of a prober's clock, from four timestamps (RFC 5905 §8), and the half-width within which it is true. Pure.

/// One exchange: sent and returned by our clock, received and replied by theirs; Unix microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exchange {
    pub sent: i64,
    pub received: i64,
    pub replied: i64,
    pub returned: i64,
}

/// What several exchanges say about a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Offset {
    /// Their clock minus ours, microseconds.
    pub offset_us: i64,
    /// Half the least delay: the offset lies within this distance when the two ways differ by no more than the delay.
    pub bound_us: u64,
}

impl Exchange {
    /// Time on the way, both directions together.
    pub fn delay(self) -> i64 {
        (self.returned - self.sent) - (self.replied - self.received)
    }

    fn offset(self) -> i64 {
        i64::midpoint(self.received - self.sent, self.replied - self.returned)
    }
}

/// The exchange with the least delay decides; the others were held up somewhere.
pub fn offset(exchanges: &[Exchange]) -> Option<Offset> {
    let best = exchanges.iter().filter(|exchange| exchange.delay() >= 0).min_by_key(|exchange| exchange.delay())?;
    let bound_us = u64::try_from(best.delay()).unwrap_or(0).div_ceil(2);
    Some(Offset { offset_us: best.offset(), bound_us })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_delayed_exchange_decides_and_bounds_the_error() {
        let held = Exchange { sent: 0, received: 250_900, replied: 250_910, returned: 1_000 };
        let quick = Exchange { sent: 5_000, received: 255_020, replied: 255_030, returned: 5_050 };
        let offset = offset(&[held, quick]).unwrap();
        assert_eq!(offset, Offset { offset_us: 250_000, bound_us: 20 });
    }

    #[test]
    fn an_exchange_that_returns_before_it_was_sent_is_not_used() {
        let stepped = Exchange { sent: 10_000, received: 0, replied: 0, returned: 0 };
        assert_eq!(offset(&[stepped]), None);
        assert_eq!(offset(&[]), None);
    }
}
