//! How durations and sizes are written on the command line.

use std::time::Duration;

use pointsman_domain::kit::duration;

/// Reads `300ms`, `1.5s`, `10m`, `6h` or `7d`. Errors: a sentence that says how to write it.
pub fn parse_length(text: &str) -> Result<Duration, String> {
    duration::parse(text)
        .map(Duration::from_nanos)
        .ok_or_else(|| "write a number and a unit, such as 300ms, 10s, 6h or 7d".to_owned())
}

/// Reads a number of bytes, or `512KiB`, `16MiB`, `1GiB`. Errors: a sentence that says how to write it.
pub fn parse_bytes(text: &str) -> Result<usize, String> {
    let text = text.trim();
    let split = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    let factor = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => Some(1_usize),
        "kib" | "k" => Some(1 << 10),
        "mib" | "m" => Some(1 << 20),
        "gib" | "g" => Some(1 << 30),
        _ => None,
    };
    let number = number.parse::<usize>().ok();
    number
        .zip(factor)
        .and_then(|(number, factor)| number.checked_mul(factor))
        .ok_or_else(|| "write a number of bytes, or one with a unit, such as 512KiB or 16MiB".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_and_sizes_are_read_as_written() {
        assert_eq!(parse_length("300ms"), Ok(Duration::from_millis(300)));
        assert_eq!(parse_length("7d"), Ok(Duration::from_secs(7 * 86_400)));
        assert!(parse_length("7 weeks").is_err());
        assert!(parse_length("").is_err());
        assert_eq!(parse_bytes("16MiB"), Ok(16 << 20));
        assert_eq!(parse_bytes("4096"), Ok(4096));
        assert!(parse_bytes("16 parsecs").is_err());
        assert!(parse_bytes("99999999999999999999GiB").is_err());
    }
}
