//! Packages of Debian and Ubuntu.

use anyhow::bail;

use crate::command::{command, find, run};

/// Installs packages with apt-get, as root or with sudo. Errors: a sentence that ends with `otherwise`, where that can't be.
pub fn install(packages: &[&str], otherwise: &str) -> anyhow::Result<()> {
    if find("apt-get").is_none() {
        bail!("this machine has no apt-get; {otherwise}");
    }
    let root = nix::unistd::geteuid().is_root();
    if !root && find("sudo").is_none() {
        bail!(
            "this needs root or sudo; {otherwise}, for example: apt-get install {}",
            packages.join(" ")
        );
    }
    let apt = |arguments: &[&str]| {
        let mut apt = command(if root { "env" } else { "sudo" });
        if !root {
            apt.arg("env");
        }
        apt.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]);
        run(apt.args(arguments))
    };
    apt(&["update"])?;
    apt(&[&["install", "--yes", "--no-install-recommends"], packages].concat())
}
