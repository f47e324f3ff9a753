//! The identity provider as the pages know it: a context that the server gives.

/// The origin of the identity provider (`https://id.example.org`), where there is one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Provider(pub Option<String>);

impl Provider {
    /// Its host, as the sign-in page names it.
    #[cfg(feature = "ssr")]
    pub(crate) fn host(&self) -> Option<String> {
        let origin = self.0.as_deref()?;
        let host = origin.split_once("://").map_or(origin, |(_, host)| host);
        Some(host.to_owned())
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::Provider;

    #[test]
    fn it_is_named_by_its_host() {
        let provider = Provider(Some("https://id.example.org:8443".to_owned()));
        assert_eq!(provider.host().as_deref(), Some("id.example.org:8443"));
        assert_eq!(Provider::default().host(), None);
    }
}
