//! Fieldless enums with a word for each variant: the same in URLs, in JSON, on the command line and in the database.

/// Gives a fieldless enum its words: `ALL`, `word()`, `FromStr` and `Display`.
macro_rules! words {
    ($kind:ident, $what:literal, { $($variant:ident => $word:literal),+ $(,)? }) => {
        impl $kind {
            /// Every variant, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its word in URLs, in JSON, on the command line and in the database. [`str::parse`] is the way back.
            pub fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => $word),+
                }
            }
        }

        impl std::str::FromStr for $kind {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                match text {
                    $($word => Ok(Self::$variant),)+
                    other => {
                        let known = $crate::kit::list::commas(Self::ALL.iter().map(|one| one.word()));
                        Err(format!("`{other}` is no {}: choose one of {known}", $what))
                    }
                }
            }
        }

        impl std::fmt::Display for $kind {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.word())
            }
        }
    };
}
pub(crate) use words;
