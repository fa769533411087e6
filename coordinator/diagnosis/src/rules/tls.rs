//! Handshake policy and certificates.
//!
//! What only this prober's TLS library raises is at most `likely`: rustls speaks neither TLS 1.1 nor static RSA, and an
//! application with another library may be served. Dates and names are read from the certificate itself.

use mesh_proto::v1 as pb;

use super::{Ask, Claim, Class, Opinion, Rule, Trouble, View, endpoint, firewall, look, places, wire};
use crate::evidence::{SeenIx, Symptom};

pub(crate) const RULES: &[Rule] = &[
    Rule {
        slug: "tls/expired",
        meaning: "the certificate's time is over",
        classes: &[Class::Certificate],
        asks: &[Ask::Certificate],
        judge: |view, trouble| dated(view, trouble, "expired"),
    },
    Rule {
        slug: "tls/not-yet-valid",
        meaning: "the certificate's time has not begun",
        classes: &[Class::Certificate],
        asks: &[Ask::Certificate],
        judge: |view, trouble| dated(view, trouble, "not_yet_valid"),
    },
    Rule {
        slug: "tls/san-mismatch",
        meaning: "the certificate does not name this host",
        classes: &[Class::Certificate],
        asks: &[],
        judge: name_mismatch,
    },
    Rule {
        slug: "tls/self-signed",
        meaning: "the server presents a certificate that signs itself",
        classes: &[Class::Certificate],
        asks: &[],
        judge: self_signed,
    },
    Rule {
        slug: "tls/ca-unknown",
        meaning: "the chain ends at an authority this vantage does not trust",
        classes: &[Class::Certificate],
        asks: &[],
        judge: |view, trouble| issuer(view, trouble, true),
    },
    Rule {
        slug: "tls/intermediate-missing",
        meaning: "the server leaves out a certificate between its own and the authority's",
        classes: &[Class::Certificate],
        asks: &[],
        judge: |view, trouble| issuer(view, trouble, false),
    },
    Rule {
        slug: "tls/plaintext-on-tls-port",
        meaning: "the port speaks something else than TLS",
        classes: &[Class::Handshake],
        asks: &[],
        judge: plaintext,
    },
    Rule {
        slug: "tls/reset-after-clienthello",
        meaning: "the connection is reset when the handshake begins",
        classes: &[Class::Handshake],
        asks: &[Ask::Hellos],
        judge: |view, trouble| shaken(view, trouble, &Symptom::TlsReset, "resets the connection after the ClientHello"),
    },
    Rule {
        slug: "tls/eof-after-clienthello",
        meaning: "the connection is closed when the handshake begins",
        classes: &[Class::Handshake],
        asks: &[Ask::Hellos],
        judge: |view, trouble| shaken(view, trouble, &Symptom::TlsEof, "closes the connection after the ClientHello"),
    },
    Rule {
        slug: "tls/version-mismatch",
        meaning: "client and server share no TLS version",
        classes: &[Class::Handshake],
        asks: &[],
        judge: |view, trouble| no_common(view, trouble, true),
    },
    Rule {
        slug: "tls/no-shared-parameters",
        meaning: "client and server share no cipher suite, group or signature",
        classes: &[Class::Handshake],
        asks: &[Ask::Hellos],
        judge: |view, trouble| no_common(view, trouble, false),
    },
    Rule {
        slug: "tls/client-cert-absent",
        meaning: "the server wants a client certificate and none was sent",
        classes: &[Class::Handshake, Class::Status, Class::Reset],
        asks: &[],
        judge: certificate_wanted,
    },
    Rule {
        slug: "tls/sni-unrecognized",
        meaning: "the server knows no such name",
        classes: &[Class::Handshake],
        asks: &[],
        // unrecognized_name, RFC 6066 §3
        judge: |view, trouble| {
            alerted(view, trouble, 112, "does not know the name that is asked for (unrecognized_name)")
        },
    },
    Rule {
        slug: "tls/alpn-mismatch",
        meaning: "client and server share no protocol inside TLS",
        classes: &[Class::Handshake],
        asks: &[],
        // no_application_protocol, RFC 7301 §3.2
        judge: |view, trouble| {
            alerted(view, trouble, 120, "speaks none of the protocols offered (no_application_protocol)")
        },
    },
];

/// Alerts that a server may send for want of a client certificate: `handshake_failure`, `bad_certificate`,
/// `certificate_required` (RFC 8446 §6.2).
const WANTS_CERTIFICATE: [u32; 3] = [40, 42, 116];
/// And the statuses: 400 (nginx writes "No required SSL certificate was sent"), 403, nginx's own 496.
const WANTS_CERTIFICATE_STATUS: [u32; 3] = [400, 403, 496];

