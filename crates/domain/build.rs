//! Tells the derives of the OpenAPI document, where they are asked for, which names of types are other names of plain ones.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    #[cfg(feature = "openapi")]
    utoipa_config::Config::new()
        .alias_for("Text", "String")
        .alias_for("UnixNanos", "u64")
        .write_to_file();
}
