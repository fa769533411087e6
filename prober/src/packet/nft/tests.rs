//! Bytes that Linux 6.18 dumped for a table written with nft 1.0.6.

use proptest::prelude::*;

use super::*;

/// `chain c { type filter hook forward priority 0; policy drop; … }` in `table inet t`.
const CHAIN: &str = "01000002060001007400000006000300630000000c000200000000000000000114000400080001000000000208000200 \
    0000000008000500000000000b00070066696c746572000008000a00000000010800060000000002";

/// `ip length > 1400 counter packets 7 bytes 9800 drop comment "lost"`.
const LENGTH: &str = "01000002060001007400000006000200630000000c00030000000000000000021001040024000100090001006d657461 \
    0000000014000200080002000000000f08000100000000012c00010008000100636d7000200002000800010000000001 \
    08000200000000000c0003000500010002000000340001000c0001007061796c6f616400240002000800010000000001 \
    0800020000000001080003000000000208000400000000022c00010008000100636d7000200002000800010000000001 \
    08000200000000040c00030006000100057800002c0001000c000100636f756e746572001c0002000c00010000000000 \
    000026480c0002000000000000000007300001000e000100696d6d6564696174650000001c0002000800010000000000 \
    100002000c00020008000100000000000b00070000056c6f73740000";

/// `ip daddr { 10.0.0.1, 10.1.0.0/16 } tcp dport 80 reject`.
const REJECT: &str = "01000002060001007400000006000200630000000c00030000000000000000040c00060000000000000000028c010400 \
    24000100090001006d6574610000000014000200080002000000000f08000100000000012c00010008000100636d7000 \
    20000200080001000000000108000200000000000c0003000500010002000000340001000c0001007061796c6f616400 \
    240002000800010000000001080002000000000108000300000000100800040000000004300001000b0001006c6f6f6b \
    75700000200002000b0001005f5f7365743000000800020000000001080005000000000024000100090001006d657461 \
    0000000014000200080002000000001008000100000000012c00010008000100636d7000200002000800010000000001 \
    08000200000000000c0003000500010006000000340001000c0001007061796c6f616400240002000800010000000001 \
    0800020000000002080003000000000208000400000000022c00010008000100636d7000200002000800010000000001 \
    08000200000000000c0003000600010000500000240001000b00010072656a6563740000140002000800010000000000 \
    0500020003000000";

/// The anonymous set of that rule.
const ELEMENTS_OF_SET: &str = "0100000206000100740000000b0002005f5f7365743000006c000300180001000c000100080001000a02000008000300 \
    00000001100001000c000100080001000a010000180001000c000100080001000a000002080003000000000110000100 \
    0c000100080001000a000001180001000c00010008000100000000000800030000000001";

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex.bytes().filter(u8::is_ascii_hexdigit).collect();
    digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

#[test]
fn a_base_chain_is_read_with_hook_and_policy() {
    let chain = chain(&bytes(CHAIN)).unwrap();
    assert_eq!((chain.hook, chain.drops), (Some("forward"), true));
    assert_eq!(chain.policy().unwrap(), "inet/t/c: drop");
}

#[test]
fn a_rule_is_read_with_its_counter_and_comment() {
    let chains = [chain(&bytes(CHAIN)).unwrap()];
    let rule = rule(&bytes(LENGTH), &chains, &Sets::new()).unwrap();
    assert_eq!(rule.text, "ip length > 1400 counter packets 7 bytes 9800 drop");
    assert_eq!((rule.family.as_str(), rule.hook.as_str(), rule.handle), ("inet", "forward", 2));
    assert_eq!((rule.packets, rule.bytes, rule.comment.as_str()), (Some(7), Some(9800), "lost"));
    assert_eq!((rule.length.as_str(), rule.verdict.as_str()), ("> 1400", "drop"));
    assert!(rule.understood && !rule.sometimes);
}

#[test]
fn a_rule_over_a_set_needs_the_set_to_be_understood() {
    let set = SetName { family: 1, table: "t".to_owned(), name: "__set0".to_owned() };
    assert_eq!(lookups(&bytes(REJECT)), std::slice::from_ref(&set));
    let blind = rule(&bytes(REJECT), &[], &Sets::new()).unwrap();
    assert!(!blind.understood, "{blind:?}");
    let dump = bytes(ELEMENTS_OF_SET);
    let keys = elements(std::iter::once(dump.as_slice()));
    let seen = rule(&bytes(REJECT), &[], &Sets::from([(set, keys)])).unwrap();
    assert_eq!(seen.destination, "10.0.0.1, 10.1.0.0/16");
    assert_eq!((seen.protocol.as_str(), seen.destination_port.as_str(), seen.to.as_str()), ("tcp", "80", "icmp 3/3"));
    assert!(seen.understood && !seen.sometimes);
}

#[test]
fn an_expression_from_the_future_makes_its_rule_not_understood() {
    let at = bytes(LENGTH).windows(7).position(|name| name == b"counter").unwrap();
    let mut changed = bytes(LENGTH);
    changed[at] = b'x';
    let rule = rule(&changed, &[], &Sets::new()).unwrap();
    assert!(!rule.understood);
    assert_eq!(rule.text, "ip length > 1400 [xounter] drop");
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_panic(noise in proptest::collection::vec(any::<u8>(), 0..300)) {
        std::hint::black_box((chain(&noise), rule(&noise, &[], &Sets::new()), generation(&noise), lookups(&noise)));
        std::hint::black_box(elements(std::iter::once(noise.as_slice())));
    }

    /// Damage behind the headers reaches the expressions, which pure noise seldom does.
    #[test]
    fn a_damaged_rule_is_read_without_panic(at in 0usize..400, value in any::<u8>(), cut in 0usize..420) {
        let set = SetName { family: 1, table: "t".to_owned(), name: "__set0".to_owned() };
        let sets = Sets::from([(set, Some(vec![(vec![0], vec![1, 2]), (vec![10, 0, 0, 1], vec![10, 0, 0, 9])]))]);
        for source in [CHAIN, LENGTH, REJECT, ELEMENTS_OF_SET] {
            let mut bytes = bytes(source);
            if let Some(byte) = bytes.get_mut(at) {
                *byte = value;
            }
            bytes.truncate(cut);
            std::hint::black_box((chain(&bytes), rule(&bytes, &[], &sets), lookups(&bytes)));
            std::hint::black_box(elements(std::iter::once(bytes.as_slice())));
        }
    }
}
