//! One hand-made `ClientHello` that offers what any TLS from 1.0 to 1.3 may want, and the first record that answers it:
//! what the server would speak, where the prober's own library speaks less. No handshake is completed.

use std::{
    net::SocketAddr,
    os::fd::AsFd as _,
    time::{Duration, Instant},
};

use mesh_proto::v1 as pb;
use rustls::{crypto::aws_lc_rs, pki_types::ServerName};
use tokio::{
    io::{self, AsyncReadExt as _, AsyncWriteExt as _},
    time::timeout_at,
};

use super::{Tap, alerted};
use crate::{
    failure,
    guard::Act,
    net::stream::{self, Way},
    probe::{Ask, tcp},
};

/// Bytes of the answer that are read: one record of TLS 1.2 at its largest (RFC 5246 §6.2.1).
const ANSWER: usize = (16 << 10) + 5;
/// A hello between 256 and 511 bytes hangs some old load balancers; RFC 7685 pads it past them.
const PADDED: usize = 512;

/// Suites in the order of preference a careful client has: what was agreed then says what the server lacks.
const SUITES: [u16; 41] = [
    0x1301, 0x1302, 0x1303, // TLS 1.3
    0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, // ECDHE, AEAD
    0xc023, 0xc027, 0xc024, 0xc028, 0xc009, 0xc013, 0xc00a, 0xc014, // ECDHE, CBC
    0x009e, 0x009f, 0xccaa, 0x0067, 0x006b, 0x0033, 0x0039, // DHE
    0x009c, 0x009d, 0x003c, 0x003d, 0x002f, 0x0035, // static RSA
    0xc008, 0xc012, 0x0016, 0x000a, // 3DES
    0x0032, 0x0038, 0x0040, 0x006a, // DHE with DSS
    0x0041, 0x0084, // static RSA, Camellia
    0x00ff, // no renegotiation (RFC 5746 §3.3)
];
/// x25519, secp256r1, secp384r1, secp521r1, ffdhe2048.
const GROUPS: [u16; 5] = [0x001d, 0x0017, 0x0018, 0x0019, 0x0100];
/// ECDSA, Ed25519, RSA-PSS, RSA PKCS#1 with SHA-2, and SHA-1 of ECDSA, RSA and DSA.
const SIGNATURES: [u16; 14] =
    [0x0403, 0x0503, 0x0603, 0x0807, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0203, 0x0201, 0x0202, 0x0809];
const VERSIONS: [u16; 4] = [0x0304, 0x0303, 0x0302, 0x0301];

/// Extension numbers (RFC 8446 §4.2, RFC 7301, RFC 7685).
mod extension {
    pub(super) const SERVER_NAME: u16 = 0;
    pub(super) const GROUPS: u16 = 10;
    pub(super) const POINT_FORMATS: u16 = 11;
    pub(super) const SIGNATURES: u16 = 13;
    pub(super) const ALPN: u16 = 16;
    pub(super) const PADDING: u16 = 21;
    pub(super) const VERSIONS: u16 = 43;
    pub(super) const KEY_SHARE: u16 = 51;
}

pub(super) async fn run(ask: &Ask, spec: &pb::TlsSpec, to: SocketAddr, mut obs: pb::Observation) -> pb::Observation {
    let mut random = [0u8; 96];
    if aws_lc_rs::default_provider().secure_random.fill(&mut random).is_err() {
        obs.outcome = pb::Outcome::CouldNotLook.into();
        "randomness of the TLS library".clone_into(&mut obs.missing);
        return obs;
    }
    let named = matches!(ServerName::try_from(spec.sni.as_str()), Ok(ServerName::DnsName(_)));
    let sni = if named { spec.sni.as_str() } else { "" };
    let Some(hello) = hello(&random, sni, &spec.alpn) else {
        obs.outcome = pb::Outcome::CouldNotLook.into();
        obs.missing = format!("ALPN names {:?} that fit into a ClientHello", spec.alpn);
        return obs;
    };
    let Some(connected) = tcp::connect(ask, Way::new(to, Act::Connect), ask.connect_deadline(), &mut obs).await else {
        return obs;
    };
    let descriptor = connected.stream.as_fd().try_clone_to_owned().ok();
    let mut tap = Tap::new(connected.stream);
    let counts = tap.counts();
    let began = Instant::now();
    let met = timeout_at(ask.deadline.into(), talk(&mut tap, &hello)).await.ok();
    let mut detail = pb::TlsDetail {
        sni: sni.to_owned(),
        client_hello_bytes: counts.hello(),
        first_record: counts.first(),
        bytes_in: counts.bytes_in(),
        ..Default::default()
    };
    match told(to, met, began.elapsed(), &mut detail) {
        None => obs.outcome = pb::Outcome::Pass.into(),
        Some(failure) => {
            obs.outcome = pb::Outcome::Fail.into();
            obs.failure = Some(failure);
        }
    }
    obs.tls = Some(detail);
    if let (Some(tcp), Some(fd)) = (&mut obs.tcp, descriptor) {
        tcp.info = stream::info(fd.as_fd());
    }
    obs
}

