//! Which of the vantages that a joined prober offers are taken, and under which names. Pure.
//!
//! A certificate gives a prober one name; what else it offers is its word alone. The rule:
//!
//! 1. Its own vantage bears the name of its certificate.
//! 2. Namespaces that it enters are Pods, named namespaces, containers and processes, never a host, a node or an outside
//!    place: those are machines, and a machine has a prober and a certificate of its own.
//! 3. They are of its own machine: the same witness as its own vantage, and no other node.
//! 4. `netns/`, `ctr/` and `pid/` names are one machine's alone, so the prober's name comes into them: `netns/web-1/blue`.
//! 5. A name that a prober has by certificate, connected or not, is that prober's. Of two probers that offer one name
//!    the one that has been connected for longer keeps it.
//!
//! What is refused is said. Without rule 3 one prober could appear as several witnesses, without 2 and 5 as another.

use std::collections::{BTreeMap, BTreeSet};

use mesh_proto::{labels, v1 as pb};

/// Vantages of one prober beside its own: the Pods of a large node are 110 (kubelet's default) to 250.
pub const OFFERED: usize = 512;
/// Refusals of one prober that are said one by one.
const SAID: usize = 5;
/// Longest part of a name: a container's id has 64 bytes.
const PART_BYTES: usize = 64;
/// Parts of a name after its kind: `pod/NAMESPACE/NAME`.
const PARTS: usize = 2;
/// Kinds that are entered, and whether a name of theirs means something beyond its machine.
const ENTERED: [(&str, bool); 4] = [("pod", true), ("netns", false), ("ctr", false), ("pid", false)];

/// A vantage as it was taken.
#[derive(Debug, Clone, PartialEq)]
pub struct Admitted {
    /// What the prober calls it.
    pub own_id: String,
    /// With its name in the mesh.
    pub vantage: pb::Vantage,
}

/// Names of the mesh, and whose they are.
#[derive(Debug, Default)]
pub struct Names {
    certified: BTreeSet<String>,
    taken: BTreeMap<String, String>,
}

impl Names {
    /// `certified` are the names of every prober that has or had a certificate.
    pub fn new(certified: BTreeSet<String>) -> Self {
        Self { certified, taken: BTreeMap::new() }
    }

    /// Gives `prober` a name, or says whose it is.
    fn take(&mut self, prober: &str, id: &str) -> Result<(), String> {
        if id != prober && self.certified.contains(id) {
            return Err("another prober has a certificate for this name".to_owned());
        }
        match self.taken.get(id) {
            Some(other) if other == prober => Err("it is offered twice".to_owned()),
            Some(other) => Err(format!("{other} offers it already")),
            None => {
                self.taken.insert(id.to_owned(), prober.to_owned());
                Ok(())
            }
        }
    }
}

/// Judges what one prober offers; call it for the prober that has been connected for longest first. Gives also why the
/// rest was refused, a line each.
pub fn admit(prober: &str, offered: Vec<pb::Vantage>, names: &mut Names) -> (Vec<Admitted>, Vec<String>) {
    let mut refused = Vec::new();
    let own_at = offered.iter().position(|vantage| vantage.id == prober).unwrap_or(0);
    let count = offered.len();
    let mut own = None;
    let mut others = Vec::new();
    for (ix, vantage) in offered.into_iter().take(OFFERED.saturating_add(1)).enumerate() {
        if ix == own_at {
            own = Some(vantage);
        } else {
            others.push(vantage);
        }
    }
    let Some(own) = own else { return (Vec::new(), vec![format!("{prober} offers no vantage")]) };
    if count > OFFERED + 1 {
        refused.push(format!("{prober} offers {count} vantages, and {OFFERED} beside its own are taken"));
    }
    let mut refusals: Vec<String> = Vec::new();
    let mut taken = Vec::new();
    match names.take(prober, prober) {
        Ok(()) => taken.push(Admitted { own_id: own.id.clone(), vantage: called(own.clone(), prober) }),
        Err(why) => refusals.push(format!("{prober}: {why}")),
    }
    for vantage in others {
        let own_id = vantage.id.clone();
        match entered(prober, &own, vantage).and_then(|vantage| {
            names.take(prober, &vantage.id)?;
            Ok(vantage)
        }) {
            Ok(vantage) => taken.push(Admitted { own_id, vantage }),
            Err(why) => refusals.push(format!("{own_id:?} of {prober} is not taken: {why}")),
        }
    }
    for one in &mut taken {
        refusals.extend(unlabelled(&mut one.vantage));
    }
    let more = refusals.len().saturating_sub(SAID);
    refused.extend(refusals.into_iter().take(SAID));
    if more > 0 {
        refused.push(format!("{more} more of {prober} are not taken"));
    }
    (taken, refused)
}

