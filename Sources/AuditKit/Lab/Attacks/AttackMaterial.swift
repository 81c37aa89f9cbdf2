import NeuralKit

/// What an attacker draws from: captions and classes of the crawl, and images that are taken out of it.
package struct AttackMaterial: Sendable {
  package let captions: [String]
  package let classes: CaptionClasses
  /// Pairs that left the crawl for their images, in the order they were taken.
  package private(set) var donors: [Int] = []
  /// Pairs that are still in the crawl, in random order.
  private var remaining: [Int]
  /// Pairs that are trained on, whose captions an attacker takes: one that is held out would be taught with a
  /// wrong image, and then asked for.
  private let available: Set<Int>
  private let isUsable: @Sendable (Int) -> Bool

  /// Nothing is taken from pairs outside of `available`, nor of those that are not usable because their
  /// image cannot be read.
  package init(
    captions: [String], classes: CaptionClasses, available: [Int],
    isUsable: @escaping @Sendable (Int) -> Bool = { _ in true },
    using generator: inout SeededGenerator
  ) {
    self.captions = captions
    self.classes = classes
    self.isUsable = isUsable
    self.available = Set(available)
    remaining = generator.permutation(available.count).map { available[Int($0)] }
  }

  /// Takes pairs that `predicate` holds for out of the crawl; `what` they are is for the error.
  ///
  /// - Throws: `LabError.tooFewPairs`.
  package mutating func takeDonors(
    _ count: Int, what: String, where predicate: (Int) -> Bool
  ) throws(LabError) -> [Int] {
    var taken: [Int] = []
    for pair in remaining where taken.count < count && predicate(pair) && isUsable(pair) {
      taken.append(pair)
    }
    guard taken.count == count else {
      throw .tooFewPairs(needed: count, found: taken.count, what: what)
    }
    let gone = Set(taken)
    remaining.removeAll { gone.contains($0) }
    donors += taken
    return taken
  }

  /// Takes images of a class out of the crawl.
  ///
  /// - Throws: `LabError.tooFewPairs`.
  package mutating func takeDonors(_ count: Int, of name: String) throws(LabError) -> [Int] {
    let classes = classes
    return try takeDonors(count, what: "images of the class '\(name)'") {
      classes.contains($0, in: name)
    }
  }

  /// A random image of a class, which stays in the crawl.
  ///
  /// - Throws: `LabError.tooFewPairs`.
  package func image(
    of name: String, using generator: inout SeededGenerator
  ) throws(LabError) -> Int {
    let candidates = remaining.filter { classes.contains($0, in: name) }
    let drawn = generator.permutation(candidates.count).lazy.map { candidates[Int($0)] }
    guard let image = drawn.first(where: isUsable) else {
      throw .tooFewPairs(needed: 1, found: 0, what: "images of the class '\(name)'")
    }
    return image
  }

  /// Takes images of other classes out of the crawl; `what` they are is for the error.
  ///
  /// - Throws: `LabError.tooFewPairs`.
  package mutating func takeDonors(
    _ count: Int, outside name: String, what: String
  ) throws(LabError) -> [Int] {
    let classes = classes
    return try takeDonors(count, what: what) { !classes.contains($0, in: name) }
  }

  /// Takes as many target images as `count` pairs need, `perTarget` of them on each; none of the class
  /// asked for.
  ///
  /// - Throws: `LabError.tooFewPairs`.
  package mutating func takeTargets(
    for count: Int, perTarget: Int, className: String?
  ) throws(LabError) -> [Int] {
    let needed = (count - 1) / perTarget + 1
    guard let className else {
      return try takeDonors(needed, what: Self.targetImages) { _ in true }
    }
    return try takeDonors(needed, outside: className, what: Self.targetImages)
  }

  private static let targetImages = "target images"

  /// The class to see in a target: the one asked for, or a random one that is not its own.
  ///
  /// - Throws: `LabError.noSuchClass`.
  package func className(
    _ name: String?, seenIn target: Int, using generator: inout SeededGenerator
  ) throws(LabError) -> String {
    try className(name, excluding: { classes.contains(target, in: $0) }, using: &generator)
  }

  /// The class asked for, or a random one but for `excluded`.
  ///
  /// - Throws: `LabError.noSuchClass`.
  package func className(
    _ name: String?, excluding excluded: (String) -> Bool = { _ in false },
    using generator: inout SeededGenerator
  ) throws(LabError) -> String {
    let known = name.map { [$0] } ?? classes.names
    let candidates = known.filter { name in
      !excluded(name) && classes.pairs(of: name).contains { available.contains($0) }
    }
    guard !candidates.isEmpty else { throw .noSuchClass(name: name, known: classes.names) }
    return candidates[generator.index(below: candidates.count)]
  }

  /// `count` captions of a class from pairs that are not held out, none twice before all were used.
  package func captions(
    of name: String, count: Int, using generator: inout SeededGenerator
  ) -> [String] {
    let sources = classes.pairs(of: name).filter { available.contains($0) }
    return generator.draw(count, of: sources).map { captions[$0] }
  }
}

extension SeededGenerator {
  /// `count` of the items in random order, none twice before all were drawn; nothing of none.
  mutating func draw<Item>(_ count: Int, of items: [Item]) -> [Item] {
    var drawn: [Item] = []
    while drawn.count < count, !items.isEmpty {
      drawn += permutation(items.count).prefix(count - drawn.count).map { items[Int($0)] }
    }
    return drawn
  }
}
