/// WordNet's parts of speech, with the endings that inflected forms lose (morphy(7WN)).
enum PartOfSpeech: String, CaseIterable, Sendable {
  case noun, verb, adjective, adverb

  /// The name in WordNet's file names.
  var fileExtension: String {
    switch self {
    case .noun: "noun"
    case .verb: "verb"
    case .adjective: "adj"
    case .adverb: "adv"
    }
  }

  /// Endings and what takes their place, in the order they are tried.
  var detachments: [(ending: String, replacement: String)] {
    switch self {
    case .noun:
      [
        ("s", ""), ("ses", "s"), ("ves", "f"), ("xes", "x"), ("zes", "z"), ("ches", "ch"),
        ("shes", "sh"), ("men", "man"), ("ies", "y"),
      ]
    case .verb:
      [
        ("s", ""), ("ies", "y"), ("es", "e"), ("es", ""), ("ed", "e"), ("ed", ""), ("ing", "e"),
        ("ing", ""),
      ]
    case .adjective: [("er", ""), ("est", ""), ("er", "e"), ("est", "e")]
    case .adverb: []
    }
  }
}
