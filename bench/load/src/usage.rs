//! CPU time of this process.

use std::ops::Sub;
use std::time::Duration;

/// CPU time in user space and in the kernel.
#[derive(Clone, Copy, Default)]
pub struct Usage {
    pub user: Duration,
    pub system: Duration,
}

impl Usage {
    /// The CPU time so far.
    pub fn now() -> Self {
        // SAFETY: all zeros is a valid `rusage`, which is plain numbers; `getrusage` only writes to it.
        let usage = unsafe {
            let mut usage: libc::rusage = std::mem::zeroed();
            libc::getrusage(libc::RUSAGE_SELF, &raw mut usage);
            usage
        };
        Self {
            user: duration(usage.ru_utime),
            system: duration(usage.ru_stime),
        }
    }
}

impl Sub for Usage {
    type Output = Self;

    fn sub(self, earlier: Self) -> Self {
        Self {
            user: self.user.saturating_sub(earlier.user),
            system: self.system.saturating_sub(earlier.system),
        }
    }
}

fn duration(time: libc::timeval) -> Duration {
    let part = |number: i64| u64::try_from(number).unwrap_or_default();
    Duration::from_secs(part(time.tv_sec)) + Duration::from_micros(part(time.tv_usec))
}