/// The name by which a prober itself knows a vantage that a request names.
pub fn own_name<'w>(prober: &str, wanted: &'w str) -> Option<String> {
    let (kind, rest): (&'w str, &'w str) = wanted.split_once('/')?;
    let (_, machine) = prober.split_once('/')?;
    let local = ENTERED.iter().any(|(known, everywhere)| *known == kind && !everywhere);
    let own = rest.strip_prefix(machine)?.strip_prefix('/')?;
    local.then(|| format!("{kind}/{own}"))
}

fn called(vantage: pb::Vantage, id: &str) -> pb::Vantage {
    let kind = id.split('/').next().unwrap_or_default().to_owned();
    pb::Vantage { id: id.to_owned(), kind, ..vantage }
}

/// A namespace that the prober enters, under its name in the mesh.
fn entered(prober: &str, own: &pb::Vantage, mut vantage: pb::Vantage) -> Result<pb::Vantage, String> {
    let (kind, rest) = vantage.id.split_once('/').ok_or("its name is not KIND/NAME")?;
    let Some((_, everywhere)) = ENTERED.iter().find(|(known, _)| *known == kind) else {
        return Err(format!("a {kind} joins with a certificate of its own"));
    };
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | ':' | '@');
    let part = |part: &str| !part.is_empty() && part.len() <= PART_BYTES && part.chars().all(allowed);
    if rest.split('/').count() > PARTS || !rest.split('/').all(part) {
        return Err(
            "its name is not KIND/NAME or KIND/NAMESPACE/NAME of letters, digits, '.', '_', '-', ':', '@'".to_owned()
        );
    }
    if vantage.witness != own.witness {
        return Err(format!("it counts as the machine {:?}, and the prober as {:?}", vantage.witness, own.witness));
    }
    let (own_kind, machine) = prober.split_once('/').unwrap_or(("", prober));
    let node = if own_kind == "node" { machine } else { own.node.as_str() };
    if !vantage.node.is_empty() && vantage.node != machine && vantage.node != node {
        return Err(format!("it claims the node {:?}", vantage.node));
    }
    if vantage.node.is_empty() {
        node.clone_into(&mut vantage.node);
    }
    let id = if *everywhere { vantage.id.clone() } else { format!("{kind}/{machine}/{rest}") };
    Ok(called(vantage, &id))
}

