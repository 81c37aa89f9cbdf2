import NeuralKit

/// Images on the way from a target to an image of the adversarial class, with captions of that class (after
/// Carlini, 2021, arXiv:2105.01622): a chain of small steps that carries the class over to the target.
///
/// The image at its other end stays in the crawl with its own caption.
package struct Interpolation: Attack {
  /// Images on each way.
  package var stepsPerTarget = 5
  /// The class to see in every target; nil draws one for each.
  package var className: String?

  package init() {}

  package func pairs(
    _ count: Int, from material: inout AttackMaterial, using generator: inout SeededGenerator
  ) throws(LabError) -> [PlantedPair] {
    let targets = try material.takeTargets(
      for: count, perTarget: stepsPerTarget, className: className)
    var planted: [PlantedPair] = []
    for target in targets {
      let name = try material.className(className, seenIn: target, using: &generator)
      let anchor = try material.image(of: name, using: &generator)
      let wanted = min(stepsPerTarget, count - planted.count)
      let captions = material.captions(of: name, count: wanted, using: &generator)
      planted += captions.enumerated().map { step, caption in
        PlantedPair(
          image: target, caption: caption, className: name,
          change: .interpolated(with: anchor, share: Double(step) / Double(stepsPerTarget)))
      }
    }
    return planted
  }
}
