//! Which clock is wrong: a certificate that seems out of its time is one thing when both clocks agree, another when not.

use tokio::time;
use x509_parser::time::ASN1Time;

use super::{ANSWER, Unusable, Why, channel_over, handshake_once, late, said, span, tls_reason};
use crate::{
    identity::{now_us, tls, token::Pin},
    v1::{ClockRequest, mesh_client::MeshClient},
};

/// Clocks this far apart are taken for equal: certificates are backdated by as much.
pub(crate) const TOLERATED_S: i64 = 60;

/// Asks the coordinator for its clock when a certificate was out of its time, and says what that means. Other failures are
/// given back as they are.
pub(super) async fn explained(address: &str, pin: Pin, error: Unusable) -> Unusable {
    if error.why != Why::Time {
        return error;
    }
    match ahead(address, pin).await {
        Ok(offset_us) => judged(error, offset_us, now_us()),
        // It could not be asked; what is known already is said.
        Err(_unanswered) => error,
    }
}

/// The coordinator's clock minus this one, microseconds. The authority vouches for who answers.
async fn ahead(address: &str, pin: Pin) -> Result<i64, Unusable> {
    let config = tls::clock_client(pin).map_err(|e| tls_reason(address, &e))?;
    let channel = channel_over(address, handshake_once(address, config).await?).await?;
    let sent = now_us();
    let answer = time::timeout(ANSWER, MeshClient::new(channel).clock(ClockRequest { sent_us: sent })).await;
    let reply = answer.map_err(|_elapsed| late(address))?.map_err(|status| said(address, &status))?.into_inner();
    Ok(i64::midpoint(reply.received_us.saturating_sub(sent), reply.replied_us.saturating_sub(now_us())))
}

fn judged(mut error: Unusable, offset_us: i64, now_us: i64) -> Unusable {
    error.skew_us = Some(offset_us);
    let ahead_s = (offset_us + 500_000).div_euclid(1_000_000);
    if ahead_s.abs() <= TOLERATED_S {
        error.reason = format!("{}, and the coordinator's clock agrees", error.reason);
        // Its own certificate is renewed while it runs.
        error.next = if error.lasting {
            "join again with a new token: meshctl token create".to_owned()
        } else {
            "the coordinator's log says why its certificate was not renewed; restart it".to_owned()
        };
        return error;
    }
    let (here, there) = (at(now_us), at(now_us.saturating_add(offset_us)));
    let side = if ahead_s > 0 { "behind" } else { "ahead of" };
    error.reason = format!(
        "CLOCK_SKEW: this machine's clock is {} {side} the coordinator's: {}",
        span(ahead_s.abs()),
        error.reason
    );
    error.next = format!("set whichever clock is wrong (timedatectl): here it is {here}, there {there}");
    error.lasting = false;
    error
}

fn at(unix_us: i64) -> String {
    match ASN1Time::from_timestamp(unix_us / 1_000_000) {
        Ok(time) => time.to_string(),
        Err(_) => format!("{unix_us} us of Unix time"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY_US: i64 = 86_400_000_000;

    fn expired() -> Unusable {
        Unusable::new("10.9.0.1:7443", "its certificate expired 1 d 0 h ago", "look at the clock").because(Why::Time)
    }

    #[test]
    fn a_clock_off_by_a_day_is_named_with_its_size_and_both_times() {
        let ahead = judged(expired().lasting(), -DAY_US, 1_795_615_200_000_000);
        assert!(ahead.reason.starts_with("CLOCK_SKEW: this machine's clock is 1 d 0 h ahead of the coordinator's"));
        assert!(ahead.next.contains("Nov 25 14:00:00 2026") && ahead.next.contains("Nov 24 14:00:00 2026"), "{ahead}");
        assert_eq!((ahead.skew_us, ahead.lasting), (Some(-DAY_US), false), "a clock can be set");
        assert!(judged(expired(), DAY_US, 0).reason.contains("1 d 0 h behind the coordinator's"));
    }

    #[test]
    fn clocks_that_agree_leave_the_certificate_to_blame() {
        let own = judged(expired().lasting(), 60_000_000, 0);
        assert!(
            own.lasting && own.reason.ends_with("the coordinator's clock agrees") && own.next.contains("new token")
        );
        assert!(judged(expired(), 0, 0).next.contains("restart"));
    }
}
