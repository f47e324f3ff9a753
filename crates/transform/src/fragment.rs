//! Grouping: spans by trace, records by service, each with what search and pairing need.

mod logs;
mod traces;

pub(crate) use logs::{log_fragment, logs};
pub(crate) use traces::traces;

/// Where item `theirs` of batch `number` is among `ours`, adding it where it is not there; and whether it was added.
fn place<T: Clone + PartialEq>(
    known: &mut Vec<(u32, u32, u32)>,
    ours: &mut Vec<T>,
    items: &[T],
    number: u32,
    theirs: u32,
) -> (u32, bool) {
    if let Some(&(_, _, at)) = known.iter().rev().find(|entry| (entry.0, entry.1) == (number, theirs)) {
        return (at, false);
    }
    let item = &items[theirs as usize];
    let found = ours.iter().position(|known| known == item);
    let at = found.unwrap_or_else(|| {
        ours.push(item.clone());
        ours.len() - 1
    }) as u32;
    known.push((number, theirs, at));
    (at, found.is_none())
}
