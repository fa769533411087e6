//! Values of flags: sizes, times, addresses. Each error says what is allowed.

use std::{
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use mesh_proto::transport::Address;

use super::Pinned;

/// Largest body that is sent, and largest size in general: enough to fill every buffer on a path many times.
pub(crate) const BODY_BYTES: u64 = 64 << 20;
/// Longest time a flag may state.
const LONGEST: Duration = Duration::from_hours(1);
/// Longest bound of a run or a measurement (the coordinator's own limit).
const LONGEST_RUN: Duration = Duration::from_mins(10);
/// Shortest run in which anything can be asked.
const SHORTEST_RUN: Duration = Duration::from_millis(500);
/// Longest time a question is repeated for; what lasts longer is monitoring.
const LONGEST_SPAN: Duration = Duration::from_hours(24);
/// Shortest time between two runs: a run is dozens of connections, and the target is somebody's.
const SHORTEST_EVERY: Duration = Duration::from_secs(1);
/// Largest age a flag may state: a hundred years, which no run has.
const LONGEST_AGE: Duration = Duration::from_hours(24 * 36_525);
/// No coordinator: a value of `--coordinator`.
pub(crate) const NONE: &str = "none";
/// Kinds of vantages, as ids begin.
const KINDS: [&str; 8] = ["local", "host", "node", "pod", "ext", "netns", "pid", "ctr"];

/// "64KiB", "64k", "1MB", "1500": binary and decimal multiples.
fn size(text: &str) -> Result<u64, String> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let factor = match unit.to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" | "kib" => 1 << 10,
        "kb" => 1_000,
        "m" | "mib" => 1 << 20,
        "mb" => 1_000_000,
        _ => return Err(format!("{unit:?} is no unit of size: B, kB, KiB, MB or MiB")),
    };
    let Ok(number) = number.parse::<u64>() else {
        return Err("write a number and a unit: 1400, 64KiB, 1MB".to_owned());
    };
    number.checked_mul(factor).ok_or_else(|| "too large".to_owned())
}

pub(super) fn body(text: &str) -> Result<u64, String> {
    let bytes = size(text)?;
    if bytes > BODY_BYTES {
        return Err(format!("at most {} MiB", BODY_BYTES >> 20));
    }
    Ok(bytes)
}

/// "300ms", "2s", "1.5", "10m"; seconds when there is no unit, as curl has it.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let factor = match unit {
        "ms" => 0.001,
        "" | "s" => 1.0,
        "m" | "min" => 60.0,
        _ => return Err(format!("{unit:?} is no unit of time: ms, s or m")),
    };
    let Ok(number) = number.parse::<f64>() else {
        return Err("write a number and a unit: 300ms, 2s, 10m".to_owned());
    };
    let time = Duration::try_from_secs_f64(number * factor).map_err(|e| e.to_string())?;
    if time.is_zero() || time > LONGEST {
        return Err("more than nothing, and at most an hour".to_owned());
    }
    Ok(time)
}

/// "10m", "8h": how long something is repeated.
pub(super) fn span(text: &str) -> Result<Duration, String> {
    let time = match text.strip_suffix('h').map(str::parse::<u32>) {
        Some(Ok(hours)) => Duration::from_hours(hours.into()),
        Some(Err(e)) => return Err(format!("{e}; write a number and a unit: 90s, 10m, 8h")),
        None => duration(text)?,
    };
    let allowed = SHORTEST_EVERY..=LONGEST_SPAN;
    if allowed.contains(&time) { Ok(time) } else { Err("between 1s and 24h".to_owned()) }
}

/// "30s": time from one run to the next.
pub(super) fn every(text: &str) -> Result<Duration, String> {
    let time = duration(text)?;
    if time >= SHORTEST_EVERY { Ok(time) } else { Err("between 1s and 1h".to_owned()) }
}

/// "12h", "30d", "8w": how old something is.
pub(super) fn age(text: &str) -> Result<Duration, String> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let hours = match unit {
        "h" => 1,
        "d" => 24,
        "w" => 24 * 7,
        _ => return Err(format!("{unit:?} is no unit of age: h, d or w")),
    };
    let Ok(number) = number.parse::<u64>() else {
        return Err("write a number and a unit: 12h, 30d, 8w".to_owned());
    };
    let age = number.checked_mul(hours * 3_600).map(Duration::from_secs).filter(|age| *age <= LONGEST_AGE);
    age.ok_or_else(|| "at most 100 years".to_owned())
}

/// An address with a port: a name would be another proxy in each network.
pub(super) fn proxy(text: &str) -> Result<SocketAddr, String> {
    match text.parse::<SocketAddr>() {
        Ok(address) if address.port() > 0 => Ok(address),
        _ => Err("write the proxy's address and port: 10.0.0.7:3128, [fd00::7]:3128".to_owned()),
    }
}

pub(super) fn deadline(text: &str) -> Result<Duration, String> {
    let time = duration(text)?;
    if (SHORTEST_RUN..=LONGEST_RUN).contains(&time) { Ok(time) } else { Err("between 500ms and 10m".to_owned()) }
}

/// `NAME: VALUE`, without anything that could end the header's line.
pub(crate) fn header(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once(':').ok_or("write NAME: VALUE")?;
    let (name, value) = (name.trim(), value.trim());
    // Token characters of RFC 9110 §5.6.2.
    let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    if name.is_empty() || !name.chars().all(token) {
        return Err(format!("{name:?} is not a header's name"));
    }
    if value.chars().any(|c| c.is_control() && c != '\t') {
        return Err(format!("the value of {name} holds a control character"));
    }
    Ok((name.to_owned(), value.to_owned()))
}

