//! Passwords are not guessed, and who guesses at somebody's keeps them not out. Attempts are counted before the password is looked at, so
//! that many at once get no further than one after the other.
//!
//! ```text
//! a browser in which the account was signed in to before --> 10 failures in 15 min, by itself
//! anywhere else: from the network on this account         --> 10 failures in 15 min, 30 on all accounts
//!                from all networks together               --> 10 in 15 min at any pace, then one in 10 s
//! ```

use std::net::IpAddr;

use pointsman_domain::telemetry::UnixNanos;
use pointsman_store::people::attempts::{Counter, WINDOW_NS};
use pointsman_store::{Connection, StoreError, Tx};

use super::MINUTE_NS;
use super::secret::sha256;
use crate::{People, Problem};

/// How many failures on one account, whether there is such an account or not, a place takes in a window.
const OF_PLACE: u32 = 10;
/// How many failures on any account an address takes in a window.
const OF_ADDRESS: u32 = 30;
/// How many failures on one account all places that are not known take together at any pace in a window.
const AT_ANY_PACE: u32 = 10;
/// How long it takes from one to the next beyond that.
const PACE_NS: u64 = 10 * 1_000_000_000;

/// Where somebody tries a password.
pub(super) enum Place {
    /// In a browser in which the account was signed in to before, by the hash of its secret.
    Known([u8; 32]),
    /// Where the account is signed in to.
    SignedIn,
    /// Anywhere else.
    Unknown,
}

/// An attempt that was counted as a failure, until it is none.
pub(super) struct Attempt {
    /// What begins anew when it was no failure.
    own: Counter,
    /// What gets one back: others fail there, too.
    shared: Vec<Counter>,
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

impl People<'_> {
    /// Counts an attempt on the account of a name.
    pub(super) async fn attempt(&self, name: &str, place: Place) -> Result<Counted, Problem> {
        let at_ns = self.0.control.clock.now_ns();
        let mut tx = self.0.control.store.begin().await?;
        let counted = match place {
            Place::Known(hash) => of_place(&mut tx, counter("browser", &format!("{name} {hash:?}")), at_ns).await?,
            Place::SignedIn => of_place(&mut tx, counter("signed-in", name), at_ns).await?,
            Place::Unknown => self.count_unknown(&mut tx, name, at_ns).await?,
        };
        tx.commit().await?;
        Ok(counted)
    }

    async fn count_unknown(&self, tx: &mut Tx, name: &str, at_ns: UnixNanos) -> Result<Counted, StoreError> {
        let network = self.0.caller().address.map(network).unwrap_or_default();
        let mut shared = Vec::new();
        if self.0.caller().address.is_some() {
            let address = counter("address", &network);
            let count = address.count(tx, at_ns).await?;
            if count > OF_ADDRESS {
                return Ok(over(&address, at_ns, count == OF_ADDRESS + 1));
            }
            shared.push(address);
        }
        let mut counted = of_place(tx, counter("place", &format!("{network} {name}")), at_ns).await?;
        // A place that has had its share does not take from what is left for others.
        if let Counted::Within(attempt) = &mut counted {
            let account = counter("account", name);
            if account.count(tx, at_ns).await? > AT_ANY_PACE && !in_pace(tx, name, at_ns).await? {
                let first = counter("slowed", name).count(tx, at_ns).await? == 1;
                return Ok(Counted::Over { minutes: 1, first });
            }
            shared.push(account);
            attempt.shared = shared;
        }
        Ok(counted)
    }
}

/// Counts at a place that has its own failures.
async fn of_place(conn: &mut Connection, own: Counter, at_ns: UnixNanos) -> Result<Counted, StoreError> {
    let count = own.count(conn, at_ns).await?;
    if count > OF_PLACE {
        return Ok(over(&own, at_ns, count == OF_PLACE + 1));
    }
    Ok(Counted::Within(Attempt {
        own,
        shared: Vec::new(),
        at_ns,
    }))
}

/// Whether it is the first within [`PACE_NS`].
async fn in_pace(conn: &mut Connection, name: &str, at_ns: UnixNanos) -> Result<bool, StoreError> {
    let pace = Counter {
        window_ns: PACE_NS,
        ..counter("pace", name)
    };
    Ok(pace.count(conn, at_ns).await? == 1)
}

/// Until the end of the window.
fn over(counter: &Counter, at_ns: UnixNanos, first: bool) -> Counted {
    let left_ns = counter.window(at_ns) + counter.window_ns - at_ns;
    Counted::Over {
        minutes: left_ns.div_ceil(MINUTE_NS).max(1) as u32,
        first,
    }
}

impl Attempt {
    /// It was no failure. The place begins anew; what others share only gets this one back, or whoever has an account could go on guessing
    /// others.
    pub(super) async fn succeeded(&self, conn: &mut Connection) -> Result<(), StoreError> {
        self.own.forget(conn).await?;
        for counter in &self.shared {
            counter.take_back(conn, self.at_ns).await?;
        }
        Ok(())
    }
}

/// What is counted in windows of 15 min, by its hash: names that people typed are not kept.
pub(crate) fn counter(kind: &str, of: &str) -> Counter {
    // What somebody gave may be long; its beginning will do.
    let of: String = of.chars().take(300).collect();
    Counter {
        subject: sha256(&format!("{kind}:{of}")),
        window_ns: WINDOW_NS,
    }
}

/// An address as one has it to oneself: of IPv6, everybody has a whole /64.
pub(crate) fn network(address: IpAddr) -> String {
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
