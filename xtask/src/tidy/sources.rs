//! Sizes, and a word at the head of each module.

/// From here on nobody finds anything in a file.
const MAX_LINES: usize = 600;

/// What is ours to split. Lock files and data are not.
const SOURCES: [&str; 7] = ["rs", "mjs", "js", "css", "sql", "py", "sh"];

/// Breaches in one file.
pub fn check(file: &str, content: &str) -> Vec<String> {
    let mut breaches = Vec::new();
    let lines = content.lines().count();
    let extension = file.rsplit_once('.').map_or("", |(_, extension)| extension);
    if SOURCES.contains(&extension) && lines > MAX_LINES {
        breaches.push(format!("{lines} lines; split it by {MAX_LINES}"));
    }
    // The file in which a folder of tests begins says it for all of them.
    let test = file.contains("/tests/") && !content.contains("\nmod ");
    if extension == "rs" && !test && !content.starts_with("//!") {
        breaches.push("begin with `//!`: what the module is for, and its place in the pipeline".to_owned());
    }
    breaches
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn long_files_and_silent_modules_are_told() {
        assert!(check("a.rs", "//! A module.\n").is_empty());
        assert_eq!(check("a.rs", "fn main() {}\n").len(), 1);
        assert_eq!(check("a.rs", &"//! x\n".repeat(601)).len(), 1);
        assert!(check("Cargo.lock", &"x\n".repeat(10_000)).is_empty());
    }
}
