//! What is common to batches of both signals.

/// Adds to `into` what of `from` is not there yet; answers where each of `from` is now.
pub(super) fn merge<T: PartialEq>(into: &mut Vec<T>, from: Vec<T>) -> Vec<u32> {
    from.into_iter()
        .map(|item| {
            let at = into.iter().position(|known| *known == item).unwrap_or_else(|| {
                into.push(item);
                into.len() - 1
            });
            at as u32
        })
        .collect()
}
