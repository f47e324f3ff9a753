//! Items and their surroundings, read one by one: what is wrong in one is told with its place, and the others are kept.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, Error, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::otlp::faults::Faults;

/// What can't be read: where in the request it begins, as an address, and why.
#[derive(Debug)]
pub(super) struct Flaw {
    address: usize,
    error: serde_json::Error,
}

/// The longest that a flaw is told, in characters: errors repeat what was sent.
const MAX_CHARS: usize = 300;

impl Flaw {
    /// The error with its line and column in the request.
    fn text(&self, request: &str) -> String {
        let offset = self.address - request.as_ptr() as usize;
        let before = &request.as_bytes()[..offset];
        let newline = |byte: &&u8| **byte == b'\n';
        let line = before.iter().filter(newline).count() + self.error.line();
        let in_line = before.iter().rev().take_while(|byte| !newline(byte)).count();
        let column = self.error.column() + if self.error.line() == 1 { in_line } else { 0 };
        let error = self.error.to_string();
        let why = error.rsplit_once(" at line ").map_or(error.as_str(), |(why, _)| why);
        let why: String = why.chars().take(MAX_CHARS).collect();
        format!("{why} at line {line} column {column}")
    }
}

fn read<T: DeserializeOwned>(raw: &RawValue) -> Result<T, Flaw> {
    serde_json::from_str(raw.get()).map_err(|error| Flaw {
        address: raw.get().as_ptr() as usize,
        error,
    })
}

/// A list of items, with an empty one in the place of each that can't be read.
#[derive(Debug, Default)]
pub(super) struct Items<T> {
    items: Vec<T>,
    flaws: Vec<(usize, Flaw)>,
}

impl<'de, T: DeserializeOwned + Default> Deserialize<'de> for Items<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(ItemsVisitor(PhantomData))
    }
}

struct ItemsVisitor<T>(PhantomData<T>);

impl<'de, T: DeserializeOwned + Default> Visitor<'de> for ItemsVisitor<T> {
    type Value = Items<T>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a list of objects")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Items<T>, A::Error> {
        let (mut items, mut flaws) = (Vec::new(), Vec::new());
        while let Some(raw) = list.next_element::<&RawValue>()? {
            // What the list weighs is told by the objects in it.
            if !raw.get().starts_with('{') {
                return Err(Error::custom("expected a list of objects"));
            }
            items.push(read(raw).unwrap_or_else(|flaw| {
                flaws.push((items.len(), flaw));
                T::default()
            }));
        }
        Ok(Items { items, flaws })
    }
}

/// What all items of a group share, which may be missing or unreadable.
#[derive(Debug)]
pub(super) struct Above<T>(Result<Option<T>, Flaw>);

impl<T> Default for Above<T> {
    fn default() -> Self {
        Self(Ok(None))
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Above<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&RawValue>::deserialize(deserializer)?;
        Ok(Self(read(raw)))
    }
}

impl<T> Above<T> {
    /// It, where it is there and can be read; and why it can't.
    pub(super) fn split(self) -> (Option<T>, Option<Flaw>) {
        match self.0 {
            Ok(value) => (value, None),
            Err(flaw) => (None, Some(flaw)),
        }
    }
}

/// Goes through a request's items in order and gathers the faults.
pub(super) struct Gather<'a> {
    request: &'a str,
    position: u64,
    faults: Faults,
}

impl<'a> Gather<'a> {
    pub(super) fn new(request: &'a str) -> Self {
        Self {
            request,
            position: 0,
            faults: Faults::default(),
        }
    }

    /// The items of a group; all of them are faults where what they share can't be read.
    pub(super) fn items<T>(&mut self, list: Items<T>, above: [Option<&Flaw>; 2]) -> Vec<T> {
        let first = self.position + 1;
        self.position += list.items.len() as u64;
        if let Some(flaw) = above.into_iter().flatten().next() {
            for position in first..=self.position {
                self.faults.add(position, || {
                    format!("of its resource or scope, {}", flaw.text(self.request))
                });
            }
        } else {
            for (at, flaw) in &list.flaws {
                self.faults.add(first + *at as u64, || flaw.text(self.request));
            }
        }
        list.items
    }

    pub(super) fn faults(self) -> Faults {
        self.faults
    }
}
