//! A value together with what it owns on the heap, so that it can be put into a process whose heap has moved on.

use super::mappings::Private;
use crate::trace::{Stopped, Trouble};

/// Where the size of a block cannot be read, or makes no sense, this much of it is taken.
const USUAL_BLOCK: u64 = 256;
const LARGEST_BLOCK: u64 = 4096;

const WORD: usize = 8;

/// Bytes, and what the pointers among them lead to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Deep {
    bytes: Vec<u8>,
    /// By the offset of the pointer.
    owned: Vec<(usize, Deep)>,
}

impl Deep {
    /// Reads `size` bytes at `address`, and follows pointers to the heap `depth` times.
    pub(super) fn read(
        stopped: &Stopped<'_>,
        private: &Private,
        address: u64,
        size: u64,
        depth: usize,
    ) -> Self {
        let mut bytes = vec![0; size as usize];
        // A block at the end of memory may be shorter than was thought: what is not there stays zero.
        let _ = stopped.read(address, &mut bytes);
        let mut owned = Vec::new();
        for (index, word) in bytes.chunks_exact(WORD).enumerate() {
            let pointer = word.try_into().map_or(0, u64::from_ne_bytes);
            if depth > 0 && private.contains(pointer) {
                let block = block_size(stopped, pointer);
                owned.push((index * WORD, Self::read(stopped, private, pointer, block, depth - 1)));
            }
        }
        Self { bytes, owned }
    }

    /// Writes it to `address` of a process, and what it owns into new memory.
    pub(super) fn write(&self, stopped: &mut Stopped<'_>, address: u64) -> Result<(), Trouble> {
        let mut bytes = self.bytes.clone();
        for (offset, owned) in &self.owned {
            let place = stopped.allocate(owned.bytes.len())?;
            owned.write(stopped, place)?;
            bytes[*offset..offset + WORD].copy_from_slice(&place.to_ne_bytes());
        }
        stopped.write(address, &bytes)?;
        Ok(())
    }
}

/// How large the block at `pointer` is: the C library notes that in front of it.
fn block_size(stopped: &Stopped<'_>, pointer: u64) -> u64 {
    let mut header = [0; WORD];
    if stopped.read(pointer.wrapping_sub(WORD as u64), &mut header).is_err() {
        return USUAL_BLOCK;
    }
    // The three lowest bits are flags, and the note itself is part of the size.
    match (u64::from_ne_bytes(header) & !7).saturating_sub(WORD as u64) {
        size @ 8..=LARGEST_BLOCK => size,
        _ => USUAL_BLOCK,
    }
}