fn certificate_wanted(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let sample = view.at(trouble.sample());
    let tls = sample.obs.tls.as_ref().filter(|tls| tls.client_certificate_requested)?;
    let target = endpoint(&sample.obs);
    let why = match &view.attempt_at(trouble.sample())?.symptom {
        Symptom::TlsAlert(alert) if WANTS_CERTIFICATE.contains(alert) => {
            format!("it asks for a client certificate and answers the alert {}", tls.alert_name)
        }
        Symptom::Status(status) if WANTS_CERTIFICATE_STATUS.contains(status) => {
            format!("it asks for a client certificate, gets none and answers {status}")
        }
        Symptom::TlsReset | Symptom::TlsEof | Symptom::HttpReset | Symptom::HttpEof => {
            return Some(
                Opinion::possible(
                    "it asks for a client certificate, gets none and ends the connection",
                    trouble.failing.clone(),
                )
                .at([target]),
            );
        }
        _ => return None,
    };
    let says = format!("{target} wants a client certificate");
    Some(Opinion::likely(why, trouble.failing.clone()).at([target]).says(says))
}

/// An alert of one meaning.
fn alerted(view: &View<'_>, trouble: &Trouble, alert: u32, says: &str) -> Option<Opinion> {
    if view.attempt_at(trouble.sample())?.symptom != Symptom::TlsAlert(alert) {
        return None;
    }
    let target = endpoint(&view.at(trouble.sample()).obs);
    let why = format!("the alert {alert}");
    Some(Opinion::likely(why, trouble.failing.clone()).at([target.clone()]).says(format!("{target} {says}")))
}

/// Versions as the record layer numbers them (RFC 8446 §4.2.1): 0x0301 is TLS 1.0, 0x0303 TLS 1.2.
const TLS_1_2: u32 = 0x0303;

/// What the server would speak, as it answered a hello that offers every version and suite.
fn wide(view: &View<'_>, row: SeenIx) -> Option<(SeenIx, Option<u32>, String)> {
    let seen = view.at(row);
    let (ix, tls) = view
        .of(seen.vantage)
        .filter(|(_, obs)| obs.task.starts_with("wide:") && obs.address == seen.obs.address)
        .find_map(|(ix, obs)| obs.tls.as_ref().map(|tls| (ix, tls)))?;
    let version = u32::from_str_radix(tls.wide_version.trim_start_matches("0x"), 16).ok();
    Some((ix, version, tls.wide_cipher.clone()))
}

/// Client and server share no version, or (`by_version` false) nothing else of what a handshake needs.
fn no_common(view: &View<'_>, trouble: &Trouble, by_version: bool) -> Option<Opinion> {
    // handshake_failure, illegal_parameter, protocol_version, insufficient_security (RFC 8446 §6.2)
    let Symptom::TlsAlert(alert @ (40 | 47 | 70 | 71)) = view.attempt_at(trouble.sample())?.symptom else {
        return None;
    };
    let target = endpoint(&view.at(trouble.sample()).obs);
    let told = alert == 70;
    let (what, says) = if by_version {
        ("version", format!("{target} speaks no TLS version that this client speaks"))
    } else {
        (
            "cipher suite, group or signature",
            format!("{target} shares no {} with this client", "cipher suite, group or signature"),
        )
    };
    match wide(view, trouble.sample()) {
        Some((ix, Some(version), cipher)) if (version < TLS_1_2) == by_version => {
            let why = format!("offered everything, the server chooses version {version:#06x} and suite {cipher}");
            let because = trouble.failing.iter().copied().chain([ix]).collect();
            let several = look::independent(view, &trouble.failing, &trouble.failing);
            let claim = if several { Claim::Proved } else { Claim::Likely };
            Some(Opinion::new(claim, why, because).at([target]).says(says))
        }
        Some((ix, Some(_), _)) => Some(Opinion::excluded(format!("it is not the {what} that differs"), vec![ix])),
        Some((ix, None, _)) if told != by_version => {
            Some(Opinion::excluded("a hello that offers everything is refused as well", vec![ix]))
        }
        Some((_, None, _)) | None if told == by_version => Some(
            Opinion::likely(format!("the alert {alert}; seen by one TLS library only"), trouble.failing.clone())
                .at([target.clone()])
                .says(says)
                .decided_by(
                    "another TLS library from the same host",
                    Some(format!("openssl s_client -connect {target}")),
                ),
        ),
        _ => Some(Opinion::possible(format!("the alert {alert}"), trouble.failing.clone()).at([target]).says(says)),
    }
}

