//! What time it is. Comes from outside, so that tests can set it, also back.

use std::fmt;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Tells the time. Cheap to clone.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> SystemTime + Send + Sync>);

impl Clock {
    /// A clock of one's own.
    #[must_use]
    pub fn new(now: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// What it shows.
    #[must_use]
    pub fn now(&self) -> SystemTime {
        (self.0)()
    }

    /// Milliseconds since 1970, in UTC; 0 for what is earlier.
    pub(crate) fn millis(&self) -> u64 {
        self.now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64)
    }
}

/// A time for programs, to the second: `2026-11-25T14:02:09Z`. Empty for times that no calendar has.
#[must_use]
pub fn utc_text(time: SystemTime) -> String {
    Timestamp::try_from(time).map_or_else(|_| String::new(), |time| time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}

/// A time for people, by the clock of this machine: `2026-11-25 14:02`. Empty for times that no calendar has.
#[must_use]
pub fn local_text(time: SystemTime) -> String {
    let local = Timestamp::try_from(time).map(|time| time.to_zoned_datetime(TimeZone::system()));
    local.map_or_else(|_| String::new(), |time| time.strftime("%Y-%m-%d %H:%M").to_string())
}

impl Default for Clock {
    fn default() -> Self {
        Self::new(SystemTime::now)
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn times_are_told_to_programs_and_to_people() {
        let time = UNIX_EPOCH + Duration::from_secs(1_764_079_329);
        assert_eq!(utc_text(time), "2025-11-25T14:02:09Z");
        assert_eq!(utc_text(UNIX_EPOCH), "1970-01-01T00:00:00Z");
        assert_eq!(local_text(time).len(), "2025-11-25 14:02".len());
    }
}
