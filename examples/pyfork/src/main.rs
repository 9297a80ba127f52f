//! The script: `pyfork -i N [--method fork|spawn]`. The list of results goes to standard output, all else to standard
//! error.

use pyfork::{Args, Method, parent_only, spawn, start_up, worker};
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let args = start_up(Args::parse(std::env::args().skip(1))?);
    eprintln!("got args -i {}", args.input);
    if spawn::is_child() {
        return Ok(spawn::serve(worker)?);
    }
    // From here on, the parent alone.
    parent_only(args);
    let numbers: Vec<i64> = (0..10).collect();
    let outputs = match args.method {
        #[cfg(unix)]
        Method::Fork => pyfork::fork::map(worker, &numbers)?,
        #[cfg(not(unix))]
        Method::Fork => unreachable!("not accepted as an argument"),
        Method::Spawn => spawn::map(&numbers)?,
    };
    println!("{outputs:?}");
    Ok(())
}
