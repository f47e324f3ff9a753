//! Charges cards, over gRPC, with the help of the card network outside. Runs in two versions: 2.0.0 assesses the risk first.
//!
//! The fault is here: a node that is told so becomes slow and fails with `UNAVAILABLE`.

use std::time::Duration;

use axum::Router;
use rand::Rng;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use tonic::Status;
use tracing::{Instrument, Span, error, info, info_span, warn};
use tracing_opentelemetry::OpenTelemetrySpanExt;

use super::cart::broken;
use super::{Setting, work};
use crate::args::ServiceName;
use crate::database::Database;
use crate::messages::{ChargeReply, ChargeRequest, PaymentsCharge};
use crate::rpc::{self, Method};
use crate::{telemetry, web};

/// What the fault adds to each charge, in milliseconds.
const FAULT_DELAY: std::ops::Range<u64> = 600..1500;

/// The share of charges that the fault makes fail.
const FAULT_FAILS: f64 = 0.4;

/// `payment.provider`.
const PROVIDER: &str = "card-network";

/// What the card network is asked.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Authorization {
    /// For which order.
    pub order: String,
    /// In cents.
    pub amount: i64,
}

/// What it answers.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Authorized {
    /// Whether the bank agrees.
    pub approved: bool,
    /// The network's name for it.
    pub reference: String,
}

#[derive(Clone)]
struct Payments {
    assesses_risk: bool,
    fault: watch::Receiver<bool>,
    network: web::Client,
    database: Database,
}

/// `shop.Payments`.
pub(super) fn router(setting: &Setting) -> anyhow::Result<Router> {
    let payments = Payments {
        assesses_risk: setting.args.version.starts_with("2."),
        fault: setting.fault.clone(),
        network: web::Client::untraced(setting.address(ServiceName::CardNetwork)?, PROVIDER),
        database: setting.database.clone(),
    };
    tokio::spawn(tell_of_fault(setting.fault.clone()));
    let serve = rpc::serve::<PaymentsCharge, _, _>(move |message| payments.clone().charge(message));
    Ok(Router::new().route(PaymentsCharge::PATH, serve))
}

/// Logs when the fault comes and goes.
async fn tell_of_fault(mut fault: watch::Receiver<bool>) {
    while fault.changed().await.is_ok() {
        if *fault.borrow_and_update() {
            warn!(demo.fault = true, "the demo's fault is on: this node is slow and fails");
        } else {
            info!(demo.fault = false, "the demo's fault is off: this node works again");
        }
    }
}

impl Payments {
    async fn charge(self, message: ChargeRequest) -> Result<ChargeReply, Status> {
        let span = Span::current();
        span.set_attribute("order.id", message.order.clone());
        span.set_attribute("customer.tier", message.tier.clone());
        span.set_attribute("payment.provider", PROVIDER);
        span.set_attribute("payment.amount_cents", message.amount);
        if self.assesses_risk {
            assess(message.amount).await;
        }
        if *self.fault.borrow() {
            suffer(&message.order).await?;
        }
        let answer = self.authorize(&message).await?;
        self.keep(&message, &answer).await?;
        span.set_attribute("payment.approved", answer.approved);
        if answer.approved {
            info!(
                order.id = message.order,
                payment.amount_cents = message.amount,
                payment.reference = answer.reference,
                "charged the card"
            );
        } else {
            warn!(
                order.id = message.order,
                payment.amount_cents = message.amount,
                "the bank declined the card"
            );
        }
        Ok(ChargeReply {
            approved: answer.approved,
            reference: answer.reference,
        })
    }

    async fn authorize(&self, message: &ChargeRequest) -> Result<Authorized, Status> {
        let question = Authorization {
            order: message.order.clone(),
            amount: message.amount,
        };
        let answer = self.network.post("/authorizations", &question).await;
        answer.map_err(|error| Status::unavailable(format!("card network: {error}")))
    }

    async fn keep(&self, message: &ChargeRequest, answer: &Authorized) -> Result<(), Status> {
        const SQL: &str = "INSERT INTO payment (order_id, amount_cents, approved, reference) VALUES ($1, $2, $3, $4)";
        let insert = sqlx::query(SQL)
            .bind(&message.order)
            .bind(message.amount)
            .bind(answer.approved)
            .bind(&answer.reference)
            .execute(&self.database.pool);
        self.database
            .traced("INSERT payment", SQL, insert)
            .await
            .map_err(broken)?;
        Ok(())
    }
}

/// What version 2.0.0 does before it charges.
async fn assess(amount: i64) {
    let span = info_span!("assess risk", payment.amount_cents = amount, risk.score = amount / 5000);
    work(3..10).instrument(span).await;
}

/// The fault: waits, and often fails.
async fn suffer(order: &str) -> Result<(), Status> {
    let (waited, fails) = {
        let mut random = rand::rng();
        (random.random_range(FAULT_DELAY), random.random_bool(FAULT_FAILS))
    };
    let span = info_span!("acquire connection", pool.name = "card-network", pool.size = 4i64);
    tokio::time::sleep(Duration::from_millis(waited))
        .instrument(span.clone())
        .await;
    if !fails {
        return Ok(());
    }
    let message = format!("no free connection to the card network within {waited} ms");
    telemetry::failed(&span, "ConnectionPoolExhausted", &message);
    telemetry::exception(&Span::current(), "ConnectionPoolExhausted", &message);
    error!(
        order.id = order,
        "exception.type" = "ConnectionPoolExhausted",
        "cannot charge: {message}"
    );
    Err(Status::unavailable(message))
}
