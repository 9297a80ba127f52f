use super::super::{Answer, Halt, Hints, Limits, Oracle, Outcome, Why, minimize};
use super::model::Ask;
use Answer::{Clean, Dirty, Impossible, Unknown};

/// The outcome among `count` candidates, and what was asked.
fn run(
    count: usize,
    known: &[usize],
    runs: usize,
    answer: impl FnMut(&[usize]) -> Answer,
) -> (Outcome, Vec<Vec<usize>>) {
    run_with(count, &Hints { known: known.into(), changers: vec![] }, runs, answer)
}

fn run_with(
    count: usize,
    hints: &Hints,
    runs: usize,
    mut answer: impl FnMut(&[usize]) -> Answer,
) -> (Outcome, Vec<Vec<usize>>) {
    let mut asked = Vec::new();
    let candidates: Vec<_> = (0..count).collect();
    let outcome = minimize(
        &candidates,
        hints,
        Limits::new(runs),
        &mut Ask(|tests: &[usize]| {
            asked.push(tests.to_vec());
            answer(tests)
        }),
    );
    (outcome, asked)
}

fn dirty_if(dirty: bool) -> Answer {
    if dirty { Dirty } else { Clean }
}

fn found(tests: &[usize], minimal: bool, runs: usize, why: Option<Why>) -> Outcome {
    Outcome { found: Some(tests.to_vec()), minimal, runs, why }
}

fn nothing(runs: usize, why: Why) -> Outcome {
    Outcome { found: None, minimal: false, runs, why: Some(why) }
}

#[test]
fn the_order_of_questions() {
    let (outcome, asked) = run(4, &[], 200, |tests| dirty_if(tests.contains(&1) && tests.contains(&2)));
    // Ends, and the test that was kept alone; the same after it; the set without each; claims.
    let bisected = [vec![2, 3], vec![1, 2, 3], vec![1], vec![1, 3], vec![1, 2], vec![2]];
    assert_eq!(asked[..6], bisected);
    assert_eq!(asked[6..], [vec![1, 2], vec![1, 2], vec![2], vec![1]]);
    assert_eq!(outcome, found(&[1, 2], true, 10, None));
}

#[test]
fn who_wrote_last_counts() {
    // Of two that set it, with one that clears it between them, and of two with nothing between them.
    let (outcome, _) = run(64, &[], 200, |tests| {
        let last = tests.iter().rev().find(|test| [3, 40, 62].contains(test));
        dirty_if(last.is_some_and(|test| *test != 40))
    });
    assert_eq!(outcome.found, Some(vec![62]));
    let (outcome, _) = run(64, &[], 200, |tests| dirty_if(tests.iter().any(|test| [3, 40].contains(test))));
    assert_eq!(outcome.found, Some(vec![40]));
}

#[test]
fn tests_that_need_another_one_to_get_there() {
    // All from the tenth on crash without the first, and one of them is a culprit.
    let (outcome, asked) = run(48, &[], 200, |tests| match (tests.contains(&0), tests.iter().max()) {
        (false, Some(10..)) => Unknown,
        (ready, _) => dirty_if(ready && tests.contains(&40)),
    });
    assert_eq!(outcome, found(&[0, 40], false, 18, Some(Why::EndsWithout(0))));
    assert_eq!(asked[5..8], [vec![0], (0..48).collect(), [vec![0], (24..48).collect()].concat()]);
}

#[test]
fn parts_of_a_long_list_come_first() {
    let needed = [70, 300];
    let (outcome, asked) =
        run(512, &[], 200, |tests| dirty_if(needed.iter().all(|test| tests.contains(test))));
    assert_eq!(outcome.found.as_deref(), Some(&needed[..]));
    let part: Vec<usize> = (64..128).collect();
    let and = |others: std::ops::Range<usize>| [part.clone(), others.collect()].concat();
    // The part alone, and with parts of what follows it.
    assert_eq!(asked[..3], [256..512, 128..512, 64..512].map(Vec::from_iter));
    assert_eq!(asked[3..6], [part.clone(), and(320..512), and(224..512)]);
    // What it takes of the part comes last, when the other one is known; whether that does by itself was a question anyway.
    let at = asked.iter().position(|tests| tests == &[300]).unwrap();
    assert_eq!(asked[at - 1], and(300..301));
    assert_eq!(asked[at + 1], [(96..128).collect(), vec![300]].concat());
}

