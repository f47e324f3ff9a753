//! Versions of a service, and the rule which of them answer to a requirement.
//!
//! Versions are semantic ([semver.org](https://semver.org), 2.0.0): `MAJOR.MINOR.PATCH`, then maybe a prerelease (`-rc.1`) and build metadata
//! (`+4f2a91c`). A requirement is what a caller asks for, and is read so:
//!
//! | written | means | 1.9.0 | 2.0.5 | 2.1.0 | 2.1.3 | 2.2.0-rc.1 | 2.4.0 | 3.0.0 |
//! | --- | --- | --- | --- | --- | --- | --- | --- | --- |
//! | nothing | every version, prereleases too | x | x | x | x | x | x | x |
//! | `*` | every release | x | x | x | x | | x | x |
//! | `2` | 2.0.0 and up, below 3.0.0 | | x | x | x | | x | |
//! | `2.1` | 2.1.0 and up, below 3.0.0 | | | x | x | | x | |
//! | `2.1.3` | 2.1.3 and up, below 3.0.0 | | | | x | | x | |
//! | `~2.1` | 2.1.0 and up, below 2.2.0 | | | x | x | | | |
//! | `=2.1.3` | 2.1.3 alone | | | | x | | | |
//! | `>=2.1, <2.4` | both | | | x | x | | | |
//!
//! So a number alone means *compatible with it* (as `^`), which a semantic version promises up to the next major one; below 1.0.0 it is up to
//! the next minor one: `0.3` is 0.3.0 and up, below 0.4.0.
//!
//! A prerelease answers only to nothing at all, and to a requirement that names a prerelease of the same `MAJOR.MINOR.PATCH`:
//! `2.2.0-rc.1` gives 2.2.0-rc.1, 2.2.0-rc.2, 2.2.0 and 2.4.0, but not 2.3.0-rc.1. Build metadata is not compared by requirements;
//! as whole versions 2.1.3+a and 2.1.3+b are two, and a strategy can split between them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::Invalid;

/// The longest version or requirement in bytes.
pub const MAX_VERSION: usize = 64;

/// A semantic version, such as `2.1.3`, `2.2.0-rc.1` or `2.1.3+4f2a91c`; at most 64 bytes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(semver::Version);

/// Which versions a caller takes: see the table of [the module](self). At most 64 bytes.
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub struct Requirement(Option<semver::VersionReq>);

impl Version {
    /// Errors: the text is no semantic version.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let version = if text.len() <= MAX_VERSION {
            semver::Version::parse(text).ok()
        } else {
            None
        };
        version
            .map(Self)
            .ok_or_else(|| crate::name::refused(text, "Write a semantic version: MAJOR.MINOR.PATCH, such as 2.1.0"))
    }

    /// Whether it is a prerelease, such as `2.2.0-rc.1`.
    pub fn is_prerelease(&self) -> bool {
        !self.0.pre.is_empty()
    }
}

impl Requirement {
    /// Every version, prereleases too: what nothing means.
    pub const ANY: Self = Self(None);

    /// What `text` asks for. Errors: it is no requirement.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(Self::ANY);
        }
        let read = if text.len() <= MAX_VERSION {
            semver::VersionReq::parse(text).ok()
        } else {
            None
        };
        read.map(|requirement| Self(Some(requirement))).ok_or_else(|| {
            crate::name::refused(
                text,
                "Write what is needed, such as 2.1 (compatible with it), =2.1.3 (that alone), or nothing",
            )
        })
    }

    /// This version alone, its build metadata set aside.
    pub fn exactly(version: &Version) -> Self {
        let only = semver::Comparator {
            op: semver::Op::Exact,
            major: version.0.major,
            minor: Some(version.0.minor),
            patch: Some(version.0.patch),
            pre: version.0.pre.clone(),
        };
        Self(Some(semver::VersionReq {
            comparators: vec![only],
        }))
    }

    /// Whether the version answers to it.
    pub fn matches(&self, version: &Version) -> bool {
        self.0
            .as_ref()
            .is_none_or(|requirement| requirement.matches(&version.0))
    }

    /// Whether every version answers to it.
    pub fn is_any(&self) -> bool {
        self.0.is_none()
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// As it is written in full: `2.1` is `^2.1`, and nothing is nothing.
impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_ref().map_or(Ok(()), |requirement| requirement.fmt(f))
    }
}

macro_rules! as_text {
    ($name:ident, $schema:literal) => {
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl FromStr for $name {
            type Err = Invalid;

            fn from_str(text: &str) -> Result<Self, Invalid> {
                Self::parse(text)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                Self::parse(&text).map_err(de::Error::custom)
            }
        }

        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "description": $schema, "maxLength": MAX_VERSION })
            }
        }
    };
}

as_text!(Version, "A semantic version, such as 2.1.3");
as_text!(
    Requirement,
    "Which versions are taken: 2.1 (compatible with it), =2.1.3 (that alone), * (every release), or nothing (every version)"
);

#[cfg(test)]
mod tests;
