//! How many of something, with the word in its number.

use super::number;

/// `1 service`, `14 services`, `12 480 services`: see [`number::grouped`].
pub fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", number::grouped(count), word(count, one, many))
}

/// The word for so many: `is` or `are`, `needs` or `need`.
pub fn word<'a>(count: u64, one: &'a str, many: &'a str) -> &'a str {
    if count == 1 { one } else { many }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_one_and_none_are_many() {
        let services = [0, 1, 2].map(|count| counted(count, "service", "services"));
        assert_eq!(services, ["0 services", "1 service", "2 services"]);
    }
}
