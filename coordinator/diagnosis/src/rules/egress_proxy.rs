//! What relays or intercepts the client's traffic on purpose.
//!
//! Looks like: connects succeed to a port that must be closed and to an address that must be dead. Then a successful
//! connect says nothing about the target; the first byte only the target could send is the first proof.

use mesh_proto::v1 as pb;

use super::{
    Ask, Class, Opinion, Rule, Trouble, View,
    client_host::evidence,
    endpoint,
    look::{self, Place},
};
use crate::{
    evidence::{Attempt, Role, SeenIx, Symptom, VantageIx},
    noticed, plan,
};

const ANY: &[Class] =
    &[Class::Refused, Class::Handshake, Class::Certificate, Class::Large, Class::NoAnswer, Class::Reset, Class::Status];

/// Classes in which the direct way fails before anything was said.
const CLOSED: &[Class] = &[Class::Timeout, Class::Refused, Class::Unreachable, Class::Local];

pub(crate) const RULES: &[Rule] = &[
    Rule {
        slug: "egress-proxy/intercepted",
        meaning: "something on the way answers every connect in the target's name",
        classes: ANY,
        asks: &[],
        judge: intercepted,
    },
    Rule {
        slug: "egress-proxy/sidecar-intercepts",
        meaning: "a rule on the asking host itself sends what it connects to into a local proxy, and that fails",
        classes: ANY,
        asks: &[],
        judge: sidecar_intercepts,
    },
    Rule {
        slug: "egress-proxy/forward-proxy-required",
        meaning: "the direct way is closed, the forward proxy's is open",
        classes: CLOSED,
        asks: &[],
        judge: proxy_required,
    },
    Rule {
        slug: "egress-proxy/forward-proxy-denies",
        meaning: "the forward proxy refuses to go there",
        classes: CLOSED,
        asks: &[],
        judge: proxy_denies,
    },
    Rule {
        slug: "egress-proxy/tls-inspection",
        meaning: "a proxy on the way opens TLS and shows a certificate of its own",
        classes: &[Class::Certificate],
        asks: &[Ask::Firewall, Ask::Trace],
        judge: tls_inspection,
    },
    Rule {
        slug: "egress-proxy/captive-portal",
        meaning: "a portal answers every plain request until somebody logs in",
        classes: &[Class::Status],
        asks: &[],
        judge: captive_portal,
    },
];

/// A rule of the asking host that turns its own connections to a port of its own, for every failing row.
pub(crate) fn turned_at_home(view: &View<'_>, trouble: &Trouble) -> Option<(look::Block, Option<u16>)> {
    let block =
        look::blocks(view, trouble, &["redirect"]).into_iter().find(|b| b.place == Place::Asker && !b.answer)?;
    // "redirect to :15001", as nft(8) writes it.
    let port = block.rule.to.rsplit(':').next().and_then(|port| port.parse().ok());
    (block.rows.len() == trouble.failing.len()).then_some((block, port))
}

/// Connections succeed against the local proxy; what fails afterwards is its business.
fn sidecar_intercepts(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let connected = |row: &SeenIx| view.at(*row).obs.tcp.as_ref().is_some_and(|tcp| tcp.connected);
    if !trouble.failing.iter().all(connected) {
        return None;
    }
    let (block, port) = turned_at_home(view, trouble)?;
    let name = view.vantage(block.vantage).id.clone();
    let to = port.map_or_else(|| "a local port".to_owned(), |port| format!("its own port {port}"));
    let target = endpoint(&view.at(trouble.sample()).obs);
    // The kernel turns every such connection; what the local proxy does with it is not seen from here.
    Some(Opinion::proved(look::rule_text(view, &block), evidence(&block.rows, block.seen)).at([name.clone()]).says(
        format!("{name} sends its connections to {target} into {to}: what fails is that proxy or what lies behind it"),
    ))
}

/// What came of the question through the forward proxy, from a failing vantage.
fn proxied<'v>(view: &'v View<'_>, trouble: &Trouble) -> Option<&'v Attempt> {
    let asked = plan::of_role(view, trouble.sample(), &[Role::Proxied])?;
    (asked.symptom != Symptom::NotLooked).then_some(asked)
}

fn proxy_required(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let asked = proxied(view, trouble)?;
    let (target, proxy) = (endpoint(&view.at(trouble.sample()).obs), view.want().proxy);
    if asked.symptom != Symptom::Works {
        return Some(Opinion::excluded("through the proxy it does not work either", vec![asked.seen]));
    }
    let name = view.vantage(asked.vantage).id.clone();
    let because = trouble.failing.iter().copied().chain([asked.seen]).collect();
    Some(
        Opinion::proved("a direct connect fails; through the proxy the target answers", because)
            .at([name, proxy.clone()])
            .says(format!("{target} is reached through the proxy {proxy} only; the direct way is closed")),
    )
}

