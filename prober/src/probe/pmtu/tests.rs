//! The probe on real paths of network namespaces.

use super::*;
use crate::collect::bench::Path;

const SERVER: &str = "10.3.0.2";
const SERVER6: &str = "fd03::2";

async fn measure(path: &Path, address: &str) -> (pb::Observation, pb::PmtuDetail) {
    let spec = pb::PmtuSpec { address: address.to_owned(), hops: true, ..Default::default() };
    let began = Instant::now();
    let obs = run(&path.client.ask(), &spec).await;
    let took = began.elapsed();
    assert!(took < Duration::from_millis(1500), "{took:?} {obs:?}");
    let detail = obs.pmtu.clone().unwrap_or_else(|| panic!("{obs:?}"));
    (obs, detail)
}

fn hops(detail: &pb::PmtuDetail) -> Vec<(&str, Option<u32>, bool)> {
    detail.hops.iter().map(|hop| (hop.address.as_str(), hop.largest_answered, hop.is_target)).collect()
}

#[tokio::test]
async fn a_free_path_passes_at_full_size_over_every_hop() {
    let path = Path::fresh();
    let (obs, detail) = measure(&path, SERVER).await;
    assert_eq!(obs.outcome(), pb::Outcome::Pass);
    assert_eq!((detail.passed_bytes, detail.lost_bytes, detail.claim.as_ref()), (Some(1500), None, None));
    assert_eq!(
        hops(&detail),
        [("10.1.0.1", Some(1500), false), ("10.2.0.2", Some(1500), false), (SERVER, Some(1500), true)]
    );
    assert_eq!((detail.route_mtu_before, detail.route_mtu_after), (Some(1500), Some(1500)));
}

#[tokio::test]
async fn a_claim_is_seen_confirmed_and_leaves_the_route_alone() {
    let path = Path::fresh();
    path.r1.sh("ip link set n2 mtu 1400");
    path.r2.sh("ip link set f2 mtu 1400");
    let (obs, detail) = measure(&path, SERVER).await;
    assert_eq!(obs.outcome(), pb::Outcome::Pass);
    let claim = detail.claim.clone().unwrap();
    assert_eq!((claim.offender.as_str(), claim.mtu), ("10.1.0.1", Some(1400)));
    assert_eq!((detail.passed_bytes, detail.lost_bytes, detail.claim_confirmed), (Some(1400), None, true));
    assert_eq!((detail.route_mtu_before, detail.route_mtu_after), (Some(1500), Some(1500)));
    assert!(obs.caveats.is_empty(), "{:?}", obs.caveats);
}

#[tokio::test]
async fn a_router_that_keeps_silent_about_its_mtu_is_located() {
    let path = Path::fresh();
    path.r2.sh("ip link set n3 mtu 1400; nft 'table inet t { chain o { type filter hook output priority 0; icmp type destination-unreachable drop; icmpv6 type packet-too-big drop; }; }'");
    path.server.sh("ip link set f3 mtu 1400");
    let (obs, detail) = measure(&path, SERVER).await;
    assert_eq!(obs.outcome(), pb::Outcome::Fail);
    assert_eq!((detail.passed_bytes, detail.lost_bytes, detail.claim.as_ref()), (Some(1400), Some(1401), None));
    assert_eq!(
        hops(&detail),
        [("10.1.0.1", Some(1401), false), ("10.2.0.2", Some(1401), false), (SERVER, Some(1400), true)]
    );
}

#[tokio::test]
async fn a_rule_that_drops_by_length_is_located_on_both_families() {
    let path = Path::fresh();
    path.r2.sh("nft 'table inet t { chain f { type filter hook forward priority 0; meta length > 1404 drop; }; }'");
    let (_, detail) = measure(&path, SERVER).await;
    assert_eq!((detail.method.as_str(), detail.passed_bytes, detail.lost_bytes), ("icmp-echo", Some(1404), Some(1405)));
    assert_eq!(
        hops(&detail),
        [("10.1.0.1", Some(1405), false), ("10.2.0.2", Some(1405), false), (SERVER, Some(1404), true)]
    );
    let (obs, detail) = measure(&path, SERVER6).await;
    assert_eq!(detail.method, "udp");
    let (passed, lost) = (detail.passed_bytes.unwrap(), detail.lost_bytes.unwrap());
    assert!((1400..=1404).contains(&passed) && (1405..=1450).contains(&lost), "{detail:?}");
    let far: Vec<_> =
        hops(&detail).into_iter().filter(|(_, largest, _)| largest.is_some_and(|bytes| bytes >= lost)).collect();
    assert_eq!(far.last().map(|hop| hop.0), Some("fd02::2"), "{detail:?}");
    assert!(obs.caveats.iter().any(|caveat| caveat.contains("ration")), "{:?}", obs.caveats);
}

#[tokio::test]
async fn an_ipv6_claim_is_seen_confirmed_and_leaves_the_route_alone() {
    let path = Path::fresh();
    path.r1.sh("ip link set n2 mtu 1400");
    path.r2.sh("ip link set f2 mtu 1400");
    let (_, detail) = measure(&path, SERVER6).await;
    let claim = detail.claim.clone().unwrap();
    assert_eq!((claim.offender.as_str(), claim.mtu), ("fd01::1", Some(1400)));
    assert_eq!((detail.passed_bytes, detail.lost_bytes, detail.claim_confirmed), (Some(1400), None, true));
    assert_eq!((detail.route_mtu_before, detail.route_mtu_after), (Some(1500), Some(1500)));
}

#[tokio::test]
async fn udp_is_asked_where_echoes_are_filtered() {
    let path = Path::fresh();
    path.server
        .sh("nft 'table inet t { chain i { type filter hook input priority 0; icmp type echo-request drop; }; }'");
    let (obs, detail) = measure(&path, SERVER).await;
    assert_eq!((detail.method.as_str(), detail.passed_bytes, detail.lost_bytes), ("udp", Some(1500), None));
    assert_eq!(obs.caveats[0], "echoes were not answered, so UDP was asked");
    assert_eq!(hops(&detail).first().map(|hop| hop.0), Some("10.1.0.1"));
}

#[tokio::test]
async fn a_silent_target_yields_no_number() {
    let path = Path::fresh();
    path.r2.sh("nft 'table inet t { chain f { type filter hook forward priority 0; policy drop; }; }'");
    for address in [SERVER, SERVER6] {
        let (obs, detail) = measure(&path, address).await;
        assert_eq!(obs.outcome(), pb::Outcome::CouldNotLook);
        assert_eq!((detail.passed_bytes, detail.lost_bytes), (None, None));
        // The routers before it answered.
        assert!(hops(&detail).iter().all(|(_, _, target)| !target));
        assert!(!hops(&detail).is_empty(), "{detail:?}");
    }
}

#[tokio::test]
async fn a_missing_route_is_told_in_the_kernels_words() {
    let path = Path::fresh();
    path.client.sh("ip route add blackhole 10.9.0.0/24");
    let spec = pb::PmtuSpec { address: "10.9.0.1".to_owned(), ..Default::default() };
    let obs = run(&path.client.ask(), &spec).await;
    assert_eq!(obs.failure.unwrap().text, "Invalid argument (os error 22)");
}
