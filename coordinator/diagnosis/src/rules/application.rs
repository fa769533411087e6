//! The backend and its listener, accept queue and host firewall.

use super::{
    Ask, Claim, Class, Opinion, Rule, Trouble, View,
    client_host::evidence,
    edge, egress_proxy, ending, endpoint, firewall,
    look::{self, Listener, Place},
    timeout_budget, ways,
};
use crate::{
    evidence::{RefusedBy, Role, SeenIx, Symptom},
    plan,
};

pub(crate) const RULES: &[Rule] = &[
    Rule {
        slug: "application/not-listening",
        meaning: "nothing listens on the port",
        classes: &[Class::Refused],
        asks: &[Ask::Listeners, Ask::Firewall],
        judge: not_listening,
    },
    Rule {
        slug: "application/bound-loopback",
        meaning: "it listens, but only on another address of its host",
        classes: &[Class::Refused],
        asks: &[Ask::Listeners],
        judge: bound_elsewhere,
    },
    Rule {
        slug: "application/host-firewall-reject",
        meaning: "the target's own packet filter refuses",
        classes: &[Class::Refused],
        asks: &[Ask::Listeners, Ask::Firewall],
        judge: host_reject,
    },
    Rule {
        slug: "application/host-firewall-drop",
        meaning: "the target's own packet filter drops the packets",
        classes: &[Class::Timeout],
        asks: &[Ask::Firewall],
        judge: host_drop,
    },
    Rule {
        slug: "application/accept-queue-full",
        meaning: "the application does not accept; its queue is full and the kernel drops new connections",
        classes: &[Class::Timeout],
        asks: &[Ask::Listeners, Ask::Counters],
        judge: queue_full,
    },
    Rule {
        slug: "application/slow-handler",
        meaning: "the application takes the request and does not finish within the time there is",
        classes: &[Class::Status, Class::NoAnswer],
        asks: &[Ask::Upstream],
        judge: slow_handler,
    },
    Rule {
        slug: "application/own-error-status",
        meaning: "the application itself answers with the error",
        classes: &[Class::Status],
        asks: &[Ask::Upstream],
        judge: own_status,
    },
    Rule {
        slug: "application/never-reads",
        meaning: "the application takes the connection and does not read from it",
        classes: &[Class::Large],
        asks: &[Ask::Listeners],
        judge: never_reads,
    },
    Rule {
        slug: "application/abort",
        meaning: "the other end cuts the connection in the middle of the exchange",
        classes: &[Class::Reset],
        asks: &[Ask::Counters],
        judge: |view, trouble| ending::abort(view, trouble, false),
    },
    Rule {
        slug: "application/close-unread",
        meaning: "the other end closes while bytes wait unread, and its kernel makes a reset of that",
        classes: &[Class::Reset],
        asks: &[Ask::Counters],
        judge: |view, trouble| ending::abort(view, trouble, true),
    },
    Rule {
        slug: "application/truncated-body",
        meaning: "the answer ends before the length that it declared",
        classes: &[Class::Reset],
        asks: &[],
        judge: ending::truncated,
    },
    Rule {
        slug: "application/garbage-reply",
        meaning: "what comes back is no HTTP",
        classes: &[Class::Reset],
        asks: &[],
        judge: ending::garbage,
    },
];

/// Refused by a reset, or by something that could not be told from one.
fn by_reset(view: &View<'_>, row: SeenIx) -> bool {
    view.attempt_at(row)
        .is_some_and(|attempt| matches!(attempt.symptom, Symptom::Refused(RefusedBy::Rst | RefusedBy::Unknown)))
}

fn table(view: &View<'_>, row: SeenIx) -> Listener {
    let Some(attempt) = view.attempt_at(row) else { return Listener::NotLooked };
    match view.holder(attempt.address, attempt.vantage) {
        Some(holder) => look::listener(view, holder, "tcp", attempt.address, attempt.port),
        None => Listener::NotLooked,
    }
}

