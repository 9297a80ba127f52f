//! Peak memory of a running process. Only Linux lets one read it from outside.

/// In KiB: the largest of the process and those of its children that run the same executable, into which a runner may
/// have divided itself.
#[cfg(target_os = "linux")]
pub(crate) fn peak(pid: u32) -> Option<u64> {
    use std::fs;
    use std::path::PathBuf;

    fn executable(pid: u32) -> Option<PathBuf> {
        fs::read_link(format!("/proc/{pid}/exe")).ok()
    }

    fn high_water_mark(pid: u32) -> Option<u64> {
        let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        line.trim().strip_suffix(" kB")?.parse().ok()
    }

    let runner = executable(pid)?;
    let children = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
    let parts = children.split_whitespace().filter_map(|child| child.parse().ok());
    let parts = parts.filter(|&child| executable(child).as_ref() == Some(&runner));
    parts.chain([pid]).filter_map(high_water_mark).max()
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn peak(_pid: u32) -> Option<u64> {
    None
}
