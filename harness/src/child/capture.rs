//! What a child wrote, in bounded memory: the beginning and the end.

/// Collects a stream of any length and keeps its first and last bytes.
#[derive(Clone, Debug)]
pub(super) struct Capture {
    head: Vec<u8>,
    tail: Vec<u8>,
    limit: usize,
    total: u64,
}

impl Capture {
    /// Keeps up to `limit` bytes of the beginning and as many of the end.
    pub(super) fn new(limit: usize) -> Self {
        Self { head: Vec::new(), tail: Vec::new(), limit, total: 0 }
    }

    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.total += bytes.len() as u64;
        let (head, rest) = bytes.split_at(bytes.len().min(self.limit - self.head.len()));
        self.head.extend_from_slice(head);
        self.tail.extend_from_slice(&rest[rest.len().saturating_sub(self.limit)..]);
        // Cut only when twice the limit is reached, so that each byte is moved once on average.
        if self.tail.len() >= self.limit.saturating_mul(2) {
            self.cut();
        }
    }

    pub(super) fn finish(mut self) -> Captured {
        self.cut();
        let omitted = self.total - (self.head.len() + self.tail.len()) as u64;
        Captured { head: self.head, tail: self.tail, omitted }
    }

    fn cut(&mut self) {
        self.tail.drain(..self.tail.len().saturating_sub(self.limit));
    }
}

/// The beginning and the end of a stream, and how much is missing between them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Captured {
    /// The first bytes.
    pub head: Vec<u8>,
    /// The last bytes, never overlapping with `head`.
    pub tail: Vec<u8>,
    /// How many bytes between the two were dropped.
    pub omitted: u64,
}

impl Captured {
    /// The text, with `…` lines where bytes were dropped; what is not UTF-8 becomes U+FFFD.
    pub fn to_text(&self) -> String {
        if self.omitted == 0 {
            return String::from_utf8_lossy(&[&*self.head, &*self.tail].concat()).into_owned();
        }
        let (head, tail) = (String::from_utf8_lossy(&self.head), String::from_utf8_lossy(&self.tail));
        format!("{head}\n… {} bytes left out …\n{tail}", self.omitted)
    }
}

#[cfg(test)]
mod tests {
    use super::Capture;

    #[track_caller]
    fn check(chunks: &[&str], limit: usize, head: &str, tail: &str, omitted: u64) {
        let mut capture = Capture::new(limit);
        chunks.iter().for_each(|chunk| capture.push(chunk.as_bytes()));
        let captured = capture.finish();
        assert_eq!(captured.head, head.as_bytes());
        assert_eq!(captured.tail, tail.as_bytes());
        assert_eq!(captured.omitted, omitted);
    }

    #[test]
    fn keeps_both_ends() {
        check(&[], 3, "", "", 0);
        check(&["ab"], 3, "ab", "", 0);
        check(&["abcd", "e"], 3, "abc", "de", 0);
        check(&["abcdefgh"], 3, "abc", "fgh", 2);
        check(&["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"], 3, "abc", "hij", 4);
        check(&["abcdefgh", "ijklmnop"], 3, "abc", "nop", 10);
    }

    #[test]
    fn says_what_is_missing() {
        let mut capture = Capture::new(1);
        capture.push(b"a\xffb");
        assert_eq!(capture.finish().to_text(), "a\n… 1 bytes left out …\nb");
    }
}