#[test]
fn a_part_that_is_needed_no_more() {
    // The second of three clears what the first one sets, unless something in the first part stays its hand.
    let (outcome, _) = run(512, &[], 200, |tests| {
        let cleared = tests.contains(&350) && !tests.contains(&5);
        dirty_if(tests.contains(&300) && tests.contains(&400) && !cleared)
    });
    assert_eq!(outcome.found.as_deref(), Some(&[300, 400][..]));
    // Three made the difference in the whole list.
    assert!(outcome.minimal && outcome.runs <= 3 * (9 + 4), "{outcome:?}");
}

#[test]
fn a_long_search_leaves_fewer_repeats() {
    // The first test of a part takes the most questions: the set is seen twice, not three times.
    let (outcome, asked) = run(512, &[], 200, |tests| dirty_if(tests.contains(&64)));
    assert_eq!(outcome, found(&[64], true, 9 + 4, None));
    assert_eq!(asked[outcome.runs - 3..], [vec![64], vec![64], vec![]]);
    let (outcome, asked) = run(512, &[], 200, |tests| dirty_if(tests.contains(&511)));
    assert_eq!(outcome, found(&[511], true, 9 + 3, None));
    assert_eq!(asked[outcome.runs - 4..], [vec![511], vec![511], vec![511], vec![]]);
}

#[test]
fn nothing_before_it() {
    assert_eq!(run(0, &[], 200, |_| Dirty), (nothing(0, Why::NothingBefore), vec![]));
}

#[test]
fn dirty_alone_too() {
    let (outcome, asked) = run(8, &[], 200, |_| Dirty);
    assert_eq!(outcome, nothing(6, Why::Flaky(vec![])));
    assert_eq!(asked.last().unwrap(), &[0; 0]);
}

#[test]
fn all_together_are_clean_when_seen_again() {
    let (outcome, asked) = run(8, &[], 200, |_| Clean);
    let all: Vec<usize> = (0..8).collect();
    assert_eq!(asked.last().unwrap(), &all);
    assert_eq!(outcome, nothing(5, Why::Flaky(all)));
    assert_eq!(run(1, &[], 200, |_| Clean).0, nothing(1, Why::Flaky(vec![0])));
}

#[test]
fn a_set_that_is_clean_once() {
    let mut times = 0;
    let (outcome, _) = run(8, &[], 200, |tests| {
        times += usize::from(tests == [3]);
        dirty_if(tests.contains(&3) && times < 3)
    });
    assert_eq!(outcome, nothing(6, Why::Flaky(vec![3])));
}

#[test]
fn a_rest_that_is_dirty_once() {
    let mut times = 0;
    let (outcome, _) = run(8, &[], 200, |tests| {
        times += usize::from(tests == [1]);
        dirty_if(tests.contains(&1) && (tests.contains(&3) || times > 1))
    });
    assert_eq!(outcome.why, Some(Why::Flaky(vec![1])));
    assert_eq!(outcome.found, None);
}

#[test]
fn hints_come_first() {
    let needs_5 = |tests: &[usize]| dirty_if(tests.contains(&5));
    // One that is wrong, and one that is right and too large, in whatever order, with what cannot be.
    let hints = Hints { known: vec![2, 9], changers: vec![6, 5, 9] };
    let (outcome, asked) = run_with(8, &hints, 200, needs_5);
    let tried = [vec![2], vec![5, 6], vec![6]];
    assert_eq!(asked, [&tried[..], &[vec![5], vec![5], vec![5], vec![]]].concat());
    assert_eq!(outcome, found(&[5], true, 7, None));
    assert_eq!(run(8, &[5], 200, needs_5).1, [vec![5], vec![5], vec![5], vec![]]);
    // One with a test too many.
    assert_eq!(run(8, &[5, 7], 200, needs_5).0, found(&[5], true, 6, None));
    assert_eq!(run(8, &[1], 200, needs_5).0, found(&[5], true, 7, None));
}

