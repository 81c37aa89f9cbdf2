/// One row of a delimited file.
package struct DelimitedRecord: Sendable {
  /// The line of its first byte, from 1.
  package let line: Int
  /// The place of its first byte.
  package let offset: Int64
  package let content: Content

  package enum Content: Sendable, Equatable {
    case fields([[UInt8]])
    /// The row breaks the format; reading goes on at the next line.
    case malformed(String)
    /// The row's first line alone is above the limit; reading goes on at the next line.
    case tooLong
  }
}

/// How rows and fields are told apart.
package struct DelimitedDialect: Equatable, Sendable {
  package let separator: UInt8
  package let quoting: Quoting

  package enum Quoting: Sendable {
    /// RFC 4180: a field that starts with a quote ends with one, may hold separators and line ends,
    /// and doubles the quotes inside.
    case standard
    /// For tab-separated files, where quotes are ordinary characters to most writers: a field is
    /// unquoted only if it is quoted by the rules from end to end, on one line.
    case wholeFieldOnly
  }

  package static let tab = DelimitedDialect(separator: UInt8(ascii: "\t"), quoting: .wholeFieldOnly)
  package static let comma = DelimitedDialect(separator: UInt8(ascii: ","), quoting: .standard)
  package static let semicolon = DelimitedDialect(separator: UInt8(ascii: ";"), quoting: .standard)
  package static let pipe = DelimitedDialect(separator: UInt8(ascii: "|"), quoting: .standard)
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
