//! Sees to it that the folder of the site is there, so that the server compiles before the site was built; and compiles
//! the server again when the site changes, because a release holds it.

fn main() -> std::io::Result<()> {
    let site = std::path::Path::new("../target/site");
    std::fs::create_dir_all(site)?;
    println!("cargo::rerun-if-changed={}", site.display());
    println!("cargo::rerun-if-changed=build.rs");
    Ok(())
}
