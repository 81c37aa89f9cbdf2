import NeuralKit

/// What an attacker draws from: captions and classes of the crawl, and images that are taken out of it.
package struct AttackMaterial: Sendable {
  package let captions: [String]
  package let classes: CaptionClasses
  /// Pairs that left the crawl for their images, in the order they were taken.
  package private(set) var donors: [Int] = []
  /// Pairs that are still in the crawl, in random order.
  private var remaining: [Int]

  /// Nothing is taken from pairs outside of `available`.
  package init(
    captions: [String], classes: CaptionClasses, available: [Int],
    using generator: inout SeededGenerator
  ) {
    self.captions = captions
    self.classes = classes
    remaining = generator.permutation(available.count).map { available[Int($0)] }
  }

  /// Takes pairs that `predicate` holds for out of the crawl; `what` they are is for the error.
  ///
  /// - Throws: `LabError.tooFewPairs`.
  package mutating func takeDonors(
    _ count: Int, what: String, where predicate: (Int) -> Bool
  ) throws(LabError) -> [Int] {
    let taken = Array(remaining.lazy.filter(predicate).prefix(count))
    guard taken.count == count else {
      throw .tooFewPairs(needed: count, found: taken.count, what: what)
    }
    let gone = Set(taken)
    remaining.removeAll { gone.contains($0) }
    donors += taken
    return taken
  }

  /// The class asked for, or a random one but for `excluded`.
  ///
  /// - Throws: `LabError.noSuchClass`.
  package func className(
    _ name: String?, excluding excluded: (String) -> Bool = { _ in false },
    using generator: inout SeededGenerator
  ) throws(LabError) -> String {
    let known = name.map { classes.pairs(of: $0).isEmpty ? [] : [$0] } ?? classes.names
    let candidates = known.filter { !excluded($0) }
    guard !candidates.isEmpty else { throw .noSuchClass(name: name, known: classes.names) }
    return candidates[generator.index(below: candidates.count)]
  }

  /// `count` captions of a class, none twice before all were used.
  package func captions(
    of name: String, count: Int, using generator: inout SeededGenerator
  ) -> [String] {
    let members = classes.pairs(of: name)
    var drawn: [String] = []
    while drawn.count < count, !members.isEmpty {
      let order = generator.permutation(members.count)
      drawn += order.prefix(count - drawn.count).map { captions[members[Int($0)]] }
    }
    return drawn
  }
}
