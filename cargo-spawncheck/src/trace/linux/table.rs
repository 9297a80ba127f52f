//! A test process gets another table of tests.

use super::arch;
use super::stopped::Stopped;
use crate::trace::{Steering, Trouble};
use nix::libc::user_regs_struct as Registers;

/// At the entry of `test_main_static`: puts the wanted sequence in place of the table of tests, and returns the registers to
/// go on with.
pub(super) fn hand_over(mut stopped: Stopped<'_>, steering: &Steering<'_>) -> Result<Registers, Trouble> {
    let (table, length) = arch::arguments(&stopped.registers);
    if length != steering.table as u64 {
        return Err(Trouble(format!("it has {length} tests, and listed {}", steering.table)));
    }
    let mut entries = vec![0; steering.table * 8];
    stopped.read(table, &mut entries)?;
    let wanted: Vec<u8> =
        steering.order.iter().flat_map(|test| &entries[test * 8..test * 8 + 8]).copied().collect();
    // In memory of its own: there it may be longer than the table, and the table stays as it is.
    let address = stopped.allocate(wanted.len())?;
    stopped.write(address, &wanted)?;
    arch::set_arguments(&mut stopped.registers, (address, steering.order.len() as u64));
    Ok(stopped.registers)
}