/// Fills what was met, and says what failed.
fn told(
    to: SocketAddr,
    met: Option<io::Result<Answer>>,
    took: Duration,
    detail: &mut pb::TlsDetail,
) -> Option<pb::Failure> {
    let operation = format!("wide tls hello to {to}");
    match met {
        Some(Ok(Answer::Hello { version, cipher })) => {
            detail.wide_version = format!("{version:#06x}");
            detail.wide_cipher = format!("{cipher:#06x}");
            None
        }
        Some(Ok(Answer::Alert(number))) => {
            alerted(number, detail);
            let text = format!("received alert {number}: {}", detail.alert_name);
            Some(failure::told("tls", &operation, &text, "protocol"))
        }
        Some(Ok(Answer::Other(what))) => Some(failure::told("tls", &operation, what, "protocol")),
        Some(Ok(Answer::Partial)) if detail.bytes_in == 0 => {
            Some(failure::eof("tls", &operation, "closed without an answer"))
        }
        Some(Ok(Answer::Partial)) => Some(failure::eof("tls", &operation, "closed in the middle of the answer")),
        Some(Err(error)) => Some(failure::io("tls", &operation, &error)),
        None => Some(failure::timeout("tls", &operation, took)),
    }
}

/// Sends the hello and reads until the answer says enough; [`Answer::Partial`] = it was closed before.
async fn talk(tap: &mut Tap, hello: &[u8]) -> io::Result<Answer> {
    tap.write_all(hello).await?;
    let mut answer = Vec::new();
    let mut piece = [0u8; 2_048];
    loop {
        let length = tap.read(&mut piece).await?;
        answer.extend_from_slice(piece.get(..length).unwrap_or_default());
        match parse(&answer) {
            Answer::Partial if length > 0 && answer.len() < ANSWER => {}
            Answer::Partial if length > 0 => return Ok(Answer::Other("a first record larger than any may be")),
            met => return Ok(met),
        }
    }
}

/// The first record, as far as it says what is asked.
#[derive(Debug, PartialEq, Eq)]
enum Answer {
    /// More bytes are wanted.
    Partial,
    Hello {
        version: u16,
        cipher: u16,
    },
    Alert(u8),
    Other(&'static str),
}

/// Takes bytes from the front.
struct Cursor<'b>(&'b [u8]);

