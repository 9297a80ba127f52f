use super::{AHEAD, Exchange, Progress};
use crate::child::windows::waits::wait_for_any;
use std::fs::File;
use std::io::{Read, Write};
use std::time::{Duration, Instant};

const LONG: Duration = Duration::from_secs(30);

fn start() -> (Exchange, File, File) {
    let (exchange, [requests, replies]) = Exchange::new().unwrap();
    (exchange, requests.into(), replies.into())
}

/// Asks `question` after each piece of news until the answer is yes.
#[track_caller]
fn until(exchange: &Exchange, mut question: impl FnMut() -> bool) {
    let until = Instant::now() + LONG;
    while !question() {
        let left = until.saturating_duration_since(Instant::now());
        assert!(wait_for_any([exchange.news()], left).unwrap(), "nothing comes");
    }
}

#[test]
fn requests_arrive_in_their_order() {
    let (mut exchange, mut requests, _replies) = start();
    assert!(exchange.progress() == Progress::Written);
    // More than a pipe holds.
    let (first, second) = (vec![b'1'; 1 << 20], vec![b'2'; 1 << 20]);
    exchange.hand(first.clone());
    exchange.hand(second.clone());
    assert!(exchange.progress() == Progress::Waiting);
    let mut received = vec![0; 2 << 20];
    requests.read_exact(&mut received).unwrap();
    assert!(received == [first, second].concat());
    until(&exchange, || exchange.progress() == Progress::Written);
}

#[test]
fn a_request_that_nobody_will_read_is_told() {
    let (mut exchange, requests, _replies) = start();
    exchange.hand(vec![b'1'; 1 << 20]);
    drop(requests);
    until(&exchange, || exchange.progress() == Progress::Closed);
    exchange.hand(b"2".into());
    assert!(exchange.progress() == Progress::Closed);
}

#[test]
fn replies_are_taken_whole_and_then_end() {
    let (exchange, _requests, mut replies) = start();
    let sent: Vec<_> = (0..3 * AHEAD).map(|index| index as u8).collect();
    let mut received = b"before".to_vec();
    std::thread::scope(|scope| {
        scope.spawn(|| replies.write_all(&sent).unwrap());
        until(&exchange, || {
            exchange.take(&mut received);
            received.len() == 6 + sent.len()
        });
    });
    assert!(received == [b"before", &*sent].concat());
    assert!(!exchange.has_ended());
    drop(replies);
    until(&exchange, || exchange.has_ended());
    assert!(!exchange.take(&mut received));
}

/// Neither where it waits for replies nor where it waits for somebody to take them.
#[test]
fn nobody_reads_on_when_it_is_dropped() {
    for full in [false, true] {
        let (exchange, _requests, mut replies) = start();
        std::thread::scope(|scope| {
            let flood = scope.spawn(move || {
                let mut written = 0;
                while replies.write_all(&[b'x'; 4096]).is_ok() && written < 64 * AHEAD {
                    written += 4096;
                }
                written
            });
            if full {
                until(&exchange, || exchange.shared.lock().replies.len() >= AHEAD);
            }
            drop(exchange);
            assert!(flood.join().unwrap() < 4 * AHEAD, "all was read");
        });
    }
}
