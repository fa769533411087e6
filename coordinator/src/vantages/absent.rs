//! Probers that belong to the mesh and are not connected.

use std::collections::{BTreeMap, BTreeSet};

use mesh_proto::{identity::now_us, v1 as pb};

use super::probers;
use crate::{Settings, members::Record};

/// Everybody who has a certificate that is not revoked, and is not connected; with the time they were last there, when this
/// coordinator or its folder knows it.
pub(crate) async fn list(settings: &Settings) -> Result<Vec<pb::Vantage>, String> {
    let (Some(live), Some(members)) = (&settings.live, &settings.members) else { return Ok(Vec::new()) };
    let connected: BTreeSet<String> = live.connected().into_iter().map(|prober| prober.name).collect();
    let mut seen = members.seen();
    seen.extend(live.last_seen());
    Ok(of(probers(settings).await?, &connected, &seen))
}

fn of(records: Vec<Record>, connected: &BTreeSet<String>, seen: &BTreeMap<String, i64>) -> Vec<pb::Vantage> {
    records
        .into_iter()
        .filter(|record| record.revoked_us.is_none_or(|until| record.issued_us > until))
        .filter(|record| !connected.contains(&record.name))
        .map(|record| pb::Vantage {
            kind: record.name.split('/').next().unwrap_or_default().to_owned(),
            seen_us: seen.get(&record.name).copied().unwrap_or(0).min(now_us()),
            id: record.name,
            ..Default::default()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use mesh_proto::identity::Role;

    use super::*;

    #[test]
    fn who_is_absent_was_not_revoked_and_was_seen_when_somebody_knows() {
        let record = |name: &str, revoked_us| Record {
            role: Role::Prober,
            name: name.to_owned(),
            issued_us: 10,
            not_after_s: 20,
            revoked_us,
        };
        let records =
            vec![record("node/a", None), record("node/b", None), record("node/c", Some(15)), record("node/d", Some(5))];
        let absent = of(records, &BTreeSet::from(["node/a".to_owned()]), &BTreeMap::from([("node/b".to_owned(), 7)]));
        let told: Vec<(&str, i64)> = absent.iter().map(|one| (one.id.as_str(), one.seen_us)).collect();
        assert_eq!(told, [("node/b", 7), ("node/d", 0)], "d came back with a new certificate");
    }
}
