//! What can cross into another process.

use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt::Debug;

/// A type whose values can be handed to a worker in another process, or come back from one. Implemented for every type that
/// has the four traits; there is nothing to implement by hand.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot cross into another process",
    label = "needs `Serialize + DeserializeOwned + PartialEq + Debug`",
    note = "a file, socket or other handle: pass its path or address, and open it inside the worker",
    note = "a `Mutex`, lock guard, channel or thread handle belongs to one process: pass the data, or the address of a process that manages it",
    note = "`Rc`, a raw pointer or a reference: pass the value itself; a large one as `spawncheck::Shared`",
    note = "a closure: pass data that says what to do, and choose the function inside the worker",
    note = "a type of your own: derive `Serialize`, `Deserialize`, `PartialEq` and `Debug`"
)]
pub trait Portable: Serialize + DeserializeOwned + PartialEq + Debug + 'static {}

// Without this the compiler would speak of the first missing trait instead.
#[diagnostic::do_not_recommend]
impl<T: Serialize + DeserializeOwned + PartialEq + Debug + 'static> Portable for T {}
