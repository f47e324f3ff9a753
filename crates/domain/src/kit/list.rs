//! Several things in a row, as a sentence has them.

use std::fmt::Display;

/// `a, b and c`; nothing where there are none.
pub fn and<T: Display>(items: impl IntoIterator<Item = T>) -> String {
    let mut items: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
    let Some(last) = items.pop() else {
        return String::new();
    };
    if items.is_empty() {
        last
    } else {
        format!("{} and {last}", items.join(", "))
    }
}

/// `a, b, c`; nothing where there are none.
pub fn commas<T: Display>(items: impl IntoIterator<Item = T>) -> String {
    let items: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
    items.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_one_stands_after_and() {
        let lists: [&[&str]; 4] = [&[], &["a"], &["a", "b"], &["a", "b", "c"]];
        assert_eq!(lists.map(and), ["", "a", "a and b", "a, b and c"]);
        assert_eq!(lists.map(commas), ["", "a", "a, b", "a, b, c"]);
    }
}
