//! Items of a request that can't be read, beside others that can.

/// The texts of more faults than this are not kept: as many are told at most.
const TOLD: usize = 8;

/// Which items of a request can't be read, and why. In the decoded message an empty item stands in the place of each.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Faults(Vec<(u64, String)>);

impl Faults {
    /// Adds the item at this position, from 1, in ascending order.
    pub(super) fn add(&mut self, position: u64, why: impl FnOnce() -> String) {
        let why = if self.0.len() < TOLD { why() } else { String::new() };
        self.0.push((position, why));
    }

    /// Why the item at this position can't be read; `None` where it can. (Empty where others say it.)
    pub(super) fn at(&self, position: u64) -> Option<&str> {
        let found = self.0.binary_search_by_key(&position, |(position, _)| *position).ok()?;
        Some(&self.0[found].1)
    }

    /// The first of them.
    pub(super) fn first(&self) -> Option<(u64, &str)> {
        self.0.first().map(|(position, why)| (*position, why.as_str()))
    }
}
