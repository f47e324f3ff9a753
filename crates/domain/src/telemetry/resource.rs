//! Who sent something: the resource, and the instrumentation scope.

use serde::{Deserialize, Serialize};

use super::Attributes;
use crate::Text;

/// What sent the telemetry: one process of one version of one service.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Resource {
    /// `service.name`; `unknown_service` where the sender gave none, as the semantic conventions say.
    pub service: Text,
    /// `service.version`; empty where the sender gave none.
    pub version: Text,
    /// The node: `service.instance.id`, or the nearest thing the sender gave; empty where it gave none.
    pub instance: Text,
    /// All attributes as sent, the three above among them.
    pub attributes: Attributes,
}

impl Resource {
    /// Reads service, version and instance out of the attributes. The instance is `service.instance.id`, else
    /// `k8s.pod.name`, else `container.id`, else `host.name` (with `process.pid` where there is one).
    pub fn new(attributes: Attributes) -> Self {
        let text = |keys: &[&str]| attributes.first_str(keys).map(Text::from);
        let host = || {
            let host = attributes.first_str(&["host.name"])?;
            Some(match attributes.first_int(&["process.pid"]) {
                Some(pid) => compact_str::format_compact!("{host}:{pid}"),
                None => Text::from(host),
            })
        };
        Self {
            service: text(&["service.name"]).unwrap_or(Text::const_new("unknown_service")),
            version: text(&["service.version"]).unwrap_or_default(),
            instance: text(&["service.instance.id", "k8s.pod.name", "container.id"])
                .or_else(host)
                .unwrap_or_default(),
            attributes,
        }
    }
}

/// The instrumentation library that made the records (OTLP `InstrumentationScope`).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Scope {
    /// Usually that of a library or a module; may be empty.
    pub name: Text,
    /// The library's version; may be empty.
    pub version: Text,
    /// Further attributes of the library.
    pub attributes: Attributes,
}
