//! Connections of members as they are now, and the probers that can be asked over theirs.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use mesh_proto::identity::{Member, now_us};
use tokio::sync::{oneshot, watch};
use tonic::transport::Channel;

use crate::clock::Clock;

/// Connections at once. One costs about 40 KiB, so this is 160 MiB.
const CONNECTIONS: usize = 4_096;
/// Connections at once of peers without certificate: they must not keep members out.
const STRANGERS: usize = 256;
/// Connections at once of one member; a prober has two while it renews, a person one per command.
const PER_MEMBER: usize = 64;

/// Every connection, and how to end it.
#[derive(Debug, Default)]
pub struct Live(Mutex<Inner>, watch::Sender<u64>);

#[derive(Debug, Default)]
struct Inner {
    next: u64,
    connections: BTreeMap<u64, Connection>,
    /// By the prober's name.
    probers: BTreeMap<String, Standing>,
    /// When a prober that went was last there, Unix microseconds.
    left: BTreeMap<String, i64>,
}

#[derive(Debug)]
struct Connection {
    /// None while somebody joins.
    member: Option<Member>,
    /// Unix seconds; then it is cut.
    until: i64,
    /// Dropping it cuts the connection.
    _cut: oneshot::Sender<()>,
}

#[derive(Debug)]
struct Standing {
    connection: u64,
    channel: Channel,
    clock: Clock,
    /// Unix microseconds; a connection that takes another's place continues it.
    since_us: i64,
}

/// A prober that can be asked.
#[derive(Debug, Clone)]
pub struct Connected {
    pub name: String,
    pub channel: Channel,
    pub clock: Clock,
    /// Since when it can be, Unix microseconds.
    pub since_us: i64,
}

impl Inner {
    fn leave(&mut self, gone: impl Fn(&Standing) -> bool) {
        let now = now_us();
        let left: Vec<String> =
            self.probers.iter().filter(|(_, standing)| gone(standing)).map(|(name, _)| name.clone()).collect();
        for name in left {
            self.probers.remove(&name);
            self.left.insert(name, now);
        }
    }
}

