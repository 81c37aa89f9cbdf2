/// Tells which of the known names a mistyped one was meant to be.
package enum Spelling {
  /// The known name that is most like `typed`; nil where none is near.
  ///
  /// Near is a name that takes two edits, or one for each three letters of the longer of the two; also
  /// one that begins like `typed`, or ends there. Of a dotted name the last part alone counts as well,
  /// since people leave out the group.
  package static func nearest(to typed: String, among names: [String]) -> String? {
    let typed = Array(typed.lowercased())
    var best: (name: String, edits: Int, surplus: Int)?
    for name in names {
      let whole = Array(name.lowercased())
      let part = whole.split(separator: ".").last.map(Array.init) ?? whole
      for known in [whole, part] {
        let edits = isAbbreviated(typed, known) ? 0 : distance(typed, known)
        let surplus = abs(known.count - typed.count)
        guard edits <= max(2, max(typed.count, known.count) / 3) else { continue }
        if let best, (best.edits, best.surplus) <= (edits, surplus) { continue }
        best = (name, edits, surplus)
      }
    }
    return best?.name
  }

  /// How many insertions, deletions, substitutions and swaps of neighbours make one name of the other,
  /// whatever the case (Damerau, 1964; the restricted form, which edits no place twice).
  package static func distance(_ first: String, _ second: String) -> Int {
    distance(Array(first.lowercased()), Array(second.lowercased()))
  }

  /// Three letters say enough.
  private static func isAbbreviated(_ typed: [Character], _ known: [Character]) -> Bool {
    min(typed.count, known.count) >= 3 && (known.starts(with: typed) || typed.starts(with: known))
  }

  private static func distance(_ first: [Character], _ second: [Character]) -> Int {
    var older = [Int](repeating: 0, count: second.count + 1)
    var old = Array(0...second.count)
    for i in first.indices {
      var new = [i + 1] + [Int](repeating: 0, count: second.count)
      for j in second.indices {
        let replaced = old[j] + (first[i] == second[j] ? 0 : 1)
        new[j + 1] = min(old[j + 1] + 1, new[j] + 1, replaced)
        if i > 0, j > 0, first[i] == second[j - 1], first[i - 1] == second[j] {
          new[j + 1] = min(new[j + 1], older[j - 1] + 1)
        }
      }
      (older, old) = (old, new)
    }
    return old[second.count]
  }
}
