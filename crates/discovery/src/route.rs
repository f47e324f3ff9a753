//! Which rule a request meets, and to which version it goes.

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh64::xxh64;

use crate::strategy::{Abort, Mirror, Route, Rule, Sticky};
use crate::{Percent, Request, Strategy, Version};

/// What a strategy decides for a request.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Decision<'a> {
    /// The rule that it meets, and its index; `None` is the default.
    pub rule: Option<(usize, &'a Rule)>,
    /// Where it goes, and how.
    pub route: &'a Route,
    /// To which version; `None` is every version.
    pub version: Option<&'a Version>,
    /// What has decided on the version.
    pub by: DecidedBy,
    draw: u64,
}

/// What has decided on a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum DecidedBy {
    /// The override that the request carries.
    Override,
    /// The value that the route is sticky by.
    Sticky,
    /// The draw.
    Draw,
}

/// How likely a version is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Odds {
    /// Which; `None` is every version.
    pub version: Option<Version>,
    /// Of a hundred such requests.
    pub percent: Percent,
}

/// What the strategy decides for a request; `draw` is random, evenly over all numbers. The version is the override's where the request has one and the strategy
/// allows it, else by the hash of what the route is sticky by, else by the draw: as Envoy does, modulo 10,000 over the weights in the order of the split.
///
/// Whether the version has nodes is not looked at: see [`destination`](crate::resolve::destination). Where an override leads to none, route again
/// [`without_overrides`](Request::without_overrides).
pub fn route<'a>(strategy: &'a Strategy, request: &'a Request, draw: u64) -> Decision<'a> {
    let met = strategy
        .rules
        .iter()
        .enumerate()
        .find(|(_, rule)| rule.matches.is_match(request));
    let route = met.map_or(&strategy.draft().default, |(_, rule)| &rule.route);
    let asked = request
        .override_for(&strategy.service)
        .filter(|_| strategy.route_override);
    let (version, by) = if let Some(version) = asked {
        (Some(version), DecidedBy::Override)
    } else if let Some(hash) = sticky_hash(route, request) {
        (arm(route, hash), DecidedBy::Sticky)
    } else {
        (arm(route, draw), DecidedBy::Draw)
    };
    Decision {
        rule: met,
        route,
        version,
        by,
        draw,
    }
}

/// The hash of what the route is sticky by, where the request has it: for its version, and for the ring of its nodes.
pub fn sticky_hash(route: &Route, request: &Request) -> Option<u64> {
    let value = match route.sticky.as_ref()? {
        Sticky::Header { name } => request.header(name.as_str()),
        Sticky::Cookie { name, .. } => request.cookie(name.as_str()),
    };
    value.map(|value| xxh64(value.as_bytes(), 0))
}

fn arm(route: &Route, number: u64) -> Option<&Version> {
    let mut left = number % u64::from(Percent::WHOLE);
    for arm in &route.split {
        let share = u64::from(arm.weight.parts());
        if left < share {
            return arm.version.as_ref();
        }
        left -= share;
    }
    // Weights sum to the whole, so some arm was met.
    None
}

impl<'a> Decision<'a> {
    /// How likely each version is for such a request; where it is decided by an override or by what is sticky, that version alone.
    pub fn odds(&self) -> Vec<Odds> {
        if self.by != DecidedBy::Draw {
            return vec![Odds {
                version: self.version.cloned(),
                percent: Percent::HUNDRED,
            }];
        }
        let arms = self.route.split.iter().filter(|arm| arm.weight > Percent::ZERO);
        let odds = arms.map(|arm| Odds {
            version: arm.version.clone(),
            percent: arm.weight,
        });
        odds.collect()
    }

    /// The mirrors that get a copy of this request.
    pub fn mirrors(&self) -> impl Iterator<Item = &'a Mirror> {
        let draw = self.draw;
        let mirrors = self.route.mirrors.iter().enumerate();
        mirrors
            .filter(move |(at, mirror)| is_drawn(draw, 10 + *at as u64, mirror.percentage))
            .map(|(_, mirror)| mirror)
    }

    /// How long this request waits, in milliseconds, for a fault made on purpose.
    pub fn delay_ms(&self) -> Option<u32> {
        let delay = self.route.fault.as_ref()?.delay.as_ref()?;
        is_drawn(self.draw, 1, delay.percentage).then_some(delay.fixed_delay_ms)
    }

    /// With what this request is answered at once, for a fault made on purpose.
    pub fn abort(&self) -> Option<&'a Abort> {
        let abort = self.route.fault.as_ref()?.abort.as_ref()?;
        is_drawn(self.draw, 2, abort.percentage).then_some(abort)
    }
}

/// Whether a draw of its own, which comes of the request's, falls into the share. Mixed as by SplitMix64 (Steele, Lea, Flood, OOPSLA 2014), so
/// that it does not depend on the version that was drawn.
fn is_drawn(draw: u64, number: u64, share: Percent) -> bool {
    let mut mixed = draw.wrapping_add(number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^= mixed >> 31;
    mixed % u64::from(Percent::WHOLE) < u64::from(share.parts())
}

#[cfg(test)]
mod tests;
