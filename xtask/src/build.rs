//! The server as it is shipped: one file with the site and the migrations in it.

use std::path::PathBuf;

use crate::command::{cargo, run, say};
use crate::workspace::{built, root, short};
use crate::{setup, site};

/// Builds it; answers where it is.
pub fn release() -> anyhow::Result<PathBuf> {
    setup::ensure(setup::BUILD)?;
    site::build(true)?;
    run(&mut cargo(&[
        "build",
        "--release",
        "--locked",
        "--package",
        "pointsman",
    ]))?;
    let program = built("release", "pointsman");
    let promised = root().join("target/release/pointsman");
    if program != promised {
        std::fs::create_dir_all(root().join("target/release"))?;
        std::fs::copy(&program, &promised)?;
    }
    say(&format!("the server is {}", short(&promised)));
    Ok(promised)
}
