//! Opens a file by its first bytes and cuts it into numbered lines, of which only one is in memory at a time.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context, Result};

/// The longest line that is read, in bytes.
pub const MAX_LINE: usize = 64 << 20;

/// One of the files, which can be opened several times.
#[derive(Debug, Clone)]
pub struct Input {
    /// As the user named it.
    pub name: Arc<str>,
    place: Place,
    /// Its size as it lies on the disk, where that is known.
    pub bytes: Option<u64>,
}

#[derive(Debug, Clone)]
enum Place {
    Path(PathBuf),
    /// Standard input, which can be read once.
    Stdin,
    /// What standard input held, for reading it twice.
    Copy(Arc<File>),
}

impl Input {
    /// The file of this name; `-` is standard input, which is copied to a temporary file where it must be read `twice`.
    pub fn find(path: &Path, twice: bool) -> Result<Self> {
        if path != Path::new("-") {
            let meta = std::fs::metadata(path).with_context(|| format!("can't read {}", path.display()))?;
            anyhow::ensure!(!meta.is_dir(), "{} is a folder; name the files in it", path.display());
            return Ok(Self {
                name: path.display().to_string().into(),
                place: Place::Path(path.to_owned()),
                bytes: meta.is_file().then_some(meta.len()),
            });
        }
        let place = if twice {
            let mut copy = tempfile::tempfile().context("can't make a temporary file for standard input")?;
            io::copy(&mut io::stdin().lock(), &mut copy).context("can't read standard input")?;
            Place::Copy(Arc::new(copy))
        } else {
            Place::Stdin
        };
        Ok(Self {
            name: "standard input".into(),
            place,
            bytes: None,
        })
    }

    /// Opens it at its start. `read` counts the bytes taken from the disk.
    pub fn open(&self, read: Arc<AtomicU64>) -> Result<Lines> {
        let raw: Box<dyn Read + Send> = match &self.place {
            Place::Path(path) => Box::new(File::open(path).with_context(|| format!("can't open {}", self.name))?),
            Place::Stdin => Box::new(io::stdin()),
            Place::Copy(file) => {
                let mut file = file.try_clone().context("can't read the copy of standard input")?;
                file.seek(SeekFrom::Start(0))?;
                Box::new(file)
            }
        };
        let mut raw = BufReader::with_capacity(1 << 18, Counted { raw, read });
        let start = raw.fill_buf().with_context(|| format!("can't read {}", self.name))?;
        let reader: Box<dyn BufRead + Send> = if is_zstd(start) {
            Box::new(BufReader::with_capacity(1 << 18, zstd::Decoder::with_buffer(raw)?))
        } else if start.starts_with(&[0x1f, 0x8b]) {
            Box::new(BufReader::with_capacity(
                1 << 18,
                flate2::bufread::MultiGzDecoder::new(raw),
            ))
        } else {
            Box::new(raw)
        };
        Ok(Lines {
            reader,
            number: 0,
            ended: false,
        })
    }
}

/// A zstd frame, or a skippable one before it.
fn is_zstd(start: &[u8]) -> bool {
    start.starts_with(&[0x28, 0xb5, 0x2f, 0xfd])
        || (start.len() >= 4 && start[0] & 0xf0 == 0x50 && start[1..4] == [0x2a, 0x4d, 0x18])
}

struct Counted {
    raw: Box<dyn Read + Send>,
    read: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let n = self.raw.read(into)?;
        self.read.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

/// The lines of an open file.
pub struct Lines {
    reader: Box<dyn BufRead + Send>,
    number: u64,
    ended: bool,
}

/// A line, or why there is none at this place.
pub struct Numbered {
    /// Its number, from 1.
    pub number: u64,
    /// Its bytes without the line's end, or what is wrong.
    pub line: Result<Vec<u8>, String>,
}

/// Ends after what can't be read any further.
impl Iterator for Lines {
    type Item = Numbered;

    fn next(&mut self) -> Option<Numbered> {
        while !self.ended {
            self.number += 1;
            let line = self.cut();
            if line.as_ref().is_ok_and(|line| line.iter().all(u8::is_ascii_whitespace)) {
                continue;
            }
            return Some(Numbered {
                number: self.number,
                line,
            });
        }
        None
    }
}

impl Lines {
    fn cut(&mut self) -> Result<Vec<u8>, String> {
        let mut line = Vec::new();
        let mut too_long = false;
        loop {
            let chunk = match self.reader.fill_buf() {
                Ok(chunk) => chunk,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => {
                    self.ended = true;
                    return Err(format!("the file can't be read from here on: {error}"));
                }
            };
            let end = chunk.iter().position(|byte| *byte == b'\n');
            let part = &chunk[..end.unwrap_or(chunk.len())];
            too_long |= line.len() + part.len() > MAX_LINE;
            if too_long {
                line = Vec::new();
            } else {
                line.extend_from_slice(part);
            }
            let taken = end.map_or(chunk.len(), |end| end + 1);
            self.ended = taken == 0;
            self.reader.consume(taken);
            if end.is_some() || taken == 0 {
                break;
            }
        }
        if too_long {
            return Err(format!("longer than {} MiB", MAX_LINE >> 20));
        }
        Ok(line)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a panic is how a test fails

    use std::io::Write;

    use super::*;

    fn lines(bytes: &[u8]) -> Vec<(u64, Result<String, String>)> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        let input = Input::find(file.path(), true).unwrap();
        let lines = input.open(Arc::default()).unwrap();
        lines
            .map(|n| (n.number, n.line.map(|line| String::from_utf8(line).unwrap())))
            .collect()
    }

    #[test]
    fn plain_gzip_and_zstd_are_known_by_their_first_bytes() {
        let text = b"one\n\n three\r\nlast";
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(text).unwrap();
        let want = vec![
            (1, Ok("one".to_owned())),
            (3, Ok(" three\r".to_owned())),
            (4, Ok("last".to_owned())),
        ];
        assert_eq!(lines(text), want);
        assert_eq!(lines(&gzip.finish().unwrap()), want);
        assert_eq!(lines(&zstd::encode_all(&text[..], 3).unwrap()), want);
        assert_eq!(lines(b""), vec![]);
    }

    #[test]
    fn what_lies_before_a_damage_is_read_and_the_damage_is_named() {
        let mut bytes = zstd::encode_all(&b"one\n"[..], 3).unwrap();
        bytes.extend_from_slice(&[0x28, 0xb5, 0x2f, 0xfd, 0xff, 0xff, 0xff]);
        let got = lines(&bytes);
        assert_eq!(got[0], (1, Ok("one".to_owned())));
        assert_eq!(got[1].0, 2);
        assert!(got[1].1.as_ref().unwrap_err().contains("can't be read from here on"));
        assert_eq!(got.len(), 2);
    }
}
