//! Faults on hosts, and their exact inverse.

use std::io;

use crate::{
    Network,
    lab::{
        cluster::Variant,
        exec,
        lane::Daemons,
        scenario::{Inject, Scenario},
    },
};

/// The table every nft fault goes into, with a chain per hook before the usual filters.
const TABLE: &str = "\
table inet fault {
  chain prerouting {
    type filter hook prerouting priority -310; policy accept;
  }
  chain input {
    type filter hook input priority -10; policy accept;
  }
  chain forward {
    type filter hook forward priority -10; policy accept;
  }
  chain output {
    type filter hook output priority -10; policy accept;
  }
  chain postrouting {
    type filter hook postrouting priority -10; policy accept;
  }
  chain nat_prerouting {
    type nat hook prerouting priority -105; policy accept;
  }
  chain nat_output {
    type nat hook output priority -105; policy accept;
  }
}
";

/// What is to be undone.
#[derive(Debug, Default)]
pub struct Injected {
    undo: Vec<Undo>,
}

#[derive(Debug)]
enum Undo {
    Table(String),
    Words { on: String, words: Vec<String> },
    Sysctl { on: String, key: String, value: String },
    Service { on: String, what: String },
    Resolv { on: String },
    Cluster,
}

fn words(program: &str, text: &str) -> Vec<String> {
    std::iter::once(program).chain(text.split_whitespace()).map(str::to_owned).collect()
}

fn run(network: &Network, on: &str, words: &[String]) -> io::Result<()> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    exec::run(network.host(on)?, &words).map(drop)
}

/// Carries a scenario's faults out. When one fails, those before it are undone.
pub fn inject(network: &Network, daemons: &mut Daemons, scenario: &Scenario) -> io::Result<Injected> {
    let mut done = Injected::default();
    for fault in &scenario.inject {
        if let Err(e) = one(network, daemons, fault, &mut done) {
            done.undo(network, daemons)?;
            return Err(io::Error::new(e.kind(), format!("{}: inject on {}: {e}", scenario.name, fault.on)));
        }
    }
    Ok(done)
}

fn one(network: &Network, daemons: &mut Daemons, fault: &Inject, done: &mut Injected) -> io::Result<()> {
    let on = fault.on.clone();
    if let Some(rule) = &fault.nft {
        let host = network.host(&on)?;
        if !done.undo.iter().any(|undo| matches!(undo, Undo::Table(known) if *known == on)) {
            exec::feed(host, &["nft", "-f", "-"], TABLE)?;
            done.undo.push(Undo::Table(on.clone()));
        }
        exec::feed(host, &["nft", "-f", "-"], &format!("{rule}\n"))?;
    }
    let undo = || fault.undo.clone().unwrap_or_default();
    for (program, text) in [("ip", &fault.ip), ("tc", &fault.tc)] {
        if let Some(text) = text {
            run(network, &on, &words(program, text))?;
            done.undo.push(Undo::Words { on: on.clone(), words: words(program, &undo()) });
        }
    }
    if let Some(text) = &fault.run {
        let shell = |text: &str| vec!["sh".to_owned(), "-ec".to_owned(), text.to_owned()];
        run(network, &on, &shell(text))?;
        done.undo.push(Undo::Words { on: on.clone(), words: shell(&undo()) });
    }
    if let Some(text) = &fault.sysctl {
        let (key, value) =
            text.split_once('=').ok_or_else(|| io::Error::other(format!("sysctl {text:?}: write key = value")))?;
        let (host, key) = (network.host(&on)?, key.trim().to_owned());
        let old = host.sysctl_value(&key)?;
        host.sysctl(&key, value.trim())?;
        done.undo.push(Undo::Sysctl { on: on.clone(), key, value: old });
    }
    if let Some(text) = &fault.service {
        let what =
            text.strip_prefix("stop ").ok_or_else(|| io::Error::other(format!("service {text:?}: write stop NAME")))?;
        daemons.stop(&on, what)?;
        done.undo.push(Undo::Service { on: on.clone(), what: what.to_owned() });
    }
    if let Some(text) = &fault.resolv {
        daemons.resolv(&on, text)?;
        done.undo.push(Undo::Resolv { on: on.clone() });
    }
    if let Some(text) = &fault.cluster {
        let known = || Variant::NAMES.map(|(name, _)| name).join(", ");
        let variant =
            Variant::named(text).ok_or_else(|| io::Error::other(format!("cluster {text:?}: there are {}", known())))?;
        daemons.cluster(variant)?;
        done.undo.push(Undo::Cluster);
    }
    Ok(())
}

impl Injected {
    /// Undoes everything, last first; goes on after an error and reports the first.
    pub fn undo(self, network: &Network, daemons: &mut Daemons) -> io::Result<()> {
        let mut first = Ok(());
        for undo in self.undo.into_iter().rev() {
            let undone = match undo {
                Undo::Table(on) => network
                    .host(&on)
                    .and_then(|host| exec::run(host, &["nft", "delete", "table", "inet", "fault"]).map(drop)),
                Undo::Words { on, words } => run(network, &on, &words),
                Undo::Sysctl { on, key, value } => network.host(&on).and_then(|host| host.sysctl(&key, &value)),
                Undo::Service { on, what } => daemons.start(network, &on, &what),
                Undo::Resolv { on } => daemons.resolv(&on, ""),
                Undo::Cluster => daemons.cluster(Variant::Healthy),
            };
            first = first.and(undone);
        }
        first
    }
}
