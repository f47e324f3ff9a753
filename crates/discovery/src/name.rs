//! Names, checked once, where they come in. A copy is cheap: they are shared.

mod environments;
mod kinds;
mod macros;

pub use environments::{Environments, MAX_ENVIRONMENTS};
pub(crate) use kinds::refused;
pub use kinds::{CookieName, Environment, HeaderName, Label, LabelKey, Line, NodeId, RuleName, ServiceName, Zone};
pub(crate) use macros::text_type;
