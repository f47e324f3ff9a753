//! The table of the module, and what is no version.

use super::*;

const VERSIONS: [&str; 7] = ["1.9.0", "2.0.5", "2.1.0", "2.1.3", "2.2.0-rc.1", "2.4.0", "3.0.0"];

fn answering(requirement: &str) -> Vec<&'static str> {
    let requirement = Requirement::parse(requirement).unwrap();
    let answers = |version: &&str| requirement.matches(&Version::parse(version).unwrap());
    VERSIONS.into_iter().filter(|version| answers(version)).collect()
}

/// The documentation's own table is read and tried, so that it can't be wrong.
#[test]
fn the_documented_table_is_true() {
    let rows: Vec<Vec<&str>> = include_str!("../version.rs")
        .lines()
        .filter_map(|line| line.strip_prefix("//! | "))
        .map(|line| line.trim_end_matches('|').split('|').map(str::trim).collect())
        .collect();
    assert_eq!(rows[0][2..], VERSIONS);
    assert_eq!(rows.len(), 10);
    for row in &rows[2..] {
        let written = row[0].trim_matches('`').replace("nothing", "");
        let marked: Vec<&str> = VERSIONS
            .into_iter()
            .zip(&row[2..])
            .filter(|(_, mark)| **mark == "x")
            .map(|(v, _)| v)
            .collect();
        assert_eq!(answering(&written), marked, "{written}");
    }
}

#[test]
fn below_one_a_minor_version_breaks() {
    let requirement = Requirement::parse("0.3").unwrap();
    for (version, answers) in [("0.3.0", true), ("0.3.9", true), ("0.4.0", false), ("0.2.9", false)] {
        assert_eq!(
            requirement.matches(&Version::parse(version).unwrap()),
            answers,
            "{version}"
        );
    }
}

#[test]
fn a_prerelease_answers_where_it_is_asked_for() {
    let requirement = Requirement::parse("2.2.0-rc.1").unwrap();
    for (version, answers) in [
        ("2.2.0-rc.1", true),
        ("2.2.0-rc.2", true),
        ("2.2.0", true),
        ("2.4.0", true),
        ("2.3.0-rc.1", false),
        ("3.0.0", false),
    ] {
        assert_eq!(
            requirement.matches(&Version::parse(version).unwrap()),
            answers,
            "{version}"
        );
    }
}

#[test]
fn one_version_alone() {
    let version = Version::parse("2.2.0-rc.1+a").unwrap();
    let only = Requirement::exactly(&version);
    assert!(only.matches(&version));
    assert!(only.matches(&Version::parse("2.2.0-rc.1+b").unwrap()));
    assert!(!only.matches(&Version::parse("2.2.0").unwrap()));
    assert_ne!(Version::parse("2.1.3+a").unwrap(), Version::parse("2.1.3+b").unwrap());
}

#[test]
fn what_is_no_version_is_refused_with_what_to_write() {
    for wrong in [
        "",
        "2",
        "2.1",
        "v2.1.0",
        "2.1.0.0",
        "latest",
        "02.1.0",
        &format!("1.0.0-{}", "a".repeat(60)),
    ] {
        let error = Version::parse(wrong).unwrap_err().to_string();
        assert!(error.contains("such as 2.1.0"), "{error}");
    }
    for wrong in ["newest", "2.1.0.0", ">", "2 || 3"] {
        assert!(Requirement::parse(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn both_go_through_json() {
    for text in ["2.1.3", "2.2.0-rc.1+4f2a91c"] {
        let version = Version::parse(text).unwrap();
        let json = serde_json::to_string(&version).unwrap();
        assert_eq!(serde_json::from_str::<Version>(&json).unwrap(), version);
    }
    for text in ["", "*", "2.1", "=2.1.3", ">=2.1, <2.4"] {
        let requirement = Requirement::parse(text).unwrap();
        let json = serde_json::to_string(&requirement).unwrap();
        assert_eq!(serde_json::from_str::<Requirement>(&json).unwrap(), requirement);
    }
}
