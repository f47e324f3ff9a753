//! Passwords are not guessed: attempts on an account and from an address are counted, in windows of 15 min. They are counted before
//! the password is looked at, so that many at once get no further than one after the other.

use std::net::IpAddr;

use pointsman_domain::telemetry::UnixNanos;
use pointsman_store::people::attempts::{self, WINDOW_NS};
use pointsman_store::{Connection, StoreError};

use super::MINUTE_NS;
use super::secret::digest;
use crate::{Desk, Problem};

/// How many failures an account takes in a window, whether there is such an account or not.
const OF_ACCOUNT: u32 = 10;
/// How many failures an address takes in a window.
const OF_ADDRESS: u32 = 30;

/// An attempt that was counted as a failure, until it is none.
pub(super) struct Attempt {
    account: [u8; 32],
    address: Option<[u8; 32]>,
    at_ns: UnixNanos,
}

/// What comes of counting.
pub(super) enum Counted {
    /// It may be tried.
    Within(Attempt),
    /// It was tried too often.
    Over {
        /// How long to wait, at least 1.
        minutes: u32,
        /// Whether it is the first too many of the window: the audit notes no more of them.
        first: bool,
    },
}

impl Desk {
    /// Counts an attempt on the account of a name.
    pub(super) async fn attempt(&self, name: &str) -> Result<Counted, Problem> {
        let at_ns = self.clock.now_ns();
        let account = subject("account", name);
        let address = self.caller().address.map(|ip| subject("address", &network(ip)));
        let mut tx = self.store.begin().await?;
        let mut counts = vec![(attempts::count(&mut tx, &account, at_ns).await?, OF_ACCOUNT)];
        if let Some(address) = &address {
            counts.push((attempts::count(&mut tx, address, at_ns).await?, OF_ADDRESS));
        }
        tx.commit().await?;
        if counts.iter().all(|(count, most)| count <= most) {
            return Ok(Counted::Within(Attempt {
                account,
                address,
                at_ns,
            }));
        }
        let left_ns = attempts::window(at_ns) + WINDOW_NS - at_ns;
        Ok(Counted::Over {
            minutes: left_ns.div_ceil(MINUTE_NS).max(1) as u32,
            first: counts.iter().any(|(count, most)| *count == most + 1),
        })
    }
}

impl Attempt {
    /// It was no failure. The account begins anew; the address only gets this one back, or whoever has an account could go on guessing
    /// others.
    pub(super) async fn succeeded(&self, conn: &mut Connection) -> Result<(), StoreError> {
        attempts::forget(conn, &self.account).await?;
        match &self.address {
            Some(address) => attempts::take_back(conn, address, self.at_ns).await,
            None => Ok(()),
        }
    }
}

/// What is counted, by its hash: names that people typed are not kept.
pub(super) fn subject(kind: &str, of: &str) -> [u8; 32] {
    // What somebody gave may be long; its beginning will do.
    let of: String = of.chars().take(50).collect();
    digest(&format!("{kind}:{of}")).unwrap_or_default()
}

/// An address as one has it to oneself: of IPv6, everybody has a whole /64.
pub(super) fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => format!("{:x?}", &address.segments()[..4]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_v6_counts_with_its_neighbours() {
        let of = |text: &str| network(text.parse().expect("an address"));
        assert_eq!(of("2001:db8::1"), of("2001:db8::ffff:1"));
        assert_ne!(of("2001:db8::1"), of("2001:db8:0:1::1"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
    }
}
