//! What every part of Pointsman needs of words and figures, once: names and texts as they are taken ([`mod@name`], [`text`], [`reason`]),
//! what is wrong with a field of a form ([`field`]), and how figures are written and read ([`duration`], [`number`], [`percent`],
//! [`plural`], [`list`]).
//!
//! It knows nothing of services, people or objectives beyond the rules for their names. Pages, mails, the command line and the API write the
//! same figure by the same function.

pub mod duration;
pub mod field;
pub mod list;
pub mod name;
pub mod number;
pub mod percent;
pub mod plural;
pub mod reason;
pub mod text;
pub(crate) mod words;
