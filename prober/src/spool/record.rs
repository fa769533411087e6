//! A segment as bytes: a head, then records. Pure; any bytes may be given.
//!
//! ```text
//! head    "PMSPOOL" 1 | identity 16 | first number u64 | CRC-32 u32 of what stands before
//! record  mark 8 | length u32 of the content | CRC-32 u32 of what follows and of the length | number u64 | kind u8 | content
//! ```
//!
//! Integers are little-endian. The mark is the first half of the identity: random, so that nobody who is asked can put
//! bytes into an answer that are found as a record when the one around them is damaged.

/// Of a segment's head.
pub(super) const HEAD_BYTES: usize = 36;
/// Of a record without its content.
pub(super) const FRAME_BYTES: usize = 25;
/// Largest content: the largest message between prober and coordinator, and its own framing.
pub(super) const CONTENT_BYTES: usize = (4 << 20) + 64;

const MAGIC: [u8; 8] = *b"PMSPOOL\x01";
const MARK_BYTES: usize = 8;

/// Which spool: random, made with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Identity(pub(super) [u8; 16]);

impl Identity {
    fn mark(&self) -> &[u8] {
        self.0.get(..MARK_BYTES).unwrap_or_default()
    }
}

impl std::fmt::Display for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// An encoded `Item`.
    Item,
    /// Numbers, eight bytes each, that need not be kept.
    Acknowledged,
    /// What was lost, as text.
    Lost,
}

impl Kind {
    fn of(byte: u8) -> Option<Self> {
        Some(match byte {
            1 => Self::Item,
            2 => Self::Acknowledged,
            3 => Self::Lost,
            _ => return None,
        })
    }

    fn byte(self) -> u8 {
        match self {
            Self::Item => 1,
            Self::Acknowledged => 2,
            Self::Lost => 3,
        }
    }
}

/// The head of a segment whose first item has at least this number.
pub(super) fn head(identity: &Identity, first: u64) -> Vec<u8> {
    let mut bytes = [MAGIC.as_slice(), &identity.0, &first.to_le_bytes()].concat();
    let crc = crc32fast::hash(&bytes);
    bytes.extend(crc.to_le_bytes());
    bytes
}

/// Identity and first number, when these bytes begin with a head that is whole.
pub(super) fn read_head(bytes: &[u8]) -> Option<(Identity, u64)> {
    let (covered, rest) = bytes.split_at_checked(HEAD_BYTES - 4)?;
    let covered_by = u32::from_le_bytes(*rest.first_chunk()?);
    let after_magic = covered.strip_prefix(&MAGIC)?;
    let (identity, first) = after_magic.split_first_chunk::<16>()?;
    let first = u64::from_le_bytes(*first.first_chunk()?);
    (crc32fast::hash(covered) == covered_by).then_some((Identity(*identity), first))
}

/// Appends a record. Content beyond [`CONTENT_BYTES`] would not be read again: the caller has refused it.
pub(super) fn write(into: &mut Vec<u8>, identity: &Identity, number: u64, kind: Kind, content: &[u8]) {
    let length = u32::try_from(content.len()).unwrap_or(u32::MAX).to_le_bytes();
    let (number, kind) = (number.to_le_bytes(), [kind.byte()]);
    let crc = checksum(length, &[&number, &kind, content]).to_le_bytes();
    for part in [identity.mark(), &length, &crc, &number, &kind, content] {
        into.extend_from_slice(part);
    }
}

fn checksum(length: [u8; 4], parts: &[&[u8]]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    for part in parts {
        hasher.update(part);
    }
    hasher.update(&length);
    hasher.finalize()
}

/// A record that is whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Record<'a> {
    pub(super) number: u64,
    pub(super) kind: Kind,
    pub(super) content: &'a [u8],
}

