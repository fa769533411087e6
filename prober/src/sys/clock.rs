//! Scheduling of the thread that starts a round.
#![expect(unsafe_code, reason = "sched_setscheduler(2), which no crate wraps")]

use std::io;

/// Makes the calling thread real-time with the least priority (`SCHED_FIFO`, sched(7)). Needs `CAP_SYS_NICE` or a
/// resource limit that allows it.
pub(crate) fn first_in_line() -> io::Result<()> {
    schedule(libc::SCHED_FIFO, 1)
}

/// Makes the calling thread one like any other again. Needs no right.
pub(crate) fn back_in_line() -> io::Result<()> {
    schedule(libc::SCHED_OTHER, 0)
}

fn schedule(policy: libc::c_int, priority: libc::c_int) -> io::Result<()> {
    let parameter = libc::sched_param { sched_priority: priority };
    // SAFETY: 0 means the calling thread; `parameter` is read during the call alone (sched_setscheduler(2)).
    let result = unsafe { libc::sched_setscheduler(0, policy, &raw const parameter) };
    if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}
