//! Values that rules and reports write as one word of a closed list.

/// An enum whose variants each have one word: the words for schemas, the pairs for the reader of rule
/// files, the word of a value and what it is displayed as, from one list.
macro_rules! word_enum {
    ($(#[$about:meta])* pub enum $name:ident { $($(#[$what:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $($(#[$what])* $variant,)+
        }

        impl $name {
            /// All words, in the order in which the values are declared.
            pub const WORDS: &'static [&'static str] = &[$($word),+];

            /// Each word with its value, as rule files are read.
            pub(crate) const CHOICES: &'static [(&'static str, $name)] = &[$(($word, $name::$variant)),+];

            /// The value of a word.
            #[must_use]
            pub fn of(word: &str) -> Option<$name> {
                Self::CHOICES.iter().find(|(own, _)| *own == word).map(|(_, value)| *value)
            }

            /// The word in rules and reports.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $($name::$variant => $word,)+
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}

pub(crate) use word_enum;
