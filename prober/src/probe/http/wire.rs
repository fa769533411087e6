//! HTTP/1.1 on the wire: the request's head, and a reader that takes the answer's bytes as they come (RFC 9112).
//! Pure; never panics.

use mesh_proto::v1 as pb;

/// Bytes of an answer's head.
pub(crate) const HEAD_BYTES: usize = 64 << 10;
/// Header lines of one answer.
const HEADERS: usize = 128;
/// Bytes of one kept header value.
const VALUE_BYTES: usize = 1_024;
/// Bytes of an answer's body that are read.
pub(crate) const BODY_BYTES: u64 = 1 << 20;
/// Informational answers before the final one.
pub(crate) const INFORMATIONAL: usize = 8;
/// Bytes of one chunk's size line, extensions included.
const CHUNK_LINE: usize = 16 << 10;
/// Bytes of one answer's size lines and trailers together: chunks of one byte make framing without end.
const FRAMING: usize = 2 << 20;
/// Headers of the caller, and their bytes together: what common servers take.
const OWN_HEADERS: (usize, usize) = (64, 32 << 10);
/// Bytes of a reason phrase that are kept.
const REASON_BYTES: usize = 256;

/// Response headers that say who answered and how; all others stay where they are, because they may carry secrets.
const KEPT: [&str; 20] = [
    "age",
    "alt-svc",
    "cf-ray",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "date",
    "keep-alive",
    "location",
    "retry-after",
    "server",
    "transfer-encoding",
    "upgrade",
    "via",
    "x-cache",
    "x-envoy-upstream-service-time",
    "x-powered-by",
    "x-request-id",
    "x-served-by",
];

/// Headers that frame the request; they are ours.
const FRAMED: [&str; 3] = ["connection", "content-length", "transfer-encoding"];

/// What a request is made of.
#[derive(Debug, Clone)]
pub(crate) struct Request<'r> {
    pub(crate) method: &'r str,
    pub(crate) path: &'r str,
    pub(crate) host: &'r str,
    pub(crate) headers: &'r [pb::Header],
    pub(crate) body_bytes: u64,
    /// The connection is to stay open after the answer.
    pub(crate) keep: bool,
}

/// Names a caller's header that can't be sent, and why.
pub(crate) fn unsendable(request: &Request<'_>) -> Option<String> {
    let token = |text: &str| {
        !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b))
    };
    if !token(request.method) {
        return Some(format!("method {:?} is no token", request.method));
    }
    if request.path.bytes().any(|b| b <= b' ' || b == 0x7f) {
        return Some(format!("path {:?} holds a space or a control character", request.path));
    }
    if !request.path.is_empty() && request.path != "*" && !request.path.starts_with('/') {
        return Some(format!("path {:?} does not begin with \"/\"", request.path));
    }
    if request.host.bytes().any(|b| b <= b' ' || b == 0x7f) {
        return Some(format!("host {:?} holds a space or a control character", request.host));
    }
    let bytes: usize = request.headers.iter().map(|header| header.name.len() + header.value.len()).sum();
    let (most, most_bytes) = OWN_HEADERS;
    if request.headers.len() > most || bytes > most_bytes {
        return Some(format!("more than {most} headers or {most_bytes} bytes of them"));
    }
    // A tab is the one control character that a field value may hold (RFC 9110 §5.5).
    let bad = |value: &str| value.bytes().any(|b| (b < b' ' && b != b'\t') || b == 0x7f);
    request
        .headers
        .iter()
        .find(|header| !token(&header.name) || bad(&header.value))
        .map(|header| format!("header {:?} holds a character that no header may hold", header.name))
}

