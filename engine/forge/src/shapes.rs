//! The records that machines write, and the scenes they play, as data.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::ForgeError;
use crate::node::{self, Fields, Kind, Node, unknown};
use crate::pattern::{self, Names};
use crate::place::Place;

const SHAPES: &str = include_str!(concat!(env!("OUT_DIR"), "/shapes.yml"));
const SCENES: &str = include_str!(concat!(env!("OUT_DIR"), "/scenes.yml"));

/// Shapes of single records, scenes of many, and the short names of channels and providers.
#[derive(Clone, Debug)]
pub struct Shapes {
    channels: BTreeMap<String, Channel>,
    sets: BTreeMap<String, Vec<String>>,
    pub(crate) providers: BTreeMap<String, Node>,
    pub(crate) shapes: BTreeMap<String, Node>,
    pub(crate) scenes: BTreeMap<String, Scene>,
}

#[derive(Clone, Debug)]
struct Channel {
    name: String,
    background: Vec<String>,
}

/// A list of steps with parameters.
#[derive(Clone, Debug)]
pub(crate) struct Scene {
    pub(crate) place: Place,
    /// Names and what they are if the caller does not say; each may use those before it.
    pub(crate) params: Vec<(String, Node)>,
    pub(crate) steps: Vec<Node>,
}

/// What may be said of a record.
pub(crate) const RECORD_KEYS: [&str; 25] = [
    "provider",
    "channel",
    "guid",
    "id",
    "level",
    "version",
    "task",
    "opcode",
    "keywords",
    "source_name",
    "qualifiers",
    "form",
    "user",
    "pid",
    "tid",
    "activity",
    "activity_kind",
    "data",
    "data_name",
    "classic",
    "binary",
    "user_data",
    "root",
    "xmlns",
    "fields",
];

/// Keys of a scene's step that are not parameters.
pub(crate) const STEP_KEYS: [&str; 9] =
    ["after", "at", "shape", "scene", "on", "activity", "if", "repeat", "every"];

/// Parameters that every scope has.
pub(crate) const BUILTINS: [&str; 10] = [
    "port",
    "port2",
    "n",
    "connection",
    "connection2",
    "computer",
    "hostname",
    "logon_id",
    "sid",
    "activity",
];

impl Shapes {
    /// The shapes and scenes of this project's samples.
    ///
    /// # Errors
    /// None, unless the embedded files are broken; a test reads them.
    pub fn embedded() -> Result<Shapes, ForgeError> {
        Shapes::parse((SHAPES, "shapes.yml"), (SCENES, "scenes.yml"))
    }

    /// Reads `shapes.yml` and `scenes.yml` from a folder.
    ///
    /// # Errors
    /// A file that cannot be read, or the place of the first fault.
    pub fn load(folder: &Path) -> Result<Shapes, ForgeError> {
        let read = |name: &str| {
            let path = folder.join(name);
            let text = fs::read_to_string(&path);
            let name = path.display().to_string();
            text.map(|text| (text, name)).map_err(|source| ForgeError::File { path, source })
        };
        let (shapes, scenes) = (read("shapes.yml")?, read("scenes.yml")?);
        Shapes::parse((&shapes.0, &shapes.1), (&scenes.0, &scenes.1))
    }

    /// Reads shapes and scenes from texts, each with its name for errors.
    ///
    /// # Errors
    /// The place of the first fault.
    pub fn parse(shapes: (&str, &str), scenes: (&str, &str)) -> Result<Shapes, ForgeError> {
        let root = node::parse(shapes.0, shapes.1)?;
        let fields = Fields::of(&root)?;
        let mut all = Shapes {
            channels: channels(fields.required("channels")?)?,
            sets: sets(fields.required("sets")?)?,
            providers: named(fields.required("providers")?)?,
            shapes: named(fields.required("shapes")?)?,
            scenes: BTreeMap::new(),
        };
        fields.finish()?;
        for (key, node) in node::parse(scenes.0, scenes.1)?.map()? {
            all.scenes.insert(key.name.clone(), Scene::of(node)?);
        }
        all.check()?;
        Ok(all)
    }

