//! Where somebody goes after a sign-in: a path of this console, and nothing that a browser could read as another host.

/// The longest path that is remembered, in bytes.
const LONGEST: usize = 2000;

/// The path, where it is one of this console; else the first page.
pub fn safe(next: &str) -> &str {
    let plain = next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let local = next.starts_with('/') && !next.starts_with("//");
    // Going back to where one just came from helps nobody.
    let way_in = ["/sign-in", "/sign-out", "/setup"]
        .iter()
        .any(|way| next.starts_with(way));
    if plain && local && !way_in && next.len() <= LONGEST {
        next
    } else {
        "/"
    }
}

/// A query with these parameters.
pub fn with_query(path: &str, parameters: &[(&str, &str)]) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(parameters);
    format!("{path}?{}", query.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leads_to_another_host() {
        for good in ["/", "/traces?q=a%20b&range=1h", "/services/cart#errors", "/a//b"] {
            assert_eq!(safe(good), good);
        }
        for evil in [
            "",
            "https://evil.example",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            " //evil.example",
            "/ /evil.example",
            "javascript:alert(1)",
            "evil.example",
            "/ä",
            "/sign-in?next=/",
        ] {
            assert_eq!(safe(evil), "/", "{evil:?}");
        }
        assert_eq!(safe(&format!("/{}", "a".repeat(LONGEST))), "/");
    }
}
