//! Sends what waits in the outbox. Every replica does, each to the channels that the others do not send to. A channel that is slow or silent
//! keeps its own task, and nothing else.

use std::collections::HashMap;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::{Instant, timeout};

use super::Context;
use super::periodic::every;
use crate::notices::Sender;

/// How often old notices are taken out, and secrets encrypted that are not.
const TIDY: Duration = Duration::from_secs(60);
/// How long a stop waits for what is under way. Another replica sends that again, with the same key.
const DRAIN: Duration = Duration::from_secs(5);

/// The channels that are being sent to.
#[derive(Default)]
struct UnderWay {
    tasks: JoinSet<()>,
    channels: HashMap<i64, AbortHandle>,
    tidied: Option<Instant>,
}

/// Looks every few seconds.
pub(crate) async fn run(context: Context) {
    let sender = Sender::over(
        context.store.clone(),
        context.clock.clone(),
        context.keys.clone(),
        context.stop.clone(),
    );
    let sender = match sender {
        Ok(sender) => sender,
        Err(error) => {
            tracing::error!(error = %error, "can't send over HTTPS: no alert is sent by this replica");
            return;
        }
    };
    let under_way = Mutex::new(UnderWay::default());
    every("sender", context.options.upkeep, &context, || async {
        let mut under_way = under_way.lock().await;
        if under_way.tidied.is_none_or(|at| at.elapsed() >= TIDY) {
            // What is wrong with one secret or an old notice keeps no new one.
            if let Err(error) = sender.tidy().await {
                tracing::warn!(error = %error, "can't tidy channels and outbox; trying again");
                context.metrics.failed("sender");
            }
            under_way.tidied = Some(Instant::now());
        }
        under_way.reap(&context);
        for channel in sender.due().await? {
            under_way.start(&sender, channel, &context);
        }
        Ok(())
    })
    .await;
    let mut under_way = under_way.into_inner();
    let ended = async { while under_way.tasks.join_next().await.is_some() {} };
    if timeout(DRAIN, ended).await.is_err() {
        tracing::info!("stopped with notices under way; they are sent again");
    }
}

impl UnderWay {
    /// Forgets the channels that were sent to. One whose task panicked is begun again.
    fn reap(&mut self, context: &Context) {
        while let Some(ended) = self.tasks.try_join_next() {
            if let Err(error) = ended {
                tracing::error!(error = %error, "sending to a channel ended badly");
                context.metrics.failed("sender");
            }
        }
        self.channels.retain(|_, task| !task.is_finished());
    }

    fn start(&mut self, sender: &Sender, channel: i64, context: &Context) {
        if self.channels.contains_key(&channel) {
            return;
        }
        let (sender, metrics) = (sender.clone(), context.metrics.clone());
        let task = self.tasks.spawn(async move {
            if let Err(error) = sender.send_to(channel).await {
                tracing::warn!(channel.id = channel, error = %error, "sending to a channel failed; trying again");
                metrics.failed("sender");
            }
        });
        self.channels.insert(channel, task);
    }
}
