//! The core of both receivers: bytes in, an answer out, and in between a durable batch.

use std::borrow::Cow;
use std::sync::Arc;

use bytes::Bytes;
use pointsman_domain::kit::{duration, plural};
use pointsman_domain::people::Services;
use pointsman_domain::telemetry::{Batch, UnixNanos};
use prost::Message;
use tokio::time::timeout;
use xxhash_rust::xxh3::{xxh3_64_with_seed, xxh3_128_with_seed};

use super::faults::Faults;
use super::limits::{Budget, Limits, Share};
use super::refusal::Refusal;
use super::rejected::{Reason, Rejected};
use super::signal::{Encoding, Signal};
use super::window::Window;
use super::{inflate, json, logs, points, repair, traces, weight};
use crate::gate::Permit;
use crate::metrics::{ItemOutcome, Metrics, RequestOutcome};
use crate::sink::{Receipt, Sink, Submission};

/// What both receivers share: where valid telemetry goes, the bounds, the clock and the counters. Clones are the same receiver.
#[derive(Clone)]
pub struct Receiver<S> {
    sink: S,
    context: Arc<Context>,
}

struct Context {
    limits: Limits,
    budget: Budget,
    clock: Box<dyn Fn() -> UnixNanos + Send + Sync>,
    metrics: Metrics,
}

/// A request as it came, before it is looked into.
pub(super) struct Request {
    pub(super) signal: Signal,
    pub(super) encoding: Encoding,
    pub(super) gzip: bool,
    pub(super) bytes: Bytes,
    /// What its sender may send.
    pub(super) permit: Permit,
}

/// What the sender is told about a request that was read.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Answer {
    /// How many items are not stored and never will be.
    pub(super) rejected: u64,
    /// Why, and what else the sender should know; empty where there is nothing to tell.
    pub(super) message: String,
    /// How the request is counted.
    pub(super) outcome: RequestOutcome,
}

impl<S: Sink> Receiver<S> {
    /// A receiver that hands on to `sink` and takes the time from `clock`.
    pub fn new(
        sink: S,
        limits: Limits,
        clock: impl Fn() -> UnixNanos + Send + Sync + 'static,
        metrics: Metrics,
    ) -> Self {
        let budget = Budget::new(limits.bytes_in_flight);
        Self {
            sink,
            context: Arc::new(Context {
                limits,
                budget,
                clock: Box::new(clock),
                metrics,
            }),
        }
    }

    pub(super) fn limits(&self) -> &Limits {
        &self.context.limits
    }

    pub(super) fn metrics(&self) -> &Metrics {
        &self.context.metrics
    }

    /// A share of what all requests together may hold, for one request.
    pub(super) fn share(&self) -> Arc<Share> {
        Arc::new(self.context.budget.share())
    }

    /// Decodes, checks and stores; the share is held until this answers.
    pub(super) async fn receive(&self, request: Request, share: Arc<Share>) -> Result<Answer, Refusal> {
        let signal = request.signal;
        // Of metrics nothing is stored.
        if signal != Signal::Metrics
            && let Some(refused) = self.sink.refuses()
        {
            return Err(refused.into());
        }
        let window = Window::new((self.context.clock)(), &self.context.limits);
        let decoded = if is_heavy(&request) {
            let (caps, share) = (self.caps(), Arc::clone(&share));
            let job = tokio::task::spawn_blocking(move || decode(&request, &window, caps, &share));
            job.await.unwrap_or_else(|error| {
                tracing::error!(%error, signal = signal.as_str(), "a decoder of OTLP requests failed");
                Err(Refusal::Internal)
            })?
        } else {
            decode(&request, &window, self.caps(), &share)?
        };
        self.store(signal, decoded).await
    }

    /// The most bytes of a request once decompressed, and once decoded.
    fn caps(&self) -> (usize, usize) {
        let limits = &self.context.limits;
        (limits.decompressed_bytes, limits.bytes_in_flight)
    }

