//! Functions that are there before any cell is: the program has them, so its children have them too.

/// What the cell `let double = 2 * x` would define.
pub fn double(x: i64) -> i64 {
    2 * x
}
