//! What each test of a process leaves changed: the process is looked at where each test begins, and once after the last one.
//!
//! The harness changes statics of its own between two tests. Which ones is not guessed but seen: in a process whose tests are all
//! passed over, whatever changes was not changed by a test.

use super::compare::{Difference, compare};
use super::mappings::Mappings;
use super::objects::Images;
use super::procfs;
use super::state::State;
use super::variables;
use crate::error::Result;
use crate::explanation::Channel;
use crate::footprint::{Change, Footprint, Variables};
use crate::image::{Origin, is_panic_hook, origin, readable};
use crate::run::{Observation, Processes, Schedule, Threaded};
use crate::trace::{Next, Stopped, Trouble};
use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How many tests to pass over, to see what the harness changes by itself.
const HOLLOW: usize = 3;

/// How often, and after what time each, to look again whether a thread has ended.
const PATIENCE: u32 = 5;
const MOMENT: Duration = Duration::from_millis(2);

/// A crate that std is built from, which remembers what the processor can do.
const CACHES: &str = "memchr::arch::";

type Carriers = BTreeSet<(Channel, String)>;

/// What one test left, as far as it is worth a word.
#[derive(Default)]
struct Left {
    changes: Vec<Change>,
    library: usize,
    variables: Variables,
}

/// What is the same for each process of a binary.
#[derive(Default)]
pub(in crate::attribute) struct Learned {
    images: Images,
    /// What changes although no test runs, by binary.
    noise: Mutex<HashMap<usize, Arc<Carriers>>>,
}

impl Learned {
    fn noise(
        &self,
        watch: &Watch<'_>,
        schedule: &Schedule,
    ) -> Result<std::result::Result<Arc<Carriers>, Trouble>> {
        let known = || self.noise.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(noise) = known().get(&schedule.binary) {
            return Ok(Ok(Arc::clone(noise)));
        }
        Ok(watch
            .noise(schedule)?
            .map(|noise| Arc::clone(known().entry(schedule.binary).insert_entry(noise.into()).get())))
    }
}

/// Goes through `schedule`; where a test ends its process, the rest goes on in a new one.
pub(in crate::attribute) fn footprints(
    processes: &Processes<'_>,
    ours: &Path,
    learned: &Learned,
    schedule: &Schedule,
    variables: bool,
) -> Result<std::result::Result<Vec<Footprint>, Trouble>> {
    let mut watch = Watch { processes, ours, images: &learned.images, noise: Arc::default(), variables };
    match learned.noise(&watch, schedule)? {
        Ok(noise) => watch.noise = noise,
        Err(trouble) => return Ok(Err(trouble)),
    }
    let mut result = Vec::with_capacity(schedule.tests.len());
    let mut rest = schedule.clone();
    while !rest.tests.is_empty() {
        let mut left = Vec::with_capacity(rest.tests.len());
        let observations = watch.pass(&rest, Next::Run, &mut |differences, stopped, state| {
            left.push(watch.left(differences, stopped, state));
        })?;
        let observations = match observations {
            Ok(observations) => observations,
            Err(trouble) => return Ok(Err(trouble)),
        };
        rest.tests.drain(..observations.len().clamp(1, rest.tests.len()));
        // Of a test that took its process with it, nothing is left.
        let left = left.into_iter().chain(std::iter::repeat_with(Left::default));
        result.extend(observations.iter().zip(left).map(|(Observation { test, verdict, .. }, left)| {
            let Left { changes, library, variables } = left;
            Footprint { test: *test, verdict: *verdict, changes, library, variables }
        }));
    }
    Ok(Ok(result))
}

/// Runs tests beside each other; with a `lead`, by the functions through which variables are used.
pub(in crate::attribute) fn together(
    processes: &Processes<'_>,
    learned: &Learned,
    schedule: &Schedule,
    lead: usize,
) -> Result<Threaded> {
    processes.beside(schedule, lead, &mut |_, stopped| {
        if lead > 0 {
            let objects = Mappings::of(stopped.pid())?.objects(stopped, &learned.images);
            stopped.watch_variables(variables::functions(&objects));
        }
        Ok(Next::Run)
    })
}

struct Watch<'a> {
    processes: &'a Processes<'a>,
    ours: &'a Path,
    images: &'a Images,
    /// What changes although no test runs.
    noise: Arc<Carriers>,
    /// Whether to note which variables are used.
    variables: bool,
}

/// Sees what changed from the beginning of one test to that of the next, at which the process stands.
type Compared<'a> = dyn FnMut(Vec<Difference>, &Stopped<'_>, &State) + Send + 'a;

impl Watch<'_> {
    fn noise(&self, schedule: &Schedule) -> Result<std::result::Result<Carriers, Trouble>> {
        let mut few = schedule.clone();
        few.tests.truncate(HOLLOW);
        let mut noise = Carriers::new();
        let passed = self.pass(&few, Next::Skip, &mut |differences, _, _| {
            noise.extend(differences.into_iter().map(|difference| (difference.channel, difference.name)));
        })?;
        Ok(passed.map(|_| noise))
    }

    /// Runs the tests, or passes them over.
    fn pass(
        &self,
        schedule: &Schedule,
        next: Next,
        compared: &mut Compared<'_>,
    ) -> Result<std::result::Result<Vec<Observation>, Trouble>> {
        let tests = schedule.tests.len();
        let mut closed = schedule.clone();
        // One more beginning shows what the last test left; its body is passed over.
        closed.tests.push(schedule.tests[0]);
        let mut before: Option<State> = None;
        let observations = self.processes.visit(&closed, &mut |index, stopped| {
            let mut now = State::of(stopped, self.images)?;
            // The thread of a test may still be about to end when the next one begins.
            for _ in 0..PATIENCE {
                if before.as_ref().is_none_or(|before| now.threads.len() <= before.threads.len()) {
                    break;
                }
                std::thread::sleep(MOMENT);
                now.threads = procfs::threads(stopped.pid(), stopped.thread())?;
            }
            if self.variables && before.is_none() {
                stopped.watch_variables(variables::functions(&now.objects));
            }
            if let Some(before) = &before {
                compared(compare(before, &now, self.ours), stopped, &now);
            }
            before = Some(now);
            Ok(if index < tests { next } else { Next::Skip })
        })?;
        Ok(observations.map(|mut observations| {
            observations.truncate(tests);
            observations
        }))
    }

    fn left(&self, differences: Vec<Difference>, stopped: &Stopped<'_>, state: &State) -> Left {
        let mut left = Left { variables: variables::variables(stopped.variables()), ..Left::default() };
        for difference in differences {
            if self.noise.contains(&(difference.channel, difference.name.clone())) {
                continue;
            }
            let symbol = difference.place.as_ref().map(|(_, known)| &*known.symbol);
            match symbol.is_none_or(may_matter) {
                true => left.changes.push(change(&difference, stopped, state)),
                false => left.library += 1,
            }
        }
        left
    }
}

/// Whether a static is of the program's own, as most that matter are, or is the panic hook.
pub(super) fn may_matter(symbol: &str) -> bool {
    let is_own = matches!(origin(symbol), Origin::Crate(_)) && !readable(symbol).starts_with(CACHES);
    is_own || is_panic_hook(symbol)
}

fn change(difference: &Difference, stopped: &Stopped<'_>, state: &State) -> Change {
    let carrier = difference.described(&state.objects, (None, None));
    let after = difference.value(stopped, &state.objects).map_or(carrier.inherited, |value| value.text);
    Change {
        channel: carrier.channel,
        name: carrier.name,
        type_name: carrier.type_name,
        location: carrier.location,
        before: carrier.fresh,
        after,
    }
}