fn not_listening(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let sample = trouble.sample();
    if !by_reset(view, sample) {
        return None;
    }
    if egress_proxy::turned_at_home(view, trouble).is_some() {
        return None;
    }
    let attempt = view.attempt_at(sample)?;
    if view.service_at(attempt.address).is_some() && view.holder(attempt.address, attempt.vantage).is_none() {
        // A Service's address has no listener of its own.
        return None;
    }
    let target = endpoint(&view.at(sample).obs);
    let summary = format!("nothing listens on {target}");
    let rejecting = look::blocks(view, trouble, &["reject"]).into_iter().find(|b| b.place != Place::Aside);
    match (table(view, sample), rejecting) {
        (Listener::Present(ix), _) => Some(Opinion::excluded("the port has a listener", vec![ix])),
        (Listener::Elsewhere(ix), _) => {
            Some(Opinion::excluded("the port has a listener, on another address", vec![ix]))
        }
        (_, Some(block)) => Some(Opinion::excluded(
            format!("a rule refuses before that: {}", look::rule_text(view, &block)),
            evidence(&block.rows, block.seen),
        )),
        (Listener::Absent(ix), None) => {
            if let Some(turned) = translated(view, trouble) {
                return Some(
                    turned
                        .at([target.clone()])
                        .says(format!("{target} has no listener of its own and is translated elsewhere")),
                );
            }
            let holder = view.holder(attempt.address, attempt.vantage).map(|v| view.vantage(v).id.clone());
            let mut because = trouble.failing.clone();
            because.push(ix);
            Some(
                Opinion::proved(
                    "the whole socket table of the host that holds the address was read: no listener",
                    because,
                )
                .at(holder)
                .says(summary),
            )
        }
        (Listener::NotLooked, None) if reset_elsewhere(view, trouble) => Some(Opinion::excluded(
            "the reset does not come from the target: its TTL is another one",
            trouble.failing.clone(),
        )),
        (Listener::NotLooked, None) => Some(
            Opinion::possible("the address answers with a reset", trouble.failing.clone())
                .at([target.clone()])
                .says(summary)
                .decided_by(format!("a vantage on the host that holds {}: its listeners", attempt.address), None),
        ),
    }
}

/// A rule sends the port elsewhere: that the host itself has no listener says nothing then.
fn translated(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let block = look::blocks(view, trouble, &["dnat", "redirect"]).into_iter().find(|b| b.place != Place::Aside)?;
    let why = format!("no listener, but a rule translates the port: {}", look::rule_text(view, &block));
    Some(
        Opinion::possible(why, evidence(&block.rows, block.seen))
            .decided_by(format!("what listens at {}", block.rule.to), None),
    )
}

/// The reset that refused was not made by the target, as far as a TTL tells.
fn reset_elsewhere(view: &View<'_>, trouble: &Trouble) -> bool {
    firewall::other_ttl(view, trouble).is_some()
}

fn bound_elsewhere(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    if !by_reset(view, trouble.sample()) || egress_proxy::turned_at_home(view, trouble).is_some() {
        return None;
    }
    let attempt = view.attempt_at(trouble.sample())?;
    let ix = match table(view, trouble.sample()) {
        Listener::Elsewhere(ix) => ix,
        Listener::NotLooked if !reset_elsewhere(view, trouble) => {
            return Some(
                Opinion::possible(
                    "a listener on another address of the host refuses this one alike",
                    trouble.failing.clone(),
                )
                .decided_by(format!("a vantage on the host that holds {}: its listeners", attempt.address), None),
            );
        }
        _ => return None,
    };
    let port = u32::from(attempt.port);
    let rows = &view.at(ix).obs.sockets.as_ref()?.listeners;
    let bound: Vec<&str> =
        rows.iter().filter(|row| row.local_port == port).map(|row| row.local_address.as_str()).collect();
    let holder = view.vantage(view.at(ix).vantage).id.clone();
    let mut because = trouble.failing.clone();
    because.push(ix);
    Some(Opinion::proved(format!("its listener is bound to {}", bound.join(", ")), because).at([holder]).says(format!(
        "port {port} listens on {} only, not on {}",
        bound.join(", "),
        attempt.address
    )))
}

