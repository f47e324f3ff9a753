//! The JavaScript around the module. `wasm-bindgen-cli-support` has the version of `wasm-bindgen` in Cargo.lock, so that the two
//! can't differ.

use std::path::Path;

use anyhow::Context;
use wasm_bindgen_cli_support::Bindgen;

use crate::command::say;

/// Writes `pointsman.js` and `pointsman_bg.wasm`.
pub fn generate(wasm: &Path, package: &Path, debug: bool) -> anyhow::Result<()> {
    say("JavaScript around the WASM module (wasm-bindgen)");
    // What an earlier build left, such as snippets, would be embedded too.
    if package.exists() {
        std::fs::remove_dir_all(package).with_context(|| format!("empty {}", package.display()))?;
    }
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(wasm)
        .out_name("pointsman")
        .typescript(false)
        .debug(debug)
        .keep_debug(false);
    bindgen.remove_name_section(!debug).remove_producers_section(true);
    bindgen
        .web(true)
        .and_then(|bindgen| bindgen.generate(package))
        .context("wasm-bindgen failed")
}
