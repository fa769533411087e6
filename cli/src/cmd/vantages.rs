//! `meshctl vantages`: where can be asked from, and what each place can do.

use mesh_proto::v1::{ListVantagesReply, ListVantagesRequest, Vantage};
use serde_json::json;

use super::Context;
use crate::{
    args::Vantages,
    connect::{self, Peers},
    exit::{Code, Problem},
    render::table,
};

pub(crate) async fn run(args: &Vantages, cx: &Context) -> Result<Code, Problem> {
    let peers = Peers { named: args.asked.vantages.clone(), ..Peers::default() };
    let mut client = connect::reach(peers, cx).await?;
    let reply = client.list_vantages(ListVantagesRequest::default()).await?.into_inner();
    let shown = ListVantagesReply {
        vantages: reply.vantages.into_iter().filter(|vantage| selected(vantage, &args.asked.from)).collect(),
        unreachable: reply.unreachable,
    };
    if cx.out.for_programs() {
        let fields = json!({ "vantages": shown.vantages, "unreachable": shown.unreachable });
        cx.out.document("Vantages", fields);
    } else {
        let rows: Vec<Vec<String>> = shown.vantages.iter().map(|vantage| row(vantage, cx)).collect();
        cx.out.stdout(&table::text(&["VANTAGE", "ADDRESSES", "CLOCK", "CAN", "LACKS"], &rows));
        if cx.out.verbose {
            for vantage in &shown.vantages {
                for reason in &vantage.lacking {
                    cx.out.stdout(&format!("{}: {}\n", cx.out.clean(&vantage.id), cx.out.clean(reason)));
                }
            }
        }
        for reason in &shown.unreachable {
            cx.out.stdout(&format!("not reached: {}\n", cx.out.clean(reason)));
        }
    }
    Ok(if shown.vantages.is_empty() { Code::CouldNotRun } else { Code::Good })
}

/// Without selectors everything; otherwise an id, its bare name or its kind in the plural.
fn selected(vantage: &Vantage, from: &[String]) -> bool {
    let name = vantage.id.rsplit('/').next().unwrap_or_default();
    from.is_empty()
        || from.iter().any(|word| {
            word == "all" || *word == vantage.id || word == name || word.strip_suffix('s') == Some(&vantage.kind)
        })
}

fn row(vantage: &Vantage, cx: &Context) -> Vec<String> {
    let own: Vec<&str> =
        vantage.addresses.iter().map(String::as_str).filter(|address| !local_only(address)).take(2).collect();
    let more = vantage.addresses.iter().filter(|address| !local_only(address)).count().saturating_sub(own.len());
    let more = if more > 0 { format!(" +{more}") } else { String::new() };
    // "icmp: net.ipv4.ping_group_range …": what is lacking, without what would give it.
    let lacks: Vec<&str> = vantage.lacking.iter().filter_map(|reason| reason.split(':').next()).collect();
    let none = |words: String| if words.is_empty() { "-".to_owned() } else { words };
    let clock = clock(vantage.clock_offset_us, vantage.clock_bound_us);
    let id = if vantage.observer { format!("{} (observer)", vantage.id) } else { vantage.id.clone() };
    [id, none(format!("{}{more}", own.join(", "))), clock, none(vantage.capabilities.join(" ")), none(lacks.join(", "))]
        .iter()
        .map(|cell| cx.out.clean(cell))
        .collect()
}

fn local_only(address: &str) -> bool {
    address.parse::<std::net::IpAddr>().is_ok_and(|address| match address {
        std::net::IpAddr::V4(v4) => v4.is_loopback(),
        std::net::IpAddr::V6(v6) => v6.is_loopback() || v6.is_unicast_link_local(),
    })
}

/// "+0.0 ms +-0.1", "+3600.0 s +-0.0": theirs minus the coordinator's, and how well that is known.
fn clock(offset_us: i64, bound_us: u64) -> String {
    /// From here on a clock is off by more than a day's drift, and milliseconds say nothing.
    const OFF_US: u64 = 10_000_000;
    /// Beyond this nobody measured it.
    const BOUND_US: u64 = 86_400_000_000;
    if bound_us > BOUND_US {
        return "not measured".to_owned();
    }
    let (unit, word) = if offset_us.unsigned_abs() < OFF_US { (1_000.0, "ms") } else { (1.0, "s") };
    let in_unit = |us: u64| std::time::Duration::from_micros(us).as_secs_f64() * unit;
    let sign = if offset_us < 0 { '-' } else { '+' };
    format!("{sign}{:.1} {word} +-{:.1}", in_unit(offset_us.unsigned_abs()), in_unit(bound_us))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_shown_with_the_bound_within_which_that_is_true() {
        assert_eq!(clock(0, 140), "+0.0 ms +-0.1");
        assert_eq!(clock(-1_250, 300), "-1.2 ms +-0.3");
        assert_eq!(clock(3_600_000_000, 140), "+3600.0 s +-0.0");
        assert_eq!(clock(0, (1 << 53) - 1), "not measured");
    }
}
