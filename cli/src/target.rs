//! What a user types as a target, and what it means.

use std::net::{IpAddr, Ipv6Addr};

use mesh_proto::v1::Target;
use url::{Host, Url};

use crate::exit::Problem;

/// Schemes that can be asked, each with the port it implies; 0 = none, the port must be written.
const SCHEMES: [(&str, u16); 6] = [("http", 80), ("https", 443), ("tcp", 0), ("tls", 443), ("dns", 53), ("grpc", 443)];
/// Longest target that is read; a URL that servers accept is shorter (8,000 octets, RFC 9110 §4.1).
const LENGTH: usize = 8_000;
/// Longest name and longest part of one, bytes (RFC 1035 §2.3.4).
const NAME: usize = 253;
const LABEL: usize = 63;

/// Understands a target.
pub(crate) fn parse(input: &str) -> Result<Target, Problem> {
    let wrong = |why: String| Problem::usage(format!("target {input:?}: {why}"));
    if input.len() > LENGTH {
        let start: String = input.chars().take(40).collect();
        return Err(Problem::usage(format!("target {start:?}…: longer than {LENGTH} bytes")));
    }
    if input.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(wrong("holds a space or a control character".to_owned()));
    }
    if let Some((scheme, rest)) = input.split_once("://") {
        return with_scheme(input, &scheme.to_ascii_lowercase(), rest);
    }
    if input.contains(['/', '?', '#']) {
        return Err(wrong("has a path and no scheme".to_owned()).hint(format!("write https://{input}")));
    }
    without_scheme(input)
}

fn without_scheme(input: &str) -> Result<Target, Problem> {
    let wrong = |why: String| Problem::usage(format!("target {input:?}: {why}"));
    if input.is_empty() {
        return Err(wrong("is empty".to_owned()).hint("write a URL, host:port or a name: https://api.example.com/"));
    }
    let (host, port) = split_port(input).map_err(&wrong)?;
    let host = host_of(host).map_err(wrong)?;
    let target = match port {
        None => Target {
            input: input.to_owned(),
            scheme: "https".to_owned(),
            host,
            port: 443,
            path: "/".to_owned(),
            bare_name: true,
        },
        Some(port) => Target {
            input: input.to_owned(),
            scheme: "tcp".to_owned(),
            host,
            port: port.into(),
            path: String::new(),
            bare_name: false,
        },
    };
    Ok(target)
}