/// Takes away what is no label.
fn unlabelled(vantage: &mut pb::Vantage) -> Option<String> {
    let before = vantage.labels.len();
    vantage.labels.retain(|key, value| labels::check(key, value).is_ok());
    if vantage.labels.len() > labels::COUNT {
        vantage.labels.clear();
    }
    let gone = before - vantage.labels.len();
    (gone > 0).then(|| format!("{gone} labels of {} are none", vantage.id))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vantage(id: &str) -> pb::Vantage {
        pb::Vantage { id: id.to_owned(), witness: "m1".to_owned(), ..Default::default() }
    }

    fn taken(prober: &str, offered: Vec<pb::Vantage>, names: &mut Names) -> (Vec<String>, String) {
        let (taken, refused) = admit(prober, offered, names);
        (taken.into_iter().map(|one| one.vantage.id).collect(), refused.join("\n"))
    }

    #[test]
    fn a_node_offers_itself_its_pods_and_what_is_named_on_it() {
        let offered = vec![vantage("node/w1"), vantage("pod/shop/cart-1"), vantage("netns/blue"), vantage("pid/12")];
        let (taken, refused) = admit("node/w1", offered, &mut Names::default());
        let named: Vec<(&str, &str, &str)> =
            taken.iter().map(|one| (one.vantage.id.as_str(), one.own_id.as_str(), one.vantage.node.as_str())).collect();
        assert_eq!(
            named,
            [
                ("node/w1", "node/w1", ""),
                ("pod/shop/cart-1", "pod/shop/cart-1", "w1"),
                ("netns/w1/blue", "netns/blue", "w1"),
                ("pid/w1/12", "pid/12", "w1"),
            ]
        );
        assert_eq!(refused, Vec::<String>::new());
        assert_eq!(own_name("node/w1", "pid/w1/12").as_deref(), Some("pid/12"));
        assert_eq!((own_name("node/w1", "pid/w2/12"), own_name("node/w1", "pod/w1/12")), (None, None));
    }

    #[test]
    fn a_prober_is_its_certificate_whatever_it_calls_itself() {
        let (taken, refused) = taken("host/eve", vec![vantage("node/w1")], &mut Names::default());
        assert_eq!((taken, refused.as_str()), (vec!["host/eve".to_owned()], ""));
    }

    #[test]
    fn no_prober_offers_a_machine_another_witness_or_another_node() {
        let other = pb::Vantage { witness: "m2".to_owned(), ..vantage("pod/a") };
        let elsewhere = pb::Vantage { node: "w2".to_owned(), ..vantage("pod/b") };
        let here = pb::Vantage { node: "w1".to_owned(), ..vantage("pod/c") };
        let offered =
            vec![vantage("node/w1"), vantage("node/w2"), vantage("ext/fra"), vantage("local"), other, elsewhere, here];
        let (taken, refused) = taken("node/w1", offered, &mut Names::default());
        assert_eq!(taken, ["node/w1", "pod/c"], "control: its own node may be said");
        for said in
            ["\"node/w2\" of node/w1 is not taken: a node joins", "\"ext/fra\"", "not KIND/NAME", "\"m2\"", "\"w2\""]
        {
            assert!(refused.contains(said), "{said}: {refused}");
        }
    }

    #[test]
    fn a_name_of_another_certificate_or_of_whoever_was_first_is_refused() {
        let mut names = Names::new(BTreeSet::from(["node/w1".to_owned(), "node/w2".to_owned(), "pod/own".to_owned()]));
        let (first, _) = taken("node/w1", vec![vantage("node/w1"), vantage("pod/shop/a")], &mut names);
        assert_eq!(first, ["node/w1", "pod/shop/a"], "control");
        let offered =
            vec![vantage("node/w2"), vantage("pod/shop/a"), vantage("pod/own"), vantage("pod/b"), vantage("pod/b")];
        let (second, refused) = taken("node/w2", offered, &mut names);
        assert_eq!(second, ["node/w2", "pod/b"]);
        for said in ["node/w1 offers it already", "a certificate for this name", "offered twice"] {
            assert!(refused.contains(said), "{said}: {refused}");
        }
    }

    #[test]
    fn names_numbers_and_labels_are_bounded() {
        let long = format!("pod/{}", "x".repeat(PART_BYTES + 1));
        let offered = ["node/w1", "pod/a b", "pod/", "pod/a/b/c", "pod/\u{1b}[2J", long.as_str()].map(vantage).to_vec();
        assert_eq!(taken("node/w1", offered, &mut Names::default()).0, ["node/w1"]);
        let many: Vec<pb::Vantage> =
            std::iter::once(vantage("node/w1")).chain((0..600).map(|n| vantage(&format!("pod/{n}")))).collect();
        let (some, refused) = taken("node/w1", many, &mut Names::default());
        assert_eq!(some.len(), OFFERED + 1);
        assert!(refused.contains("offers 601 vantages"), "{refused}");
        let bad = [("zone".to_owned(), "a".to_owned()), ("x y".to_owned(), "b".to_owned())];
        let offered = vec![pb::Vantage { labels: bad.into_iter().collect(), ..vantage("node/w1") }];
        let (labelled, said) = admit("node/w1", offered, &mut Names::default());
        assert_eq!(labelled[0].vantage.labels.keys().collect::<Vec<_>>(), ["zone"]);
        assert_eq!(said, ["1 labels of node/w1 are none"]);
    }
}
