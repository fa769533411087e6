//! How often it fails, and how well that is known.

use std::collections::BTreeSet;

use crate::{
    evidence::{VantageIx, View},
    report::Rate,
    rules::Trouble,
};

/// Failing connections, and all that the same vantages asked.
pub(crate) fn counted(view: &View<'_>, trouble: &Trouble) -> (u32, u32) {
    let asking: BTreeSet<VantageIx> = trouble.failing.iter().map(|row| view.at(*row).vantage).collect();
    let good = trouble.passing.iter().filter(|row| asking.contains(&view.at(**row).vantage)).count();
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    (number(trouble.failing.len()), number(trouble.failing.len() + good))
}

/// k of n with Wilson's interval at 95 %.
pub(crate) fn rate(view: &View<'_>, trouble: &Trouble) -> Rate {
    let (failed, of) = counted(view, trouble);
    let (low, high) = interval(failed, of);
    Rate { failed, of, low, high }
}

/// "7 of 16 fail, between 23 and 67 % at 95 %".
pub(crate) fn sentence(view: &View<'_>, trouble: &Trouble) -> String {
    let Rate { failed, of, low, high } = rate(view, trouble);
    format!("{failed} of {of} fail, between {:.0} and {:.0} % at 95 %", low * 100.0, high * 100.0)
}

fn interval(failed: u32, of: u32) -> (f64, f64) {
    // 1.96 standard deviations.
    const Z: f64 = 1.959_964;
    let (k, n) = (f64::from(failed), f64::from(of.max(1)));
    let p = k / n;
    let middle = p + Z * Z / (2.0 * n);
    let half = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    let scale = 1.0 + Z * Z / n;
    // Three digits: more would claim what so few connections cannot say.
    let round = |x: f64| (x * 1000.0).round() / 1000.0;
    (round(((middle - half) / scale).max(0.0)), round(((middle + half) / scale).min(1.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_is_wilsons() {
        // Figures of the usual tables: 0 of 29 leaves up to 11.7 %, 5 of 10 lies between 23.7 and 76.3 %.
        assert_eq!(interval(0, 29), (0.0, 0.117));
        assert_eq!(interval(5, 10), (0.237, 0.763));
        assert_eq!(interval(10, 10), (0.722, 1.0));
    }
}
