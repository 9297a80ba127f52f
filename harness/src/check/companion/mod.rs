//! A child that serves one worker, seen from its parent.

mod hear;

use super::executor::Trouble;
use super::launch::Launch;
use super::permits;
use crate::Exit;
use crate::child::{Live, Sent, Wake, exit_of};
use crate::error::{Error, ErrorKind};
use crate::finding::Loss;
use crate::protocol::{Kind, Order, UNREACHABLE, frame, take_frame};
use crate::{Outcome, channel, wire};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io;
use std::time::{Duration, Instant};

/// The longest reply that is believed, in bytes.
const LONGEST: u64 = 1 << 30;

/// More than a pipe holds, in bytes.
const PIPE: usize = 1 << 20;

/// What came of one call.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) outcome: Outcome<Vec<u8>>,
    /// Where the output changed in a round trip, if that was looked at.
    pub(crate) loss: Option<Loss>,
}

/// A started child.
pub(crate) struct Companion {
    live: Live,
    launch: &'static Launch,
    _living: permits::Living,
    nonce: u64,
    order: Order,
    greeted: bool,
    /// Whether it can take another call.
    alive: bool,
    /// The fork of the current call has ended, and what it wrote is in `live`.
    fork_ended: Option<Exit>,
    startup: Instant,
    patience: Duration,
    timeout: Duration,
    deadline: Instant,
    number: u32,
    sent: Sent,
}

impl Companion {
    /// Starts a child and gives it its order. It has `startup` until it can serve, and `timeout` for each call.
    pub(crate) fn start(
        launch: &'static Launch,
        order: Order,
        startup: Duration,
        timeout: Duration,
    ) -> Result<Self, Error> {
        let living = permits::living()?;
        // Different in each process and each time, and not to be guessed from what came before.
        let nonce = RandomState::new().build_hasher().finish();
        let cannot = |error: io::Error| {
            let program = launch.program();
            let message = format!("cannot start a child for {}: `{program}`", order.target);
            Error::new(ErrorKind::Child, message).with_source(error)
        };
        let command = launch.command(&order.target);
        let mut live = Live::start(&command, channel::VARIABLE, &format!("{nonce:x}")).map_err(cannot)?;
        let now = Instant::now();
        let body = wire::encode(&order).map_err(|error| Error::new(ErrorKind::Child, error.to_string()))?;
        let sent = send(&mut live, frame(nonce, Kind::Order, 0, &body), now + startup).map_err(cannot)?;
        Ok(Self {
            live,
            launch,
            _living: living,
            nonce,
            order,
            greeted: false,
            alive: true,
            fork_ended: None,
            startup: now + startup,
            patience: startup,
            timeout,
            deadline: now,
            number: 0,
            sent,
        })
    }

    /// Sends the next input, without waiting for what comes of it.
    pub(crate) fn ask(&mut self, input: &[u8]) -> Result<(), Error> {
        self.number += 1;
        let now = Instant::now();
        // A child that waited for this since long ago is not late for that.
        let until = if self.greeted { now } else { self.startup.max(now) } + self.timeout;
        self.deadline = until;
        let frame = frame(self.nonce, Kind::Call, self.number, input);
        self.sent = send(&mut self.live, frame, until).map_err(|error| self.failed(error))?;
        Ok(())
    }

    /// Whether it can take another call.
    pub(crate) fn is_alive(&self) -> bool {
        self.alive
    }

    /// Waits until it can serve. The time for its first call begins then.
    pub(crate) fn meet(&mut self) -> Result<(), Trouble> {
        while !self.greeted {
            match take_frame(self.live.replies(), self.nonce, LONGEST) {
                Ok(Some(frame)) => drop(self.hear(frame)?),
                Ok(None) => match self.live.wait(self.startup).map_err(|error| self.failed(error))? {
                    Wake::Message => {}
                    Wake::Ended(exit) => return Err(self.unserved(&format!("ended ({exit})")).into()),
                    Wake::Late => {
                        return Err(self
                            .unserved(&format!("did not come within {:?}", self.patience))
                            .into());
                    }
                },
                Err(_) => return Err(self.unserved("wrote something else into its channel").into()),
            }
        }
        Ok(())
    }

    /// Waits for what came of the last input.
    pub(crate) fn answer(&mut self) -> Result<Answer, Trouble> {
        self.meet()?;
        let mut loss = None;
        loop {
            match take_frame(self.live.replies(), self.nonce, LONGEST) {
                Ok(Some(frame)) if (frame.kind, frame.number) == (Kind::Lossy, self.number) => {
                    loss = wire::decode(&frame.body).ok();
                }
                Ok(Some(frame)) => {
                    if let Some(outcome) = self.hear(frame)? {
                        return Ok(Answer { outcome, loss });
                    }
                }
                Ok(None) => {
                    if let Some(outcome) = self.wait()? {
                        return Ok(Answer { outcome, loss: None });
                    }
                }
                Err(_) => {
                    self.alive = false;
                    let how = "something else than a reply was written into it".to_owned();
                    return Ok(Answer { outcome: Outcome::Broken(how), loss: None });
                }
            }
        }
    }

    /// Waits for something new; the outcome if the call has come to an end without a reply.
    fn wait(&mut self) -> Result<Option<Outcome<Vec<u8>>>, Trouble> {
        if let Some(exit) = self.fork_ended.take() {
            // The rest of a reply that was cut off belongs to nothing.
            self.live.replies().clear();
            return Ok(Some(ended(exit)));
        }
        if let Some(exit) = self.fork_status() {
            // A fork writes before it ends: what there is of its reply can be read now, and is looked at first. It is no
            // more than the pipe holds; what comes after that, somebody else writes.
            let enough = self.live.replies().len() + PIPE;
            while self.live.replies().len() < enough
                && self.live.wait(Instant::now()).map_err(|error| self.failed(error))? == Wake::Message
            {
            }
            self.fork_ended = Some(exit);
            return Ok(None);
        }
        // An input that was not taken in time will not be answered.
        let until = if self.sent == Sent::Late { Instant::now() } else { self.deadline };
        let outcome = match self.live.wait(until).map_err(|error| self.failed(error))? {
            Wake::Message => return Ok(None),
            Wake::Ended(exit) => ended(exit),
            Wake::Late => Outcome::TimedOut,
        };
        self.alive = false;
        Ok(Some(outcome))
    }

    /// How the fork of the current call ended, if it has.
    fn fork_status(&mut self) -> Option<Exit> {
        while let Ok(Some(frame)) = take_frame(self.live.statuses(), self.nonce, 4) {
            if frame.kind == Kind::ForkEnded && frame.number == self.number {
                return frame.body.first_chunk().map(|bytes| exit_of(i32::from_le_bytes(*bytes)));
            }
        }
        None
    }
}

fn send(live: &mut Live, (start, rest): (Vec<u8>, &[u8]), until: Instant) -> io::Result<Sent> {
    match live.send(&start, until)? {
        Sent::All => live.send(rest, until),
        sent => Ok(sent),
    }
}

fn ended<V>(exit: Exit) -> Outcome<V> {
    match exit {
        Exit::Code(UNREACHABLE) => Outcome::Broken("the worker closed or replaced it".into()),
        exit => Outcome::Ended(exit),
    }
}
