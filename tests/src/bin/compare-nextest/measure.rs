//! Wall time and peak memory of whole commands.

use crate::Result;
use crate::project::{FIRST_TEST, Project};
use spawncheck_tests::benchmark::{Sample, cargo, median, run};
use std::path::Path;

/// How often one test is run by itself: each run is too short to say much.
const SINGLE_TESTS: usize = 50;

/// What was measured on one crate.
pub(crate) struct Row {
    pub(crate) tests: usize,
    pub(crate) pairs: usize,
    /// A single test, alone in its process, without any runner.
    pub(crate) alone: Option<Sample>,
    pub(crate) serial: Option<Sample>,
    pub(crate) nextest: Option<Sample>,
    pub(crate) spawncheck: Option<Sample>,
    /// Time of spawncheck / time of nextest, the median over neighbouring runs.
    pub(crate) ratio: Option<f64>,
}

impl Row {
    pub(crate) fn measure(project: &Project, with_nextest: bool, spawncheck: &Path) -> Result<Self> {
        // Neither is started through `cargo`: that would add the same constant to both.
        let run_nextest = || run(project.command("cargo-nextest").args(["nextest", "run"]));
        let run_spawncheck = || run(project.command(spawncheck).arg("spawncheck"));
        let run_serial = || run(project.command(cargo()).args(["test", "--lib", "--", "--test-threads=1"]));
        let run_alone = || run(project.command(&project.binary).args(["--exact", FIRST_TEST]));

        let pairs = (20_000 / project.tests).clamp(2, 7);
        let (mut nextest, mut spawncheck, mut serial) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..pairs {
            if with_nextest {
                nextest.push(run_nextest()?);
            }
            spawncheck.push(run_spawncheck()?);
            serial.push(run_serial()?);
        }
        let neighbours = spawncheck.iter().zip(&nextest);
        Ok(Self {
            tests: project.tests,
            pairs,
            alone: Sample::of(&(0..SINGLE_TESTS).map(|_| run_alone()).collect::<Result<Vec<_>>>()?),
            ratio: median(neighbours.map(|(spawncheck, nextest)| spawncheck.seconds / nextest.seconds)),
            serial: Sample::of(&serial),
            nextest: Sample::of(&nextest),
            spawncheck: Sample::of(&spawncheck),
        })
    }
}
