//! Several threads, one queue, results where they were asked for.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError, mpsc};

/// Does `jobs`, the first ones first, on up to `workers` threads.
///
/// `work` may report any number of results through the function that it is given; each goes to `receive`, on the calling
/// thread, as it comes.
pub(crate) fn run<J: Send, R: Send>(
    jobs: Vec<J>,
    workers: usize,
    work: impl Fn(J, &mut dyn FnMut(R)) + Sync,
    mut receive: impl FnMut(R),
) {
    let workers = workers.clamp(1, jobs.len().max(1));
    let queue = Mutex::new(VecDeque::from(jobs));
    let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
    let (sender, receiver) = mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..workers {
            let (sender, work, next) = (sender.clone(), &work, &next);
            scope.spawn(move || {
                while let Some(job) = next() {
                    // The receiver lives until every sender is gone.
                    work(job, &mut |result| drop(sender.send(result)));
                }
            });
        }
        drop(sender);
        receiver.into_iter().for_each(&mut receive);
    });
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_job_is_done_once() {
        for workers in [0, 1, 3, 100] {
            let mut results = Vec::new();
            super::run(
                (0..20).collect(),
                workers,
                |job, done| (0..job).for_each(|_| done(job)),
                |r: u32| results.push(r),
            );
            results.sort_unstable();
            let expected: Vec<u32> = (0..20).flat_map(|job| (0..job).map(move |_| job)).collect();
            assert_eq!(results, expected);
        }
        super::run(Vec::<()>::new(), 2, |(), _| {}, |(): ()| unreachable!());
    }
}
