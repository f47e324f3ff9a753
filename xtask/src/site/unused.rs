//! Takes out what Leptos compiles for every view and this console never calls: hydration that waits for code in the midst of it
//! (`hydrate_async`). Pages load their code first and hydrate at once. It is a tenth of the code; Leptos 0.9 leaves it out by itself.
//!
//! It is done before the module is split, so that what only these functions need goes too. The linker's notes on what refers to what
//! (`reloc.CODE`) are moved along.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

use anyhow::Context;
use wasm_encoder::{CustomSection, Encode, Module, RawSection};
use wasmparser::{KnownCustom, Name, Parser, Payload, RelocAddendKind, RelocSectionReader, RelocationEntry, TypeRef};

/// A body that traps: no locals, `unreachable`, `end`.
const TRAP: [u8; 3] = [0, 0, 0x0b];

/// The method of a view whose type is erased, and what is compiled apart of it. Not every name with the word in it: the compiler names
/// what it has merged after one of its users, and others are called.
fn is_unused(name: &str) -> bool {
    let Some(hash) = name.len().checked_sub("17h0123456789abcdefE".len()) else {
        return false;
    };
    let Some((name, hash)) = name.split_at_checked(hash) else {
        return false;
    };
    hash.starts_with("17h")
        && (name.ends_with("into_any13hydrate_async")
            || name.ends_with("13hydrate_async28_$u7b$$u7b$closure$u7d$$u7d$"))
}

/// Where a function's entry lay in the code section, and where it begins now; nowhere where it traps.
struct Moved {
    old: Range<u32>,
    new: Option<u32>,
}

/// The module without what is never called, and how many functions that was.
pub(super) fn take_out(module: &[u8]) -> anyhow::Result<(Vec<u8>, usize)> {
    let unused = unused(module).context("read the names in the module")?;
    let mut out = Module::new();
    let mut moved: Vec<Moved> = Vec::new();
    for payload in Parser::new(0).parse_all(module) {
        let payload = payload?;
        match &payload {
            Payload::CodeSectionStart { range, .. } => {
                let range = usize::try_from(range.start)?..usize::try_from(range.end)?;
                let (code, entries) = without(&module[range], &unused)?;
                moved = entries;
                out.section(&RawSection { id: 10, data: &code });
            }
            Payload::CodeSectionEntry(_) => {}
            Payload::CustomSection(custom) if custom.name() == "reloc.CODE" => {
                let KnownCustom::Reloc(reloc) = custom.as_known() else {
                    anyhow::bail!("reloc.CODE can't be read");
                };
                let data = relocations(&reloc, &moved)?;
                out.section(&CustomSection {
                    name: Cow::Borrowed("reloc.CODE"),
                    data: Cow::Owned(data),
                });
            }
            _ => {
                if let Some((id, range)) = payload.as_section() {
                    let data = &module[usize::try_from(range.start)?..usize::try_from(range.end)?];
                    out.section(&RawSection { id, data });
                }
            }
        }
    }
    Ok((out.finish(), unused.len()))
}

/// The places among the module's own functions of those that are never called.
fn unused(module: &[u8]) -> anyhow::Result<HashSet<u32>> {
    let (mut imported, mut unused) = (0, HashSet::new());
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::CustomSection(custom) => {
                let KnownCustom::Name(names) = custom.as_known() else {
                    continue;
                };
                for names in names {
                    let Name::Function(functions) = names? else {
                        continue;
                    };
                    for function in functions {
                        let function = function?;
                        if is_unused(function.name) {
                            unused.extend(function.index.checked_sub(imported));
                        }
                    }
                }
            }
            _ => {}
        }
    }
    Ok(unused)
}

/// The code section with traps in place of the unused functions.
fn without(section: &[u8], unused: &HashSet<u32>) -> anyhow::Result<(Vec<u8>, Vec<Moved>)> {
    let mut reader = wasmparser::BinaryReader::new(section, 0);
    let count = reader.read_var_u32()?;
    let mut code = section[..reader.original_position() as usize].to_vec();
    let mut moved = Vec::with_capacity(count as usize);
    for function in 0..count {
        let begin = reader.original_position() as usize;
        let length = reader.read_var_u32()? as usize;
        reader.read_bytes(length)?;
        let end = reader.original_position() as usize;
        let old = u32::try_from(begin)?..u32::try_from(end)?;
        if unused.contains(&function) {
            TRAP.len().encode(&mut code);
            code.extend(TRAP);
            moved.push(Moved { old, new: None });
        } else {
            let new = Some(u32::try_from(code.len())?);
            code.extend(&section[begin..end]);
            moved.push(Moved { old, new });
        }
    }
    Ok((code, moved))
}

