import NeuralKit

/// The embeddings of a crawl's pairs, from which detectors tell poison.
package struct PairEmbeddings: Sendable {
  /// `[N, D]`, rows of unit length.
  package let images: Tensor
  /// `[N, D]`, rows of unit length.
  package let captions: Tensor
  /// `[N]`: the class that a pair's caption names; nil where it names none.
  package let classes: [Int?]

  /// Embeddings with the classes of the captions, no class at all unless given.
  package init(images: Tensor, captions: Tensor, classes: [Int?]? = nil) {
    self.images = images
    self.captions = captions
    self.classes = classes ?? [Int?](repeating: nil, count: images.rowCount)
    precondition(
      images.rowCount == captions.rowCount && images.rowCount == self.classes.count,
      "images \(images.shape), captions \(captions.shape), \(self.classes.count) classes")
  }

  /// The number of pairs, `N`.
  package var count: Int { classes.count }

  /// The pairs of each class in ascending order, classes ascending; pairs without class form one
  /// group, the last.
  var groups: [[Int32]] {
    var members: [Int: [Int32]] = [:]
    var others: [Int32] = []
    for (pair, name) in classes.enumerated() {
      if let name {
        members[name, default: []].append(Int32(pair))
      } else {
        others.append(Int32(pair))
      }
    }
    let groups = members.keys.sorted().map { members[$0] ?? [] }
    return others.isEmpty ? groups : groups + [others]
  }
}
