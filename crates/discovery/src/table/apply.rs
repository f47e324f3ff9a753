//! A table follows the server's by deltas and snapshots.

use super::{Backwards, Change, Delta, Revision, Table};

/// Why a delta does not fit the table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ApplyError {
    /// Something in between is missing: ask for a snapshot.
    #[error("the table is at revision {have}, and the changes are from {from} to {to}: ask for a snapshot")]
    Gap {
        /// Where the table is.
        have: Revision,
        /// Where the delta begins.
        from: Revision,
        /// Where it leads.
        to: Revision,
    },
    /// The table has these changes already, or later ones: pass it over.
    #[error("the table is at revision {have} already, and the changes lead to {to}")]
    Stale {
        /// Where the table is.
        have: Revision,
        /// Where the delta leads.
        to: Revision,
    },
}

impl ApplyError {
    pub(super) fn gap(have: Revision, delta: &Delta) -> Self {
        Self::Gap {
            have,
            from: delta.from(),
            to: delta.to(),
        }
    }
}

impl Table {
    /// Brings the table to the delta's revision. Errors: the delta does not begin at the table's revision; the table is as it was.
    pub fn apply(&mut self, delta: &Delta) -> Result<(), ApplyError> {
        if delta.from() != self.revision {
            let stale = delta.to() <= self.revision;
            let (have, to) = (self.revision, delta.to());
            return Err(if stale {
                ApplyError::Stale { have, to }
            } else {
                ApplyError::gap(have, delta)
            });
        }
        for change in delta.changes() {
            match change {
                Change::PutNode { node } => drop(self.put_node(node.clone())),
                Change::RemoveNode(key) => drop(self.remove_node(key)),
                Change::PutStrategy(published) => drop(self.put_strategy(published.clone())),
                Change::RemoveStrategy { service, environment } => drop(self.remove_strategy(service, environment)),
                Change::Unknown => {}
            }
        }
        self.revision = delta.to();
        Ok(())
    }

    /// Becomes the snapshot. Strategies in it that can't be read leave in force what was before. Errors: it is of an earlier revision; the table is as it was.
    pub fn replace(&mut self, snapshot: Self) -> Result<(), Backwards> {
        let mut whole = snapshot;
        if whole.revision < self.revision {
            return Err(Backwards {
                have: self.revision,
                offered: whole.revision,
            });
        }
        let unreadable: Vec<_> = whole
            .strategies()
            .filter(|published| published.strategy().is_err())
            .cloned()
            .collect();
        for mut published in unreadable {
            if let Some(earlier) = self.strategy(published.service().as_str(), published.environment()) {
                published.keep_in_force(earlier);
                // Twice, as the first would keep in force what the snapshot has: nothing.
                whole.remove_strategy(&published.service().clone(), &published.environment().clone());
                whole.put_strategy(published);
            }
        }
        *self = whole;
        Ok(())
    }
}
