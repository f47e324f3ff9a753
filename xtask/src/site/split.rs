//! One module becomes several: main, which all pages need, and for each area (`app/src/lazy.rs`) one file with what it needs beside
//! main.
//!
//! The splitter makes a module for each area and for each set of areas that share something: hundreds, most of them tiny. All that one
//! area needs is put into one file, so that a page asks for one; what two areas share lies in both files, and is taken from whichever
//! comes first. The splitter and wasm-bindgen are libraries with the versions in Cargo.lock, as what is in the module has.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, anyhow};
use wasm_bindgen_cli_support::Bindgen;
use wasm_split_cli_support::{Options, transform};

use super::Build;
use super::{optimise, unused};
use crate::command::say;

/// The JavaScript that loads areas.
pub(super) const LOADER: &str = "areas.js";
/// Its end, which is the same in every build.
const LOADING: &str = include_str!("areas.js");

/// Empties `parts` and writes there `pointsman.js`, `pointsman_bg.wasm`, [`LOADER`] and a `.area` file for each area.
pub(super) fn split(wasm: &Path, parts: &Path, build: Build) -> anyhow::Result<()> {
    say("a file for each area (wasm_split), JavaScript around main (wasm-bindgen)");
    let pieces = parts.with_extension("pieces");
    for folder in [parts, &pieces] {
        if folder.exists() {
            std::fs::remove_dir_all(folder).with_context(|| format!("empty {}", folder.display()))?;
        }
        std::fs::create_dir_all(folder)?;
    }
    let module = std::fs::read(wasm).with_context(|| format!("read {}", wasm.display()))?;
    let (module, count) = unused::take_out(&module)?;
    say(&format!("{count} functions that are never called are taken out"));
    let main = parts.with_extension("main.wasm");
    let mut options = Options::new(&module);
    let link = format!("./{LOADER}");
    options.output_dir = &pieces;
    options.main_out_path = &main;
    options.link_name = &link;
    options.main_module = "./pointsman.js";
    let areas: BTreeMap<_, _> = transform(options)
        .map_err(|error| anyhow!("the module can't be split: {error:#}"))?
        .prefetch_map
        .into_iter()
        .collect();
    bindgen(&main, parts, build == Build::Dev)?;
    std::fs::remove_file(&main).context("remove the unfinished main module")?;
    if build != Build::Dev {
        optimise::shrink(&parts.join("pointsman_bg.wasm"), &pieces, build == Build::Release)?;
    }
    pack(&areas, &pieces, parts)
}

fn bindgen(main: &Path, parts: &Path, debug: bool) -> anyhow::Result<()> {
    let mut bindgen = Bindgen::new();
    bindgen.input_path(main).out_name("pointsman").typescript(false);
    bindgen
        .debug(debug)
        .keep_debug(false)
        .keep_lld_exports(true)
        .demangle(false);
    bindgen.remove_name_section(!debug).remove_producers_section(true);
    bindgen
        .web(true)
        .and_then(|bindgen| bindgen.generate(parts))
        .context("wasm-bindgen failed")
}

/// Writes the file of each area, and the loader, which knows where in it each module lies.
fn pack(areas: &BTreeMap<String, Vec<String>>, pieces: &Path, parts: &Path) -> anyhow::Result<()> {
    let names: BTreeSet<&String> = areas.values().flatten().collect();
    let numbers: BTreeMap<&String, usize> = names.into_iter().zip(0..).collect();
    let mut contents: BTreeMap<&str, Vec<(usize, usize)>> = BTreeMap::new();
    for (area, names) in areas {
        let mut file = Vec::new();
        for name in names {
            let piece = pieces.join(format!("{name}.wasm"));
            let bytes = std::fs::read(&piece).with_context(|| format!("read {}", piece.display()))?;
            let entry = (numbers[name], bytes.len());
            contents.entry(area).or_default().push(entry);
            file.extend(bytes);
        }
        std::fs::write(parts.join(format!("{area}.area")), file)?;
    }
    let loader = std::fs::read_to_string(pieces.join(LOADER)).context("read what the splitter wrote")?;
    let head = shared_imports(&loader).context("the splitter's JavaScript is not as it was: see the pinned version")?;
    let contents = serde_json::to_string(&contents).context("list what is in each area")?;
    let mut loader = format!("{head}const AREAS = {contents};\n{LOADING}");
    for area in areas.keys() {
        loader.extend(["export const __wasm_split_load_", area, " = loader(\"", area, "\");\n"]);
    }
    std::fs::write(parts.join(LOADER), loader).context("write the loader of areas")
}

/// The part of the splitter's JavaScript that says what main shares with the others: `getSharedImports`, which knows its names.
fn shared_imports(loader: &str) -> Option<&str> {
    let end = loader.find("function wrapAsyncCb(")?;
    let head = &loader[..end];
    head.contains("function getSharedImports()").then_some(head)
}