fn proxy_denies(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let asked = proxied(view, trouble)?;
    let Symptom::ProxyRefuses(status) = asked.symptom else {
        return Some(Opinion::excluded("the proxy lets it through", vec![asked.seen]));
    };
    let (host, proxy) = (view.target().host, view.want().proxy);
    let said = view.at(asked.seen).obs.failure.as_ref().map(|failure| failure.text.clone()).unwrap_or_default();
    let because = trouble.failing.iter().copied().chain([asked.seen]).collect();
    let opinion = match status {
        0 => Opinion::possible("the proxy answered CONNECT with nothing", because),
        _ => Opinion::proved(format!("a direct connect fails, and the proxy answers CONNECT with {said:?}"), because),
    };
    Some(opinion.at([proxy.clone()]).says(format!("the proxy {proxy} refuses to go to {host}: {said}")))
}

/// The certificate that a row was shown.
fn leaf<'v>(view: &'v View<'_>, row: SeenIx) -> Option<&'v pb::Certificate> {
    view.at(row).obs.tls.as_ref()?.chain.first()
}

fn tls_inspection(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let sample = trouble.sample();
    let shown = leaf(view, sample)?;
    let address = &view.at(sample).obs.address;
    let alike = |row: &&SeenIx| view.at(**row).obs.address == *address && leaf(view, **row).is_some();
    let other = trouble.passing.iter().find(alike).copied();
    let blocks = look::blocks(view, trouble, &["redirect", "dnat"]);
    let turned = blocks.iter().find(|block| block.place == Place::Between && !block.answer);
    let name = view.vantage(view.at(sample).vantage).id.clone();
    let says = format!(
        "a proxy before {name} opens TLS to {}: the certificate there is issued by {}",
        view.target().host,
        shown.issuer
    );
    let Some(good) = other else {
        let alike =
            trouble.failing.iter().filter(|row| leaf(view, **row).is_some_and(|other| other.sha256 == shown.sha256));
        let alike: Vec<SeenIx> = alike.copied().collect();
        let unknown =
            view.attempt_at(sample).is_some_and(|a| a.symptom == Symptom::TlsVerify("unknown_issuer".to_owned()));
        if turned.is_none() && look::independent(view, &alike, &alike) {
            return Some(Opinion::excluded("others on other ways are shown the same certificate", alike));
        }
        if turned.is_none() && unknown {
            return Some(
                Opinion::possible("nobody else was shown a certificate of this address", trouble.failing.clone())
                    .decided_by("a vantage beyond the client's own network: the certificate it is shown", None),
            );
        }
        return turned.map(|block| {
            let why = look::rule_text(view, block);
            Opinion::likely(why, evidence(&trouble.failing, block.seen))
                .at([view.vantage(block.vantage).id.clone()])
                .says(says)
        });
    };
    let genuine = leaf(view, good)?;
    if genuine.sha256 == shown.sha256 {
        return Some(Opinion::excluded("others are shown the same certificate", vec![sample, good]));
    }
    let why = format!(
        "{} is shown a certificate by {:?}, {name} one by {:?}, at the same address",
        view.vantage(view.at(good).vantage).id,
        genuine.issuer,
        shown.issuer
    );
    let because: Vec<SeenIx> = trouble.failing.iter().copied().chain([good]).collect();
    Some(match turned {
        Some(block) => {
            let place = view.vantage(block.vantage).id.clone();
            let why = format!("{why}; {}", look::rule_text(view, block));
            Opinion::proved(why, evidence(&because, block.seen)).at([place]).says(says)
        }
        None => Opinion::likely(why, because).at([name]).says(says),
    })
}

fn captive_portal(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let sample = view.at(trouble.sample());
    let control = view.captured(sample.vantage)?;
    let name = view.vantage(sample.vantage).id.clone();
    let to = noticed::redirected(view, trouble.sample()).unwrap_or_default();
    let because = trouble.failing.iter().copied().chain([control]).collect();
    let dead = view.at(control).obs.address.clone();
    Some(
        Opinion::proved(format!("{dead}, which nobody has, answers a plain request as well"), because)
            .at([name.clone()])
            .says(format!("a portal answers every plain request of {name} and sends it to {to}")),
    )
}

fn intercepted(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let hit: Vec<(VantageIx, Vec<SeenIx>, bool)> = trouble
        .failing
        .iter()
        .filter_map(|row| {
            let vantage = view.at(*row).vantage;
            view.intercepted(vantage).map(|found| (vantage, found.because, found.both))
        })
        .collect();
    if hit.is_empty() {
        let controls: Vec<SeenIx> = view
            .all()
            .filter(|(_, _, obs)| obs.task.starts_with("control-") && obs.outcome() == mesh_proto::v1::Outcome::Fail)
            .map(|(ix, _, _)| ix)
            .collect();
        return (!controls.is_empty()).then(|| Opinion::excluded("the connects that must fail did fail", controls));
    }
    let both = hit.iter().all(|(_, _, both)| *both);
    let names: Vec<String> = hit.iter().map(|(vantage, _, _)| view.vantage(*vantage).id.clone()).collect();
    let because: Vec<SeenIx> =
        hit.iter().flat_map(|(_, because, _)| because.iter().copied()).chain(trouble.failing.iter().copied()).collect();
    let summary = format!(
        "something between {} and the target answers every connect; the target may not be reached at all",
        names.join(", ")
    );
    let opinion = if both {
        Opinion::proved("a closed port and a dead address both accept connections there", because)
    } else {
        Opinion::likely("a port that must be closed accepts connections there", because)
    };
    Some(opinion.at(names).says(summary))
}
