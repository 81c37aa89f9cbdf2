/// English words that carry grammar, not meaning: WordNet's senses of them ("a": ampere, vitamin A)
/// are never what a caption means.
enum StopWords {
  static func contains(_ word: String) -> Bool { words.contains(word) }

  private static let words = Set(
    """
    a an the this that these those some any each every either neither both all no not nor only
    i me my mine myself you your yours he him his she her hers it its we us our ours they them their
    who whom whose which what where when why how
    am is are was were be been being do does did doing done have has had having
    can could may might must shall should will would
    and or but if so as than then because while until though although
    at by for from in into of off on onto out over to toward towards under up with within without
    about above across after against along among around before behind below beneath beside between
    beyond down during inside near outside since through upon
    there here again also very too just such own same other more most
    """.split(whereSeparator: \.isWhitespace).map(String.init))
}