    fn check(&self) -> Result<(), ForgeError> {
        for (name, provider) in &self.providers {
            check_keys(provider, &[&RECORD_KEYS[..], &["name"]].concat())?;
            provider.get("name").ok_or_else(|| provider.fault(format!("provider `{name}` has no `name`")))?;
        }
        for shape in self.shapes.values() {
            check_keys(shape, &RECORD_KEYS)?;
            let provider = shape.get("provider").ok_or_else(|| shape.fault("`provider` is missing here"))?;
            let name = provider.text()?;
            if !self.providers.contains_key(name) {
                let legal = self.providers.keys().map(String::as_str);
                return Err(provider.fault(unknown("provider", name, legal)));
            }
        }
        for scene in self.scenes.values() {
            self.parameters(&scene.place, &scene.steps, 0)?;
        }
        let backgrounds = self.channels.values().flat_map(|c| &c.background);
        match backgrounds.into_iter().find(|name| !self.shapes.contains_key(*name)) {
            Some(name) => Err(ForgeError::At {
                place: Place { file: "shapes.yml".into(), line: 1, column: 1 },
                message: format!("background names `{name}`, which is no shape"),
            }),
            None => Ok(()),
        }
    }

    /// The full name of a channel given by its short or full name.
    pub(crate) fn channel(&self, name: &str, place: &Place) -> Result<String, ForgeError> {
        match self.channels.get(name) {
            Some(channel) => Ok(channel.name.clone()),
            None if name.contains('/') || self.channels.values().any(|c| c.name == name) => {
                Ok(name.to_owned())
            }
            None => Err(place.fault(unknown("channel", name, self.channels.keys().map(String::as_str)))),
        }
    }

    /// The full names of the channels in a list of channels and sets of channels.
    pub(crate) fn channel_list(&self, nodes: &[Node]) -> Result<Vec<String>, ForgeError> {
        let mut names = Vec::new();
        for node in nodes {
            let name = node.text()?;
            match self.sets.get(name) {
                Some(set) => {
                    for member in set {
                        names.push(self.channel(member, &node.place)?);
                    }
                }
                None => names.push(self.channel(name, &node.place)?),
            }
        }
        Ok(names)
    }

    /// The shapes of harmless records in a channel.
    pub(crate) fn background(&self, channel: &str, place: &Place) -> Result<&[String], ForgeError> {
        let known = self.channels.values().find(|c| c.name == channel && !c.background.is_empty());
        known.map(|c| c.background.as_slice()).ok_or_else(|| {
            let message =
                format!("no harmless records are known for channel `{channel}`: write events instead");
            place.fault(message)
        })
    }

    pub(crate) fn shape(&self, name: &str, place: &Place) -> Result<&Node, ForgeError> {
        let legal = || self.shapes.keys().map(String::as_str);
        self.shapes.get(name).ok_or_else(|| place.fault(unknown("shape", name, legal())))
    }

    pub(crate) fn scene(&self, name: &str, place: &Place) -> Result<&Scene, ForgeError> {
        let legal = || self.scenes.keys().map(String::as_str);
        self.scenes.get(name).ok_or_else(|| place.fault(unknown("scene", name, legal())))
    }

    /// The provider's part of a shape's description.
    pub(crate) fn provider_of(&self, shape: &Node) -> Option<&Node> {
        self.providers.get(shape.get("provider")?.text().ok()?)
    }

    /// Names of all parameters that steps take, directly and through what they play.
    pub(crate) fn parameters(
        &self,
        place: &Place,
        steps: &[Node],
        depth: usize,
    ) -> Result<Names, ForgeError> {
        if depth > DEEPEST_SCENE {
            return Err(place.fault("this scene plays itself"));
        }
        let mut names = Names::new();
        for step in steps {
            add_names(step, &mut names);
            let played = if let Some(shape) = step.get("shape") {
                self.shape_parameters(shape.text()?, &shape.place)?
            } else if let Some(node) = step.get("scene") {
                self.scene_parameters(self.scene(node.text()?, &node.place)?, depth + 1)?
            } else {
                return Err(step.fault("a step plays a `shape` or a `scene`"));
            };
            for (key, _) in step.map()? {
                let name = key.name.as_str();
                if !STEP_KEYS.contains(&name) && !played.contains_key(name) {
                    let legal = played.keys().map(String::as_str).chain(STEP_KEYS);
                    return Err(key.place.fault(unknown("parameter", name, legal)));
                }
            }
            // What the step itself says is not for its caller to say.
            for (name, default) in played.into_iter().filter(|(name, _)| step.get(name).is_none()) {
                pattern::add(&mut names, &name, default);
            }
        }
        Ok(names)
    }

    pub(crate) fn scene_parameters(&self, scene: &Scene, depth: usize) -> Result<Names, ForgeError> {
        let mut names = self.parameters(&scene.place, &scene.steps, depth)?;
        for (name, default) in &scene.params {
            add_names(default, &mut names);
            let text = match default.kind {
                Kind::Null => None,
                _ => Some(default.text()?.to_owned()),
            };
            names.insert(name.clone(), text);
        }
        Ok(names)
    }

