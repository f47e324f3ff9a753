//! One style sheet of many: each `@import "file.css";` of main.css is replaced by the file.

use std::path::Path;

use anyhow::Context;

/// The style sheet with its imports in place. An import may name a layer: `@import "file.css" layer(base);`.
pub fn bundle(main: &Path) -> anyhow::Result<String> {
    let folder = main.parent().unwrap_or(Path::new("."));
    let text = std::fs::read_to_string(main).with_context(|| format!("read {}", main.display()))?;
    let mut out = String::with_capacity(64 * 1024);
    for line in text.lines() {
        let Some(import) = line.trim().strip_prefix("@import") else {
            out.push_str(line);
            out.push('\n');
            continue;
        };
        let name = import
            .split(['"', '\''])
            .nth(1)
            .with_context(|| format!("no file is named in `{line}`"))?;
        let file = std::fs::read_to_string(folder.join(name)).with_context(|| format!("read style/{name}"))?;
        let layer = import
            .split_once("layer(")
            .and_then(|(_, rest)| rest.split_once(')'))
            .map(|(layer, _)| layer);
        match layer {
            Some(layer) => out.extend(["@layer ", layer, " {\n", &file, "}\n"]),
            None => out.push_str(&file),
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::bundle;

    #[test]
    fn imports_are_replaced_by_what_they_name_in_their_order() {
        let folder = std::env::temp_dir().join(format!("pointsman-style-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("make a folder");
        let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).expect("write a file");
        write(
            "main.css",
            "@import \"one.css\";\n@import \"two.css\" layer(page);\np {}\n",
        );
        write("one.css", "a {}\n");
        write("two.css", "b {}\n");
        let text = bundle(&folder.join("main.css"));
        std::fs::remove_dir_all(&folder).expect("remove the folder");
        assert_eq!(text.expect("a bundle"), "a {}\n@layer page {\nb {}\n}\np {}\n");
    }
}
