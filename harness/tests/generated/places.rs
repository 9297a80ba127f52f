//! The places of a real process.

use crate::program::{End, Place, Program, State, exit_code, panic_text, run};
use std::cell::Cell;
use std::env;
use std::hash::{BuildHasher, RandomState};
use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU8, Ordering};

static STATIC: AtomicU8 = AtomicU8::new(0);

thread_local! {
    static LOCAL: Cell<u8> = const { Cell::new(0) };
}

const VARIABLE: &str = "GENERATED_PLACE";

/// The directory in which this process was started.
static START: OnceLock<PathBuf> = OnceLock::new();

/// This process.
struct Here;

/// Remembers where this process was started.
pub(crate) fn begin() {
    START.get_or_init(directory);
}

/// What the parent of the program does first.
pub(crate) fn set_up(program: &Program) {
    run(&program.setup, 0, &mut Here);
}

/// The worker.
#[expect(clippy::exit, reason = "some programs do that")]
pub(crate) fn work(program: &Program, input: u8) -> Vec<u8> {
    match run(&program.worker, input, &mut Here) {
        End::Returned(output) => output,
        End::Panicked(number) => panic!("{}", panic_text(number)),
        End::Exited(number) => std::process::exit(exit_code(number)),
    }
}

impl State for Here {
    fn get(&self, place: Place) -> u8 {
        let number = |text: Option<&str>| text.and_then(|text| text.parse().ok()).unwrap_or(0);
        match place {
            Place::Static => STATIC.load(Ordering::SeqCst),
            Place::Local => LOCAL.get(),
            Place::Variable => number(env::var(VARIABLE).ok().as_deref()),
            Place::Directory => number(directory().file_name().and_then(|name| name.to_str())),
        }
    }

    fn set(&mut self, place: Place, number: u8) {
        match place {
            Place::Static => STATIC.store(number, Ordering::SeqCst),
            Place::Local => LOCAL.set(number),
            // SAFETY: one thread at a time runs a program, and meanwhile no other reads the environment.
            Place::Variable => unsafe { env::set_var(VARIABLE, number.to_string()) },
            Place::Directory => {
                let below = if number == 0 { String::new() } else { number.to_string() };
                env::set_current_dir(START.get().expect("begun").join(below)).expect("it was made");
            }
        }
    }

    fn noise(&self) -> u8 {
        (RandomState::new().hash_one(()) % 2) as u8
    }
}

fn directory() -> PathBuf {
    env::current_dir().expect("it is there")
}
