//! What has to be carried to a machine, and to a browser before it shows something.

use super::Plan;
use crate::table::Table;
use crate::{Result, failed};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;

/// # Errors
/// There is no program.
pub fn sizes(plan: &Plan, table: &mut Table) -> Result<()> {
    let path = &plan.program.path;
    let size = std::fs::metadata(path).map_err(failed(&path.display().to_string()))?.len();
    table.row("the program, web client inside", format!("{:.1} MiB", size as f64 / 1_048_576.0), "");
    let Ok(html) = std::fs::read_to_string(plan.web.join("index.html")) else {
        table.row("JavaScript of the first screen, a room, gzipped", format!("no {}", plan.web.display()), "≤ 60 KB");
        return Ok(());
    };
    // Nothing of a room is drawn before the shell; markup, files and replies, which every room asks for, come with another part.
    let plain = format!("{html} {}", part(&plan.web, "shell-"));
    let said = format!("{plain} {}", part(&plan.web, "said-"));
    for (what, page, aim) in [
        ("JavaScript of the first screen, a room, gzipped", &plain, "≤ 60 KB"),
        ("  with markup, files or replies in it", &said, ""),
    ] {
        let scripts = scripts(&plan.web, page);
        let mut bytes = 0;
        for script in &scripts {
            bytes += gzipped(&plan.web.join(script))?;
        }
        table.row(what, format!("{:.1} KB in {} files", bytes as f64 / 1_000.0, scripts.len()), aim);
    }
    Ok(())
}

/// A part of the client by how the name of its script begins, as a page would name it.
fn part(web: &Path, begins: &str) -> String {
    let files = std::fs::read_dir(web.join("assets")).into_iter().flatten().flatten();
    let mut names = files.filter_map(|file| file.file_name().into_string().ok());
    let name = names.find(|name| name.starts_with(begins) && name.ends_with(".js"));
    name.map(|name| format!("src=\"/assets/{name}\"")).unwrap_or_default()
}

/// The scripts that the page names, and all that those import at once (not what they import later).
fn scripts(web: &Path, html: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open: Vec<String> = quoted(html, &["src=", "href="]).filter(|path| path.ends_with(".js")).collect();
    while let Some(path) = open.pop() {
        let path = path.trim_start_matches('/').to_owned();
        let Ok(text) = std::fs::read_to_string(web.join(&path)) else { continue };
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        // `import(…)` has a bracket before its quote, and so is none of these.
        let imports = quoted(&text, &["from", "import", "from ", "import "]).filter(|name| name.ends_with(".js"));
        open.extend(imports.filter_map(|name| Some(format!("{folder}/{}", name.strip_prefix("./")?))));
        if !found.insert(path) {
            open.retain(|path| !found.contains(path.trim_start_matches('/')));
        }
    }
    found
}

/// What stands in quotes right after one of these words.
fn quoted<'a>(text: &'a str, after: &'a [&str]) -> impl Iterator<Item = String> + 'a {
    text.char_indices().filter(|(_, sign)| matches!(sign, '"' | '\'')).filter_map(|(at, sign)| {
        let named = after.iter().any(|word| text[..at].ends_with(word));
        let rest = &text[at + 1..];
        if named { rest.find(sign).map(|end| rest[..end].to_owned()) } else { None }
    })
}

fn gzipped(path: &Path) -> Result<usize> {
    let bytes = std::fs::read(path).map_err(failed(&path.display().to_string()))?;
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(&bytes).and_then(|()| gzip.finish()).map(|packed| packed.len()).map_err(failed("gzip"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_imported_at_once_counts_and_what_comes_later_does_not() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join("assets")).expect("a folder");
        let write = |name: &str, text: &str| std::fs::write(folder.path().join("assets").join(name), text);
        write("main.js", "import{a as b}from\"./part.js\";import\"./side.js\";const c=()=>import(\"./later.js\")")
            .expect("written");
        for name in ["part.js", "side.js", "later.js", "named.js"] {
            write(name, "import\"./main.js\"").expect("written");
        }
        let html = r#"<link rel="modulepreload" href="/assets/named.js"><script src="/assets/main.js"></script>"#;
        let found: Vec<String> = scripts(folder.path(), html).into_iter().collect();
        assert_eq!(found, ["assets/main.js", "assets/named.js", "assets/part.js", "assets/side.js"]);
    }
}
