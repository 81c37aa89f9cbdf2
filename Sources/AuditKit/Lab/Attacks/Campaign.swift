import NeuralKit

/// One caption of a class under hundreds of images: what a spam campaign leaves in a crawl without meaning
/// to poison anything.
package struct Campaign: Attack {
  /// The class whose caption it is; nil draws one.
  package var className: String?

  package init() {}

  package func pairs(
    _ count: Int, from material: inout AttackMaterial, using generator: inout SeededGenerator
  ) throws(LabError) -> [PlantedPair] {
    let name = try material.className(className, using: &generator)
    let images = try material.takeDonors(count, outside: name, what: "images of other classes")
    let caption = material.captions(of: name, count: 1, using: &generator)[0]
    return images.map { PlantedPair(image: $0, caption: caption, className: name) }
  }
}
