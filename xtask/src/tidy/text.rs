//! What must not stand in a text of the project: paths of somebody's machine, hosts that a lock file has picked up.

/// Each in two halves, so that this file does not break its own rule.
const FORBIDDEN: [(&str, &str, &str); 8] = [
    ("/wo", "rk/", "a path of one machine"),
    ("/ro", "ot/.", "a path of one machine"),
    ("/tmp/", "plan", "a path of one machine"),
    ("/home/", "runner", "a path of one machine"),
    (
        "registry.npm",
        "js.org",
        "a registry's host; keep `omit-lockfile-registry-resolved` on",
    ),
    (
        "\"resolved\": \"http",
        "",
        "a registry's host; keep `omit-lockfile-registry-resolved` on",
    ),
    ("files.python", "hosted.org", "a registry's host"),
    ("static.cra", "tes.io", "a registry's host"),
];

/// Breaches in one file.
pub fn check(_file: &str, content: &str) -> Vec<String> {
    let found = |(number, line): (usize, &str)| {
        FORBIDDEN
            .iter()
            .filter_map(move |(first, second, why)| {
                let whole = format!("{first}{second}");
                line.contains(&whole)
                    .then(|| format!("line {}: `{whole}`: {why}", number + 1))
            })
            .collect::<Vec<_>>()
    };
    content.lines().enumerate().flat_map(found).collect()
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn a_path_of_a_machine_is_told_with_its_line() {
        let breaches = check("a.md", concat!("fine\nsee /wo", "rk/main\n"));
        assert_eq!(breaches.len(), 1);
        assert!(breaches[0].starts_with("line 2"));
    }
}
