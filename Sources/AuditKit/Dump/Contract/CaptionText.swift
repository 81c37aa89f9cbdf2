/// Turns the bytes of a caption into text.
enum CaptionText {
  /// The text without byte-order mark and without white space and control
  /// characters at its ends; otherwise unchanged.
  static func text(_ bytes: some Collection<UInt8>, limit: Int) throws(RecordFault) -> String {
    guard bytes.count <= limit else { throw tooLong(Int64(bytes.count), limit: limit) }
    guard !bytes.contains(0) else {
      throw RecordFault(
        reason: .captionNotText,
        message: "the caption holds NUL bytes: binary data, or UTF-16")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw RecordFault(reason: .captionNotUTF8, message: "the caption is not UTF-8")
    }
    return try checked(text)
  }

  /// Text that is known to be UTF-8.
  static func text(_ text: String, limit: Int) throws(RecordFault) -> String {
    try self.text(text.utf8, limit: limit)
  }

  static func tooLong(
    _ byteCount: Int64, limit: Int, what: String = "the caption"
  ) -> RecordFault {
    RecordFault(
      reason: .captionTooLong,
      message: """
        \(what) has \(byteCount) bytes, the limit is \(limit) (setting maximumCaptionBytes)
        """)
  }

  /// A record of a list is above `CrawlConfiguration.maximumRecordBytes`.
  static func recordTooLong(limit: Int) -> RecordFault {
    RecordFault(
      reason: .captionTooLong,
      message: """
        the record has more than \(limit) bytes, which none with a caption within the limit needs (setting \
        maximumCaptionBytes)
        """)
  }

  private static func checked(_ text: String) throws(RecordFault) -> String {
    let scalars = text.unicodeScalars
    func isKept(_ scalar: Unicode.Scalar) -> Bool {
      scalar.isASCII
        ? scalar.value > 32 : !scalar.properties.isWhitespace && scalar != "\u{FEFF}"
    }
    guard let first = scalars.firstIndex(where: isKept), let last = scalars.lastIndex(where: isKept)
    else {
      throw RecordFault(reason: .emptyCaption, message: "the caption is empty")
    }
    return String(scalars[first...last])
  }
}
