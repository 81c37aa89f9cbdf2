/// A list that names an image and a caption in each of its records.
protocol CaptionList: Sendable {
  /// The list's path.
  var path: String { get }

  /// Gives each record to `body`, in order.
  ///
  /// - Throws: What `body` throws; `DumpError` where the list as a whole cannot be read.
  func forEachRecord(_ body: (ListRecord) throws -> Void) throws
}

/// One record of a list, or why it is none.
struct ListRecord {
  /// `captions.tsv:17`: the list and the line, or what else tells people where it stands.
  let source: String
  /// The first byte in the list, where that is known.
  let offset: Int64?
  let content: Result<ListedImage, RecordFault>
}

/// What a record of a list names.
struct ListedImage {
  /// The image's path; where there are several, the first that is there counts.
  let names: [String]
  /// The caption as it stands in the list.
  let caption: Caption
  let origin: PairOrigin?

  /// A caption that is not checked yet.
  enum Caption {
    case bytes([UInt8])
    case text(String)
  }
}
