/// What part of a pair a file is, told from its ending.
enum PairPart {
  /// An image; where a pair has several, the one of the lowest rank counts.
  case image(rank: Int)
  /// A caption; where a pair has several, the one of the lowest rank counts.
  case text(rank: Int)
  /// Metadata.
  case json

  /// Endings of images, in the order of preference (open_clip's, then what others write).
  static let imageEndings = ["jpg", "png", "jpeg", "webp", "gif"]
  /// Endings of captions.
  static let textEndings = ["txt", "caption", "text"]

  /// Nil for what is no part of a pair; `ending` is in lower case.
  init?(_ ending: String) {
    if let rank = Self.imageEndings.firstIndex(of: ending) {
      self = .image(rank: rank)
    } else if let rank = Self.textEndings.firstIndex(of: ending) {
      self = .text(rank: rank)
    } else if ending == "json" {
      self = .json
    } else {
      return nil
    }
  }

  /// Whether it is an image.
  var isImage: Bool {
    if case .image = self { true } else { false }
  }
}
