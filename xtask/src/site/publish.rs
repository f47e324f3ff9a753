//! Puts the parts where the server finds them: in a folder that is named by their content, so that browsers may keep them for ever, and
//! main and its areas are always of one build; each compressed already, as it will be sent.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;
use sha2::{Digest, Sha256};

use super::{Build, write};
use crate::command::say;

/// What the server reads first: the folder's name.
pub(super) const INDEX: &str = "site.json";

/// Copies `parts` to `site/pkg/<hash>`, the only folder there then, and writes [`INDEX`]. Answers the hash.
pub(super) fn publish(parts: &Path, site: &Path, build: Build) -> anyhow::Result<String> {
    let files = files(parts)?;
    let mut hasher = Sha256::new();
    for (name, bytes) in &files {
        hasher.update((name.len() as u64).to_le_bytes());
        hasher.update(name);
        hasher.update((bytes.len() as u64).to_le_bytes());
        hasher.update(bytes);
    }
    // What is compressed otherwise is another folder, so that what stands in it is never half of each.
    hasher.update(format!("{build:?}"));
    let digest = hasher.finalize();
    let number = digest
        .iter()
        .take(8)
        .fold(0, |number, byte| (number << 8) | u64::from(*byte));
    let hash = format!("{number:016x}");

    let packages = site.join("pkg");
    let package = packages.join(&hash);
    if !package.is_dir() {
        if packages.exists() {
            std::fs::remove_dir_all(&packages).with_context(|| format!("empty {}", packages.display()))?;
        }
        let unfinished = site.with_file_name("site-unfinished");
        if unfinished.exists() {
            std::fs::remove_dir_all(&unfinished).context("remove what an earlier run left")?;
        }
        for (name, bytes) in &files {
            write(&unfinished.join(name), bytes)?;
        }
        if build != Build::Dev {
            compress(&files, &unfinished, if build == Build::Release { 11 } else { 5 })?;
        }
        std::fs::create_dir_all(&packages)?;
        std::fs::rename(&unfinished, &package).with_context(|| format!("make {}", package.display()))?;
    }
    let index = serde_json::json!({ "hash": hash });
    write(&site.join(INDEX), serde_json::to_string_pretty(&index)?.as_bytes())?;
    Ok(hash)
}

/// Every file below a folder, by its path in it, in the order of those.
fn files(folder: &Path) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(within) = folders.pop() {
        for entry in std::fs::read_dir(folder.join(&within))? {
            let entry = entry?;
            let path = within.join(entry.file_name());
            if entry.file_type()?.is_dir() {
                folders.push(path);
            } else {
                found.push((path.to_string_lossy().into_owned(), std::fs::read(entry.path())?));
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Leaves `name.br` and `name.gz` beside each file.
fn compress(files: &[(String, Vec<u8>)], folder: &Path, quality: u32) -> anyhow::Result<()> {
    say(&format!("brotli (quality {quality}) and gzip of {} files", files.len()));
    let one = |(name, bytes): &(String, Vec<u8>)| -> anyhow::Result<()> {
        let mut small = brotli::CompressorWriter::new(Vec::new(), 4096, quality, 22);
        small.write_all(bytes)?;
        write(&folder.join(format!("{name}.br")), &small.into_inner())?;
        let mut small = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(9));
        small.write_all(bytes)?;
        write(&folder.join(format!("{name}.gz")), &small.finish()?)
    };
    super::on_all_cores(files.iter().collect(), one)
}