fn host_reject(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let sample = trouble.sample();
    let attempt = view.attempt_at(sample)?;
    if !matches!(attempt.symptom, Symptom::Refused(_)) {
        return None;
    }
    let block = look::blocks(view, trouble, &["reject"]).into_iter().find(|b| b.place == Place::Target);
    if let Some(block) = block {
        let holder = view.vantage(block.vantage).id.clone();
        return Some(
            Opinion::proved(look::rule_text(view, &block), evidence(&block.rows, block.seen))
                .at([holder.clone()])
                .says(format!("{holder} refuses by a rule of its own: {}", block.rule.text)),
        );
    }
    let turned = egress_proxy::turned_at_home(view, trouble).is_some();
    if turned || !by_reset(view, sample) || view.service_at(attempt.address).is_some() {
        return None;
    }
    match table(view, sample) {
        Listener::Absent(ix) => {
            Some(Opinion::excluded("there is no listener to protect: the kernel itself refuses", vec![ix]))
        }
        Listener::Elsewhere(_) => None,
        Listener::Present(ix) if own_rules(view, ix).is_some() => Some(Opinion::excluded(
            "the port has a listener, and none of the target's own rules refuses it",
            own_rules(view, ix).into_iter().chain([ix]).collect(),
        )),
        Listener::Present(ix) => Some(
            Opinion::likely("the port has a listener and yet is refused", vec![ix, sample])
                .at([endpoint(&view.at(sample).obs)])
                .says(format!("{} has a listener and refuses", endpoint(&view.at(sample).obs)))
                .decided_by("the target's firewall rules (CAP_NET_ADMIN there)", None),
        ),
        Listener::NotLooked if reset_elsewhere(view, trouble) => None,
        Listener::NotLooked => Some(
            Opinion::possible(
                "a rejecting host firewall sends the same bytes as a closed port",
                trouble.failing.clone(),
            )
            .decided_by(format!("a vantage on the host that holds {}: its firewall counters", attempt.address), None),
        ),
    }
}

/// The last reading of the rules of the host whose socket table this is.
fn own_rules(view: &View<'_>, table: SeenIx) -> Option<SeenIx> {
    view.of(view.at(table).vantage).filter(|(_, obs)| obs.firewall.is_some()).map(|(ix, _)| ix).last()
}

fn host_drop(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let blocks = look::blocks(view, trouble, &["drop"]);
    let own = blocks.iter().find(|b| b.place == Place::Target && !b.answer && b.rule.source.is_empty());
    if let Some(block) = own {
        let holder = view.vantage(block.vantage).id.clone();
        return Some(
            Opinion::proved(look::rule_text(view, block), evidence(&block.rows, block.seen))
                .at([holder.clone()])
                .says(format!("{holder} drops packets to its own port (rule: {})", block.rule.text)),
        );
    }
    if blocks.iter().any(|b| b.place != Place::Aside) {
        return None;
    }
    ways::before_the_end(view, trouble)
        .or_else(|| ways::node_passes(view, trouble))
        .or_else(|| super::route::unheard(view, trouble, "a host firewall that drops looks the same from here"))
}