impl Live {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a connection in, or says why it can't be. The receiver ends when the connection is to end.
    pub(crate) fn admit(
        &self,
        member: Option<Member>,
        until: i64,
    ) -> Result<(u64, oneshot::Receiver<()>), &'static str> {
        let mut inner = self.inner();
        let who = member.as_ref().map(|member| &member.identity);
        let alike = |one: &&Connection| one.member.as_ref().map(|member| &member.identity) == who;
        let alike = inner.connections.values().filter(alike).count();
        match who {
            _ if inner.connections.len() >= CONNECTIONS => return Err("the mesh has too many connections"),
            Some(_) if alike >= PER_MEMBER => return Err("this member has too many connections"),
            None if alike >= STRANGERS => return Err("too many are joining"),
            Some(_) | None => {}
        }
        let (cut, told) = oneshot::channel();
        let id = inner.next;
        inner.next += 1;
        inner.connections.insert(id, Connection { member, until, _cut: cut });
        Ok((id, told))
    }

    /// A prober can be asked over this connection. A second connection under one name takes the place of the first, which
    /// ends when the rounds that go on over it have.
    pub(crate) fn stand(&self, name: String, connection: u64, channel: Channel) {
        let mut inner = self.inner();
        let since_us = inner.probers.get(&name).map_or_else(now_us, |standing| standing.since_us);
        inner.probers.insert(name, Standing { connection, channel, clock: Clock::default(), since_us });
        drop(inner);
        self.1.send_modify(|changes| *changes += 1);
    }

    /// A connection is gone.
    pub(crate) fn gone(&self, connection: u64) {
        let mut inner = self.inner();
        inner.connections.remove(&connection);
        inner.leave(|standing| standing.connection == connection);
    }

    /// Cuts connections of members that `which` names, and those whose time is over. Tells how many.
    pub(crate) fn cut(&self, now: i64, which: impl Fn(&Member) -> bool) -> usize {
        let mut inner = self.inner();
        let over = |connection: &Connection| connection.until < now || connection.member.as_ref().is_some_and(&which);
        let ended: Vec<u64> =
            inner.connections.iter().filter(|(_, connection)| over(connection)).map(|(id, _)| *id).collect();
        for id in &ended {
            inner.connections.remove(id);
        }
        inner.leave(|standing| ended.contains(&standing.connection));
        ended.len()
    }

    /// Probers that are connected: name and way.
    pub fn probers(&self) -> Vec<(String, Channel)> {
        self.inner().probers.iter().map(|(name, standing)| (name.clone(), standing.channel.clone())).collect()
    }

    /// Clocks of all connected probers, and the ways to ask them.
    pub(crate) fn clocks(&self) -> Vec<(Clock, Channel)> {
        self.inner().probers.values().map(|standing| (standing.clock.clone(), standing.channel.clone())).collect()
    }

    /// Probers that are connected, with the number of the connection.
    pub(crate) fn standing(&self) -> Vec<(String, u64, Channel)> {
        let inner = self.inner();
        let all = inner.probers.iter();
        all.map(|(name, standing)| (name.clone(), standing.connection, standing.channel.clone())).collect()
    }

    /// Changes whenever a prober has connected.
    pub(crate) fn changed(&self) -> watch::Receiver<u64> {
        self.1.subscribe()
    }

    /// The same, those that have been connected for longest first.
    pub fn connected(&self) -> Vec<Connected> {
        let one = |(name, standing): (&String, &Standing)| Connected {
            name: name.clone(),
            channel: standing.channel.clone(),
            clock: standing.clock.clone(),
            since_us: standing.since_us,
        };
        let mut connected: Vec<Connected> = self.inner().probers.iter().map(one).collect();
        connected.sort_by(|a, b| (a.since_us, &a.name).cmp(&(b.since_us, &b.name)));
        connected
    }

    /// When every prober that was connected in this process's life was last there, Unix microseconds.
    pub fn last_seen(&self) -> BTreeMap<String, i64> {
        let inner = self.inner();
        let now = now_us();
        let mut seen = inner.left.clone();
        seen.extend(inner.probers.keys().map(|name| (name.clone(), now)));
        seen
    }

    /// Connections whose member `which` names.
    pub(crate) fn count(&self, which: impl Fn(&Member) -> bool) -> usize {
        self.inner().connections.values().filter(|one| one.member.as_ref().is_some_and(&which)).count()
    }
}

#[cfg(test)]
mod tests {
    use mesh_proto::identity::{Identity, Role};

    use super::*;

    fn member(name: &str) -> Member {
        let identity = Identity::new("lab", Role::Operator, name).expect("identity");
        Member { identity, issued_us: 1, not_before: 0, not_after: 100 }
    }

    #[test]
    fn neither_strangers_nor_one_member_keep_the_others_out() {
        let live = Live::default();
        for _ in 0..STRANGERS {
            live.admit(None, 100).expect("room");
        }
        for _ in 0..PER_MEMBER {
            live.admit(Some(member("eve")), 100).expect("room");
        }
        assert!(live.admit(None, 100).is_err() && live.admit(Some(member("eve")), 100).is_err());
        let (id, _cut) = live.admit(Some(member("oncall")), 100).expect("control");
        live.gone(id);
        assert_eq!(live.count(|member| member.identity.name() == "oncall"), 0);
    }

    #[tokio::test]
    async fn a_cut_reaches_whom_it_names_and_whose_time_is_over() {
        let live = Live::default();
        let (_, eve) = live.admit(Some(member("eve")), 100).expect("room");
        let (_, late) = live.admit(Some(member("bob")), 10).expect("room");
        let (_, mut oncall) = live.admit(Some(member("oncall")), 100).expect("room");
        assert_eq!(live.cut(50, |member| member.identity.name() == "eve"), 2);
        assert!(eve.await.is_err() && late.await.is_err());
        assert!(matches!(oncall.try_recv(), Err(oneshot::error::TryRecvError::Empty)), "control");
    }
}
