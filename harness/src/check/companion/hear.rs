//! What a child's messages mean, and what to say where they do not come.

use super::Companion;
use crate::check::executor::Trouble;
use crate::error::{Error, ErrorKind};
use crate::protocol::{Frame, Hello, Kind, Panicked, Target, VERSION};
use crate::{Outcome, wire};
use std::io;
use std::time::Instant;

impl Companion {
    /// What a frame says about the current call; `None` if nothing.
    pub(super) fn hear(&mut self, frame: Frame) -> Result<Option<Outcome<Vec<u8>>>, Trouble> {
        let text = || String::from_utf8_lossy(&frame.body).into_owned();
        let panicked = || wire::decode::<Panicked>(&frame.body).unwrap_or_else(|_| Panicked::unknown());
        let outcome = match frame.kind {
            Kind::Hello => {
                self.greet(&frame.body)?;
                return Ok(None);
            }
            Kind::SetupPanicked => {
                let Panicked { message, location } = panicked();
                let place = location.map(|location| format!(" at {location}")).unwrap_or_default();
                let message = format!("setup of {} panicked{place}: {message}", self.order.target);
                return Err(Error::new(ErrorKind::Setup, message).into());
            }
            Kind::Recursive => return Err(Trouble::Recursive(text())),
            Kind::Refused => {
                let message = format!("the child for {} cannot serve: {}", self.order.target, text());
                return Err(Error::new(ErrorKind::Child, message).into());
            }
            Kind::Returned => Outcome::Value(frame.body),
            Kind::Panicked => {
                let Panicked { message, location } = panicked();
                Outcome::Panicked { message, location }
            }
            Kind::Unreadable => Outcome::Unserializable(format!("the input cannot be read: {}", text())),
            Kind::Unwritable => Outcome::Unserializable(format!("the output cannot be written: {}", text())),
            Kind::Order | Kind::Call | Kind::Lossy | Kind::Shown | Kind::ForkEnded => return Ok(None),
        };
        // What an earlier call left behind may still write; it is not heard.
        Ok((frame.number == self.number).then_some(outcome))
    }

    fn greet(&mut self, body: &[u8]) -> Result<(), Error> {
        let hello = wire::decode::<Hello>(body).ok().filter(|hello| hello.version == VERSION);
        if !hello.is_some_and(|hello| self.launch.is_same_executable(hello.executable)) {
            let program = self.launch.program();
            let message = format!(
                "`{program}` was replaced while {} was checked (hint: run the test again)",
                self.order.target
            );
            return Err(Error::new(ErrorKind::Replaced, message));
        }
        self.greeted = true;
        self.deadline = self.deadline.min(Instant::now() + self.timeout);
        Ok(())
    }

    pub(super) fn unserved(&self, how: &str) -> Error {
        let target = &self.order.target;
        let what = if self.order.setup { "finish setup and serve" } else { "serve" };
        let mut message = format!(
            "the child for {target} {how} before it could {what} (hint: {})",
            match target {
                Target::Worker { .. } => "it runs `main` again up to `run()`, with the same arguments",
                Target::Check { .. } =>
                    "it runs that test again, which must come to its checks in the same way",
            }
        );
        let said = self.live.said().to_text();
        if !said.trim().is_empty() {
            message.push_str("; it wrote:\n");
            message.push_str(said.trim());
        }
        Error::new(ErrorKind::Child, message)
    }

    pub(super) fn failed(&self, error: io::Error) -> Error {
        Error::new(ErrorKind::Child, format!("lost the child for {}", self.order.target)).with_source(error)
    }
}
