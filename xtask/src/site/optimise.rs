//! Makes the modules smaller.

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

/// Takes the names off each piece of a folder, and makes main do the same in fewer bytes. The pieces are left as the compiler made them:
/// what `wasm-opt` saves by writing the same a little differently in each place, brotli loses by no longer finding it twice.
pub(super) fn shrink(main: &Path, pieces: &Path, thoroughly: bool) -> anyhow::Result<()> {
    for entry in std::fs::read_dir(pieces)? {
        let piece = entry?.path();
        if piece.extension().is_some_and(|extension| extension == "wasm") {
            let module = std::fs::read(&piece)?;
            let module = without_names(&module).with_context(|| format!("read {}", piece.display()))?;
            std::fs::write(&piece, &module)?;
        }
    }
    if !thoroughly {
        return Ok(());
    }
    crate::setup::ensure(&[crate::setup::Need::Binaryen])?;
    let small = main.with_extension("small");
    let mut optimise = command(root().join("xtask/node_modules/.bin/wasm-opt"));
    optimise.args(FEATURES.map(|feature| format!("--enable-{feature}")));
    optimise.args(["-Oz", "--strip-debug", "--strip-producers"]);
    run(optimise.arg(main).arg("--output").arg(&small))?;
    std::fs::rename(&small, main).with_context(|| format!("replace {}", main.display()))
}

/// The module without its custom sections, of which the browser reads none.
fn without_names(module: &[u8]) -> Option<Vec<u8>> {
    /// The magic word and the version.
    const HEAD: usize = 8;
    const CUSTOM: u8 = 0;
    let mut kept = module.get(..HEAD)?.to_vec();
    let mut rest = module.get(HEAD..)?;
    while let Some(&kind) = rest.first() {
        let (length, digits) = leb128(rest.get(1..)?)?;
        let section = rest.get(..1 + digits + length)?;
        if kind != CUSTOM {
            kept.extend_from_slice(section);
        }
        rest = &rest[section.len()..];
    }
    Some(kept)
}

/// An unsigned number in LEB128, and how many bytes it takes.
fn leb128(bytes: &[u8]) -> Option<(usize, usize)> {
    let mut number = 0_usize;
    for (i, byte) in bytes.iter().take(5).enumerate() {
        number |= usize::from(byte & 0x7f) << (7 * i);
        if byte & 0x80 == 0 {
            return Some((number, i + 1));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::without_names;

    #[test]
    fn custom_sections_go_and_the_others_stay() {
        let head = *b"\0asm\x01\0\0\0";
        let types = [1, 4, 1, 0x60, 0, 0];
        // Its length takes two bytes, as linkers write it.
        let names = [0, 0x85, 0, 4, b'n', b'a', b'm', b'e'];
        let module = [&head[..], &names, &types, &names].concat();
        assert_eq!(without_names(&module), Some([&head[..], &types].concat()));
        assert_eq!(without_names(&module[..module.len() - 1]), None);
    }
}