fn queue_full(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let attempt = view.attempt_at(trouble.sample())?;
    let holder = view.holder(attempt.address, attempt.vantage);
    let listeners = holder.and_then(|holder| {
        view.of(holder).filter_map(|(ix, obs)| obs.sockets.as_ref().map(|table| (ix, &table.listeners))).last()
    });
    match listeners {
        Some((ix, rows)) => {
            let port = u32::from(attempt.port);
            match rows.iter().find(|row| row.local_port == port && row.protocol == "tcp") {
                Some(row) if row.recv_queue > row.send_queue => {
                    let name = view.vantage(view.at(ix).vantage).id.clone();
                    Some(
                        Opinion::proved(
                            format!("{} connections wait, {} may", row.recv_queue, row.send_queue),
                            vec![ix, trouble.sample()],
                        )
                        .at([name.clone()])
                        .says(format!("the application on {name} port {port} does not accept; its queue is full")),
                    )
                }
                _ => match holder.and_then(|holder| look::moved(view, holder, "TcpExt.ListenOverflows")) {
                    Some((counted, count)) => Some(
                        Opinion::likely(
                            format!("its kernel counted {count} overflows of accept queues in this run"),
                            vec![counted, trouble.sample()],
                        )
                        .says(format!("the accept queue on {} overflows", attempt.address)),
                    ),
                    None => Some(Opinion::excluded("the listener's queue has room", vec![ix])),
                },
            }
        }
        None => ways::before_the_end(view, trouble)
            .or_else(|| ways::node_passes(view, trouble))
            .or_else(|| super::route::unheard(view, trouble, "a full accept queue drops new connections in silence")),
    }
}

fn slow_handler(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let sample = trouble.sample();
    if view.attempt_at(sample)?.symptom == Symptom::NoAnswer {
        return silent_application(view, trouble);
    }
    let (status, waited, _) = edge::answer(view, sample)?;
    if status != 504 {
        return None;
    }
    let asked = edge::direct(view);
    if asked.is_empty() {
        return Some(
            Opinion::possible("nothing behind the proxy was asked directly", trouble.failing.clone())
                .decided_by("the upstream, asked directly", Some("meshctl diagnose … --upstream HOST:PORT".to_owned())),
        );
    }
    if let Some(done) = asked.iter().find(|attempt| matches!(attempt.symptom, Symptom::Works | Symptom::Status(_))) {
        return Some(Opinion::excluded("asked directly, it finishes", vec![done.seen]));
    }
    let hangs: Vec<_> = asked.iter().filter(|attempt| attempt.symptom == Symptom::NoAnswer).collect();
    let hung = hangs.first()?;
    let upstream = endpoint(&view.at(hung.seen).obs);
    let took = view.at(hung.seen).obs.timing.as_ref().map_or(0, |timing| timing.duration_us);
    let summary = format!(
        "the application on {upstream} does not finish: the proxy gave up after {}{}, asked directly it had not answered after {}",
        seconds(waited),
        timeout_budget::twice(view, waited),
        seconds(took),
    );
    let because: Vec<SeenIx> = trouble.failing.iter().copied().chain(hangs.iter().map(|a| a.seen)).collect();
    let at = view.name_of(hung.address);
    let from_edge = edge::from_edge(view, sample).iter().any(|attempt| attempt.symptom == Symptom::NoAnswer);
    let opinion = if from_edge {
        Opinion::proved("asked from the proxy's own host it accepts the request and does not answer either", because)
    } else {
        Opinion::likely("asked directly it accepts the request and does not answer either", because)
            .decided_by("a vantage on the proxy's host", None)
    };
    Some(opinion.at([at]).says(summary))
}

/// No proxy said anything: the request was taken and nothing came back.
fn silent_application(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let sample = view.at(trouble.sample());
    let done = plan::of_role(view, trouble.sample(), &[Role::Patient])
        .filter(|attempt| matches!(attempt.symptom, Symptom::Works | Symptom::Status(_)));
    if let Some(done) = done {
        return Some(Opinion::excluded("with more time it finishes", vec![done.seen]));
    }
    let info = sample.obs.tcp.as_ref()?.info?;
    let target = endpoint(&sample.obs);
    if info.rcv_ooopack.is_some_and(|count| count > 0) {
        return Some(Opinion::excluded("a later segment of its answer arrived", vec![trouble.sample()]));
    }
    if info.total_retrans > 0 || info.unacked > 0 {
        return Some(Opinion::possible("part of the request was not acknowledged", trouble.failing.clone()));
    }
    Some(
        Opinion::likely("every byte of the request was acknowledged and none came back", trouble.failing.clone())
            .at([target.clone()])
            .says(format!(
                "{target} takes the request and does not answer within {}",
                seconds(sample.obs.timing.as_ref().map_or(0, |t| t.duration_us))
            ))
            .decided_by(
                "a vantage on the target: whether the application or something before it has the request",
                None,
            ),
    )
}

