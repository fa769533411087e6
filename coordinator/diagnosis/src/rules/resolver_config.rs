//! How a name becomes queries: which servers, which search list.

use super::{Ask, Class, Opinion, Rule, Trouble, View, places, resolver};
use crate::{evidence::SeenIx, words};

pub(crate) const RULES: &[Rule] = &[
    Rule {
        slug: "resolver-config/wrong-nameserver",
        meaning: "the configured nameserver is not one that serves this host",
        classes: &[Class::Name],
        asks: &[Ask::Servers, Ask::OtherServers],
        judge: wrong_nameserver,
    },
    Rule {
        slug: "resolver-config/search-amplification",
        meaning: "the search list makes many slow questions of one name",
        classes: &[Class::SlowName],
        asks: &[Ask::Servers],
        judge: search_amplification,
    },
];

/// The whole name is answered at once; what takes the time are the names that the search list makes of it.
fn search_amplification(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let row = trouble.sample();
    let (seen, host) = (view.at(row), view.target().host);
    let took = seen.obs.timing.as_ref()?.duration_us;
    let (config, detail) =
        view.of(seen.vantage).find_map(|(ix, obs)| obs.resolver.as_ref().map(|detail| (ix, detail)))?;
    let ndots: usize =
        detail.options.iter().find_map(|option| option.strip_prefix("ndots:")?.parse().ok()).unwrap_or(1);
    if detail.search.is_empty() || host.ends_with('.') || host.matches('.').count() >= ndots {
        return Some(Opinion::excluded("the search list is not walked for this name", vec![config]));
    }
    let direct: Vec<(SeenIx, u64)> = view
        .of(seen.vantage)
        .filter(|(_, obs)| obs.task.starts_with("dns:") && obs.dns.as_ref().is_some_and(|dns| dns.rcode == "NOERROR"))
        .filter_map(|(ix, obs)| Some((ix, obs.timing.as_ref()?.duration_us)))
        .collect();
    let name = view.vantage(seen.vantage).id.clone();
    let Some((fast, quick)) = direct.iter().min_by_key(|(_, took)| *took).copied() else {
        return Some(Opinion::possible("the whole name was not asked of a server", vec![row, config]).at([name]));
    };
    // Half: what is left must be more than the question itself explains.
    if quick > took / 2 {
        return Some(Opinion::excluded("the whole name alone takes as long", vec![fast]));
    }
    let why = format!(
        "the whole name takes {}; ndots:{ndots} and {} search domains come before it",
        words::time(quick),
        detail.search.len()
    );
    Some(Opinion::likely(why, vec![row, config, fast]).at([name.clone()]).says(format!(
        "{name} walks its search list ({}) before it asks for {host}: {} instead of {}",
        detail.search.join(", "),
        words::time(took),
        words::time(quick)
    )))
}

fn wrong_nameserver(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let silent = resolver::silent(view, trouble)?;
    let own: Vec<String> = resolver::spoken(view, trouble).into_keys().map(|(_, server)| server).collect();
    let others: Vec<SeenIx> = trouble
        .passing
        .iter()
        .filter_map(|row| {
            let vantage = view.at(*row).vantage;
            view.of(vantage).find_map(|(ix, obs)| {
                let servers = &obs.resolver.as_ref()?.nameservers;
                servers.iter().any(|server| !own.contains(server)).then_some(ix)
            })
        })
        .collect();
    let answered: Vec<SeenIx> = trouble
        .failing
        .iter()
        .flat_map(|row| view.of(view.at(*row).vantage))
        .filter(|(_, obs)| {
            obs.task.starts_with("dns-other:") && obs.dns.as_ref().is_some_and(|dns| !dns.rcode.is_empty())
        })
        .map(|(ix, _)| ix)
        .collect();
    if let Some(first) = answered.first() {
        let good = view.at(*first).obs.address.clone();
        let bad = own.join(", ");
        let name = places(view, &trouble.failing);
        let because = silent.into_iter().chain(others).chain(answered).collect();
        return Some(
            Opinion::likely(format!("{bad} is silent; {good}, which others use, answers here too"), because)
                .at([view.vantage(view.at(trouble.sample()).vantage).id.clone()])
                .says(format!("{name} asks a nameserver that does not answer ({bad}); {good} would")),
        );
    }
    let (why, because) = if others.is_empty() {
        ("a server that does not serve this host is as silent as one that can't be reached", silent)
    } else {
        ("vantages for whom the name resolves ask other servers", silent.into_iter().chain(others).collect())
    };
    Some(
        Opinion::possible(why, because).at(own.into_iter().take(1)).decided_by(
            "the nameserver this host should have",
            Some("cat /etc/resolv.conf; resolvectl status".to_owned()),
        ),
    )
}
