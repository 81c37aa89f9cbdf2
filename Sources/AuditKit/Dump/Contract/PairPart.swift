/// What part of a pair a file is, told from its ending.
enum PairPart: Sendable {
  /// An image; where a pair has several, the one of the lowest rank counts.
  case image(rank: Int)
  /// A caption; where a pair has several, the one of the lowest rank counts.
  case text(rank: Int)
  /// Metadata.
  case json

  /// Endings of images, in the order of preference (open_clip's, then what others write).
  static let imageEndings = ["jpg", "png", "jpeg", "webp", "gif", "jfif", "jpe"]
  /// What may stand before them and another dot: `k.img.png`.
  static let imageMarks = ["img", "image"]
  /// Endings of captions.
  static let textEndings = ["txt", "caption", "text", "caption.txt", "text.txt"]
  /// What may stand before a caption's ending and another dot: `k.caption.txt`.
  static let textMarks = ["caption", "text"]

  private static let parts: [String: PairPart] = {
    let marked = imageMarks.flatMap { mark in imageEndings.map { "\(mark).\($0)" } }
    var parts: [String: PairPart] = ["json": .json]
    for (rank, ending) in (imageEndings + marked).enumerated() {
      parts[ending] = .image(rank: rank)
    }
    for (rank, ending) in textEndings.enumerated() { parts[ending] = .text(rank: rank) }
    return parts
  }()

  /// Nil for what is no part of a pair; `ending` is in lower case.
  init?(_ ending: String) {
    guard let part = Self.parts[ending] else { return nil }
    self = part
  }

  /// Whether it is an image.
  var isImage: Bool {
    if case .image = self { true } else { false }
  }
}

/// Which of the parts beside an image its caption is in.
enum CaptionPart: Sendable {
  /// A text of its own.
  case text
  /// A field of the metadata.
  case json

  /// A field that somebody names goes before a text; nil where there is neither.
  init?(hasText: Bool, hasJSON: Bool, _ configuration: CrawlConfiguration) {
    if hasText, configuration.captionKey == nil || !hasJSON {
      self = .text
    } else if hasJSON {
      self = .json
    } else {
      return nil
    }
  }
}