#[test]
fn a_smaller_set_elsewhere() {
    let either =
        |tests: &[usize]| dirty_if(tests.contains(&70) || [1, 2, 3].iter().all(|test| tests.contains(test)));
    let (outcome, _) = run(100, &[1, 2, 3], 200, either);
    assert_eq!(outcome.found, Some(vec![70]));
    assert!(outcome.minimal && outcome.runs <= 33, "{outcome:?}");
    // Of what was seen to change nothing, nothing is asked.
    let hints = Hints { known: vec![], changers: vec![1, 2, 3, 9, 70] };
    let (outcome, asked) = run_with(100, &hints, 200, either);
    assert_eq!(outcome.found, Some(vec![70]));
    assert!(asked.iter().flatten().all(|test| hints.changers.contains(test)), "{asked:?}");
    // Where there is none, the question is all that it costs.
    let (outcome, asked) =
        run(100, &[1, 2], 200, |tests| dirty_if([1, 2].iter().all(|test| tests.contains(test))));
    assert_eq!(outcome, found(&[1, 2], true, 8, None));
    assert_eq!(asked[3].len(), 98);
}

#[test]
fn spent_with_something_to_say() {
    // Enough to bisect once, not enough to look at single tests.
    let needed = [6, 11, 14];
    let (outcome, _) = run(16, &[], 10, |tests| dirty_if(needed.iter().all(|test| tests.contains(test))));
    assert_eq!(outcome, found(&[6, 11, 12, 13, 14, 15], false, 10, Some(Why::Runs)));
}

#[test]
fn spent_with_nothing_to_say() {
    for runs in 0..=2 {
        let (outcome, _) = run(16, &[], runs, |tests| dirty_if(tests.contains(&0)));
        assert_eq!(outcome, nothing(0, Why::Runs));
    }
    assert_eq!(run(16, &[], 5, |tests| dirty_if(tests.contains(&0))).0, nothing(3, Why::Runs));
}

/// Answers until a number of questions have been asked.
struct Until {
    search: usize,
    end: usize,
    halt: Halt,
    asked: usize,
}

impl Oracle for Until {
    fn ask(&mut self, tests: &[usize]) -> Result<Answer, Halt> {
        if self.asked == self.end {
            return Err(self.halt);
        }
        self.asked += 1;
        Ok(dirty_if(tests.contains(&13) && tests.contains(&14)))
    }

    fn may_search(&self) -> bool {
        self.asked < self.search
    }
}

#[test]
fn out_of_time() {
    let candidates: Vec<_> = (0..16).collect();
    let run = |search, end, halt| {
        minimize(&candidates, &Hints::default(), Limits::new(200), &mut Until { search, end, halt, asked: 0 })
    };
    // Time to repeat what is known, no time for that, and time for everything but the second look without one of them.
    assert_eq!(run(2, 9, Halt::Time), found(&[12, 13, 14, 15], false, 4, Some(Why::Time)));
    assert_eq!(run(2, 3, Halt::Time), nothing(3, Why::Time));
    assert_eq!(run(9, 11, Halt::Time), found(&[13, 14], false, 11, Some(Why::Time)));
    assert_eq!(run(99, 3, Halt::Broken), nothing(3, Why::Stopped));
}

#[test]
fn what_cannot_be_run() {
    // Only few at once, as on a command line: that costs no run.
    let short = |tests: &[usize]| if tests.len() > 3 { Impossible } else { dirty_if(tests.contains(&6)) };
    assert_eq!(run(16, &[], 200, short).0, found(&[6], true, 8, None));
    assert_eq!(run(16, &[], 200, |_| Impossible).0, nothing(0, Why::CannotRun));
    assert_eq!(run(2, &[], 200, |_| Unknown).0, nothing(3, Why::CannotRun));
}

#[test]
fn a_culprit_that_ends_the_process_where_it_comes_first() {
    let (outcome, _) = run(16, &[], 200, |tests| match (tests.contains(&2), tests.contains(&7)) {
        (false, true) => Unknown,
        (_, both) => dirty_if(both),
    });
    assert_eq!(outcome.found, Some(vec![2, 7]));
    assert_eq!((outcome.minimal, outcome.why), (false, Some(Why::EndsWithout(2))));
}
