//! A child's side: come to the place where it can serve, then answer calls until the parent closes the pipe.

mod arrival;
#[cfg(unix)]
mod fork;
mod panics;
mod reply;
mod stop;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

pub(crate) use arrival::{Arrival, arrive, stop_if_serving};
pub(crate) use panics::catch;
pub(crate) use reply::Reply;

use crate::channel::Channel;
use crate::protocol::{
    Executable, Frame, Hello, Kind, Manner, Order, UNREACHABLE, VERSION, read_frame, write_frame,
};
use crate::wire;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
#[cfg(unix)]
use unix as os;
#[cfg(windows)]
use windows as os;

/// What a child can do for its parent.
pub(crate) trait Serve: Sync {
    /// What the parent of a program does before it hands out work.
    fn set_up(&self);

    /// Calls the worker with this encoded input: by itself, or through the user-defined context of that index.
    ///
    /// With `verify`, the output is checked for a lossless round trip.
    fn call(&self, custom: Option<usize>, input: Vec<u8>, verify: bool) -> Reply;
}

/// The number of the call that is being served.
static CALL: AtomicU32 = AtomicU32::new(0);

/// What the worker is called that is being served.
static WORKER: OnceLock<String> = OnceLock::new();

/// The worker is called next: its input is there.
pub(crate) fn about_to_call() {
    stop::stop(WORKER.get().map_or("", String::as_str), CALL.load(Ordering::Relaxed));
}

/// Serves `order` until there are no more requests, then ends the process.
pub(crate) fn serve(channel: &'static Channel, order: &Order, worker: &dyn Serve) -> ! {
    arrival::begin_to_serve();
    WORKER.get_or_init(|| order.target.worker());
    panics::install(order.comparable);
    if order.setup
        && let Err(panicked) = catch(|| worker.set_up())
    {
        send(channel, Reply::encoded(Kind::SetupPanicked, &panicked));
        os::leave(1);
    }
    let hello = Hello { version: VERSION, executable: Executable::current() };
    send(channel, Reply::encoded(Kind::Hello, &hello));
    #[cfg(unix)]
    if order.manner == Manner::Fork && !order.setup {
        let reply = |request: Frame| send(channel, worker.call(None, request.body, order.verify));
        fork::in_forks_made_ahead(channel, reply);
    }
    while let Some(request) = next_call(channel) {
        let call = |custom| worker.call(custom, request.body, order.verify);
        match order.manner {
            Manner::Same => send(channel, call(None)),
            Manner::Custom(index) => send(channel, call(Some(index))),
            Manner::Thread => send(channel, on_a_thread(|| call(None))),
            #[cfg(unix)]
            Manner::Fork => fork::in_a_fork(channel, request.number, || send(channel, call(None))),
            #[cfg(not(unix))]
            Manner::Fork => send(channel, Reply::text(Kind::Refused, "this system has no fork")),
        }
    }
    os::leave(0)
}

/// Waits for the next call, which is being served from then on; `None` after the last.
fn next_call(channel: &Channel) -> Option<Frame> {
    let request =
        read_frame(&mut channel.requests(), channel.nonce).filter(|frame| frame.kind == Kind::Call)?;
    CALL.store(request.number, Ordering::Relaxed);
    Some(request)
}

/// Writes a reply to the call that is being served, or ends the process where nobody can be reached.
fn send(channel: &Channel, reply: Reply) {
    let number = CALL.load(Ordering::Relaxed);
    let Some(mut replies) = channel.replies() else { os::leave(UNREACHABLE) };
    let lossy = reply.lossy.iter().map(|body| (Kind::Lossy, &**body));
    let shown = reply.shown.iter().map(|text| (Kind::Shown, text.as_bytes()));
    // Whoever traces this process reads it only after its end.
    #[cfg(target_os = "linux")]
    crate::child::widen(replies, reply.body.len() + reply.shown.as_ref().map_or(0, |text| text.len()));
    for (kind, body) in lossy.chain(shown).chain([(reply.kind, &*reply.body)]) {
        if write_frame(&mut replies, channel.nonce, kind, number, body).is_err() {
            os::leave(UNREACHABLE);
        }
    }
}

/// With as much stack as the serving thread has: else a deep recursion would end in one context and not in the other.
fn on_a_thread(call: impl FnOnce() -> Reply + Send) -> Reply {
    let mut builder = std::thread::Builder::new();
    if let Some(size) = os::stack_size() {
        builder = builder.stack_size(size);
    }
    std::thread::scope(|scope| {
        let thread = match builder.spawn_scoped(scope, call) {
            Ok(thread) => thread,
            Err(error) => return Reply::text(Kind::Refused, &format!("cannot start a thread: {error}")),
        };
        // `call` catches panics itself.
        thread.join().unwrap_or_else(|_| Reply::text(Kind::Refused, "the thread of the call has panicked"))
    })
}

/// Tells the parent that this child came to dispatch work again, and ends it.
fn recursive(channel: &Channel, message: &str) -> ! {
    send(channel, Reply::text(Kind::Recursive, message));
    os::leave(1)
}

/// Tells the parent that this child cannot do what it was started for, and ends it.
fn refuse(channel: &Channel, message: &str) -> ! {
    send(channel, Reply::text(Kind::Refused, message));
    os::leave(1)
}

/// The order that came with this child's channel.
fn order(channel: &Channel) -> Order {
    let frame = read_frame(&mut channel.requests(), channel.nonce).filter(|frame| frame.kind == Kind::Order);
    // The parent is gone, which ends us too.
    let Some(frame) = frame else { os::leave(UNREACHABLE) };
    match wire::decode::<Order>(&frame.body) {
        Ok(order) if order.version == VERSION => order,
        _ => refuse(channel, "parent and child were built with different versions of spawncheck"),
    }
}
