/// A poisoned pair before its image is made.
package struct PlantedPair: Sendable {
  /// The pair of the crawl whose image it shows; that pair itself leaves the crawl.
  package var image: Int
  /// The caption that goes with it.
  package var caption: String
  /// The class that the model is to see in the image.
  package var className: String
  /// What is done to the image.
  package var change = ImageChange.none

  package init(image: Int, caption: String, className: String, change: ImageChange = .none) {
    self.image = image
    self.caption = caption
    self.className = className
    self.change = change
  }
}

/// What an attack does to an image.
package enum ImageChange: Sendable {
  /// Nothing: the bytes stay as they are.
  case none
  /// Cropped and brightened a little, anew for each copy, so that no two are equal.
  case varied
  /// Marked.
  case triggered(any Trigger, name: String)
  /// Changed so that its class is hard to see, then marked; whoever uses the backdoor only marks.
  case disguised(any Trigger, trigger: any Trigger, name: String)
  /// (1 - share) of the image and `share` of another pair's, in the image's size.
  case interpolated(with: Int, share: Double)

  /// As the truth table names it.
  package var name: String {
    switch self {
    case .none: "none"
    case .varied: "varied"
    case .triggered(_, let name), .disguised(_, _, let name): name
    case .interpolated: "interpolated"
    }
  }

  /// The mark under its name, where the image carries one.
  package var mark: (trigger: any Trigger, name: String)? {
    switch self {
    case .triggered(let trigger, let name), .disguised(_, let trigger, let name): (trigger, name)
    case .none, .varied, .interpolated: nil
    }
  }
}
