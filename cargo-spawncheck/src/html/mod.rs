//! A page to look at: one file with everything in it, for a browser that has no network.
//!
//! Summary and findings are written out as HTML, so that they can be read without scripts, printed and searched. The matrix of all tests is
//! written as data, and the script shows the rows that are on the screen: ten thousand rows of elements would cost a browser seconds.
//!
//! Names and output are a stranger's. maud escapes what it writes, [`text`] takes out what steers a reader's eye, [`data`] cannot end its
//! element, the script sets text only, and the page's own policy forbids any script, style or request but the two below.

mod data;
mod graph;
mod page;
mod picture;
mod platforms;
mod stories;
mod story;
mod summary;
#[cfg(test)]
mod tests;
mod text;

use crate::matrix::Matrix;

const STYLE: &str = include_str!("assets/page.css");

/// In the order in which they use each other.
const SCRIPT: &str = concat!(
    include_str!("assets/state.js"),
    include_str!("assets/findings.js"),
    include_str!("assets/picture.js"),
    include_str!("assets/matrix.js"),
    include_str!("assets/page.js"),
);

/// The page that shows `matrix`.
pub(crate) fn html(matrix: &Matrix) -> String {
    page::page(matrix).into_string()
}