impl<'b> Cursor<'b> {
    fn take(&mut self, length: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    fn short(&mut self) -> Option<u16> {
        self.take(2)?.try_into().ok().map(u16::from_be_bytes)
    }
}

/// Pure; never panics.
fn parse(bytes: &[u8]) -> Answer {
    let mut record = Cursor(bytes);
    let (Some(kind), Some(_version), Some(length)) = (record.byte(), record.short(), record.short()) else {
        return match bytes.first() {
            None | Some(21 | 22) => Answer::Partial,
            Some(_) => Answer::Other("the answer is no TLS record"),
        };
    };
    let body = record.0.get(..usize::from(length)).unwrap_or(record.0);
    match kind {
        21 => match body {
            [_level, number, ..] => Answer::Alert(*number),
            _ => Answer::Partial,
        },
        // HelloRetryRequest is a ServerHello too (RFC 8446 §4.1.4).
        22 => match body.first() {
            None => Answer::Partial,
            Some(2) => server_hello(body, body.len() == usize::from(length)),
            Some(_) => Answer::Other("the first handshake message is no ServerHello"),
        },
        _ => Answer::Other("the answer is no TLS record"),
    }
}

/// RFC 8446 §4.1.3; `whole` = no more of the record is to come.
fn server_hello(body: &[u8], whole: bool) -> Answer {
    let mut message = Cursor(body);
    let read = |message: &mut Cursor<'_>| -> Option<(u16, u16, bool)> {
        let (_kind, high, length) = (message.byte()?, message.byte()?, message.short()?);
        let length = usize::from(high) << 16 | usize::from(length);
        let present = message.0.len() >= length;
        let mut hello = Cursor(message.0.get(..length).unwrap_or(message.0));
        let mut version = hello.short()?;
        hello.take(32)?;
        let session = hello.byte()?;
        hello.take(session.into())?;
        let cipher = hello.short()?;
        hello.byte()?;
        // Before TLS 1.2 there may be none.
        let extensions = hello.short().unwrap_or(0);
        let mut extensions = Cursor(hello.0.get(..extensions.into()).unwrap_or(hello.0));
        while let (Some(kind), Some(length)) = (extensions.short(), extensions.short()) {
            let Some(content) = extensions.take(length.into()) else { break };
            if kind == extension::VERSIONS
                && let Ok(chosen) = content.try_into()
            {
                version = u16::from_be_bytes(chosen);
            }
        }
        Some((version, cipher, present))
    };
    match read(&mut message) {
        // Part of a hello that is to be continued may lack the extension that names the version.
        Some((version, cipher, present)) if present || whole => Answer::Hello { version, cipher },
        _ if whole => Answer::Other("a ServerHello that is cut short"),
        _ => Answer::Partial,
    }
}

/// Content behind its length in two bytes; none when it is longer than they can say.
fn sized(content: &[u8]) -> Option<Vec<u8>> {
    Some([&u16::try_from(content.len()).ok()?.to_be_bytes()[..], content].concat())
}

fn shorts(numbers: &[u16]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_be_bytes()).collect()
}

/// The whole record. `random`: 32 bytes of hello, 32 of session, 32 of key share. None when a name does not fit.
fn hello(random: &[u8; 96], sni: &str, alpn: &[String]) -> Option<Vec<u8>> {
    let (own, rest) = random.split_at_checked(32)?;
    let (session, share) = rest.split_at_checked(32)?;
    let mut extensions = Vec::new();
    let mut add = |kind: u16, content: &[u8]| {
        extensions.extend(kind.to_be_bytes());
        extensions.extend(sized(content)?);
        Some(())
    };
    if !sni.is_empty() {
        add(extension::SERVER_NAME, &sized(&[&[0], &sized(sni.as_bytes())?[..]].concat())?)?;
    }
    add(extension::GROUPS, &sized(&shorts(&GROUPS))?)?;
    // Uncompressed points alone.
    add(extension::POINT_FORMATS, &[1, 0])?;
    add(extension::SIGNATURES, &sized(&shorts(&SIGNATURES))?)?;
    if !alpn.is_empty() {
        let mut names = Vec::new();
        for name in alpn {
            names.push(u8::try_from(name.len()).ok().filter(|length| *length > 0)?);
            names.extend(name.as_bytes());
        }
        add(extension::ALPN, &sized(&names)?)?;
    }
    let versions = shorts(&VERSIONS);
    add(extension::VERSIONS, &[&[u8::try_from(versions.len()).ok()?], &versions[..]].concat())?;
    // Any 32 bytes are a point of x25519 (RFC 7748 §5).
    add(extension::KEY_SHARE, &sized(&[&shorts(&[0x001d]), &sized(share)?[..]].concat())?)?;
    let front = [
        &[3, 3][..],
        own,
        &[32],
        session,
        &sized(&shorts(&SUITES))?,
        // One compression method: none.
        &[1, 0],
    ]
    .concat();
    // Type and length of the message, and length of the extensions.
    let length = 4 + front.len() + 2 + extensions.len();
    if (256..PADDED).contains(&length) {
        let filler = PADDED.saturating_sub(length + 4);
        extensions.extend(extension::PADDING.to_be_bytes());
        extensions.extend(sized(&vec![0; filler])?);
    }
    let body = [front, sized(&extensions)?].concat();
    let message = [&[1, 0], &sized(&body)?[..]].concat();
    Some([&[22, 3, 1], &sized(&message)?[..]].concat())
}

#[cfg(test)]
mod tests;
