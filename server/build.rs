//! Sees to it that the folder of the site is there, so that the server compiles before the site was built; and compiles
//! the server again when the site changes, because a release holds it. The derives of the OpenAPI document look for their settings where
//! there is a script like this one; these are the usual ones.

fn main() -> std::io::Result<()> {
    let site = std::path::Path::new("../target/site");
    std::fs::create_dir_all(site)?;
    println!("cargo::rerun-if-changed={}", site.display());
    println!("cargo::rerun-if-changed=build.rs");
    utoipa_config::Config::new().write_to_file();
    Ok(())
}
