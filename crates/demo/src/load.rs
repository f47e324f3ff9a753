//! The shoppers: journeys through the shop that begin at random moments, however the shop answers (an open loop), so that a
//! slow shop gets no less load. They are not traced: the storefront's spans are roots.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, header};
use http_body_util::Full;
use hyper_util::client::legacy::Client as Pool;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::json;
use tokio::sync::Semaphore;

use crate::web;

/// More journeys than this at once are not begun, but counted.
const MAX_JOURNEYS: usize = 512;

/// How many customers there are, and products.
const CUSTOMERS: u32 = 400;
const PRODUCTS: i32 = 12;

/// What a shopper came for, and how often one of it comes.
const JOURNEYS: [(Journey, f64); 3] = [(Journey::Glance, 0.3), (Journey::Browse, 0.2), (Journey::Buy, 0.5)];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Journey {
    /// The first page and a product.
    Glance,
    /// The first page and two products.
    Browse,
    /// The first page, a product, into the cart, to the till.
    Buy,
}

impl Journey {
    const fn requests(self) -> u32 {
        match self {
            Self::Glance => 2,
            Self::Browse => 3,
            Self::Buy => 4,
        }
    }

    /// The journey at `point`, from 0 to 1.
    fn pick(mut point: f64) -> Self {
        for (journey, share) in JOURNEYS {
            if point < share {
                return journey;
            }
            point -= share;
        }
        Self::Buy
    }
}

/// What the shoppers saw.
#[derive(Debug, Default)]
pub struct Tally {
    /// Requests answered, or not, in the end.
    pub requests: AtomicU64,
    /// Those with a 5xx answer or none.
    pub failed: AtomicU64,
    /// Journeys not begun because too many were under way.
    pub skipped: AtomicU64,
}

/// Sends `rate` requests a second on average to the storefront at `url`, until dropped.
pub async fn run(url: String, rate: f64, seed: u64, tally: Arc<Tally>) {
    if rate <= 0.0 {
        return std::future::pending().await;
    }
    let shopper = Shopper {
        url: url.into(),
        pool: Pool::builder(TokioExecutor::new()).build_http(),
        tally,
    };
    let mut random = StdRng::seed_from_u64(seed);
    let room = Arc::new(Semaphore::new(MAX_JOURNEYS));
    let mut journeys = tokio::task::JoinSet::new();
    let mut next = tokio::time::Instant::now();
    loop {
        next += pause(rate / requests_a_journey(), random.random());
        tokio::time::sleep_until(next).await;
        while journeys.try_join_next().is_some() {}
        let journey = Journey::pick(random.random());
        let own = StdRng::seed_from_u64(random.random());
        let Ok(place) = room.clone().try_acquire_owned() else {
            shopper.tally.skipped.fetch_add(1, Ordering::Relaxed);
            continue;
        };
        let shopper = shopper.clone();
        journeys.spawn(async move {
            shopper.go(journey, own).await;
            drop(place);
        });
    }
}

/// How many requests the average journey has.
fn requests_a_journey() -> f64 {
    JOURNEYS
        .iter()
        .map(|(journey, share)| f64::from(journey.requests()) * share)
        .sum()
}

/// The time to the next arrival where `rate` a second come independently of each other: exponential, from `point` in [0, 1).
fn pause(rate: f64, point: f64) -> Duration {
    Duration::from_secs_f64(-(1.0 - point).ln() / rate)
}

#[derive(Clone)]
struct Shopper {
    url: Arc<str>,
    pool: Pool<HttpConnector, Full<Bytes>>,
    tally: Arc<Tally>,
}

impl Shopper {
    async fn go(&self, journey: Journey, mut random: StdRng) {
        let number = random.random_range(0..CUSTOMERS);
        let customer = format!("cust-{number:04}");
        let tier = match number % 10 {
            0 => "gold",
            1..=3 => "silver",
            _ => "standard",
        };
        let mut product = || random.random_range(1..=PRODUCTS);
        let (first, second) = (product(), product());
        let quantity = random.random_range(1..=3);
        let mut think = || Duration::from_millis(random.random_range(200..1200));

        self.request(Method::GET, "/", None).await;
        tokio::time::sleep(think()).await;
        self.request(Method::GET, &format!("/products/{first}"), None).await;
        if journey == Journey::Glance {
            return;
        }
        tokio::time::sleep(think()).await;
        if journey == Journey::Browse {
            self.request(Method::GET, &format!("/products/{second}"), None).await;
            return;
        }
        let choice = json!({ "customer": customer, "product": first, "quantity": quantity });
        if !self.request(Method::POST, "/cart/items", Some(choice)).await {
            return;
        }
        tokio::time::sleep(think()).await;
        let buyer = json!({ "customer": customer, "tier": tier });
        self.request(Method::POST, "/checkout", Some(buyer)).await;
    }

    /// Sends one request; answers whether it went well.
    async fn request(&self, method: Method, path: &str, body: Option<serde_json::Value>) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(header::USER_AGENT, HeaderValue::from_static("shopper/1.0"));
        let body = body.map_or_else(Bytes::new, |body| body.to_string().into());
        let answer = web::send(&self.pool, method, &format!("{}{path}", self.url), headers, body).await;
        let failed = match &answer {
            Ok((status, _)) => status.is_server_error(),
            Err(_) => true,
        };
        self.tally.requests.fetch_add(1, Ordering::Relaxed);
        self.tally.failed.fetch_add(u64::from(failed), Ordering::Relaxed);
        answer.is_ok_and(|(status, _)| status.is_success())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn journeys_come_in_their_shares() {
        for (point, journey) in [
            (0.0, Journey::Glance),
            (0.29, Journey::Glance),
            (0.31, Journey::Browse),
            (0.51, Journey::Buy),
            (0.999, Journey::Buy),
        ] {
            assert_eq!(Journey::pick(point), journey, "at {point}");
        }
        assert!((requests_a_journey() - 3.2).abs() < 1e-9);
    }

    #[test]
    fn arrivals_keep_the_rate() {
        let mut random = StdRng::seed_from_u64(7);
        let total: f64 = (0..10_000).map(|_| pause(5.0, random.random()).as_secs_f64()).sum();
        assert!((total / 10_000.0 - 0.2).abs() < 0.01, "{total}");
    }
}
