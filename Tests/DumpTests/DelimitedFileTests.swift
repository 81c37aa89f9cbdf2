import AuditDump
import Testing
import TestSupport

struct DelimitedFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Rows as `line:field|field` or `line!message`, the same at every piece size.
  private func rows(
    _ text: String, _ dialect: DelimitedDialect, maximumRowBytes: Int = 1000
  ) throws -> [String] {
    let path = try folder.write("file", text)
    let readings = try [1, 3, 4, 15, 100, 1 << 18].map { pieceBytes in
      var file = DelimitedFile(
        file: try PositionedFile(path: path), dialect: dialect, start: 0,
        maximumRowBytes: maximumRowBytes, pieceBytes: pieceBytes)
      var rows: [String] = []
      while let row = try file.next() {
        switch row.content {
        case .fields(let fields):
          let texts = fields.map { String(decoding: $0, as: UTF8.self) }
          rows.append("\(row.line):\(texts.joined(separator: "|"))")
          #expect(row.offset < text.utf8.count)
        case .malformed(let message): rows.append("\(row.line)!\(message)")
        case .tooLong: rows.append("\(row.line)!too long")
        }
      }
      return rows
    }
    #expect(Set(readings).count == 1, "piece sizes differ: \(readings)")
    return readings[0]
  }

  @Test(arguments: [
    ("a,b\n1,2\n", ["1:a|b", "2:1|2"]),
    ("a,b\r\n1,2", ["1:a|b", "2:1|2"]),
    ("\n\r\na,,\n\n,\n", ["3:a||", "5:|"]),
    ("\"a\",\"b,c\",\"d\"\"e\"\n", ["1:a|b,c|d\"e"]),
    ("\"two\nlines\r\nor three\",b\nc,d\n", ["1:two\nlines\r\nor three|b", "4:c|d"]),
    ("\"\",\"\"\"\"\r\n", ["1:|\""]),
    ("3\" wide,b\n", ["1:3\" wide|b"]),
    ("a,\"b\"", ["1:a|b"]), ("a,\"b\"\r", ["1:a|b"]), ("a,", ["1:a|"]), ("", []),
    ("a\rb,c\n", ["1:a\rb|c"]),
  ])
  func commaFilesFollowRFC4180(_ text: String, _ expected: [String]) throws {
    #expect(try rows(text, .comma) == expected)
  }

  @Test(arguments: [
    ("\"a\" b,c\nd,e\n", ["1!text follows a closing quote", "2:d|e"]),
    ("\"a,b\nc,d\ne,f\n", ["1!a quote is not closed", "2:c|d", "3:e|f"]),
    ("a,\"b\nc,\"d\ne,f", ["1!text follows a closing quote", "2!a quote is not closed", "3:e|f"]),
    ("\"a\"\rb\n", ["1!text follows a closing quote"]),
    ("\"", ["1!a quote is not closed"]),
  ])
  func aWrongQuoteCostsOneLine(_ text: String, _ expected: [String]) throws {
    #expect(try rows(text, .comma) == expected)
  }

  @Test(arguments: [
    ("a\t\"b\"\n", ["1:a|b"]),
    ("a\t\"b\tc \"\"d\"\"\"\n", ["1:a|b\tc \"d\""]),
    ("a\t\"b\" c\n", ["1:a|\"b\" c"]),
    ("a\t\"b\nc\td\"\n", ["1:a|\"b", "2:c|d\""]),
    ("a\t\"\n", ["1:a|\""]),
    ("a\t\"b\"", ["1:a|b"]),
    ("a\t\"b", ["1:a|\"b"]),
    ("a\tb\"\"c\r\n", ["1:a|b\"\"c"]),
  ])
  func tabFilesTakeQuotesForLettersUnlessTheWholeFieldIsQuoted(
    _ text: String, _ expected: [String]
  ) throws {
    #expect(try rows(text, .tab) == expected)
  }

  @Test func aRowAboveTheLimitCostsOneLine() throws {
    let long = String(repeating: "x", count: 500)
    #expect(
      try rows("\(long)\n\"\(long)\n\(long)\",b\nc,d\n", .comma, maximumRowBytes: 400).count == 4)
    let open = "\"" + String(repeating: "x\n", count: 300) + "end,here\n"
    let found = try rows(open, .comma, maximumRowBytes: 400)
    #expect(found.first?.hasPrefix("1!") == true)
    #expect(found.last == "301:end|here")
    #expect(found.count == 301)
  }

  @Test func separatorsAreBytes() throws {
    #expect(try rows("a;b|c\n", .semicolon) == ["1:a|b|c"])
    #expect(try rows("a;b|c\n", .pipe) == ["1:a;b|c"])
  }
}
