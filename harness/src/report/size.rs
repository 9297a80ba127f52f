//! Amounts of memory as a person reads them.

/// What an input of so many bytes, which is over the limit, costs a program with so many workers.
pub(crate) fn copies(bytes: u64, limit: u64, workers: u64) -> String {
    let text = format!("{}, limit {}", size(bytes), size(limit));
    match workers {
        0 | 1 => text,
        _ => format!("{text}; {workers} workers hold {} of it", size(bytes.saturating_mul(workers))),
    }
}

/// `bytes` in the largest unit of which there is one, with a decimal if it is not whole.
fn size(bytes: u64) -> String {
    let units = [("GiB", 30), ("MiB", 20), ("KiB", 10)];
    match units.into_iter().find(|(_, shift)| bytes >> shift > 0) {
        None if bytes == 1 => "1 byte".into(),
        None => format!("{bytes} bytes"),
        Some((unit, shift)) => {
            // Rounded up, so that what is above a limit does not read as the limit.
            let tenths = (u128::from(bytes) * 10).div_ceil(1 << shift);
            let decimal = if tenths % 10 == 0 { String::new() } else { format!(".{}", tenths % 10) };
            format!("{}{decimal} {unit}", tenths / 10)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{copies, size};

    #[test]
    fn each_worker_holds_a_copy() {
        assert_eq!(copies(64 << 20, 1 << 20, 4), "64 MiB, limit 1 MiB; 4 workers hold 256 MiB of it");
        assert_eq!(copies(9, 8, 1), "9 bytes, limit 8 bytes");
        assert_eq!(
            copies(u64::MAX, 0, 2),
            "17179869184 GiB, limit 0 bytes; 2 workers hold 17179869184 GiB of it"
        );
    }

    #[test]
    fn largest_unit() {
        let cases = [
            (0, "0 bytes"),
            (1, "1 byte"),
            (1023, "1023 bytes"),
            (1024, "1 KiB"),
            (1536, "1.5 KiB"),
            ((1 << 20) + 1, "1.1 MiB"),
            (64 << 20, "64 MiB"),
            (5 << 29, "2.5 GiB"),
            (u64::MAX, "17179869184 GiB"),
        ];
        for (bytes, text) in cases {
            assert_eq!(size(bytes), text);
        }
    }
}
