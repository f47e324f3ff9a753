//! The one latency histogram of Pointsman: fixed, sparse, mergeable.
//!
//! Bucket bounds are those of OpenTelemetry's exponential histogram at scale 3 (base 2^(1/8)): bucket `i`
//! holds durations in `(2^(i/8), 2^((i+1)/8)]` nanoseconds. A quantile answers the bucket's geometric middle,
//! which is off by at most 2^(1/16) - 1 = 4.43 % ([`RELATIVE_ERROR`]). Everything under 1.024 us falls into the
//! lowest bucket, everything over 4,398 s (73 min) into the highest: 257 buckets in all.

use serde::{Deserialize, Serialize};

/// How far a quantile can be from the true one, as a share of it, for durations between 1.024 us and 73 min.
pub const RELATIVE_ERROR: f64 = 0.0443;

/// Buckets to a doubling: OpenTelemetry's scale 3.
const PER_DOUBLING: u32 = 8;
/// 2^10 ns is the lowest bound that is told apart.
const LOWEST: u16 = 10 * PER_DOUBLING as u16;
/// 2^42 ns is the highest.
const HIGHEST: u16 = 42 * PER_DOUBLING as u16;

/// Counts of durations by bucket, ascending, no zero counts.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Histogram(Vec<(u16, u64)>);

impl Histogram {
    /// The bucket of a duration in nanoseconds.
    pub fn bucket(duration_ns: u64) -> u16 {
        if duration_ns <= 1 << (LOWEST / PER_DOUBLING as u16) {
            return LOWEST;
        }
        // The doubling is exact in integers; the eighth within it by comparing with the seven bounds.
        let value = duration_ns - 1;
        let doubling = value.ilog2();
        let mantissa = (duration_ns as f64) / (1_u64 << doubling) as f64;
        let eighth = BOUNDS.iter().take_while(|bound| mantissa > **bound).count() as u32;
        ((doubling * PER_DOUBLING + eighth) as u16).min(HIGHEST)
    }

    /// Counts one duration.
    pub fn record(&mut self, duration_ns: u64) {
        self.add(Self::bucket(duration_ns), 1);
    }

    /// Counts everything that `other` counted.
    pub fn merge(&mut self, other: &Histogram) {
        for &(bucket, count) in &other.0 {
            self.add(bucket, count);
        }
    }

    fn add(&mut self, bucket: u16, count: u64) {
        match self.0.binary_search_by_key(&bucket, |entry| entry.0) {
            Ok(at) => self.0[at].1 += count,
            Err(at) => self.0.insert(at, (bucket, count)),
        }
    }

    /// How many durations were counted.
    pub fn count(&self) -> u64 {
        self.0.iter().map(|entry| entry.1).sum()
    }

    /// The duration in nanoseconds that a share `q` (0 to 1) of the counted ones does not exceed, by nearest rank;
    /// `None` where nothing was counted. Off by at most [`RELATIVE_ERROR`].
    pub fn quantile(&self, q: f64) -> Option<u64> {
        let total = self.count();
        let rank = ((q.clamp(0.0, 1.0) * total as f64).ceil() as u64).max(1);
        let mut seen = 0;
        self.0.iter().find_map(|&(bucket, count)| {
            seen += count;
            (seen >= rank).then(|| middle(bucket))
        })
    }

    /// How many of the counted durations are in buckets that hold nothing longer than [`Self::bound_at_most`] of this threshold.
    pub fn count_at_most(&self, threshold_ns: u64) -> u64 {
        let first_over = Self::bucket(threshold_ns.saturating_add(1));
        let under = self.0.iter().take_while(|(bucket, _)| *bucket < first_over);
        under.map(|(_, count)| count).sum()
    }

    /// The greatest bound of a bucket that is not over the threshold, in whole nanoseconds: what can be told from the counts. It is less
    /// than 8.3 % below the threshold between 1.024 us and 73 min; 0 under them.
    pub fn bound_at_most(threshold_ns: u64) -> u64 {
        match Self::bucket(threshold_ns.saturating_add(1)) {
            LOWEST => 0,
            bucket => lower(bucket).floor() as u64,
        }
    }

    /// Buckets as `(lower, upper, count)`, bounds in nanoseconds, ascending.
    pub fn buckets(&self) -> impl Iterator<Item = (f64, f64, u64)> {
        self.0
            .iter()
            .map(|&(bucket, count)| (lower(bucket), lower(bucket + 1), count))
    }
}

fn lower(bucket: u16) -> f64 {
    (f64::from(bucket) / f64::from(PER_DOUBLING)).exp2()
}

fn middle(bucket: u16) -> u64 {
    ((f64::from(bucket) + 0.5) / f64::from(PER_DOUBLING)).exp2().round() as u64
}

/// 2^(i/8) for i = 1..=7.
const BOUNDS: [f64; 7] = [
    1.090_507_732_665_257_7,
    1.189_207_115_002_721,
    1.296_839_554_651_009_7,
    std::f64::consts::SQRT_2,
    1.542_210_825_407_940_8,
    1.681_792_830_507_429,
    1.834_008_086_409_342_4,
];
