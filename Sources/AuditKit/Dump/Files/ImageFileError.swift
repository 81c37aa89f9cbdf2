import AuditFiles

/// Why the bytes behind an `ImageSource` could not be had.
package enum ImageFileError: Error, Sendable, Hashable {
  /// The file is not there (any more).
  case missing(ImageSource)
  /// The path names something else than a file.
  case notAFile(ImageSource)
  /// The system refuses; `code` is its errno.
  case unreadable(ImageSource, code: Int32)
  /// The compressed shard that holds it cannot be unpacked; `words` say why.
  case packed(ImageSource, words: String)
  /// The file ends before the image does: it changed since the crawl was read.
  case short(ImageSource, expected: Int64, got: Int)
  /// The file was written to while it was read: what was read may be half of one image and half of another.
  case changed(ImageSource)
  /// The image has no bytes.
  case empty(ImageSource)
  /// The image is larger than the limit.
  case tooLarge(ImageSource, byteCount: Int64, limit: Int)
}

extension ImageFileError: CustomStringConvertible {
  package var source: ImageSource {
    switch self {
    case .missing(let source), .notAFile(let source), .unreadable(let source, _),
      .packed(let source, _), .short(let source, _, _), .changed(let source), .empty(let source),
      .tooLarge(let source, _, _):
      source
    }
  }

  /// The code under which it stands among the rejections.
  package var reason: RejectionReason {
    switch self {
    case .missing: .missingImage
    case .notAFile: .notAFile
    case .unreadable, .packed: .unreadableFile
    case .short, .changed: .changedFile
    case .empty: .emptyImage
    case .tooLarge: .imageTooLarge
    }
  }

  /// The finding for the report.
  package var rejection: Rejection {
    Rejection(
      source: source.description, offset: source.length == nil ? nil : source.offset,
      reason: reason, message: message)
  }

  package var description: String { "\(source): \(message)" }

  private var message: String {
    switch self {
    case .missing: "the image file is not there"
    case .notAFile: "not a file"
    case .unreadable(_, let code): "the image cannot be read: \(FileError.words(for: code))"
    case .packed(_, let words): "the shard cannot be read: \(words)"
    case .short(_, let expected, let got):
      "the file has \(got) of the \(expected) bytes it had: it changed while it was read"
    case .changed: "the file changed while it was read; scan again when nothing writes to the crawl"
    case .empty: "the image has no bytes"
    case .tooLarge(_, let byteCount, let limit):
      "the image has \(byteCount) bytes, the limit is \(limit) (setting maximumImageBytes)"
    }
  }
}