/// The head as it is sent.
pub(crate) fn head(request: &Request<'_>) -> Vec<u8> {
    let given = |name: &str| request.headers.iter().any(|header| header.name.eq_ignore_ascii_case(name));
    let mut lines =
        vec![format!("{} {} HTTP/1.1", request.method, if request.path.is_empty() { "/" } else { request.path })];
    if !given("host") {
        lines.push(format!("Host: {}", request.host));
    }
    if !given("user-agent") {
        lines.push(format!("User-Agent: probemesh/{}", env!("CARGO_PKG_VERSION")));
    }
    if !given("accept") {
        lines.push("Accept: */*".to_owned());
    }
    // Said in full also where it is the default: HTTP/1.0 servers and proxies keep the connection only then.
    lines.push(format!("Connection: {}", if request.keep { "keep-alive" } else { "close" }));
    if request.body_bytes > 0 {
        if !given("content-type") {
            lines.push("Content-Type: application/octet-stream".to_owned());
        }
        lines.push(format!("Content-Length: {}", request.body_bytes));
    } else if ["POST", "PUT", "PATCH"].contains(&request.method) {
        // RFC 9110 §8.6; without it some servers answer 411.
        lines.push("Content-Length: 0".to_owned());
    }
    let own = request.headers.iter().filter(|h| !FRAMED.contains(&h.name.to_ascii_lowercase().as_str()));
    lines.extend(own.map(|header| format!("{}: {}", header.name, header.value)));
    (lines.join("\r\n") + "\r\n\r\n").into_bytes()
}

/// Why an answer can't be read on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unreadable {
    #[error("not an HTTP/1 answer: {0}")]
    Syntax(String),
    #[error("a head of more than {HEAD_BYTES} bytes")]
    Head,
    #[error("more than {HEADERS} header lines")]
    Headers,
    #[error("more than {INFORMATIONAL} informational answers")]
    Informational,
    #[error("chunked coding: {0}")]
    Chunk(&'static str),
}

/// The head of one answer.
#[derive(Debug)]
pub(crate) struct Head {
    /// Bytes it took.
    pub(crate) used: usize,
    pub(crate) status: u32,
    pub(crate) reason: String,
    /// Minor version: 0 or 1.
    minor: u8,
    /// Those of the allow-list.
    pub(crate) headers: Vec<pb::HttpHeader>,
}

impl Head {
    /// Another head follows.
    pub(crate) fn is_informational(&self) -> bool {
        (100..200).contains(&self.status) && self.status != 101
    }
}

/// Parses one head; none while it is not whole.
pub(crate) fn answer_head(bytes: &[u8]) -> Result<Option<Head>, Unreadable> {
    let mut headers = [httparse::EMPTY_HEADER; HEADERS];
    let mut response = httparse::Response::new(&mut headers);
    let used = match response.parse(bytes) {
        Ok(httparse::Status::Complete(used)) => used,
        Ok(httparse::Status::Partial) if bytes.len() > HEAD_BYTES => return Err(Unreadable::Head),
        Ok(httparse::Status::Partial) => return Ok(None),
        Err(httparse::Error::TooManyHeaders) => return Err(Unreadable::Headers),
        Err(e) => return Err(Unreadable::Syntax(e.to_string())),
    };
    Ok(Some(Head {
        used,
        status: response.code.unwrap_or(0).into(),
        reason: response.reason.unwrap_or_default().chars().take(REASON_BYTES).collect(),
        minor: response.version.unwrap_or(1),
        headers: response.headers.iter().filter_map(|header| kept(header.name, header.value)).collect(),
    }))
}

