//! Figures as the report writes them.

/// `94 %`; what is nearly nothing or nearly all is not rounded to it.
pub(crate) fn percent(probability: f64) -> String {
    match probability * 100.0 {
        p if p > 0.0 && p < 1.0 => "<1 %".to_owned(),
        p if p > 99.0 && p < 100.0 => ">99 %".to_owned(),
        p => format!("{p:.0} %"),
    }
}

/// Above this a probability is also said in words.
const NEARLY_CERTAIN: f64 = 0.95;

/// ` · almost certain`, where a probability is so high that its figure promises more than it can keep.
pub(crate) fn sure(probability: f64) -> &'static str {
    if probability > NEARLY_CERTAIN { " · almost certain" } else { "" }
}

/// `×100`, or `÷20` for a ratio below one.
pub(crate) fn factor(ratio: f64) -> String {
    if ratio >= 1.0 {
        return format!("×{}", short(ratio));
    }
    // The diagnosis rounds to millionths: what became 0 was smaller than half of one.
    if ratio <= 0.0 { "÷ >1,000,000".to_owned() } else { format!("÷{}", short(1.0 / ratio)) }
}

fn short(number: f64) -> String {
    if number >= 1e9 {
        return format!("{number:.0e}");
    }
    let digits = usize::from(number < 9.95 && (number - number.round()).abs() >= 0.05);
    if digits == 1 { format!("{number:.1}") } else { thousands(&format!("{number:.0}")) }
}

/// Six significant digits, enough to do a sum again.
pub(crate) fn exact(number: f64) -> String {
    if number == 0.0 || !number.is_finite() {
        return format!("{number}");
    }
    if !(1e-4..1e9).contains(&number.abs()) {
        return format!("{number:.5e}");
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the exponent lies between -4 and 8"
    )]
    let digits = (5.0 - number.abs().log10().floor()).max(0.0) as usize;
    let text = format!("{number:.digits$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// `48,112`.
pub(crate) fn count(number: u64) -> String {
    thousands(&number.to_string())
}

/// `1 failed attempt`, `14 failed attempts`.
pub(crate) fn several(number: usize, one: &str) -> String {
    let number = number as u64;
    if number == 1 { format!("1 {one}") } else { format!("{} {one}s", count(number)) }
}

fn thousands(digits: &str) -> String {
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_read_well() {
        let percents = [0.0, 0.004, 0.01, 0.943, 0.995, 1.0].map(percent);
        assert_eq!(percents, ["0 %", "<1 %", "1 %", "94 %", ">99 %", "100 %"]);
        let factors = [100.0, 57.34, 1.8, 2.0, 0.05, 0.5, 0.000_002, 0.0, 9.97, 1.0].map(factor);
        assert_eq!(
            factors,
            ["×100", "×57", "×1.8", "×2", "÷20", "÷2", "÷500,000", "÷ >1,000,000", "×10", "×1"]
        );
        let sums = [0.051_2, 512.0, 1.0 / 3.0, 0.000_012_5, 1e12, 0.0, 123_456.789].map(exact);
        assert_eq!(sums, ["0.0512", "512", "0.333333", "1.25000e-5", "1.00000e12", "0", "123457"]);
        assert_eq!(
            [count(7), count(812), count(48_112), count(1_234_567)],
            ["7", "812", "48,112", "1,234,567"]
        );
        assert_eq!(
            [several(1, "log"), several(0, "log"), several(1200, "log")],
            ["1 log", "0 logs", "1,200 logs"]
        );
    }
}
