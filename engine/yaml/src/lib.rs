//! YAML with the place of every value, and faults that point at it.
//!
//! [`parse`] reads a file into a tree of [`Node`]s. Every node has its [`Span`], and every scalar keeps its spelling: `0xc000006d`,
//! `007` and `yes` stay those characters until the reader of the node asks for a number or a truth value. [`MapReader`] reads
//! a node as the map that it must be. What is wrong goes to [`Faults`], which shows all faults of all files at once, each
//! with its line, a mark under the text, and what to write instead.
//!
//! Use it for files that people write and that need good errors. To deserialize data that programs write, use serde.
//!
//! ```
//! use rdpwhy_yaml::{Faults, MapReader, parse};
//!
//! let faults = Faults::new();
//! let documents = parse("door.yml", "titel: The door is open\n", &faults);
//! let mut map = MapReader::new(&documents[0], &faults, "door.yml");
//! assert_eq!(map.text("title"), None);
//! map.finish();
//! let fault = &faults.sorted()[0];
//! assert_eq!(fault.one_line(), "door.yml:1:1: error[rule::unknown-key]: the key `titel` is not known here");
//! assert_eq!(fault.help.as_deref(), Some("did you mean `title`? Only `title` is legal here"));
//! ```

mod fault;
mod faults;
mod node;
mod parse;
mod reader;
mod span;
mod spelling;

pub use fault::{Fault, Level};
pub use faults::Faults;
pub use node::{Node, Scalar, Value};
pub use parse::parse;
pub use reader::{MapReader, Reader};
pub use span::Span;
pub use spelling::{listed, nearest, nearest_two, offer, suggest};
