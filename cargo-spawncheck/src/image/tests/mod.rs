//! Images of real executables: what rustc writes is the only specification that there is.

mod broken;
#[cfg(target_os = "linux")]
mod program;
#[cfg(target_os = "linux")]
mod symbols;
#[cfg(target_os = "linux")]
mod table;
#[cfg(target_os = "linux")]
mod variants;