/// An address, or curl's `HOST:PORT:ADDRESS[,ADDRESS]…`.
pub(crate) fn resolve(text: &str) -> Result<Pinned, String> {
    let wrong = || format!("{text:?} is neither an address nor HOST:PORT:ADDRESS");
    if let Ok(address) = text.trim_matches(['[', ']']).parse::<IpAddr>() {
        return Ok(Pinned(vec![address]));
    }
    let mut parts = text.splitn(3, ':');
    let (Some(_), Some(port), Some(addresses)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(wrong());
    };
    if port.parse::<u16>().is_err() {
        return Err(wrong());
    }
    let one = |part: &str| part.trim().trim_matches(['[', ']']).parse::<IpAddr>().or(Err(wrong()));
    addresses.split(',').map(one).collect::<Result<_, _>>().map(Pinned)
}

/// `HOST:PORT`, or the word for having none where the environment names one.
pub(super) fn coordinator(text: &str) -> Result<String, String> {
    if text == NONE { Ok(text.to_owned()) } else { host_port(text) }
}

/// `HOST:PORT`, an IPv6 address in brackets.
pub(super) fn host_port(text: &str) -> Result<String, String> {
    let (host, port) = text.rsplit_once(':').ok_or("write HOST:PORT")?;
    if host.is_empty() {
        return Err("the host is missing: write HOST:PORT".to_owned());
    }
    if host.contains(':') && !(host.starts_with('[') && host.ends_with(']')) {
        return Err("write an IPv6 address in brackets: [2001:db8::7]:80".to_owned());
    }
    match port.parse::<u16>() {
        Ok(1..) => Ok(text.to_owned()),
        _ => Err(format!("{port:?} is not a port: 1 to 65535")),
    }
}

/// `IP` or `IP:PORT` of a DNS server.
pub(super) fn server(text: &str) -> Result<SocketAddr, String> {
    if let Ok(address) = text.trim_matches(['[', ']']).parse::<IpAddr>() {
        return Ok(SocketAddr::new(address, 53));
    }
    text.parse().or(Err("write an address, or ADDRESS:PORT: 10.96.0.10, [2001:db8::53]:53".to_owned()))
}

/// `ID=unix:PATH` or `ID=HOST:PORT`.
pub(super) fn vantage(text: &str) -> Result<(String, Address), String> {
    let (id, address) = text.split_once('=').ok_or("write ID=unix:PATH or ID=HOST:PORT")?;
    let allowed = |c: char| c.is_ascii_alphanumeric() || "._/-:@".contains(c);
    if id.is_empty() || id.len() > 200 || !id.chars().all(allowed) {
        return Err(format!("{id:?} is not an id: KIND/NAME of letters, digits and ._/-:@"));
    }
    if let Some((kind, _)) = id.split_once('/')
        && !KINDS.contains(&kind)
    {
        return Err(format!("{kind:?} is no kind of vantage: {}", KINDS.join(", ")));
    }
    let address = address.parse::<Address>().map_err(|e| e.to_string())?;
    Ok((id.to_owned(), address))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_binary_and_decimal_units() {
        for (text, bytes) in [("1400", 1400), ("64KiB", 65_536), ("64k", 65_536), ("1MB", 1_000_000), ("0", 0)] {
            assert_eq!(size(text), Ok(bytes), "{text}");
        }
        for text in ["", "KiB", "64XB", "-1", "99999999999999999999", "1e3"] {
            assert!(size(text).is_err(), "{text}");
        }
        assert!(body("65MiB").is_err());
    }

    #[test]
    fn times_are_seconds_unless_they_say_otherwise() {
        assert_eq!(duration("2"), Ok(Duration::from_secs(2)));
        assert_eq!(duration("300ms"), Ok(Duration::from_millis(300)));
        assert_eq!(duration("1.5s"), Ok(Duration::from_millis(1500)));
        for text in ["", "0", "2h", "s", "1..2", "99999m"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_header_can_not_smuggle_a_line() {
        assert_eq!(header("Accept: */*"), Ok(("Accept".to_owned(), "*/*".to_owned())));
        for text in ["Accept", ": x", "A B: x", "A: x\r\nB: y"] {
            assert!(header(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn resolve_takes_an_address_or_what_curl_takes() {
        let pinned = |text: &str| Pinned(text.split(',').map(|a| a.parse().unwrap()).collect());
        assert_eq!(resolve("10.0.0.7"), Ok(pinned("10.0.0.7")));
        assert_eq!(resolve("[::1]"), Ok(pinned("::1")));
        assert_eq!(resolve("api.lab:443:10.0.0.7,[::1]"), Ok(pinned("10.0.0.7,::1")));
        for text in ["", "api.lab", "api.lab:443", "api.lab:443:x", "a:70000:10.0.0.7"] {
            assert!(resolve(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_vantage_needs_an_id_and_an_address() {
        assert!(vantage("node/a=unix:/run/a.sock").is_ok());
        assert!(vantage("client=10.0.0.7:7443").is_ok());
        for text in ["client", "=unix:/a", "planet/a=10.0.0.7:1", "client=nowhere", "a b=10.0.0.7:1"] {
            assert!(vantage(text).is_err(), "{text}");
        }
    }
}