impl Record<'_> {
    /// On disk.
    pub(super) fn bytes(&self) -> usize {
        FRAME_BYTES + self.content.len()
    }

    /// Of a record that acknowledges.
    pub(super) fn numbers(&self) -> impl Iterator<Item = u64> {
        self.content.as_chunks::<8>().0.iter().map(|bytes| u64::from_le_bytes(*bytes))
    }
}

/// The record that begins these bytes.
pub(super) fn read<'a>(bytes: &'a [u8], identity: &Identity) -> Option<Record<'a>> {
    let rest = bytes.strip_prefix(identity.mark())?;
    let (length, rest) = rest.split_first_chunk::<4>()?;
    let (crc, covered) = rest.split_first_chunk::<4>()?;
    let content_bytes = usize::try_from(u32::from_le_bytes(*length)).ok().filter(|bytes| *bytes <= CONTENT_BYTES)?;
    let covered = covered.get(..FRAME_BYTES - MARK_BYTES - 8 + content_bytes)?;
    if checksum(*length, &[covered]) != u32::from_le_bytes(*crc) {
        return None;
    }
    let (number, rest) = covered.split_first_chunk::<8>()?;
    let (kind, content) = rest.split_first()?;
    Some(Record { number: u64::from_le_bytes(*number), kind: Kind::of(*kind)?, content })
}

/// Bytes of a segment that are no record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Damage {
    pub(super) offset: usize,
    pub(super) bytes: usize,
    /// Items whose numbers are missing between those around it; none when no item follows, or is counted at damage before it.
    pub(super) items: Option<u64>,
}

/// Everything that can be read of a segment's records.
#[derive(Debug, Default)]
pub(super) struct Scan<'a> {
    /// With their offsets.
    pub(super) records: Vec<(usize, Record<'a>)>,
    /// Between records.
    pub(super) damage: Vec<Damage>,
    /// After the last record: it was being written, or is damaged.
    pub(super) tail: Option<Damage>,
}

