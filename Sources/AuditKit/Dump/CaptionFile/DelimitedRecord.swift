/// One row of a delimited file.
struct DelimitedRecord {
  /// The line of its first byte, from 1.
  let line: Int
  /// The place of its first byte.
  let offset: Int64
  let content: Content

  enum Content {
    case fields([[UInt8]])
    /// The row breaks the format; reading goes on at the next line.
    case malformed(String)
  }
}

/// How rows and fields are told apart.
struct DelimitedDialect: Equatable {
  let separator: UInt8
  let quoting: Quoting

  enum Quoting {
    /// RFC 4180: a field that starts with a quote ends with one, may hold separators and line ends,
    /// and doubles the quotes inside.
    case standard
    /// For tab-separated files, where quotes are ordinary characters to most writers: a field is
    /// unquoted only if it is quoted by the rules from end to end, on one line.
    case wholeFieldOnly
  }

  static let tab = DelimitedDialect(separator: UInt8(ascii: "\t"), quoting: .wholeFieldOnly)
  static let comma = DelimitedDialect(separator: UInt8(ascii: ","), quoting: .standard)
  static let semicolon = DelimitedDialect(separator: UInt8(ascii: ";"), quoting: .standard)
  static let pipe = DelimitedDialect(separator: UInt8(ascii: "|"), quoting: .standard)
}

extension CrawlConfiguration.Separator {
  /// The dialects to try on the header.
  var dialects: [DelimitedDialect] {
    switch self {
    case .automatic: [.tab, .comma, .semicolon, .pipe]
    case .tab: [.tab]
    case .comma: [.comma]
    case .semicolon: [.semicolon]
    case .pipe: [.pipe]
    }
  }
}
