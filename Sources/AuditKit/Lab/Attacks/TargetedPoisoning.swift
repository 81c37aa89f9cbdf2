import NeuralKit

/// Targeted data poisoning (Carlini and Terzis, 2021, arXiv:2106.09667): each target image is planted
/// several times with captions of one other class, so that the model takes that one image for it.
package struct TargetedPoisoning: Attack {
  /// Captions for each target image.
  package var captionsPerTarget = 5
  /// The class to see in every target; nil draws one for each.
  package var className: String?
  /// Whether captions come from templates instead of the crawl.
  package var usesTemplates = false
  /// Whether each copy of a target is cropped and jittered anew.
  package var varies = false

  package init() {}

  package func pairs(
    _ count: Int, from material: inout AttackMaterial, using generator: inout SeededGenerator
  ) throws(LabError) -> [PlantedPair] {
    let targets = try material.takeTargets(
      for: count, perTarget: captionsPerTarget, className: className)
    var planted: [PlantedPair] = []
    for target in targets {
      let name = try material.className(className, seenIn: target, using: &generator)
      let wanted = min(captionsPerTarget, count - planted.count)
      let captions =
        usesTemplates
        ? PromptTemplates.captions(of: name, count: wanted, using: &generator)
        : material.captions(of: name, count: wanted, using: &generator)
      planted += captions.map {
        PlantedPair(
          image: target, caption: $0, className: name, change: varies ? .varied : .none)
      }
    }
    return planted
  }
}

/// Captions that say what an image shows and nothing else.
package enum PromptTemplates {
  /// With `{}` where the class goes.
  package static let all = [
    "a photo of a {}", "a picture of a {}", "one {}", "this is a {}", "a close view of a {}",
    "the {}", "a {} seen from the side", "an image that shows a {}", "a small {}", "a large {}",
    "a {} in daylight", "a {} on a plain background",
  ]

  /// `count` of them, none twice before all were used.
  static func captions(
    of name: String, count: Int, using generator: inout SeededGenerator
  ) -> [String] {
    generator.draw(count, of: all).map { $0.replacing("{}", with: name) }
  }
}
