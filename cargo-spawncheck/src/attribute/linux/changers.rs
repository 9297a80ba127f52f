//! Which tests of a long list leave anything changed, in one run that takes little more time than the tests.
//!
//! So only that is looked at which is quick to see and often to blame: statics, the environment, the directory. What the tests leave on
//! the heap alone is missed, as is all that has to be asked of the process itself.

use super::footprint::may_matter;
use super::mappings::Mappings;
use super::memory::PAGE;
use super::objects::{Images, Loaded};
use super::state::{ENVIRON, environ, pointers};
use crate::error::Result;
use crate::image::Static;
use crate::run::{Processes, Schedule};
use crate::trace::{Next, Stopped, Trouble};
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::path::PathBuf;

/// What more than this part of all tests changes tells nothing of any of them.
const USUAL: usize = 2;

/// How many bytes of statics there may be: to read more takes longer than to stop a test.
const MOST: u64 = 2 << 20;

/// More than this part of all tests is no hint.
const FEW: usize = 4;

/// What a test can leave changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Thing {
    /// By its address.
    Static(u64),
    Environment,
    Directory,
}

/// Those of `schedule` that change what others do not; `None` if they cannot be looked at.
pub(in crate::attribute) fn changers(
    processes: &Processes<'_>,
    images: &Images,
    schedule: &Schedule,
) -> Result<Option<Vec<usize>>> {
    changers_up_to(MOST, processes, images, schedule)
}

/// The same with at most so many bytes of statics.
pub(super) fn changers_up_to(
    most: u64,
    processes: &Processes<'_>,
    images: &Images,
    schedule: &Schedule,
) -> Result<Option<Vec<usize>>> {
    let mut closed = schedule.clone();
    // One more beginning shows what the last test left.
    closed.tests.extend(schedule.tests.first());
    let mut watch: Option<Watch> = None;
    let observations = processes.visit(&closed, &mut |index, stopped| {
        match &mut watch {
            Some(watch) => watch.look(stopped)?,
            none => *none = Some(Watch::begin(stopped, images, most)?),
        }
        Ok(if index < schedule.tests.len() { Next::Run } else { Next::Skip })
    })?;
    let seen = observations.ok().and(watch);
    Ok(seen.map(|watch| few(&watch.changes).into_iter().map(|index| schedule.tests[index]).collect()))
}

/// A process from test to test.
struct Watch {
    objects: Vec<Loaded>,
    /// Where statics are, each with the object that they belong to.
    ranges: Vec<(usize, Range<u64>)>,
    environ: Option<u64>,
    /// Whether a static is worth a word, by address.
    matters: HashMap<u64, bool>,
    before: Glance,
    /// What each test has changed.
    changes: Vec<BTreeSet<Thing>>,
}

/// What it is like where a test begins.
#[derive(Default)]
struct Glance {
    /// What is in each of the ranges.
    statics: Vec<Vec<u8>>,
    environment: Vec<u64>,
    directory: PathBuf,
}

impl Watch {
    fn begin(stopped: &Stopped<'_>, images: &Images, most: u64) -> std::result::Result<Self, Trouble> {
        let mappings = Mappings::of(stopped.pid())?;
        let objects = mappings.objects(stopped, images);
        let of_object = |(index, object): (usize, &Loaded)| -> Vec<(usize, Range<u64>)> {
            let ranges = object.ranges().flat_map(|range| mappings.writable(range));
            ranges.map(|range| (index, range)).collect()
        };
        let ranges: Vec<_> = objects.iter().enumerate().flat_map(of_object).collect();
        if ranges.iter().map(|(_, range)| range.end - range.start).sum::<u64>() > most {
            return Err(Trouble("it has too many statics to look at them often".into()));
        }
        let environ = environ(&objects);
        let (matters, changes) = (HashMap::new(), Vec::new());
        let mut watch = Self { objects, ranges, environ, matters, before: Glance::default(), changes };
        watch.before = watch.glance(stopped)?;
        Ok(watch)
    }