    async fn store(&self, signal: Signal, decoded: Decoded) -> Result<Answer, Refusal> {
        let Decoded {
            submission,
            rejected,
            warnings,
        } = decoded;
        let metrics = &self.context.metrics;
        let mut outcome = if rejected.count() == 0 {
            RequestOutcome::Accepted
        } else {
            RequestOutcome::Partial
        };
        if let Some(submission) = submission {
            let items = submission.batch.len() as u64;
            // A request that becomes durable after this time is sent again and then known by its hash.
            let stored = timeout(self.context.limits.acknowledge_timeout, self.sink.append(submission)).await;
            match stored {
                Ok(Ok(Receipt::Accepted)) => metrics.items(signal, ItemOutcome::Accepted, items),
                Ok(Ok(Receipt::Duplicate)) => {
                    metrics.items(signal, ItemOutcome::Duplicate, items);
                    outcome = RequestOutcome::Duplicate;
                }
                Ok(Err(error)) => {
                    metrics.items(signal, ItemOutcome::Refused, items);
                    return Err(error.into());
                }
                Err(_) => {
                    metrics.items(signal, ItemOutcome::Refused, items);
                    return Err(Refusal::Unavailable);
                }
            }
        }
        // Those of a repeated request were counted the first time.
        if outcome != RequestOutcome::Duplicate {
            metrics.items(signal, ItemOutcome::Rejected, rejected.count());
        }
        Ok(Answer {
            rejected: rejected.count(),
            message: message(signal, &rejected, &warnings),
            outcome,
        })
    }
}

/// What is not stored and why, and what was taken and is still worth a word.
fn message(signal: Signal, rejected: &Rejected, warnings: &Warnings) -> String {
    if signal == Signal::Metrics && rejected.count() > 0 {
        return "metrics are not stored yet; only traces and logs are".to_owned();
    }
    let mut told = vec![rejected.message(signal)];
    if warnings.replaced > 0 {
        let places = plural::word(warnings.replaced, "place", "places");
        told.push(format!(
            "what was no valid Unicode was replaced by U+FFFD in {} {places}",
            warnings.replaced
        ));
    }
    if warnings.ahead > 0 {
        let are = plural::word(warnings.ahead, " is", "s are");
        told.push(format!(
            "{} {}{are} up to {} ahead of this server's clock, and counted in figures when that time has come (is the sender's clock right?)",
            warnings.ahead,
            signal.item(),
            duration::figure(warnings.furthest_ns)
        ));
    }
    told.retain(|sentence| !sentence.is_empty());
    told.join("; ")
}

/// What was stored, and is not as it should be.
#[derive(Debug, Default)]
struct Warnings {
    /// Places where a text was no Unicode.
    replaced: u64,
    /// Items that end more than [`CLOCKS_DIFFER_NS`] in the future.
    ahead: u64,
    /// How far the furthest of them does.
    furthest_ns: u64,
}

/// Clocks that differ by less than this are nothing to tell a sender.
const CLOCKS_DIFFER_NS: u64 = 60_000_000_000;

impl Warnings {
    fn of(replaced: u64, batch: &Batch, window: &Window) -> Self {
        let mut warnings = Self {
            replaced,
            ..Self::default()
        };
        let mut see = |time_ns: UnixNanos| {
            let ahead_ns = time_ns.saturating_sub(window.now_ns);
            if ahead_ns > CLOCKS_DIFFER_NS {
                warnings.ahead += 1;
                warnings.furthest_ns = warnings.furthest_ns.max(ahead_ns);
            }
        };
        match batch {
            Batch::Spans(batch) => batch.spans.iter().for_each(|span| see(span.end_ns)),
            Batch::Logs(batch) => batch.records.iter().for_each(|record| see(record.time_ns)),
        }
        warnings
    }
}

/// From here on a body is decoded on a thread that may be busy for a while. What compressed bytes swell to is not known before.
fn is_heavy(request: &Request) -> bool {
    let threshold = if request.gzip { 32 << 10 } else { 256 << 10 };
    request.bytes.len() > threshold
}

/// A request's valid items, if there are any, and a tally of the others.
struct Decoded {
    submission: Option<Submission>,
    rejected: Rejected,
    warnings: Warnings,
}

