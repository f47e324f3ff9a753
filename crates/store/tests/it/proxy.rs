//! A store that reaches its database through a proxy.

use std::time::Duration;

use pointsman_store::{Retention, Store, StoreOptions};
use pointsman_testing::Proxy;

/// So that silence is noticed within a second.
pub(crate) const HURRY: Duration = Duration::from_millis(500);

pub(crate) async fn store(proxy: &Proxy, silence: Duration) -> Store {
    let options = StoreOptions {
        url: proxy.url(),
        max_connections: 8,
        retention: Retention::default(),
        silence,
    };
    Store::connect(&options).await.unwrap()
}
