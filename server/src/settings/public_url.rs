//! The address under which people open the console.

use url::Url;

/// The address under which people open the console: `https://` or `http://`, a host, perhaps a port, and nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl {
    origin: String,
    https: bool,
}

impl PublicUrl {
    /// Errors: a sentence that says how to write it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || "write it as https://pointsman.example.org, without a path".to_owned();
        let url = Url::parse(text.trim()).map_err(|_| wrong())?;
        let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        let nobody = url.username().is_empty() && url.password().is_none();
        let https = match url.scheme() {
            "https" => true,
            "http" => false,
            _ => return Err(wrong()),
        };
        if !bare || !nobody || !url.has_host() {
            return Err(wrong());
        }
        Ok(Self {
            origin: url.origin().ascii_serialization(),
            https,
        })
    }

    /// Scheme, host and port, without a slash at the end.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Whether it is https.
    pub fn is_https(&self) -> bool {
        self.https
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_an_origin() {
        let origin = |text| PublicUrl::parse(text).map(|url| url.origin().to_owned());
        assert_eq!(
            origin("https://Points.Example/"),
            Ok("https://points.example".to_owned())
        );
        assert_eq!(origin("http://localhost:3000"), Ok("http://localhost:3000".to_owned()));
        for wrong in [
            "points.example",
            "https://x/console",
            "https://a:b@x",
            "ftp://x",
            "https://x/?y",
            "",
        ] {
            assert!(origin(wrong).is_err(), "{wrong}");
        }
    }
}
