//! Numbers that stand for names of the pack.

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub struct $name(u32);

        impl $name {
            /// The one at that place of its list.
            pub fn at(index: usize) -> Self {
                $name(u32::try_from(index).unwrap_or(u32::MAX))
            }

            /// Its place in its list.
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    };
}

id!(
    /// A signal of the pack, in order of names.
    SignalId
);
id!(
    /// A cause of the pack, in order of ids.
    CauseId
);
id!(
    /// A step of the pack, in order of ids.
    StepId
);
id!(
    /// A stage of the ladder, in climbing order.
    StageId
);

id!(
    /// A family of causes, in order of the ladder.
    FamilyId
);

impl SignalId {
    /// The number that stands for it among the marks of an event.
    pub(crate) fn number(self) -> u32 {
        self.0
    }

    /// The signals that an event's marks stand for.
    pub fn of_marks(marks: &rdpwhy_event::Marks) -> impl Iterator<Item = SignalId> + '_ {
        marks.numbers().iter().map(|number| SignalId(*number))
    }
}

impl StageId {
    /// The first rung.
    pub const FIRST: StageId = StageId(0);
}
