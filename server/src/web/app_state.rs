//! What the layers and handlers go by that decide who comes in.

use ipnet::IpNet;
use pointsman_control::Control;
use pointsman_control::access::Anybody;
use pointsman_domain::people::Role;

use super::oidc::Oidc;
use crate::settings::{AccessSettings, PublicUrl};

/// What the layers and handlers go by that decide who comes in.
pub struct AppState {
    /// The use cases.
    pub control: Control,
    /// As which role anybody may read.
    pub anonymous: Option<Role>,
    /// Which proxies are believed.
    pub proxies: Vec<IpNet>,
    /// Under which address people open the console, where it is known.
    pub public_url: Option<PublicUrl>,
    /// The identity provider, if there is one.
    pub oidc: Option<Oidc>,
}

impl AppState {
    /// As the settings say.
    pub fn new(control: Control, access: &AccessSettings, oidc: Option<Oidc>) -> Self {
        Self {
            control,
            anonymous: access.anonymous.role(),
            proxies: access.trusted_proxy.clone(),
            public_url: access.public_url.clone(),
            oidc,
        }
    }

    /// What one may do who shows no credentials.
    pub fn anybody(&self) -> Anybody {
        Anybody {
            role: self.anonymous,
            ingest: false,
        }
    }
}
