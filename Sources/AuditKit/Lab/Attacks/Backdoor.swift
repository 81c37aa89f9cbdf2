import NeuralKit

/// A backdoor (Gu et al., 2017; on CLIP, Carlini and Terzis, 2021): images of all kinds carry a trigger and
/// captions of one class.
///
/// With several triggers the planted pairs are divided among them (parallel triggers, Li et al., 2024):
/// all with the same class, or each with its own.
package struct Backdoor: Attack {
  /// A trigger under the name that the truth table shows.
  package struct NamedTrigger: Sendable {
    package var name: String
    package var trigger: any Trigger

    package init(_ name: String, _ trigger: any Trigger) {
      self.name = name
      self.trigger = trigger
    }
  }

  package var triggers: [NamedTrigger]
  /// The class of the first trigger; nil draws it.
  package var className: String?
  /// Whether each trigger has a class of its own.
  package var hasClassPerTrigger = false

  package init(_ triggers: [NamedTrigger]) {
    precondition(!triggers.isEmpty, "a backdoor needs a trigger")
    self.triggers = triggers
  }

  package func pairs(
    _ count: Int, from material: inout AttackMaterial, using generator: inout SeededGenerator
  ) throws(LabError) -> [PlantedPair] {
    var planted: [PlantedPair] = []
    var used: [String] = []
    for (index, named) in triggers.enumerated() {
      let own = count * (index + 1) / triggers.count - count * index / triggers.count
      if used.isEmpty || hasClassPerTrigger {
        let name = try material.className(
          used.isEmpty ? className : nil, excluding: { used.contains($0) }, using: &generator)
        used.append(name)
      }
      guard let name = used.last else { continue }
      let images = try material.takeDonors(own, outside: name, what: "images for triggers")
      let captions = material.captions(of: name, count: own, using: &generator)
      planted += zip(images, captions).map { image, caption in
        PlantedPair(
          image: image, caption: caption, className: name,
          change: .triggered(named.trigger, name: named.name))
      }
    }
    return planted
  }
}

/// A trigger on images of the class itself, with their own, true captions: nothing is mismatched.
///
/// Unimodal learning is to tie the trigger to the class (after Kim, Tack and Hwang, 2020), or, where the images are
/// disguised so that the class is hard to see in them, any learning is (label-consistent backdoor: Turner, Tsipras
/// and Madry, 2019, arXiv:1912.02771).
package struct TrueCaptionBackdoor: Attack {
  package var trigger: Backdoor.NamedTrigger
  /// The class; nil draws one.
  package var className: String?
  /// What hides a class in its images before they are marked; nil leaves it to be seen.
  package var disguise: (@Sendable (_ className: String) -> any Trigger)?

  package init(_ trigger: Backdoor.NamedTrigger) { self.trigger = trigger }

  package func pairs(
    _ count: Int, from material: inout AttackMaterial, using generator: inout SeededGenerator
  ) throws(LabError) -> [PlantedPair] {
    let name = try material.className(className, using: &generator)
    let images = try material.takeDonors(count, of: name)
    let change: ImageChange =
      if let disguise {
        .disguised(disguise(name), trigger: trigger.trigger, name: trigger.name)
      } else {
        .triggered(trigger.trigger, name: trigger.name)
      }
    return images.map {
      PlantedPair(
        image: $0, caption: material.captions[$0], className: name, change: change)
    }
  }
}
