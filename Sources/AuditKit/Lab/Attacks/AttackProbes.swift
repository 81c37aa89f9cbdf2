/// Images that show whether an attack has worked: each is to be taken for `className`.
///
/// For a trigger they are held-out images of other classes that carry it; for all other attacks the images
/// that were planted, each once and unchanged.
package struct AttackProbes: Sendable {
  /// As planted pairs are, but with the class as caption and never trained on.
  package let probes: [PlantedPair]

  package init(_ planted: [PlantedPair], heldOut: [Int], classes: CaptionClasses) {
    var probes: [PlantedPair] = []
    var triggers: Set<String> = []
    var targets: Set<Int> = []
    for pair in planted {
      if let mark = pair.change.mark {
        guard triggers.insert(mark.name).inserted else { continue }
        probes += heldOut.filter { !classes.contains($0, in: pair.className) }.map {
          PlantedPair(
            image: $0, caption: pair.className, className: pair.className,
            change: .triggered(mark.trigger, name: mark.name))
        }
      } else if targets.insert(pair.image).inserted {
        probes.append(
          PlantedPair(image: pair.image, caption: pair.className, className: pair.className))
      }
    }
    self.probes = probes
  }
}