fn with_scheme(input: &str, scheme: &str, rest: &str) -> Result<Target, Problem> {
    let wrong = |why: String| Problem::usage(format!("target {input:?}: {why}"));
    let Some((_, implied)) = SCHEMES.iter().find(|(known, _)| *known == scheme) else {
        let known: Vec<&str> = SCHEMES.iter().map(|(scheme, _)| *scheme).collect();
        return Err(wrong(format!("scheme {scheme:?} is not known")).hint(format!("schemes: {}", known.join(", "))));
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at(end);
    if authority.contains('@') {
        return Err(wrong("holds a user name or a password".to_owned())
            .hint("send credentials as a header: -H 'Authorization: …'; its value is not recorded"));
    }
    let (host, port) = split_port(authority).map_err(&wrong)?;
    let host = host_of(host).map_err(&wrong)?;
    let port = match (port, *implied) {
        (Some(port), _) => port,
        (None, 0) => return Err(wrong("has no port".to_owned()).hint(format!("write {scheme}://{host}:PORT"))),
        (None, implied) => implied,
    };
    let path = if scheme == "http" || scheme == "https" {
        path_of(tail).map_err(wrong)?
    } else if matches!(tail, "" | "/") {
        String::new()
    } else {
        return Err(wrong(format!("a path means nothing to {scheme}")).hint(format!("write {scheme}://{authority}")));
    };
    Ok(Target { input: input.to_owned(), scheme: scheme.to_owned(), host, port: port.into(), path, bare_name: false })
}

/// Host and port; the host of an IPv6 literal without its brackets.
fn split_port(authority: &str) -> Result<(&str, Option<u16>), String> {
    if let Some(rest) = authority.strip_prefix('[') {
        let (host, after) = rest.split_once(']').ok_or("a bracket is not closed")?;
        if host.parse::<Ipv6Addr>().is_err() {
            return Err(format!("{host:?} in brackets is not an IPv6 address"));
        }
        return match after.strip_prefix(':') {
            Some(port) => Ok((host, Some(port_of(port)?))),
            None if after.is_empty() => Ok((host, None)),
            None => Err(format!("{after:?} after the address")),
        };
    }
    if authority.parse::<Ipv6Addr>().is_ok() {
        return Ok((authority, None));
    }
    match authority.rsplit_once(':') {
        None => Ok((authority, None)),
        Some((host, _)) if host.contains(':') => {
            Err("not an IPv6 address, and more than one colon; with a port write [2001:db8::7]:80".to_owned())
        }
        Some((host, port)) => Ok((host, Some(port_of(port)?))),
    }
}

fn port_of(text: &str) -> Result<u16, String> {
    match text.parse::<u32>() {
        Ok(port @ 1..=65_535) => u16::try_from(port).map_err(|e| e.to_string()),
        Ok(port) => Err(format!("port {port} is not a port: 1 to 65535")),
        Err(_) => Err(format!("{text:?} is not a port: 1 to 65535")),
    }
}

/// A name in the form that is asked of DNS (IDNA), or an address.
fn host_of(host: &str) -> Result<String, String> {
    if host.is_empty() {
        return Err("the host is missing".to_owned());
    }
    if let Ok(address) = host.parse::<IpAddr>() {
        return Ok(address.to_string());
    }
    if host.contains('%') {
        return Err(format!("{host:?}: zones of link-local addresses are not offered"));
    }
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if host.trim_end_matches('.').rsplit('.').next().is_some_and(digits) {
        return Err(format!("{host:?} is not an IPv4 address: four numbers up to 255"));
    }
    match Host::parse(host) {
        Ok(Host::Domain(name)) => {
            let bare = name.trim_end_matches('.');
            if bare.len() > NAME || bare.split('.').any(|label| label.is_empty() || label.len() > LABEL) {
                return Err(format!("{host:?} is not a host name: parts of 1 to {LABEL} bytes, at most {NAME} in all"));
            }
            Ok(name)
        }
        Ok(_) => Err(format!("{host:?} is not an address in its usual form")),
        Err(e) => Err(format!("{host:?} is not a host name: {e}")),
    }
}

/// Path and query as they go on the wire; a fragment never does.
fn path_of(tail: &str) -> Result<String, String> {
    let url = Url::parse(&format!("http://host.invalid{tail}")).map_err(|e| e.to_string())?;
    Ok(url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn brief(input: &str) -> String {
        let target = parse(input).unwrap_or_else(|problem| panic!("{input}: {}", problem.message));
        let bare = if target.bare_name { " bare" } else { "" };
        format!("{} {} {} {}{bare}", target.scheme, target.host, target.port, target.path).replace("  ", " ")
    }

    #[test]
    fn every_form_of_a_target_is_understood() {
        for (input, means) in [
            ("api.example.com", "https api.example.com 443 / bare"),
            ("localhost", "https localhost 443 / bare"),
            ("10.0.0.7", "https 10.0.0.7 443 / bare"),
            ("::1", "https ::1 443 / bare"),
            ("api.example.com:8080", "tcp api.example.com 8080 "),
            ("[2001:db8::7]:80", "tcp 2001:db8::7 80 "),
            ("http://api.lab", "http api.lab 80 /"),
            ("HTTP://API.lab:8080/a?b=c#d", "http api.lab 8080 /a?b=c"),
            ("https://[::1]:8443/x", "https ::1 8443 /x"),
            ("https://bücher.example/ä", "https xn--bcher-kva.example 443 /%C3%A4"),
            ("http://api.lab//double", "http api.lab 80 //double"),
            ("tcp://db.lab:5432", "tcp db.lab 5432 "),
            ("tls://db.lab", "tls db.lab 443 "),
            ("dns://10.0.0.53", "dns 10.0.0.53 53 "),
            ("grpc://api.lab", "grpc api.lab 443 "),
            ("http://api.lab?x=1", "http api.lab 80 /?x=1"),
        ] {
            assert_eq!(brief(input), means, "{input}");
        }
    }

    #[test]
    fn what_is_wrong_with_a_target_is_named() {
        for (input, word) in [
            ("", "empty"),
            ("ftp://api.lab/", "ftp"),
            ("http://api.lab:70000/", "70000"),
            ("api.lab:0", "port 0"),
            ("api.lab:http", "\"http\" is not a port"),
            ("http:///x", "host is missing"),
            (":80", "host is missing"),
            ("http://user:pw@api.lab/", "password"),
            ("api.lab/health", "no scheme"),
            ("tcp://api.lab", "no port"),
            ("tcp://api.lab:1/x", "path"),
            ("[::1", "bracket"),
            ("[::1]x", "after the address"),
            ("1:2:3", "more than one colon"),
            ("http://10.0.0.300/", "IPv4"),
            ("http://a b/", "space"),
            ("http://a\u{1b}[1m/", "control"),
            ("http://a..b/", "not a host name"),
            ("fe80::1%eth0", "colon"),
            ("http://ex^ample/", "not a host name"),
        ] {
            let problem = parse(input).expect_err(input);
            assert!(problem.message.contains(word), "{input}: {}", problem.message);
            assert_eq!(problem.code, crate::exit::Code::Usage);
        }
        assert!(parse(&"a".repeat(9_000)).is_err());
        assert!(parse(&format!("http://{}.lab/", "a".repeat(64))).is_err());
    }

    proptest::proptest! {
        #[test]
        fn parsing_never_panics(input in "\\PC{0,60}") {
            drop(parse(&input));
        }

        #[test]
        fn what_is_accepted_has_a_host_and_a_port(input in "[a-z]{0,5}(://)?[a-z0-9.:\\[\\]]{0,20}[/?#]?[a-z]{0,4}") {
            if let Ok(target) = parse(&input) {
                proptest::prop_assert!(!target.host.is_empty() && (1..=65_535).contains(&target.port));
            }
        }
    }
}
