//! Values that rules and reports write as one word of a closed list.

/// An enum whose variants each have one word: the word, all of them, the pairs for the reader of rule files, and the words for
/// the schemas, from one list.
macro_rules! word_enum {
    ($(#[$about:meta])* pub enum $name:ident { $($(#[$what:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$what])* $variant,)+
        }

        impl $name {
            /// All of them, in the order in which they are declared.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// Each with its word, as rule files are read.
            pub(crate) const CHOICES: &'static [(&'static str, $name)] = &[$(($word, $name::$variant)),+];

            /// The words, for schemas.
            pub(crate) const WORDS: &'static [&'static str] = &[$($word),+];

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
