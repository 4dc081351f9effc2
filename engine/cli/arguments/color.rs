//! When a report has colors.

use clap::ValueEnum;
use std::ffi::OsStr;

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorChoice {
    /// On a terminal, unless NO_COLOR, CLICOLOR or TERM say otherwise.
    Auto,
    Always,
    Never,
}

impl ColorChoice {
    /// Whether to write colors. `variable` looks up the environment; `terminal` is whether the report goes to a terminal.
    ///
    /// # Source
    /// <https://no-color.org>: an empty NO_COLOR does not count. <https://bixense.com/clicolors>: CLICOLOR_FORCE and CLICOLOR, unless
    /// 0, and NO_COLOR before both.
    pub(crate) fn applies<V: AsRef<OsStr>>(
        self,
        terminal: bool,
        variable: impl Fn(&str) -> Option<V>,
    ) -> bool {
        let is = |name: &str, value: &str| variable(name).is_some_and(|set| set.as_ref() == value);
        let is_set = |name: &str| variable(name).is_some_and(|set| !set.as_ref().is_empty());
        match self {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto if is_set("NO_COLOR") => false,
            ColorChoice::Auto if is_set("CLICOLOR_FORCE") && !is("CLICOLOR_FORCE", "0") => true,
            ColorChoice::Auto => terminal && !is("CLICOLOR", "0") && !is("TERM", "dumb"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn applies(choice: ColorChoice, terminal: bool, set: &[(&str, &'static str)]) -> bool {
        choice.applies(terminal, |name| set.iter().find(|(key, _)| *key == name).map(|(_, value)| *value))
    }

    #[test]
    fn the_choice_comes_before_the_environment_and_that_before_the_terminal() {
        use ColorChoice::{Always, Auto, Never};
        assert!(applies(Auto, true, &[]) && !applies(Auto, false, &[]));
        assert!(applies(Auto, true, &[("NO_COLOR", "")]) && !applies(Auto, true, &[("NO_COLOR", "1")]));
        assert!(!applies(Auto, true, &[("TERM", "dumb")]) && !applies(Auto, true, &[("CLICOLOR", "0")]));
        assert!(applies(Auto, false, &[("CLICOLOR_FORCE", "1")]));
        assert!(!applies(Auto, false, &[("CLICOLOR_FORCE", "0")]));
        assert!(!applies(Auto, false, &[("CLICOLOR_FORCE", "")]));
        assert!(!applies(Auto, true, &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
        assert!(
            applies(Always, false, &[("NO_COLOR", "1")]) && !applies(Never, true, &[("CLICOLOR_FORCE", "1")])
        );
    }
}