fn own_status(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let sample = trouble.sample();
    let (status, waited, _) = edge::answer(view, sample)?;
    let asked = edge::direct(view);
    let same = asked.iter().find(|attempt| attempt.symptom == Symptom::Status(status));
    if let Some(same) = same {
        let upstream = endpoint(&view.at(same.seen).obs);
        let from_edge = edge::from_edge(view, sample).iter().any(|attempt| attempt.symptom == Symptom::Status(status));
        let (claim, why) = if from_edge {
            (Claim::Proved, "asked from the proxy's own host it answers the same")
        } else {
            (Claim::Likely, "asked directly it answers the same")
        };
        return Some(
            Opinion::new(claim, why, vec![sample, same.seen])
                .at([view.name_of(same.address)])
                .says(format!("the application on {upstream} itself answers {status}")),
        );
    }
    if let Some(other) = asked.first() {
        return Some(Opinion::excluded("asked directly the application answers otherwise", vec![other.seen]));
    }
    // A gateway's 504 after a wait is the gateway's own; one at once may come from anybody.
    if status == 504 && waited > 500_000 {
        return None;
    }
    let target = endpoint(&view.at(sample).obs);
    Some(
        Opinion::possible("who wrote the status was not seen", trouble.failing.clone())
            .at([target.clone()])
            .says(format!("{target} answers {status}"))
            .decided_by(
                "the server behind it, asked directly",
                Some("meshctl diagnose … --upstream HOST:PORT".to_owned()),
            ),
    )
}

/// Bytes of a failing vantage that the target's socket table shows as received and not read.
fn unread(view: &View<'_>, trouble: &Trouble) -> Option<(SeenIx, u32)> {
    let attempt = view.attempt_at(trouble.sample())?;
    let holder = view.holder(attempt.address, attempt.vantage)?;
    let source = view.source_of(trouble.sample())?.to_string();
    let port = u32::from(attempt.port);
    view.of(holder).find_map(|(ix, obs)| {
        let rows = &obs.sockets.as_ref()?.peers;
        let row =
            rows.iter().find(|row| row.local_port == port && row.remote_address == source && row.recv_queue > 0)?;
        Some((ix, row.recv_queue))
    })
}

fn never_reads(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let sample = view.at(trouble.sample());
    let info = sample.obs.tcp.as_ref()?.info?;
    let target = endpoint(&sample.obs);
    match (info.snd_wnd, info.rwnd_limited_us) {
        (Some(0), _) if unread(view, trouble).is_some() => {
            let (ix, bytes) = unread(view, trouble)?;
            let holder = view.vantage(view.at(ix).vantage).id.clone();
            let why = format!("its receive window is closed, and {bytes} bytes wait unread in its socket");
            Some(
                Opinion::proved(why, trouble.failing.iter().copied().chain([ix]).collect())
                    .at([holder])
                    .says(format!("the application on {target} does not read what it is sent")),
            )
        }
        (Some(0), _) => Some(
            Opinion::likely("its receive window is closed and nothing is lost", trouble.failing.clone())
                .at([target.clone()])
                .says(format!("the application on {target} does not read what it is sent")),
        ),
        (Some(window), _) => {
            Some(Opinion::excluded(format!("its receive window is open ({window} bytes)"), vec![trouble.sample()]))
        }
        (None, _) => Some(Opinion::possible("the peer's window was not seen", trouble.failing.clone())),
    }
}

/// "2.0 s".
pub(crate) fn seconds(us: u64) -> String {
    format!("{}.{} s", us / 1_000_000, us % 1_000_000 / 100_000)
}
