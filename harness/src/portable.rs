//! What can cross into another process.

use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt::Debug;

/// A type whose values can be handed to a worker in another process, or come back from one. Implemented for every type that
/// has the four traits; there is nothing to implement by hand.
///
/// | instead of | pass |
/// | --- | --- |
/// | a file, socket or child | its path or address; open it in the worker |
/// | a lock, guard, channel or thread | the data in it, or the address of the process that owns it |
/// | a reference, pointer, `Rc` or `Arc` | the value itself; what is large as [`Shared`](crate::Shared) |
/// | a closure or trait object | data that says what to do; choose the function in the worker |
/// | a future | its output; block on it in the worker |
///
/// The compiler says so where such a type is used, with two exceptions. For `&str` and `&[u8]`, which can be deserialized under
/// conditions that a worker cannot meet, it says that `Deserialize` is "not general enough": take a `String` or `Vec<u8>`. And in
/// a type of your own it complains about the field that a derive cannot do.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot cross into another process",
    label = "needs `Serialize + DeserializeOwned + PartialEq + Debug`",
    note = "a type of your own: derive `Serialize`, `Deserialize`, `PartialEq` and `Debug`",
    note = "a file, socket or child: pass its path or address, and open it in the worker",
    note = "a lock, guard, channel or thread: pass the data in it, or the address of the process that owns it",
    note = "a reference, pointer, `Rc` or `Arc`: pass the value itself; what is large as `spawncheck::Shared`",
    note = "a closure or trait object: pass data that says what to do, and choose the function in the worker",
    note = "a future: block on it in the worker, and return its output"
)]
pub trait Portable<Itself = Self>: Serialize + DeserializeOwned + PartialEq + Debug + 'static {}

// Without this the compiler would speak of the first missing trait instead. And without the parameter, it would see that what `&T`
// refers to can cross, and give no advice but to write one more `&`.
#[diagnostic::do_not_recommend]
impl<T: Serialize + DeserializeOwned + PartialEq + Debug + 'static> Portable<T> for T {}
