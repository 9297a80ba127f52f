//! The process that manages the samples of the seed that is its argument.

use large_input::{manager, samples};
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let seed = std::env::args().nth(1).ok_or("which seed?")?.parse()?;
    Ok(manager::serve(samples(seed).collect())?)
}
