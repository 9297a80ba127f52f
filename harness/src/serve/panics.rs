//! Panics as data: message and location, with nothing printed and no backtrace resolved (which takes longer than the call).

use crate::normalize::normalize;
use crate::protocol::Panicked;
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind, set_hook, take_hook};
use std::sync::atomic::{AtomicBool, Ordering};

thread_local! {
    /// Whether this thread runs inside [`catch`].
    static CATCHING: Cell<bool> = const { Cell::new(false) };
    /// What the hook saw last on this thread.
    static LAST: RefCell<Option<Panicked>> = const { RefCell::new(None) };
}

/// Whether panics are told as they are compared.
static COMPARABLE: AtomicBool = AtomicBool::new(false);

/// From now on panics inside [`catch`] are recorded; others go to the hook that was there before. `comparable`: they are told
/// as they are compared, whether or not the user's code has set another hook meanwhile, which leaves us without a location.
pub(super) fn install(comparable: bool) {
    COMPARABLE.store(comparable, Ordering::Relaxed);
    let previous = take_hook();
    set_hook(Box::new(move |info| {
        if CATCHING.get() {
            let location = info.location().map(ToString::to_string);
            LAST.set(Some(Panicked { message: message(info), location }));
        } else {
            previous(info);
        }
    }));
}

/// Whether replies are compared by their bytes, by somebody who cannot read them.
pub(super) fn is_comparable() -> bool {
    COMPARABLE.load(Ordering::Relaxed)
}

/// Runs `work`, and returns its panic as data.
pub(crate) fn catch<T>(work: impl FnOnce() -> T) -> Result<T, Panicked> {
    let before = CATCHING.replace(true);
    // What `work` leaves half-done stays in this process, as it would in any program that goes on after a panic.
    let result = catch_unwind(AssertUnwindSafe(work));
    CATCHING.set(before);
    result.map_err(|payload| {
        // Without a record, the user's code has set a hook of its own, or passed on an old panic.
        let recorded = LAST.take();
        let panicked = recorded.unwrap_or_else(|| Panicked { message: text(&*payload), location: None });
        // A payload whose destructor panics would end the process.
        std::mem::forget(payload);
        match is_comparable() {
            true => Panicked { message: normalize(&panicked.message), location: None },
            false => panicked,
        }
    })
}

fn message(info: &PanicHookInfo<'_>) -> String {
    text(info.payload())
}

fn text(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().copied();
    let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("(the panic carries no text)").to_owned()
}
