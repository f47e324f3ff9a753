//! The program: the library, and the site that the browser loads, embedded in a release and read from the disk else. What is built of
//! this package while the site is built is the library.

use std::process::ExitCode;

use rust_embed::Embed;

/// What `cargo xtask site` has built.
#[derive(Embed)]
#[folder = "../target/site"]
struct Site;

// Cargo follows the files that were there, but not those that came: this one comes with each change of the site.
#[cfg(not(debug_assertions))]
const _: &[u8] = include_bytes!("../../target/site/site.json");

fn main() -> ExitCode {
    pointsman::main(|path| Site::get(path).map(|file| file.data))
}
