//! Versions that nobody runs, or nobody well; copies that go where the request goes.

use super::{Code, Context, Finding, Severity, finding};
use crate::invalid::join;
use crate::strategy::{LoadBalancing, Mirror, Route};
use crate::{Percent, Strategy, Version};

pub(super) fn check(strategy: &Strategy, context: &Context, found: &mut Vec<Finding>) {
    for (path, route) in strategy.routes() {
        for (at, arm) in route.split.iter().enumerate() {
            let path = join(&path, &format!("split[{at}].version"));
            version(context, &path, arm.version.as_ref(), arm.weight > Percent::ZERO, found);
        }
        for (at, mirror) in route.mirrors.iter().enumerate() {
            let path = join(&path, &format!("mirrors[{at}].version"));
            version(
                context,
                &path,
                Some(&mirror.version),
                mirror.percentage > Percent::ZERO,
                found,
            );
            mirror_to_itself(&path, route, mirror, found);
        }
    }
    for (at, policy) in strategy.versions.iter().enumerate() {
        if policy.version.is_some() {
            version(
                context,
                &format!("versions[{at}].version"),
                policy.version.as_ref(),
                false,
                found,
            );
        }
        for (to, other) in policy.failover.iter().enumerate() {
            version(
                context,
                &format!("versions[{at}].failover[{to}]"),
                Some(other),
                false,
                found,
            );
        }
    }
    let hashes = matches!(strategy.load_balancing, LoadBalancing::RingHash { .. });
    if hashes && strategy.routes().all(|(_, route)| route.sticky.is_none()) {
        let message = "no route is sticky, so there is nothing to hash".to_owned();
        let remedy = "Make routes sticky by a header or a cookie, or choose another policy";
        found.push(finding(
            Severity::Warning,
            Code::NothingToHash,
            "load_balancing.policy",
            message,
            remedy,
        ));
    }
}

fn version(context: &Context, path: &str, version: Option<&Version>, gets_requests: bool, found: &mut Vec<Finding>) {
    let presence = context.presence(version);
    let named = version.map_or_else(|| "any version".to_owned(), ToString::to_string);
    if presence.nodes == 0 {
        // Without nodes at all the strategy may well come before them.
        let severity = if gets_requests && version.is_some() {
            Severity::Error
        } else {
            Severity::Warning
        };
        let message = format!("no node runs {named}; there are {}", context.known());
        let remedy = "Name a version that runs, or start its nodes first";
        found.push(finding(severity, Code::UnknownVersion, path, message, remedy));
    } else if presence.usable == 0 && gets_requests {
        let message = format!(
            "none of the {} nodes of {named} gets requests: they are critical, drained or weigh nothing",
            presence.nodes
        );
        let remedy = "Wait until one is healthy, or send the requests elsewhere";
        found.push(finding(Severity::Warning, Code::NoHealthyNode, path, message, remedy));
    }
}

fn mirror_to_itself(path: &str, route: &Route, mirror: &Mirror, found: &mut Vec<Finding>) {
    let remedy = "Mirror to a version that does not get the request itself";
    for arm in route.split.iter().filter(|arm| arm.weight > Percent::ZERO) {
        let (severity, message) = match &arm.version {
            Some(version) if *version != mirror.version => continue,
            Some(version) if arm.weight == Percent::HUNDRED => {
                (Severity::Error, format!("{version} gets every request and its copy"))
            }
            Some(version) => (
                Severity::Warning,
                format!("{version} gets {} % of the requests, and copies of them", arm.weight),
            ),
            None => (
                Severity::Warning,
                format!(
                    "{} is among all versions, and gets copies of its own requests",
                    mirror.version
                ),
            ),
        };
        found.push(finding(severity, Code::MirrorToItself, path, message, remedy));
    }
}
