//! One question to one server over our own sockets; hickory-proto only encodes and decodes.
//!
//! An answer counts when id, port and question match (RFC 5452 §9); what does not is counted and waited past.

use std::{
    net::IpAddr,
    os::fd::AsFd as _,
    str::FromStr as _,
    time::{Duration, Instant},
};

use hickory_proto::{
    op::{Edns, Message, MessageType, OpCode, Query},
    rr::{Name, RecordType},
};
use mesh_proto::v1 as pb;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    time::timeout_at,
};

use super::{Ask, tcp};
use crate::{
    failure,
    guard::Act,
    net::stream::{self, Way},
};

/// Bytes of a UDP answer.
const UDP_BYTES: usize = 4 << 10;
/// Records of one answer that are kept.
const RECORDS: usize = 512;
/// Answers that match nothing before the wait is given up.
const MISMATCHED: u32 = 64;
const DNS_PORT: u16 = 53;

pub(crate) async fn run(ask: &Ask, spec: &pb::DnsSpec) -> pb::Observation {
    let port = if spec.port == 0 { DNS_PORT.into() } else { spec.port };
    let asked = format!("dns {} {} @{} over {}", spec.r#type, spec.name, spec.server, spec.transport);
    let mut obs = tcp::about("dns", &spec.name, &spec.server, port);
    obs.asked = asked;
    obs.protocol.clone_from(&spec.transport);
    let Some(to) = tcp::target(&mut obs, &spec.server, port) else { return obs };
    let (query, bytes) = match question(spec) {
        Ok(made) => made,
        Err(reason) => {
            obs.outcome = pb::Outcome::CouldNotLook.into();
            obs.missing = reason;
            return obs;
        }
    };
    let detail = pb::DnsDetail {
        server: to.ip().to_canonical().to_string(),
        transport: spec.transport.clone(),
        question: spec.name.clone(),
        r#type: spec.r#type.clone(),
        ..Default::default()
    };
    obs.dns = Some(detail);
    let Some(way) = tcp::way(&mut obs, to, Act::Dns, spec.source_port) else { return obs };
    if spec.transport == "tcp" {
        over_tcp(ask, way, &query, &bytes, &mut obs).await;
    } else {
        over_udp(ask, way, &query, &bytes, &mut obs).await;
    }
    obs
}

fn question(spec: &pb::DnsSpec) -> Result<(Message, Vec<u8>), String> {
    let name = Name::from_str(&spec.name).map_err(|e| format!("name {:?}: {e}", spec.name))?;
    let kind = RecordType::from_str(&spec.r#type).map_err(|e| format!("record type {:?}: {e}", spec.r#type))?;
    let mut message = Message::new(id(), MessageType::Query, OpCode::Query);
    message.metadata.recursion_desired = true;
    // A name that was asked is a whole name: search lists are the stub's affair.
    let mut query = Query::query(name, kind);
    query.name.set_fqdn(true);
    message.add_query(query);
    if spec.edns_bytes > 0 {
        let mut edns = Edns::new();
        edns.set_max_payload(u16::try_from(spec.edns_bytes).unwrap_or(u16::MAX)).set_version(0);
        message.set_edns(edns);
    }
    let bytes = message.to_vec().map_err(|e| format!("question: {e}"))?;
    Ok((message, bytes))
}

/// An id nobody can guess from the one before.
fn id() -> u16 {
    let mut bytes = [0u8; 2];
    match rustls::crypto::aws_lc_rs::default_provider().secure_random.fill(&mut bytes) {
        Ok(()) => u16::from_ne_bytes(bytes),
        // Without randomness the port alone guards the answer.
        Err(_) => 0x5a5a,
    }
}

async fn over_udp(ask: &Ask, way: Way, query: &Message, bytes: &[u8], obs: &mut pb::Observation) {
    let operation = format!("dns question to {} over udp", way.to);
    let began = Instant::now();
    let socket = match ask.net.datagrams(way).await {
        Ok(Ok(socket)) => socket,
        Ok(Err(error)) => return fail(obs, failure::io("dns", &operation, &error)),
        Err(refused) => return tcp::not_allowed(obs, &refused),
    };
    if let Ok(local) = socket.local_addr() {
        obs.local_address = local.ip().to_canonical().to_string();
        obs.local_port = local.port().into();
    }
    let mut buffer = vec![0u8; UDP_BYTES];
    let met = timeout_at(ask.deadline.into(), async {
        socket.send(bytes).await?;
        for _ in 0..MISMATCHED {
            let length = socket.recv(&mut buffer).await?;
            let answer = buffer.get(..length).unwrap_or_default();
            if let Some(message) = matching(answer, query) {
                return Ok(Some((message, length)));
            }
            if let Some(dns) = &mut obs.dns {
                dns.mismatched += 1;
            }
        }
        Ok::<_, std::io::Error>(None)
    })
    .await;
    match met {
        Ok(Ok(Some((message, length)))) => answered(obs, &message, length, &operation),
        Ok(Ok(None)) => {
            let text = format!("{MISMATCHED} answers matched neither id nor question");
            fail(obs, failure::told("dns", &operation, &text, "protocol"));
        }
        Ok(Err(error)) => {
            let (icmp, _) = stream::queued(socket.as_fd());
            if let Some(dns) = &mut obs.dns {
                dns.icmp = icmp;
            }
            fail(obs, failure::io("dns", &operation, &error));
        }
        Err(_elapsed) => fail(obs, failure::timeout("dns", &operation, began.elapsed())),
    }
}

async fn over_tcp(ask: &Ask, way: Way, query: &Message, bytes: &[u8], obs: &mut pb::Observation) {
    let operation = format!("dns question to {} over tcp", way.to);
    let began = Instant::now();
    let mut stream = match ask.net.connect(way, ask.connect_deadline()).await {
        Err(refused) => return tcp::not_allowed(obs, &refused),
        Ok(Err(missed)) => {
            tcp::local(obs, missed.local);
            if let Some(dns) = &mut obs.dns {
                dns.icmp.clone_from(&missed.icmp);
            }
            let failure = match &missed.error {
                Some(error) => failure::io("dns", &operation, error),
                None => failure::timeout("dns", &operation, missed.took),
            };
            return fail(obs, failure);
        }
        Ok(Ok(connected)) => {
            tcp::local(obs, connected.local);
            connected.stream
        }
    };
    let met = timeout_at(ask.deadline.into(), async {
        let length = u16::try_from(bytes.len()).map_err(std::io::Error::other)?;
        stream.write_all(&[&length.to_be_bytes(), bytes].concat()).await?;
        // The length field bounds an answer at 64 KiB (RFC 1035 §4.2.2).
        let length = stream.read_u16().await?;
        let mut answer = vec![0u8; length.into()];
        stream.read_exact(&mut answer).await?;
        Ok::<_, std::io::Error>(answer)
    })
    .await;
    match met {
        Ok(Ok(answer)) => {
            if let Some(message) = matching(&answer, query) {
                return answered(obs, &message, answer.len(), &operation);
            }
            if let Some(dns) = &mut obs.dns {
                dns.mismatched += 1;
            }
            let text = "the answer matches neither id nor question, or can't be decoded";
            fail(obs, failure::told("dns", &operation, text, "protocol"));
        }
        Ok(Err(error)) => fail(obs, failure::io("dns", &operation, &error)),
        Err(_elapsed) => fail(obs, failure::timeout("dns", &operation, began.elapsed())),
    }
}

fn fail(obs: &mut pb::Observation, failure: pb::Failure) {
    obs.outcome = pb::Outcome::Fail.into();
    obs.failure = Some(failure);
}

/// The decoded answer, when it is one to our question.
fn matching(bytes: &[u8], query: &Message) -> Option<Message> {
    let answer = Message::from_vec(bytes).ok()?;
    let same = |a: &Query, b: &Query| a.name.eq_ignore_root(&b.name) && a.query_type == b.query_type;
    let fits = answer.metadata.id == query.metadata.id
        && answer.metadata.message_type == MessageType::Response
        && match (answer.queries.first(), query.queries.first()) {
            (Some(theirs), Some(ours)) => same(theirs, ours),
            // A server that refuses may leave the question out; what answers must name it.
            (None, Some(_)) => u16::from(answer.metadata.response_code) != 0 && answer.answers.is_empty(),
            _ => false,
        };
    fits.then_some(answer)
}

fn answered(obs: &mut pb::Observation, message: &Message, length: usize, operation: &str) {
    let rcode = rcode(message);
    if rcode == "NOERROR" {
        obs.outcome = pb::Outcome::Pass.into();
    } else {
        fail(obs, failure::told("dns", operation, &rcode, "rcode"));
    }
    let Some(dns) = &mut obs.dns else { return };
    dns.rcode = rcode;
    dns.authoritative = message.metadata.authoritative;
    dns.truncated = message.metadata.truncation;
    dns.recursion_available = message.metadata.recursion_available;
    dns.response_bytes = u32::try_from(length).unwrap_or(u32::MAX);
    dns.answers = message
        .answers
        .iter()
        .take(RECORDS)
        .map(|record| pb::DnsRecord {
            name: record.name.to_string(),
            r#type: record.record_type().to_string(),
            ttl: record.ttl,
            data: record.data.to_string(),
        })
        .collect();
}

/// Mnemonic of the response code (RFC 1035 §4.1.1, RFC 6895 §2.3).
fn rcode(message: &Message) -> String {
    match u16::from(message.metadata.response_code) {
        0 => "NOERROR".to_owned(),
        1 => "FORMERR".to_owned(),
        2 => "SERVFAIL".to_owned(),
        3 => "NXDOMAIN".to_owned(),
        4 => "NOTIMP".to_owned(),
        5 => "REFUSED".to_owned(),
        other => format!("RCODE{other}"),
    }
}

/// Asks one server for one type over UDP, then over TCP when the answer was cut; for the stub.
pub(crate) async fn lookup(ask: &Ask, server: IpAddr, name: &str, kind: &str, patience: Duration) -> pb::Observation {
    let until = Instant::now() + patience;
    let own = Ask { net: ask.net.clone(), deadline: until.min(ask.deadline), connect: None, watch: false };
    let mut spec = pb::DnsSpec {
        server: server.to_string(),
        port: 0,
        name: name.to_owned(),
        r#type: kind.to_owned(),
        transport: "udp".to_owned(),
        edns_bytes: 0,
        ..Default::default()
    };
    let obs = Box::pin(run(&own, &spec)).await;
    if obs.dns.as_ref().is_some_and(|dns| dns.truncated) {
        "tcp".clone_into(&mut spec.transport);
        return Box::pin(run(&own, &spec)).await;
    }
    obs
}

#[cfg(test)]
mod tests {
    use hickory_proto::op::ResponseCode;

    use super::*;

    fn spec() -> pb::DnsSpec {
        pb::DnsSpec { name: "api.lab".to_owned(), r#type: "A".to_owned(), ..Default::default() }
    }

    #[test]
    fn an_answer_to_another_question_or_id_does_not_count() {
        let (query, bytes) = question(&spec()).unwrap();
        assert!(matching(&bytes, &query).is_none(), "a question is no answer");
        let mut answer = query.clone();
        answer.metadata.message_type = MessageType::Response;
        assert!(matching(&answer.to_vec().unwrap(), &query).is_some());
        answer.metadata.id = query.metadata.id.wrapping_add(1);
        assert!(matching(&answer.to_vec().unwrap(), &query).is_none());
        let (other, _) = question(&pb::DnsSpec { name: "other.lab".to_owned(), ..spec() }).unwrap();
        let mut answer = other;
        answer.metadata.message_type = MessageType::Response;
        answer.metadata.id = query.metadata.id;
        assert!(matching(&answer.to_vec().unwrap(), &query).is_none());
        let mut bare = Message::response(query.metadata.id, OpCode::Query);
        assert!(matching(&bare.to_vec().unwrap(), &query).is_none(), "no question and no error");
        bare.metadata.response_code = ResponseCode::Refused;
        assert!(matching(&bare.to_vec().unwrap(), &query).is_some(), "a refusal without the question");
    }

    /// Serves one UDP socket of loopback: each question gets all of these.
    async fn serve(reply: impl Fn(&Message) -> Vec<Vec<u8>> + Send + 'static) -> u32 {
        let socket = udp().await;
        let port = socket.local_addr().unwrap().port();
        tokio::spawn(async move {
            let mut buffer = [0u8; 2048];
            while let Ok((length, from)) = socket.recv_from(&mut buffer).await {
                for answer in reply(&Message::from_vec(&buffer[..length]).unwrap()) {
                    socket.send_to(&answer, from).await.unwrap();
                }
            }
        });
        port.into()
    }

    #[expect(clippy::disallowed_methods, reason = "the test's own server")]
    async fn udp() -> tokio::net::UdpSocket {
        tokio::net::UdpSocket::bind("127.0.0.1:0").await.unwrap()
    }

    async fn asked_of(port: u32, transport: &str) -> pb::Observation {
        let net = crate::net::Net::current(std::sync::Arc::new(crate::guard::Guard::embedded()));
        let ask = Ask { net, deadline: Instant::now() + Duration::from_millis(300), connect: None, watch: false };
        let (server, transport) = ("127.0.0.1".to_owned(), transport.to_owned());
        run(&ask, &pb::DnsSpec { server, port, transport, ..spec() }).await
    }

    fn answering(query: &Message, id: u16) -> Vec<u8> {
        let mut answer = query.clone();
        answer.metadata.message_type = MessageType::Response;
        answer.metadata.id = id;
        let address = hickory_proto::rr::RData::A(std::net::Ipv4Addr::new(10, 0, 0, 7).into());
        answer.add_answer(hickory_proto::rr::Record::from_rdata(query.queries[0].name.clone(), 30, address));
        answer.to_vec().unwrap()
    }

    #[tokio::test]
    async fn forged_answers_are_counted_and_the_true_one_behind_them_is_taken() {
        let port = serve(|query| {
            let id = query.metadata.id;
            vec![answering(query, id ^ 1), b"junk".to_vec(), answering(query, id)]
        })
        .await;
        let seen = asked_of(port, "udp").await;
        let dns = seen.dns.clone().unwrap();
        assert_eq!((seen.outcome(), dns.mismatched, dns.rcode.as_str()), (pb::Outcome::Pass, 2, "NOERROR"));
        assert_eq!((dns.answers[0].r#type.as_str(), dns.answers[0].data.as_str()), ("A", "10.0.0.7"));
    }

    #[tokio::test]
    async fn silence_refusal_and_an_error_code_are_three_different_failures() {
        let silent = asked_of(serve(|_| Vec::new()).await, "udp").await.failure.unwrap();
        assert!(silent.how == "timeout" && silent.text.starts_with("no answer after "), "{silent:?}");
        let failing = serve(|query| {
            let mut answer = Message::response(query.metadata.id, OpCode::Query);
            answer.metadata.response_code = ResponseCode::ServFail;
            answer.add_query(query.queries[0].clone());
            vec![answer.to_vec().unwrap()]
        });
        let failing = asked_of(failing.await, "udp").await;
        assert_eq!(
            (failing.failure.unwrap().text.as_str(), failing.dns.unwrap().rcode.as_str()),
            ("SERVFAIL", "SERVFAIL")
        );
        let closed = udp().await.local_addr().unwrap().port().into();
        let refused = asked_of(closed, "udp").await;
        let icmp = refused.dns.unwrap().icmp.unwrap();
        assert_eq!(refused.failure.unwrap().errno_name, "ECONNREFUSED");
        assert_eq!((icmp.r#type, icmp.code, icmp.offender.as_str(), icmp.origin), (3, 3, "127.0.0.1", 2));
        let refused = asked_of(closed, "tcp").await;
        assert_eq!(refused.failure.unwrap().text, "Connection refused (os error 111)");
        assert_eq!(refused.dns.unwrap().icmp, None, "a reset is no ICMP error");
    }

    proptest::proptest! {
        #[test]
        fn decoding_never_panics(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..300)) {
            let (query, _) = question(&spec()).unwrap();
            drop(matching(&bytes, &query));
        }
    }
}