fn chain<'v>(view: &'v View<'_>, row: SeenIx) -> Option<(&'v pb::TlsDetail, &'v pb::Certificate)> {
    let tls = view.at(row).obs.tls.as_ref()?;
    Some((tls, tls.chain.first()?))
}

fn verify_error(view: &View<'_>, row: SeenIx) -> Option<String> {
    match &view.attempt_at(row)?.symptom {
        Symptom::TlsVerify(kind) => Some(kind.clone()),
        _ => None,
    }
}

fn days(seconds: i64) -> String {
    let days = seconds / 86_400;
    if days == 0 { format!("{} hours", seconds / 3600) } else { format!("{days} days") }
}

fn dated(view: &View<'_>, trouble: &Trouble, kind: &str) -> Option<Opinion> {
    if verify_error(view, trouble.sample())? != kind {
        return None;
    }
    let (tls, leaf) = chain(view, trouble.sample())?;
    let target = endpoint(&view.at(trouble.sample()).obs);
    let (gap, word) = if kind == "expired" {
        (tls.judged_at - leaf.not_after, "expired")
    } else {
        (leaf.not_before - tls.judged_at, "becomes valid")
    };
    // An intermediate may be what is out of date; the leaf's own dates decide what is said of it.
    if gap <= 0 {
        return Some(
            Opinion::likely(
                "the leaf's own dates are good; another certificate of the chain is out of date",
                trouble.failing.clone(),
            )
            .at([target.clone()])
            .says(format!("a certificate in the chain of {target} is out of its time")),
        );
    }
    let when = if kind == "expired" { format!("{} ago", days(gap)) } else { format!("in {}", days(gap)) };
    let summary = format!("the certificate of {target} ({}) {word} {when}", leaf.subject);
    if !trouble.passing.is_empty() {
        return Some(
            Opinion::possible("another vantage accepts the certificate it is shown", trouble.all())
                .says(summary)
                .at([target]),
        );
    }
    // Another vantage may refuse the certificate for another reason; that says nothing about dates.
    let alike: Vec<SeenIx> =
        trouble.failing.iter().copied().filter(|row| verify_error(view, *row).as_deref() == Some(kind)).collect();
    if look::independent(view, &alike, &alike) {
        let why = format!("{} see the same dates by their own clocks", places(view, &alike));
        return Some(Opinion::proved(why, alike).at([target]).says(summary));
    }
    Some(Opinion::likely("one machine's clock judged it", trouble.failing.clone()).at([target]).says(summary))
}

fn name_mismatch(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    if verify_error(view, trouble.sample())? != "name_mismatch" {
        return None;
    }
    let (tls, leaf) = chain(view, trouble.sample())?;
    let target = endpoint(&view.at(trouble.sample()).obs);
    let names = if leaf.dns_names.is_empty() { leaf.subject.clone() } else { leaf.dns_names.join(", ") };
    let asked = if tls.sni.is_empty() { view.target().host } else { tls.sni.clone() };
    let (claim, why) = if shown_to_several(view, trouble, "name_mismatch") {
        (Claim::Proved, "several machines are shown the same certificate; its names are compared with the one asked")
    } else {
        (Claim::Likely, "the certificate's names are compared with the one asked")
    };
    Some(
        Opinion::new(claim, why, trouble.failing.clone())
            .at([target.clone()])
            .says(format!("the certificate of {target} is for {names}, not for {asked}")),
    )
}

/// Vantages on several machines refuse one and the same certificate for one and the same reason, and nobody is shown
/// another: what is wrong with it is no matter of the way there.
fn shown_to_several(view: &View<'_>, trouble: &Trouble, reason: &str) -> bool {
    let leaves: Vec<Option<&str>> =
        trouble.all().iter().map(|row| chain(view, *row).map(|(_, leaf)| leaf.sha256.as_str())).collect();
    let same = leaves.windows(2).all(|pair| pair.first() == pair.last()) && leaves.iter().all(Option::is_some);
    let reasons = trouble.failing.iter().all(|row| verify_error(view, *row).as_deref() == Some(reason));
    same && reasons && look::independent(view, &trouble.failing, &trouble.failing)
}

fn self_signed(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let (tls, leaf) = chain(view, trouble.sample())?;
    if verify_error(view, trouble.sample())? != "unknown_issuer" || !leaf.self_issued || tls.chain.len() != 1 {
        return None;
    }
    let target = endpoint(&view.at(trouble.sample()).obs);
    let several = shown_to_several(view, trouble, "unknown_issuer");
    let claim = if several { Claim::Proved } else { Claim::Likely };
    let why = if several {
        "one certificate, issued by itself, as several machines see it"
    } else {
        "one certificate, issued by itself"
    };
    Some(
        Opinion::new(claim, why, trouble.failing.clone())
            .at([target.clone()])
            .says(format!("{target} presents a self-signed certificate ({})", leaf.subject)),
    )
}

