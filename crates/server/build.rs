//! Packs the web client into a release: each file as brotli and gzip, or plain where that gains nothing, so that
//! nothing is compressed while serving. A debug build packs nothing and serves `web/dist` from the disk.

use sha2::{Digest, Sha256};
use std::error::Error;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=build.rs");
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    let dist = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?).join("../../web/dist");
    let mut files = Vec::new();
    if std::env::var("PROFILE")? == "release" {
        println!("cargo:rerun-if-changed=../../web/dist");
        collect(&dist, &dist, &mut files)?;
        if std::env::var_os("RUSTC_LINKER").is_some_and(|linker| Path::new(&linker).ends_with("bin/ordered-cc")) {
            println!("cargo:rerun-if-changed=order.txt");
            let order = Path::new("order.txt").canonicalize()?;
            println!("cargo:rustc-link-arg-bins=-Wl,--symbol-ordering-file={}", order.display());
        }
        if packs_relocations()? {
            println!("cargo:rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
        }
    }
    files.sort();
    let mut table = String::from("static ASSETS: &[Asset] = &[\n");
    for (number, (name, path)) in files.iter().enumerate() {
        let plain = std::fs::read(path)?;
        let tag: String = Sha256::digest(&plain).iter().take(12).fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        });
        let brotli = keep_if_smaller(&out, number, "br", &plain, brotli(&plain)?)?;
        let gzip = keep_if_smaller(&out, number, "gz", &plain, gzip(&plain)?)?;
        // Whoever takes neither gets it unpacked: so it need not be carried a third time.
        let plain = match gzip.as_str() {
            "None" => format!("Some(include_bytes!({:?}))", path.canonicalize()?),
            _ => "None".to_owned(),
        };
        writeln!(
            table,
            "    Asset {{ path: {name:?}, tag: {tag:?}, plain: {plain}, brotli: {brotli}, gzip: {gzip} }},"
        )?;
    }
    table.push_str("];\n");
    std::fs::write(out.join("assets.rs"), table)?;
    Ok(())
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<(String, PathBuf)>) -> Result<(), Box<dyn Error>> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        println!("cargo:warning=web/dist is missing: this program has no web client inside; see bin/build");
        return Ok(());
    };
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            collect(root, &path, files)?;
        } else {
            let name = path.strip_prefix(root)?.to_str().ok_or("a file name is not UTF-8")?.replace('\\', "/");
            files.push((name, path));
        }
    }
    Ok(())
}

/// Pictures and fonts are compressed already: then the plain form alone is packed.
fn keep_if_smaller(
    out: &Path,
    number: usize,
    ending: &str,
    plain: &[u8],
    packed: Vec<u8>,
) -> Result<String, Box<dyn Error>> {
    if packed.len() * 10 > plain.len() * 9 {
        return Ok("None".to_owned());
    }
    let path = out.join(format!("asset-{number}.{ending}"));
    std::fs::write(&path, packed)?;
    Ok(format!("Some(include_bytes!({path:?}))"))
}

fn brotli(plain: &[u8]) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut packed = Vec::new();
    let mut writer = brotli::CompressorWriter::new(&mut packed, 4096, 11, 22);
    writer.write_all(plain)?;
    drop(writer);
    Ok(packed)
}

fn gzip(plain: &[u8]) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    writer.write_all(plain)?;
    Ok(writer.finish()?)
}

/// Whether addresses that are put right at the start may take a bit each, rather than 24 bytes in the file and in memory:
/// where this program is to run, and its C library is glibc 2.36 or newer.
fn packs_relocations() -> Result<bool, Box<dyn Error>> {
    if std::env::var("TARGET")? != std::env::var("HOST")? {
        return Ok(false);
    }
    let Ok(said) = std::process::Command::new("getconf").arg("GNU_LIBC_VERSION").output() else { return Ok(false) };
    let said = String::from_utf8_lossy(&said.stdout);
    let numbers = said.trim().strip_prefix("glibc ").and_then(|version| version.split_once('.'));
    let version = numbers.and_then(|(major, minor)| Some((major.parse::<u32>().ok()?, minor.parse::<u32>().ok()?)));
    Ok(version.is_some_and(|version| version >= (2, 36)))
}
