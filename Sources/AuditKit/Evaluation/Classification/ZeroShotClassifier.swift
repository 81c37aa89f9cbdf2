import NeuralKit

/// Tells classes of images apart by the text embeddings of their names alone (Radford et al., 2021,
/// section 3.1.4, with prompts ensembled in embedding space).
package struct ZeroShotClassifier: Sendable {
  /// One direction a class, `[C, D]`, of unit length.
  package let classWeights: Tensor

  /// A classifier from prompts.
  ///
  /// `prompts` `[C · T, D]` holds the embeddings of `templates` T prompts for each class, class
  /// after class. A class's direction is the mean of its prompts' unit vectors, made unit length
  /// again. Prompts that cancel out leave a direction of zeros, whose score is always 0.
  package init(prompts: Tensor, templates: Int, _ backend: any Backend) {
    precondition(
      templates > 0 && prompts.rowCount > 0 && prompts.rowCount % templates == 0,
      "\(prompts.rowCount) prompts are not \(templates) for each class")
    let unit = backend.normalizeRows(prompts).output
    let byClass = unit.reshaped([prompts.rowCount / templates, templates, prompts.columnCount])
    classWeights = backend.normalizeRows(backend.meanOverPositions(byClass)).output
  }

  /// How many classes there are.
  package var classCount: Int { classWeights.rowCount }

  /// The class of each of the `images` `[N, D]`: the one whose direction has the largest inner
  /// product with the image, the lowest index where equal.
  ///
  /// Complexity: O(N C D)
  package func classify(_ images: Tensor, _ backend: any Backend) -> [Int] {
    backend.nearestRows(images, in: classWeights).map { Int($0) }
  }

  /// Whether, for each of the `images` `[N, D]`, the class of that index in `classes` is among the
  /// `k` with the largest inner products; of equal ones the lower index comes first.
  ///
  /// Complexity: O(N C D)
  package func areAmongTop(
    _ k: Int, classes: [Int], images: Tensor, _ backend: any Backend
  ) -> [Bool] {
    precondition(
      classes.count == images.rowCount, "\(classes.count) classes, \(images.rowCount) images")
    precondition(
      classes.allSatisfy { (0..<classCount).contains($0) }, "a class is not one of \(classCount)")
    var members: [Bool] = []
    ClassScores(weights: classWeights, backend).forEachBlock(of: images) { rows, scores in
      for row in rows {
        let start = (row - rows.lowerBound) * classCount
        let line = scores[start..<start + classCount]
        members.append(Self.place(of: classes[row], in: line) < k)
      }
    }
    return members
  }

  /// How many classes come before `own`.
  private static func place(of own: Int, in scores: ArraySlice<Float>) -> Int {
    let score = scores[scores.startIndex + own]
    var place = 0
    for (index, other) in scores.enumerated() {
      if other > score || (other == score && index < own) { place += 1 }
    }
    return place
  }
}