/// A header as it may be kept; none when it is not of the allow-list.
pub(crate) fn kept(name: &str, value: &[u8]) -> Option<pb::HttpHeader> {
    let name = name.to_ascii_lowercase();
    if !KEPT.contains(&name.as_str()) {
        return None;
    }
    let value = value.get(..VALUE_BYTES).unwrap_or(value);
    let mut value = String::from_utf8_lossy(value).into_owned();
    if name == "location"
        && let Some((place, _)) = value.split_once('?')
    {
        // A query may carry a token.
        value = format!("{place}?…");
    }
    Some(pb::HttpHeader { name, value })
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Body {
    /// None of it (HEAD, 204, 304).
    None,
    Length(u64),
    /// State of the chunked coding: bytes left in the present chunk.
    Chunked(Chunk),
    UntilClose,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Chunk {
    Size(Vec<u8>),
    Data(u64),
    DataEnd(u8),
    Trailer(Vec<u8>),
    Done,
}

/// Takes an answer's bytes as they arrive.
#[derive(Debug)]
pub(crate) struct Reader {
    head: Vec<u8>,
    /// Bytes of chunked framing so far.
    framing: usize,
    body: Option<Body>,
    is_head: bool,
    pub(crate) detail: pb::HttpDetail,
}

impl Reader {
    pub(crate) fn new(method: &str) -> Self {
        Self { head: Vec::new(), framing: 0, body: None, is_head: method == "HEAD", detail: pb::HttpDetail::default() }
    }

    /// The answer is whole, or as much of it was read as is read of any.
    pub(crate) fn done(&self) -> bool {
        self.detail.complete || self.detail.bounded
    }

    /// The connection was closed in order: that ends a body without a length, and cuts any other.
    pub(crate) fn closed(&mut self) {
        if self.body == Some(Body::UntilClose) {
            self.detail.complete = true;
        }
    }

    /// Takes more bytes.
    pub(crate) fn take(&mut self, bytes: &[u8]) -> Result<(), Unreadable> {
        if self.body.is_some() {
            return self.take_body(bytes);
        }
        let news = self.head.is_empty() || bytes.contains(&b'\n') || self.head.len() + bytes.len() > HEAD_BYTES;
        self.head.extend_from_slice(bytes);
        if !news {
            // A head that drips in byte by byte is parsed once a line and not once a byte.
            return Ok(());
        }
        while self.body.is_none() {
            let Some(used) = self.parse_head()? else { return Ok(()) };
            let rest = self.head.split_off(used.min(self.head.len()));
            self.head = rest;
        }
        let rest = std::mem::take(&mut self.head);
        self.take_body(&rest)
    }

    /// Parses one head when it is whole, and says how many bytes it took.
    fn parse_head(&mut self) -> Result<Option<usize>, Unreadable> {
        let Some(head) = answer_head(&self.head)? else { return Ok(None) };
        if head.is_informational() {
            if self.detail.informational.len() == INFORMATIONAL {
                return Err(Unreadable::Informational);
            }
            self.detail.informational.push(head.status);
            return Ok(Some(head.used));
        }
        self.detail.status = head.status;
        self.detail.reason = head.reason;
        self.detail.version = format!("HTTP/1.{}", head.minor);
        self.detail.headers = head.headers;
        self.body = Some(self.body_kind(head.status));
        if self.body == Some(Body::None) || self.body == Some(Body::Length(0)) {
            self.detail.complete = true;
        }
        Ok(Some(head.used))
    }

    /// The server leaves the connection open after this answer (RFC 9112 §9.3). An HTTP/1.0 server that says
    /// "keep-alive" does so as well, but too few do to tell its close from an idle time of its own.
    pub(crate) fn persists(&self) -> bool {
        let says_close = self
            .detail
            .headers
            .iter()
            .filter(|header| header.name == "connection")
            .flat_map(|header| header.value.split(','))
            .any(|option| option.trim().eq_ignore_ascii_case("close"));
        self.detail.version == "HTTP/1.1"
            && self.detail.status != 101
            && !says_close
            && !matches!(self.body, None | Some(Body::UntilClose))
    }

    /// How long the body is (RFC 9112 §6.3).
    fn body_kind(&self, status: u32) -> Body {
        let value = |name: &str| self.detail.headers.iter().find(|h| h.name == name).map(|h| h.value.trim().to_owned());
        // After 101 the connection speaks something else.
        if self.is_head || matches!(status, 101 | 204 | 304) {
            return Body::None;
        }
        if value("transfer-encoding").is_some_and(|coding| coding.to_ascii_lowercase().ends_with("chunked")) {
            return Body::Chunked(Chunk::Size(Vec::new()));
        }
        match value("content-length").and_then(|length| length.parse().ok()) {
            Some(length) => Body::Length(length),
            None => Body::UntilClose,
        }
    }

    fn count(&mut self, bytes: u64) {
        self.detail.body_bytes_received += bytes;
        if self.detail.body_bytes_received >= BODY_BYTES && !self.detail.complete {
            self.detail.bounded = true;
        }
    }

    fn take_body(&mut self, bytes: &[u8]) -> Result<(), Unreadable> {
        let all = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        match self.body.take() {
            Some(Body::Length(left)) => {
                let taken = left.min(all);
                self.body = Some(Body::Length(left - taken));
                if left == taken {
                    self.detail.complete = true;
                }
                self.count(taken);
            }
            Some(Body::Chunked(mut chunk)) => {
                let mut rest = bytes;
                while !rest.is_empty() && chunk != Chunk::Done {
                    rest = self.chunk(&mut chunk, rest)?;
                }
                if chunk == Chunk::Done {
                    self.detail.complete = true;
                }
                self.body = Some(Body::Chunked(chunk));
            }
            Some(Body::UntilClose) => {
                self.body = Some(Body::UntilClose);
                self.count(all);
            }
            other => self.body = other,
        }
        Ok(())
    }

    /// Moves the chunked coding on by as many bytes as one state takes.
    fn chunk<'b>(&mut self, chunk: &mut Chunk, bytes: &'b [u8]) -> Result<&'b [u8], Unreadable> {
        let (first, rest) = bytes.split_first().map_or((0, bytes), |(first, rest)| (*first, rest));
        if !matches!(chunk, Chunk::Data(_)) {
            self.framing += 1;
            if self.framing > FRAMING {
                return Err(Unreadable::Chunk("more framing than any body needs"));
            }
        }
        let next = match chunk {
            Chunk::Size(line) if first == b'\n' => {
                let text = String::from_utf8_lossy(line).into_owned();
                let size = text.split(';').next().unwrap_or_default().trim();
                let size = u64::from_str_radix(size, 16)
                    .map_err(|_digits| Unreadable::Chunk("a size that is no hexadecimal number"))?;
                if size == 0 { Chunk::Trailer(Vec::new()) } else { Chunk::Data(size) }
            }
            Chunk::Size(line) => {
                line.push(first);
                if line.len() > CHUNK_LINE {
                    return Err(Unreadable::Chunk("a size line that does not end"));
                }
                return Ok(rest);
            }
            Chunk::Data(left) => {
                let taken = usize::try_from(*left).unwrap_or(usize::MAX).min(bytes.len());
                let taken_bytes = u64::try_from(taken).unwrap_or(u64::MAX);
                *left -= taken_bytes;
                self.count(taken_bytes);
                if *left == 0 {
                    *chunk = Chunk::DataEnd(2);
                }
                return Ok(bytes.get(taken..).unwrap_or_default());
            }
            Chunk::DataEnd(left) if *left <= 1 => Chunk::Size(Vec::new()),
            Chunk::DataEnd(left) => Chunk::DataEnd(*left - 1),
            Chunk::Trailer(line) if first == b'\n' && line.iter().all(|b| *b == b'\r') => Chunk::Done,
            Chunk::Trailer(_) if first == b'\n' => Chunk::Trailer(Vec::new()),
            Chunk::Trailer(line) => {
                line.push(first);
                if line.len() > CHUNK_LINE {
                    return Err(Unreadable::Chunk("a trailer that does not end"));
                }
                return Ok(rest);
            }
            Chunk::Done => return Ok(&[]),
        };
        *chunk = next;
        Ok(rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(method: &str, pieces: &[&[u8]]) -> Result<pb::HttpDetail, Unreadable> {
        let mut reader = Reader::new(method);
        for piece in pieces {
            reader.take(piece)?;
        }
        Ok(reader.detail)
    }

    #[test]
    fn an_answer_is_the_same_however_its_bytes_are_cut() {
        let answer: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nServer: lab\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n6\r\n world\r\n0\r\nT: 1\r\n\r\n";
        let whole = read("GET", &[answer]).unwrap();
        assert_eq!((whole.status, whole.body_bytes_received, whole.complete), (200, 11, true));
        assert_eq!(whole.informational, [100]);
        let bytes: Vec<&[u8]> = answer.chunks(1).collect();
        assert_eq!(read("GET", &bytes).unwrap(), whole);
    }

    #[test]
    fn a_body_that_is_cut_is_not_complete() {
        let detail = read("GET", &[b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc"]).unwrap();
        assert_eq!((detail.complete, detail.body_bytes_received), (false, 3));
        assert!(read("HEAD", &[b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"]).unwrap().complete);
    }

    #[test]
    fn endless_heads_bodies_and_chunk_lines_are_bounded() {
        let head = [b"HTTP/1.1 200 OK\r\nA: ".as_slice(), &vec![b'a'; HEAD_BYTES + 1]].concat();
        assert_eq!(read("GET", &[&head]), Err(Unreadable::Head));
        let many = "A: b\r\n".repeat(200);
        assert_eq!(read("GET", &[format!("HTTP/1.1 200 OK\r\n{many}\r\n").as_bytes()]), Err(Unreadable::Headers));
        let body = vec![b'x'; 2 << 20];
        assert!(read("GET", &[b"HTTP/1.1 200 OK\r\n\r\n", &body]).unwrap().bounded);
        let line = [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;".as_slice(), &vec![b'a'; CHUNK_LINE + 1]]
            .concat();
        assert!(matches!(read("GET", &[&line]), Err(Unreadable::Chunk(_))));
    }

    #[test]
    fn headers_that_may_carry_secrets_are_not_kept() {
        let detail =
            read("GET", &[b"HTTP/1.1 200 OK\r\nSet-Cookie: s=1\r\nServer: x\r\nContent-Length: 0\r\n\r\n"]).unwrap();
        assert_eq!(detail.headers.len(), 2);
        assert!(detail.headers.iter().all(|header| header.name != "set-cookie"));
    }

    #[test]
    fn a_header_with_a_line_break_is_not_sent() {
        let headers = [pb::Header { name: "X".to_owned(), value: "a\r\nHost: other".to_owned() }];
        let request = Request { method: "GET", path: "/", host: "h", headers: &headers, body_bytes: 0, keep: false };
        assert!(unsendable(&request).is_some());
        let fine = Request { headers: &[], ..request };
        assert_eq!(unsendable(&fine), None, "the control");
        for bad in [
            Request { host: "h\r\nX: y", ..fine.clone() },
            Request { path: "/ HTTP/1.1\r\nX: y", ..fine.clone() },
            Request { path: "http://other/", ..fine.clone() },
            Request { method: "GET /x", ..fine.clone() },
        ] {
            assert!(unsendable(&bad).is_some(), "{bad:?}");
        }
    }

    #[test]
    fn the_length_of_a_body_is_always_ours() {
        let headers = [("Content-Length", "7"), ("Transfer-Encoding", "chunked"), ("Host", "other")];
        let headers = headers.map(|(name, value)| pb::Header { name: name.to_owned(), value: value.to_owned() });
        let request = Request { method: "POST", path: "/x", host: "h", headers: &headers, body_bytes: 3, keep: false };
        let text = String::from_utf8(head(&request)).unwrap();
        assert!(text.starts_with("POST /x HTTP/1.1\r\n") && text.ends_with("\r\n\r\n"), "{text}");
        assert!(text.contains("Content-Length: 3\r\n") && !text.contains('7') && !text.contains("chunked"), "{text}");
        assert!(text.contains("Host: other\r\n") && !text.contains("Host: h\r\n"), "{text}");
    }

    #[test]
    fn a_redirect_keeps_its_place_and_loses_its_query() {
        let detail =
            read("GET", &[b"HTTP/1.1 302 Found\r\nLocation: /in?token=s3cret\r\nContent-Length: 0\r\n\r\n"]).unwrap();
        assert_eq!(detail.headers[0].value, "/in?…");
    }

    #[test]
    fn chunks_of_one_byte_do_not_go_on_for_ever() {
        let mut reader = Reader::new("GET");
        reader.take(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n").unwrap();
        let ended = (0..1_000_000).map(|_| reader.take(b"1;aaaaaaaaaaaaaaaaaaaaaaaa\r\nx\r\n")).find(Result::is_err);
        assert!(matches!(ended, Some(Err(Unreadable::Chunk(_)))));
    }

    proptest::proptest! {
        #[test]
        fn reading_never_panics(pieces in proptest::collection::vec(proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200), 0..8)) {
            let mut reader = Reader::new("GET");
            for piece in pieces {
                if reader.take(&piece).is_err() {
                    break;
                }
            }
        }
    }
}