fn issuer(view: &View<'_>, trouble: &Trouble, authority: bool) -> Option<Opinion> {
    if verify_error(view, trouble.sample())? != "unknown_issuer" {
        return None;
    }
    let (tls, leaf) = chain(view, trouble.sample())?;
    if leaf.self_issued && tls.chain.len() == 1 {
        return None;
    }
    let target = endpoint(&view.at(trouble.sample()).obs);
    let differs = trouble.passing.iter().any(|row| {
        chain(view, *row).is_some_and(|(_, other)| {
            view.at(*row).obs.address == view.at(trouble.sample()).obs.address && other.sha256 != leaf.sha256
        })
    });
    if differs {
        // Two certificates at one address are no matter of trust.
        return Some(Opinion::excluded("another vantage is shown another certificate", trouble.all()));
    }
    let root_sent = tls.chain.iter().any(|certificate| certificate.self_issued);
    if !authority && (tls.chain.len() > 1 || root_sent) {
        return Some(Opinion::excluded(format!("{} certificates are sent", tls.chain.len()), trouble.failing.clone()));
    }
    let issuer = tls.chain.last().map_or("", |certificate| certificate.issuer.as_str());
    // A leaf issued directly by a private root looks exactly like one whose intermediate is missing; a chain that ends at
    // a root leaves nothing out.
    let whole = authority && root_sent && shown_to_several(view, trouble, "unknown_issuer");
    let claim = if whole { Claim::Likely } else { Claim::Possible };
    Some(
        Opinion::new(claim, format!("the chain ends at {issuer:?}"), trouble.failing.clone())
            .at([target.clone()])
            .says(format!("{target}'s certificate comes from {issuer:?}, which is not trusted here"))
            .decided_by("the authority's certificate", Some("meshctl diagnose … --cacert FILE".to_owned())),
    )
}

fn plaintext(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    if view.attempt_at(trouble.sample())?.symptom != Symptom::NotTls {
        return None;
    }
    let target = endpoint(&view.at(trouble.sample()).obs);
    let alike = trouble.failing.iter().all(|row| view.attempt_at(*row).is_some_and(|a| a.symptom == Symptom::NotTls));
    let several = alike && trouble.passing.is_empty() && look::independent(view, &trouble.failing, &trouble.failing);
    let claim = if several { Claim::Proved } else { Claim::Likely };
    let why = if several {
        "its first byte is no TLS record, as several machines see it"
    } else {
        "its first byte is no TLS record"
    };
    Some(
        Opinion::new(claim, why, trouble.failing.clone())
            .at([target.clone()])
            .says(format!("{target} does not speak TLS")),
    )
}

fn shaken(view: &View<'_>, trouble: &Trouble, symptom: &Symptom, says: &str) -> Option<Opinion> {
    if view.attempt_at(trouble.sample())?.symptom != *symptom {
        return None;
    }
    let target = endpoint(&view.at(trouble.sample()).obs);
    if firewall::hello_matters(view, trouble) == Some(true) {
        return Some(Opinion::excluded("a smaller ClientHello is answered", trouble.failing.clone()));
    }
    // Another library's hello met the same: it is not this one's.
    let met_again = view.of(view.at(trouble.sample()).vantage).any(|(_, obs)| {
        let failure = obs.failure.clone().unwrap_or_default();
        let alike =
            if *symptom == Symptom::TlsReset { failure.errno_name == "ECONNRESET" } else { failure.how == "eof" };
        obs.task.starts_with("wide:") && alike
    });
    let sender = wire::reset(view, trouble.sample());
    if *symptom == Symptom::TlsReset && sender.is_some_and(|reset| reset.is_targets() == Some(false)) {
        let why = sender.map(|reset| wire::reset_text(&reset)).unwrap_or_default();
        return Some(Opinion::excluded(why, trouble.failing.clone()));
    }
    let known = *symptom != Symptom::TlsReset || sender.is_some();
    if met_again && known {
        let why = match sender {
            Some(reset) => format!("a ClientHello made by hand meets the same; {}", wire::reset_text(&reset)),
            None => "a ClientHello made by hand meets the same".to_owned(),
        };
        return Some(
            Opinion::likely(why, trouble.failing.clone()).at([target.clone()]).says(format!("{target} {says}")),
        );
    }
    Some(
        Opinion::possible("seen by one TLS library only", trouble.failing.clone())
            .at([target.clone()])
            .says(format!("{target} {says}"))
            .decided_by("another TLS library from the same host", Some(format!("openssl s_client -connect {target}"))),
    )
}
