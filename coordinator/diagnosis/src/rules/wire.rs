//! What the packets of the probe's own flow show. Absence counts only where the instrument saw the flow's own packets.

use mesh_proto::v1 as pb;

use super::View;
use crate::evidence::SeenIx;

/// Bits of `WatchedPacket.flags` (RFC 9293 §3.1).
const FIN: u32 = 1;
const SYN: u32 = 2;
const RST: u32 = 4;
const ACK: u32 = 16;

/// A reset that reached the asker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reset {
    pub(crate) ttl: u32,
    /// TTL of the same flow's SYN-ACK. A reset of another TTL was made somewhere else. A box can forge it.
    pub(crate) syn_ack_ttl: Option<u32>,
    /// Options or a window: an open socket was aborted. Without both: no such socket, or a filter's answer
    /// (`tcp_send_active_reset`, `tcp_v4_send_reset` in net/ipv4).
    pub(crate) live: bool,
}

impl Reset {
    /// Made where the SYN-ACK was made, as far as a TTL tells.
    pub(crate) fn is_targets(&self) -> Option<bool> {
        self.syn_ack_ttl.map(|ttl| ttl == self.ttl)
    }

    pub(crate) fn form(&self) -> &'static str {
        if self.live { "that of an open socket" } else { "bare: no options, window 0" }
    }
}

fn packets<'v>(view: &'v View<'_>, row: SeenIx) -> &'v [pb::WatchedPacket] {
    let watch = view.at(row).obs.watch.as_ref().filter(|watch| watch.works);
    watch.map_or(&[], |watch| watch.packets.as_slice())
}

fn received<'v>(view: &'v View<'_>, row: SeenIx, flags: u32) -> Option<&'v pb::WatchedPacket> {
    packets(view, row).iter().find(|packet| !packet.sent && packet.flags & flags == flags)
}

/// The reset that ended a watched flow.
pub(crate) fn reset(view: &View<'_>, row: SeenIx) -> Option<Reset> {
    let rst = received(view, row, RST)?;
    let syn_ack = received(view, row, SYN | ACK);
    Some(Reset {
        ttl: rst.ttl,
        syn_ack_ttl: syn_ack.map(|packet| packet.ttl),
        live: rst.options != 0 || rst.window != 0,
    })
}

/// The peer's FIN of a watched flow and whether its TTL is that of the SYN-ACK.
pub(crate) fn fin_from_target(view: &View<'_>, row: SeenIx) -> Option<bool> {
    let fin = received(view, row, FIN)?;
    Some(received(view, row, SYN | ACK)?.ttl == fin.ttl)
}

/// "arrives with TTL 62, the SYN-ACK came with 61; bare: no options, window 0".
pub(crate) fn reset_text(reset: &Reset) -> String {
    let other = match reset.syn_ack_ttl {
        Some(ttl) if ttl == reset.ttl => "as the SYN-ACK did".to_owned(),
        Some(ttl) => format!("the SYN-ACK came with {ttl}"),
        None => "the SYN-ACK was not seen".to_owned(),
    };
    format!("the reset arrives with TTL {}, {other}; its form is {}", reset.ttl, reset.form())
}