/// Reads what follows the head. Behind damage it goes on at the next mark that begins a whole record.
pub(super) fn scan<'a>(segment: &'a [u8], identity: &Identity, first: u64) -> Scan<'a> {
    let mut scan = Scan::default();
    let (mut at, mut due, mut hurt) = (HEAD_BYTES, first, None);
    // Damage since the last item; the next item's number says how many are missing.
    let mut open = Vec::new();
    while let Some(rest) = segment.get(at..).filter(|rest| !rest.is_empty()) {
        let Some(record) = read(rest, identity) else {
            hurt = hurt.or(Some(at));
            // The next place where a mark may begin.
            let next = rest.iter().skip(1).position(|byte| Some(byte) == identity.mark().first());
            at += next.map_or(rest.len(), |next| next + 1);
            continue;
        };
        if let Some(offset) = hurt.take() {
            open.push(Damage { offset, bytes: at - offset, items: None });
        }
        if record.kind == Kind::Item {
            if let Some(damage) = open.first_mut() {
                damage.items = Some(record.number.saturating_sub(due));
            }
            scan.damage.append(&mut open);
            due = record.number.saturating_add(1);
        }
        scan.records.push((at, record));
        at += record.bytes();
    }
    scan.damage.append(&mut open);
    scan.tail = hurt.map(|offset| Damage { offset, bytes: segment.len() - offset, items: None });
    scan
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const OWN: Identity = Identity(*b"0123456789abcdef");

    fn segment(contents: &[Vec<u8>]) -> (Vec<u8>, Vec<usize>) {
        let mut bytes = head(&OWN, 1);
        let mut ends = Vec::new();
        for (number, content) in (1..).zip(contents) {
            write(&mut bytes, &OWN, number, Kind::Item, content);
            ends.push(bytes.len());
        }
        (bytes, ends)
    }

    fn contents() -> impl Strategy<Value = Vec<Vec<u8>>> {
        prop::collection::vec(prop::collection::vec(any::<u8>(), 0..200), 1..12)
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..600), first in any::<u64>()) {
            read_head(&bytes);
            scan(&bytes, &OWN, first);
            // With marks and heads that are right, so that the reader gets beyond them.
            let marked: Vec<u8> = bytes.chunks(9).flat_map(|chunk| [OWN.mark(), chunk].concat()).collect();
            scan(&[head(&OWN, first), marked].concat(), &OWN, first);
        }

        #[test]
        fn a_cut_anywhere_loses_the_torn_record_alone(contents in contents(), cut in any::<prop::sample::Index>()) {
            let (bytes, ends) = segment(&contents);
            let cut = HEAD_BYTES + cut.index(bytes.len() - HEAD_BYTES + 1);
            let whole = ends.iter().filter(|end| **end <= cut).count();
            let scan = scan(&bytes[..cut], &OWN, 1);
            let read: Vec<&[u8]> = scan.records.iter().map(|(_, record)| record.content).collect();
            let expected: Vec<&[u8]> = contents[..whole].iter().map(Vec::as_slice).collect();
            prop_assert_eq!(read, expected);
            let end = whole.checked_sub(1).map_or(HEAD_BYTES, |last| ends[last]);
            prop_assert_eq!(scan.tail.map_or(0, |tail| tail.bytes), cut - end);
            prop_assert!(scan.damage.is_empty());
        }

        #[test]
        fn damage_in_the_middle_loses_what_it_touches_and_every_byte_is_accounted_for(
            contents in contents(), at in any::<prop::sample::Index>(), length in 1_usize..40, with in 1..=255_u8,
        ) {
            let (mut bytes, ends) = segment(&contents);
            let from = HEAD_BYTES + at.index(bytes.len() - HEAD_BYTES);
            let to = (from + length).min(bytes.len());
            bytes[from..to].iter_mut().for_each(|byte| *byte ^= with);
            let begins = |index: usize| index.checked_sub(1).map_or(HEAD_BYTES, |last| ends[last]);
            let intact = |index: &usize| ends[*index] <= from || begins(*index) >= to;
            let expected: Vec<u64> = (0..contents.len()).filter(intact).map(|index| index as u64 + 1).collect();
            let scan = scan(&bytes, &OWN, 1);
            let read: Vec<u64> = scan.records.iter().map(|(_, record)| record.number).collect();
            prop_assert_eq!(&read, &expected);
            let good: usize = scan.records.iter().map(|(_, record)| record.bytes()).sum();
            let bad: usize = scan.damage.iter().chain(&scan.tail).map(|damage| damage.bytes).sum();
            prop_assert_eq!(HEAD_BYTES + good + bad, bytes.len());
            let missing: u64 = scan.damage.iter().filter_map(|damage| damage.items).sum();
            let behind = contents.len() as u64 - expected.last().copied().unwrap_or(0);
            prop_assert_eq!(missing + expected.len() as u64 + behind, contents.len() as u64);
        }
    }

    #[test]
    fn a_record_inside_an_answer_is_not_found_when_the_answer_is_damaged() {
        let mut forged = Vec::new();
        write(&mut forged, &Identity([7; 16]), 9, Kind::Item, b"made up");
        let (mut bytes, _) = segment(&[forged, b"real".to_vec()]);
        bytes[HEAD_BYTES + 9] ^= 1;
        let scan = scan(&bytes, &OWN, 1);
        let read: Vec<&[u8]> = scan.records.iter().map(|(_, record)| record.content).collect();
        assert_eq!(read, [b"real".as_slice()]);
        assert_eq!(scan.damage[0].items, Some(1), "and what was lost is counted");
    }

    #[test]
    fn a_head_is_read_back_and_none_that_is_cut_or_changed() {
        let bytes = head(&OWN, 77);
        assert_eq!(bytes.len(), HEAD_BYTES);
        assert_eq!(read_head(&bytes), Some((OWN, 77)));
        for at in 0..HEAD_BYTES {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            assert_eq!((read_head(&changed), read_head(&bytes[..at])), (None, None), "{at}");
        }
    }
}
