//! What tickets are composed of, as data.

use std::fs;
use std::path::Path;

use crate::ForgeError;
use crate::compose::draw::Drawn;
use crate::node::{self, Fields, Node};

const FILES: [(&str, &str); 7] = [
    ("world.yml", include_str!(concat!(env!("OUT_DIR"), "/compose/world.yml"))),
    ("certificates.yml", include_str!(concat!(env!("OUT_DIR"), "/compose/certificates.yml"))),
    ("identity.yml", include_str!(concat!(env!("OUT_DIR"), "/compose/identity.yml"))),
    ("host.yml", include_str!(concat!(env!("OUT_DIR"), "/compose/host.yml"))),
    ("path.yml", include_str!(concat!(env!("OUT_DIR"), "/compose/path.yml"))),
    ("outside.yml", include_str!(concat!(env!("OUT_DIR"), "/compose/outside.yml"))),
    ("herrings.yml", include_str!(concat!(env!("OUT_DIR"), "/compose/herrings.yml"))),
];

/// The world of composed tickets, the faults that may befall it, and what looks like a fault and is none.
#[derive(Clone, Debug)]
pub struct Repertoire {
    pub(crate) world: Node,
    pub(crate) faults: Vec<Fault>,
    pub(crate) herrings: Vec<Herring>,
}

/// One description of how a fault shows.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    pub(crate) name: String,
    /// The cause that a diagnosis should name; `None` for a fault that is in no catalogue.
    pub(crate) cause: Option<String>,
    /// Other causes that are right names for it too, as far as these logs tell.
    pub(crate) also: Vec<String>,
    pub(crate) who: Who,
    /// Connections that work lie between those that fail.
    pub(crate) sometimes: bool,
    pub(crate) node: Node,
}

/// Whom a fault hits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    /// Everybody who connects.
    Anyone,
    /// One person, or one client; everybody else goes on working.
    One,
}

#[derive(Clone, Debug)]
pub(crate) struct Herring {
    pub(crate) name: String,
    pub(crate) weight: f64,
    /// Causes that it would speak for: it is kept out of their tickets.
    pub(crate) not: Vec<String>,
    pub(crate) events: Node,
}

const FAULT_KEYS: [&str; 12] = [
    "cause",
    "also",
    "who",
    "sometimes",
    "told",
    "times",
    "gap",
    "context",
    "onset",
    "attempt",
    "cured",
    "error",
];

impl Repertoire {
    /// The built-in one.
    ///
    /// # Errors
    /// None; its tests see to that.
    pub fn embedded() -> Result<Repertoire, ForgeError> {
        let files: Vec<(String, String)> =
            FILES.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        Repertoire::parse(&files)
    }

    /// All files of a folder that end in `.yml`.
    ///
    /// # Errors
    /// A file that cannot be read, or the place of the first fault.
    pub fn load(folder: &Path) -> Result<Repertoire, ForgeError> {
        let error = |path: &Path| {
            let path = path.to_owned();
            move |source| ForgeError::File { path, source }
        };
        let mut files = Vec::new();
        for entry in fs::read_dir(folder).map_err(error(folder))? {
            let path = entry.map_err(error(folder))?.path();
            if path.extension().is_some_and(|extension| extension == "yml") {
                let text = fs::read_to_string(&path).map_err(error(&path))?;
                files.push((path.display().to_string(), text));
            }
        }
        files.sort();
        Repertoire::parse(&files)
    }

    /// Reads it from files, each a name for errors and its text.
    ///
    /// # Errors
    /// The place of the first fault.
    pub fn parse(files: &[(String, String)]) -> Result<Repertoire, ForgeError> {
        let (mut world, mut faults, mut herrings) = (None, Vec::new(), Vec::new());
        let mut last = None;
        for (name, text) in files {
            let node = node::parse(text, name)?;
            let fields = Fields::of(&node)?;
            world = fields.optional("world").cloned().or(world);
            for (name, fault) in fields.optional("faults").map_or(Ok(&[][..]), Node::map)? {
                faults.push(Fault::of(&name.name, fault)?);
            }
            for (name, herring) in fields.optional("herrings").map_or(Ok(&[][..]), Node::map)? {
                herrings.push(Herring::of(&name.name, herring)?);
            }
            fields.finish()?;
            last = Some(node);
        }
        match (world, last) {
            (Some(world), _) => Ok(Repertoire { world, faults, herrings }),
            (None, Some(last)) => Err(last.fault("no file says what the `world` is like")),
            (None, None) => Err(node::parse("", "world.yml").err().unwrap_or(ForgeError::File {
                path: "world.yml".into(),
                source: std::io::ErrorKind::NotFound.into(),
            })),
        }
    }

    /// The names of all causes that faults have; sorted, each once.
    #[must_use]
    pub fn causes(&self) -> Vec<&str> {
        let mut causes: Vec<&str> = self.faults.iter().filter_map(|fault| fault.cause.as_deref()).collect();
        causes.sort_unstable();
        causes.dedup();
        causes
    }

    /// The names of all descriptions of faults, with the cause of each.
    pub fn faults(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.faults.iter().map(|fault| (fault.name.as_str(), fault.cause.as_deref()))
    }
}

impl Fault {
    fn of(name: &str, node: &Node) -> Result<Fault, ForgeError> {
        for (key, _) in node.map()? {
            if !FAULT_KEYS.contains(&key.name.as_str()) {
                return Err(key.place.fault(node::unknown("key", &key.name, FAULT_KEYS.into_iter())));
            }
        }
        let text = |key| node.get(key).map(|node| node.text().map(str::to_owned)).transpose();
        let who = match text("who")?.as_deref() {
            None | Some("anyone") => Who::Anyone,
            Some("one") => Who::One,
            Some(other) => {
                return Err(node.fault(node::unknown("`who`", other, ["anyone", "one"].into_iter())));
            }
        };
        let sometimes = text("sometimes")?.is_some_and(|sometimes| sometimes == "yes");
        let also = node.get("also").map_or(Ok(&[][..]), Node::items)?;
        let also = also.iter().map(|node| node.text().map(str::to_owned)).collect::<Result<_, _>>()?;
        Ok(Fault { name: name.to_owned(), cause: text("cause")?, also, who, sometimes, node: node.clone() })
    }
}

impl Herring {
    fn of(name: &str, node: &Node) -> Result<Herring, ForgeError> {
        let fields = Fields::of(node)?;
        let weight = fields.optional("weight");
        let herring = Herring {
            name: name.to_owned(),
            weight: weight.map_or(Ok(1.0), |node| node.read("a number", |text| text.parse().ok()))?,
            not: fields.texts("not")?,
            events: fields.required("events")?.clone(),
        };
        fields.finish()?;
        Ok(herring)
    }
}

/// A list of the world, with the weight of each item.
pub(crate) fn weights(nodes: &[Node]) -> Result<Vec<f64>, ForgeError> {
    let weight = |node: &Node| match node.get("weight") {
        Some(weight) => weight.read("a number", |text| text.parse().ok()),
        None => Ok(1.0),
    };
    nodes.iter().map(weight).collect()
}

/// A person of a ticket: what was drawn for it, by name.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) drawn: Drawn,
}