    fn glance(&self, stopped: &Stopped<'_>) -> std::io::Result<Glance> {
        let read = |(_, range): &(usize, Range<u64>)| {
            let mut bytes = vec![0; (range.end - range.start) as usize];
            stopped.read(range.start, &mut bytes).map(|()| bytes)
        };
        Ok(Glance {
            statics: self.ranges.iter().map(read).collect::<std::io::Result<_>>()?,
            environment: self.environ.map(|address| pointers(stopped, address)).unwrap_or_default(),
            directory: std::fs::read_link(format!("/proc/{}/cwd", stopped.pid()))?,
        })
    }

    /// Notes what has changed since the last time.
    fn look(&mut self, stopped: &Stopped<'_>) -> std::result::Result<(), Trouble> {
        let now = self.glance(stopped)?;
        let mut things = BTreeSet::new();
        for (index, (object, range)) in self.ranges.iter().enumerate() {
            let (before, after) = (&self.before.statics[index], &now.statics[index]);
            let statics = changed(&self.objects[*object], range, before, after);
            for (address, known) in statics {
                if *self.matters.entry(address).or_insert_with(|| may_matter(&known.symbol)) {
                    things.insert(Thing::Static(address));
                }
            }
        }
        if self.before.environment != now.environment {
            things.insert(Thing::Environment);
        }
        if self.before.directory != now.directory {
            things.insert(Thing::Directory);
        }
        self.changes.push(things);
        self.before = now;
        Ok(())
    }
}

/// The statics of an object that are not the same in two copies of a range of it, and where they are.
fn changed<'a>(
    object: &'a Loaded,
    range: &Range<u64>,
    before: &[u8],
    after: &[u8],
) -> Vec<(u64, &'a Static)> {
    let pages = before
        .chunks(PAGE as usize)
        .zip(after.chunks(PAGE as usize))
        .zip((range.start..).step_by(PAGE as usize));
    let differing = pages.filter(|((before, after), _)| before != after);
    let within =
        differing.flat_map(|((before, _), start)| object.statics_in(start..start + before.len() as u64));
    let place = |known: &'a Static| (known.address + object.base, known);
    let differs = |(address, known): &(u64, &Static)| {
        let end = (address + known.size).min(range.end);
        let bytes = (address.max(&range.start) - range.start) as usize..(end - range.start) as usize;
        before.get(bytes.clone()) != after.get(bytes) && !ENVIRON.contains(&known.symbol.as_str())
    };
    within.map(place).filter(differs).collect()
}

/// The places of those that change something that is not changed all the time; none if that tells too little. Pure.
fn few(changes: &[BTreeSet<Thing>]) -> Vec<usize> {
    let mut times: HashMap<Thing, usize> = HashMap::new();
    changes.iter().flatten().for_each(|thing| *times.entry(*thing).or_default() += 1);
    let is_unusual = |thing: &Thing| times[thing] <= changes.len() / USUAL;
    let changers = changes.iter().enumerate().filter(|(_, things)| things.iter().any(is_unusual));
    let found: Vec<usize> = changers.map(|(index, _)| index).collect();
    if found.len() > changes.len() / FEW { Vec::new() } else { found }
}

#[cfg(test)]
mod tests {
    use super::Thing::{self, Directory, Environment, Static};
    use super::few;
    use std::collections::BTreeSet;

    #[track_caller]
    fn check(things: impl Fn(usize) -> Vec<Thing>, expected: &[usize]) {
        let changes: Vec<BTreeSet<Thing>> = (0..40).map(|test| things(test).into_iter().collect()).collect();
        assert_eq!(few(&changes), expected);
    }

    #[test]
    fn what_few_tests_change() {
        check(|_| vec![], &[]);
        // All of them count something.
        let counting = |test| match test {
            3 => vec![Static(8), Environment],
            17 => vec![Static(8), Static(16), Directory],
            20 => vec![],
            _ => vec![Static(8)],
        };
        check(counting, &[3, 17]);
        check(
            |test| if test % 4 == 0 { vec![Static(8)] } else { vec![] },
            &[0, 4, 8, 12, 16, 20, 24, 28, 32, 36],
        );
        check(|test| if test % 3 == 0 { vec![Static(8)] } else { vec![] }, &[]);
    }
}