    pub(crate) fn shape_parameters(&self, name: &str, place: &Place) -> Result<Names, ForgeError> {
        let shape = self.shape(name, place)?;
        let mut names = Names::new();
        add_names(shape, &mut names);
        if let Some(provider) = self.provider_of(shape) {
            add_names(provider, &mut names);
        }
        // The SID is made from the user.
        if names.contains_key("sid") {
            names.entry("user".to_owned()).or_insert_with(|| Some("nobody".to_owned()));
        }
        Ok(names)
    }

    /// A line per shape and scene with its parameters, those that must be given with a `*`, the others with what
    /// they are if not given: what a person who writes tickets wants to see.
    pub fn summary(&self) -> String {
        let place = Place { file: "shapes.yml".into(), line: 1, column: 1 };
        let mut out = String::from("channels:\n");
        for (short, channel) in &self.channels {
            out += &format!("  {short}: {}\n", channel.name);
        }
        out += "sets:\n";
        for (name, members) in &self.sets {
            out += &format!("  {name}: {}\n", members.join(", "));
        }
        out += "scenes:\n";
        for (name, scene) in &self.scenes {
            out += &line(name, self.scene_parameters(scene, 0).unwrap_or_default());
        }
        out += "shapes:\n";
        for name in self.shapes.keys() {
            out += &line(name, self.shape_parameters(name, &place).unwrap_or_default());
        }
        out
    }
}

/// A name with its parameters.
fn line(name: &str, names: Names) -> String {
    let own = names.into_iter().filter(|(n, _)| !BUILTINS.contains(&n.as_str()));
    let (needed, other): (Vec<_>, Vec<_>) = own.partition(|(_, default)| default.is_none());
    let needed = needed.into_iter().map(|(n, _)| format!("{n}*"));
    let other =
        other.into_iter().map(|(n, default)| format!("{n}={}", default.unwrap_or_default().trim_end()));
    format!("  {name}: {}\n", needed.chain(other).collect::<Vec<_>>().join(", "))
}

/// Scenes within scenes: this many at most.
const DEEPEST_SCENE: usize = 8;

fn add_names(node: &Node, names: &mut Names) {
    node.scalars(&mut |text| pattern::names(text, names));
}

fn check_keys(node: &Node, legal: &[&'static str]) -> Result<(), ForgeError> {
    match node.map()?.iter().find(|(key, _)| !legal.contains(&key.name.as_str())) {
        Some((key, _)) => Err(key.place.fault(unknown("key", &key.name, legal.iter().copied()))),
        None => Ok(()),
    }
}

fn named(node: &Node) -> Result<BTreeMap<String, Node>, ForgeError> {
    Ok(node.map()?.iter().map(|(key, value)| (key.name.clone(), value.clone())).collect())
}

fn sets(node: &Node) -> Result<BTreeMap<String, Vec<String>>, ForgeError> {
    let texts = |n: &Node| -> Result<Vec<String>, ForgeError> {
        n.items()?.iter().map(|i| i.text().map(str::to_owned)).collect()
    };
    node.map()?.iter().map(|(key, value)| Ok((key.name.clone(), texts(value)?))).collect()
}

/// `short: Full/Name` or `short: { name: Full/Name, background: [shape, …] }`.
fn channels(node: &Node) -> Result<BTreeMap<String, Channel>, ForgeError> {
    let channel = |value: &Node| {
        if matches!(value.kind, Kind::Scalar(_)) {
            return Ok(Channel { name: value.text()?.to_owned(), background: Vec::new() });
        }
        let fields = Fields::of(value)?;
        let name = fields.required("name")?.text()?.to_owned();
        let channel = Channel { name, background: fields.texts("background")? };
        fields.finish()?;
        Ok(channel)
    };
    node.map()?.iter().map(|(key, value)| Ok((key.name.clone(), channel(value)?))).collect()
}

impl Scene {
    fn of(node: &Node) -> Result<Scene, ForgeError> {
        let fields = Fields::of(node)?;
        let params = fields.optional("params").map_or(Ok(&[][..]), Node::map)?;
        let scene = Scene {
            place: node.place.clone(),
            params: params.iter().map(|(key, value)| (key.name.clone(), value.clone())).collect(),
            steps: fields.required("steps")?.items()?.to_vec(),
        };
        fields.finish()?;
        Ok(scene)
    }
}
