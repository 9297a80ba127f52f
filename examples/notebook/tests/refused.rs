//! What the notebook says to `cells.txt`: the first two cells are fine, and the third is refused.

use std::fs::File;
use std::path::Path;
use std::process::{Command, Output};

#[test]
fn a_worker_of_a_cell_is_refused() {
    let cells = File::open(Path::new(env!("CARGO_MANIFEST_DIR")).join("cells.txt")).unwrap();
    let mut notebook = Command::new(env!("CARGO_BIN_EXE_notebook"));
    let Output { status, stdout, stderr } = notebook.stdin(cells).output().unwrap();
    let output = String::from_utf8(stdout).unwrap();
    assert!(!status.success(), "{output}{}", String::from_utf8_lossy(&stderr));
    assert!(output.starts_with("[2, 4, 6]\n"), "{output}");
    let refusal =
        "error: the child for worker `double` of suite `notebook` ended (exited: 0) before it could serve";
    assert!(output.contains(refusal), "{output}");
}
