//! How a name becomes queries: which servers, which search list.

use super::{Ask, Class, Opinion, Rule, Trouble, View, resolver};
use crate::evidence::SeenIx;

pub(crate) const RULES: &[Rule] = &[Rule {
    slug: "resolver-config/wrong-nameserver",
    meaning: "the configured nameserver is not one that serves this host",
    classes: &[Class::Name],
    asks: &[Ask::Servers],
    judge: wrong_nameserver,
}];

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
