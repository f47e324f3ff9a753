//! Makes the module smaller.

use std::path::Path;

use anyhow::Context;

use crate::command::{command, run};
use crate::workspace::root;

/// What rustc takes for granted in a browser.
const FEATURES: [&str; 6] = [
    "bulk-memory",
    "multivalue",
    "mutable-globals",
    "nontrapping-float-to-int",
    "reference-types",
    "sign-ext",
];

/// Replaces the module by one that does the same in fewer bytes.
pub fn shrink(wasm: &Path) -> anyhow::Result<()> {
    crate::setup::ensure(&[crate::setup::Need::Binaryen])?;
    let small = wasm.with_extension("small");
    let mut optimise = command(root().join("xtask/node_modules/.bin/wasm-opt"));
    optimise
        .arg("-Oz")
        .args(FEATURES.map(|feature| format!("--enable-{feature}")));
    run(optimise.arg(wasm).arg("--output").arg(&small))?;
    std::fs::rename(&small, wasm).with_context(|| format!("replace {}", wasm.display()))
}
