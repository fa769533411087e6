//! Handshake policy and certificates.
//!
//! What only this prober's TLS library raises is at most `likely`: rustls speaks neither TLS 1.1 nor static RSA, and an
//! application with another library may be served. Dates and names are read from the certificate itself.

use mesh_proto::v1 as pb;

use super::{Ask, Class, Opinion, Rule, Trouble, View, endpoint, look, places};
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
        asks: &[],
        judge: |view, trouble| shaken(view, trouble, &Symptom::TlsReset, "resets the connection after the ClientHello"),
    },
    Rule {
        slug: "tls/eof-after-clienthello",
        meaning: "the connection is closed when the handshake begins",
        classes: &[Class::Handshake],
        asks: &[],
        judge: |view, trouble| shaken(view, trouble, &Symptom::TlsEof, "closes the connection after the ClientHello"),
    },
    Rule {
        slug: "tls/version-mismatch",
        meaning: "client and server share no TLS version",
        classes: &[Class::Handshake],
        asks: &[],
        // protocol_version, RFC 8446 §6.2
        judge: |view, trouble| shaken(view, trouble, &Symptom::TlsAlert(70), "answers the alert protocol_version"),
    },
];

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
    Some(
        Opinion::likely("the certificate's names are compared with the one asked", trouble.failing.clone())
            .at([target.clone()])
            .says(format!("the certificate of {target} is for {names}, not for {asked}")),
    )
}

fn self_signed(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let (tls, leaf) = chain(view, trouble.sample())?;
    if verify_error(view, trouble.sample())? != "unknown_issuer" || !leaf.self_issued || tls.chain.len() != 1 {
        return None;
    }
    let target = endpoint(&view.at(trouble.sample()).obs);
    Some(
        Opinion::likely("one certificate, issued by itself", trouble.failing.clone())
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
    let root_sent = tls.chain.iter().any(|certificate| certificate.self_issued);
    if !authority && (tls.chain.len() > 1 || root_sent) {
        return Some(Opinion::excluded(format!("{} certificates are sent", tls.chain.len()), trouble.failing.clone()));
    }
    let issuer = tls.chain.last().map_or("", |certificate| certificate.issuer.as_str());
    // A leaf issued directly by a private root looks exactly like one whose intermediate is missing.
    Some(
        Opinion::possible(format!("the chain ends at {issuer:?}"), trouble.failing.clone())
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
    Some(
        Opinion::likely("its first byte is no TLS record", trouble.failing.clone())
            .at([target.clone()])
            .says(format!("{target} does not speak TLS")),
    )
}

fn shaken(view: &View<'_>, trouble: &Trouble, symptom: &Symptom, says: &str) -> Option<Opinion> {
    if view.attempt_at(trouble.sample())?.symptom != *symptom {
        return None;
    }
    let target = endpoint(&view.at(trouble.sample()).obs);
    Some(
        Opinion::possible("seen by one TLS library only", trouble.failing.clone())
            .at([target.clone()])
            .says(format!("{target} {says}"))
            .decided_by("another TLS library from the same host", Some(format!("openssl s_client -connect {target}"))),
    )
}
