/// Which font a character is taken from: the first family of this list that has it. Families that are not named follow, in the order of
/// their files; that leaves the choice between a plain and an ornate font of a script to chance, so the usual scripts are named.
enum FontFamilies {
    private static let first = ["Noto Sans", "Noto Sans Arabic", "Noto Sans Hebrew"]
    private static let last = [
        "Noto Sans Devanagari", "Noto Sans Bengali", "Noto Sans Gurmukhi", "Noto Sans Gujarati", "Noto Sans Oriya", "Noto Sans Tamil",
        "Noto Sans Telugu", "Noto Sans Kannada", "Noto Sans Malayalam", "Noto Sans Sinhala", "Noto Sans Thai", "Noto Sans Lao",
        "Noto Sans Khmer", "Noto Sans Myanmar", "Noto Serif Tibetan", "Noto Sans Georgian", "Noto Sans Armenian", "Noto Sans Ethiopic",
        "Noto Sans Mongolian", "Noto Sans Math", "Noto Sans Symbols", "Noto Sans Symbols2",
    ]

    /// As Pango reads them: with commas between.
    static func list(_ forms: HanForms) -> String {
        (first + ["Noto Sans CJK \(forms.rawValue)"] + last).joined(separator: ",")
    }
}
