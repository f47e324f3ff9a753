//! How long a reader waits: over HTTP, the whole answer read.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use reqwest::Client;

use crate::process::Server;
use crate::report::Report;
use crate::throughput::Sent;

/// Searches in every way, `count` times each, and checks that what is there is found.
pub(crate) async fn measure(
    server: &Server,
    http: &Client,
    sent: &Sent,
    count: usize,
    report: &mut Report,
) -> Result<()> {
    let step = (sent.samples.len() / count).max(1);
    let samples: Vec<_> = sent.samples.iter().step_by(step).take(count).collect();
    let mut times = Vec::new();
    for (trace, _) in &samples {
        let (took, answer) = get(server, http, &format!("/api/v1/traces/{trace}")).await?;
        ensure!(
            answer["summary"]["spans"] == crate::load::SPANS_A_TRACE,
            "trace {trace} is not whole: {answer}"
        );
        times.push(took);
    }
    report.times("trace by id", &mut times, "all spans of the trace, over HTTP");
    let mut times = Vec::new();
    for (trace, order) in &samples {
        let (took, answer) = get(server, http, &format!("/api/v1/traces?range=1h&q=order.id%3Do-{order}")).await?;
        let found = answer["traces"]
            .as_array()
            .is_some_and(|list| list.iter().any(|t| t["trace_id"] == **trace));
        ensure!(found, "order {order} was not found");
        times.push(took);
    }
    report.times("search: one attribute", &mut times, "order.id=..., one match");
    let kinds = [
        (
            "search: service and duration, newest 20",
            "range=1h&service=payments&min=7ms",
        ),
        (
            "search: errors of a service, newest 20",
            "range=1h&service=cart&status=error",
        ),
        ("search: two words, newest 20", "range=1h&q=checkout+insert"),
    ];
    for (name, query) in kinds {
        let mut times = Vec::new();
        for _ in 0..count.div_ceil(4) {
            times.push(get(server, http, &format!("/api/v1/traces?{query}")).await?.0);
        }
        report.times(name, &mut times, query);
    }
    for (name, path) in [
        ("overview", "/api/v1/overview?range=30m"),
        ("topology", "/api/v1/topology?range=30m"),
    ] {
        let mut times = Vec::new();
        for _ in 0..count.div_ceil(4) {
            times.push(get(server, http, path).await?.0);
        }
        report.times(name, &mut times, path);
    }
    Ok(())
}

async fn get(server: &Server, http: &Client, path: &str) -> Result<(Duration, serde_json::Value)> {
    let begin = Instant::now();
    let answer = http
        .get(server.control(path))
        .send()
        .await?
        .error_for_status()?
        .bytes()
        .await?;
    let took = begin.elapsed();
    Ok((took, serde_json::from_slice(&answer)?))
}