/// The linker's notes, at their new places; those within what was taken out are gone.
fn relocations(reloc: &RelocSectionReader<'_>, moved: &[Moved]) -> anyhow::Result<Vec<u8>> {
    let (mut count, mut entries) = (0_u32, Vec::new());
    for entry in reloc.entries() {
        let entry = entry?;
        let at = moved.partition_point(|function| function.old.end <= entry.offset);
        let function = moved
            .get(at)
            .filter(|function| function.old.contains(&entry.offset))
            .context("a relocation is outside of all functions")?;
        let Some(new) = function.new else {
            continue;
        };
        count += 1;
        encode(entry, entry.offset - function.old.start + new, &mut entries);
    }
    let mut data = Vec::with_capacity(entries.len() + 10);
    reloc.section_index().encode(&mut data);
    count.encode(&mut data);
    data.extend(entries);
    Ok(data)
}

fn encode(entry: RelocationEntry, offset: u32, out: &mut Vec<u8>) {
    out.push(entry.ty as u8);
    offset.encode(out);
    entry.index.encode(out);
    if entry.ty.addend_kind() != RelocAddendKind::None {
        entry.addend.encode(out);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a panic is how a test fails

    use wasm_encoder::{CodeSection, Function, FunctionSection, NameMap, NameSection, TypeSection};

    use super::*;

    const UNUSED: &str = "_ZN6tachys4view8any_view8into_any13hydrate_async17h0123456789abcdefE";

    #[test]
    fn names_are_told_apart() {
        assert!(is_unused(UNUSED));
        assert!(is_unused(
            "_ZN1a13hydrate_async28_$u7b$$u7b$closure$u7d$$u7d$17h0123456789abcdefE"
        ));
        assert!(!is_unused("_ZN1a13hydrate_async17h0123456789abcdefE"));
        assert!(!is_unused("_ZN1a8into_any7hydrate17h0123456789abcdefE"));
        assert!(!is_unused("main"));
    }

    /// Three functions of one constant each, of which the second is unused, and a relocation in each.
    fn module() -> Vec<u8> {
        let mut module = Module::new();
        let mut types = TypeSection::new();
        types.ty().function([], []);
        module.section(&types);
        let mut functions = FunctionSection::new();
        let mut code = CodeSection::new();
        for number in 0..3 {
            functions.function(0);
            let mut function = Function::new([]);
            function
                .instructions()
                .i32_const(number)
                .drop()
                .i32_const(7)
                .drop()
                .end();
            code.function(&function);
        }
        module.section(&functions);
        module.section(&code);
        // Each takes nine bytes behind the count: its length, no locals, the constant's opcode, the constant, ...
        let mut relocations = vec![2, 3];
        for function in 0..3_u8 {
            relocations.extend([4, 1 + 9 * function + 3, function, 5]);
        }
        module.section(&CustomSection {
            name: "reloc.CODE".into(),
            data: Cow::Borrowed(&relocations),
        });
        let mut names = NameSection::new();
        let mut map = NameMap::new();
        map.append(0, "first");
        map.append(1, UNUSED);
        map.append(2, "last");
        names.functions(&map);
        module.section(&names);
        module.finish()
    }

    #[test]
    fn what_is_unused_traps_and_the_notes_move_along() {
        let (shorter, count) = take_out(&module()).unwrap();
        assert_eq!(count, 1);
        let (mut lengths, mut notes) = (Vec::new(), Vec::new());
        for payload in Parser::new(0).parse_all(&shorter) {
            match payload.unwrap() {
                Payload::CodeSectionEntry(body) => lengths.push(body.range().end - body.range().start),
                Payload::CustomSection(custom) => {
                    if let KnownCustom::Reloc(reloc) = custom.as_known() {
                        notes.extend(reloc.entries().into_iter().map(|entry| {
                            let entry = entry.unwrap();
                            (entry.offset, entry.index, entry.addend)
                        }));
                    }
                }
                _ => {}
            }
        }
        assert_eq!(lengths, [8, 3, 8]);
        assert_eq!(notes, [(4, 0, 5), (4 + 9 + 4, 2, 5)]);
    }
}