fn decode(
    request: &Request,
    window: &Window,
    (cap, budget): (usize, usize),
    share: &Share,
) -> Result<Decoded, Refusal> {
    let inflated;
    let bytes: &[u8] = if request.gzip {
        inflated = inflate::gunzip(&request.bytes, cap, share)?;
        &inflated
    } else if request.bytes.len() > cap {
        return Err(Refusal::over_decompressed_cap(cap));
    } else {
        &request.bytes
    };
    let weight = weight::of(request.signal, request.encoding, bytes);
    if weight > budget {
        return Err(Refusal::over_memory(weight, budget));
    }
    share.take(weight)?;
    let (batch, rejected, replaced) = match request.signal {
        Signal::Traces => {
            let read = parse(request, bytes, share, json::read_traces)?;
            let (batch, rejected) = traces::convert(read.message, &read.faults, window, &request.permit);
            (Batch::Spans(batch), rejected, read.replaced)
        }
        Signal::Logs => {
            let read = parse(request, bytes, share, json::read_logs)?;
            let (batch, rejected) = logs::convert(read.message, &read.faults, window, &request.permit);
            (Batch::Logs(batch), rejected, read.replaced)
        }
        Signal::Metrics => {
            let count = match request.encoding {
                Encoding::Json => json::count_points(&repair::json(bytes).0).map_err(|error| bad_json(&error))?,
                Encoding::Protobuf => {
                    points::count(&points::Request::decode(bytes).map_err(|error| bad_protobuf(&error))?)
                }
            };
            let mut rejected = Rejected::default();
            rejected.add(Reason::NotStored, count, String::new);
            return Ok(Decoded {
                submission: None,
                rejected,
                warnings: Warnings::default(),
            });
        }
    };
    let warnings = Warnings::of(replaced, &batch, window);
    let submission = (!batch.is_empty()).then(|| Submission {
        request_hash: xxh3_128_with_seed(bytes, seed(request.signal, &request.permit)),
        batch,
    });
    Ok(Decoded {
        submission,
        rejected,
        warnings,
    })
}

/// The same bytes can mean something as a trace and as a logs request, and less where the sender is for some services only: what
/// was left out then must not keep the same bytes of another sender from being stored.
fn seed(signal: Signal, permit: &Permit) -> u64 {
    match &permit.services {
        Services::All => signal as u64,
        Services::Named(names) => names
            .iter()
            .fold(signal as u64, |seed, name| xxh3_64_with_seed(name.as_bytes(), seed)),
    }
}

/// A request as far as it can be read.
struct Read<M> {
    message: M,
    faults: Faults,
    /// Places where a text was no Unicode.
    replaced: u64,
}

fn parse<M: Message + Default>(
    request: &Request,
    bytes: &[u8],
    share: &Share,
    json: impl FnOnce(&str) -> Result<(M, Faults), serde_json::Error>,
) -> Result<Read<M>, Refusal> {
    match request.encoding {
        Encoding::Json => {
            let (text, replaced) = repair::json(bytes);
            if let Cow::Owned(text) = &text {
                share.take(text.len())?;
            }
            let (message, faults) = json(&text).map_err(|error| bad_json(&error))?;
            Ok(Read {
                message,
                faults,
                replaced,
            })
        }
        Encoding::Protobuf => match M::decode(bytes) {
            Ok(message) => Ok(Read {
                message,
                faults: Faults::default(),
                replaced: 0,
            }),
            Err(error) => {
                // Copies of what is within each other, which are as long together as the request and, each for a while, once more.
                share.take(bytes.len().saturating_mul(2))?;
                let repaired = repair::protobuf(request.signal, bytes).ok_or_else(|| bad_protobuf(&error))?;
                share.take(repaired.bytes.len().saturating_sub(bytes.len()))?;
                let message = M::decode(repaired.bytes.as_slice()).map_err(|error| bad_protobuf(&error))?;
                Ok(Read {
                    message,
                    faults: repaired.faults,
                    replaced: repaired.places,
                })
            }
        },
    }
}

fn bad_protobuf(error: &prost::DecodeError) -> Refusal {
    Refusal::Malformed(format!("the body is not the OTLP message that it should be: {error}"))
}

/// The error says the line and column.
fn bad_json(error: &serde_json::Error) -> Refusal {
    Refusal::Malformed(format!("the body is not valid OTLP JSON: {error}"))
}
