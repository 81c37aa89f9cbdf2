import AuditFiles
import Foundation

/// Why a crawl as a whole cannot be read, or a crawl cannot be written.
public enum DumpError: Error, Sendable, Hashable {
  /// There is nothing at the path.
  case notFound(path: String)
  /// Nothing at the path looks like a crawl; `lookedFor` has one line for each format.
  case unknownFormat(path: String, lookedFor: [String])
  /// Two things at the path look like the crawl.
  case ambiguous(path: String, candidates: [String])
  /// The asked format is not what lies at the path.
  case wrongFormat(path: String, format: CrawlFormat, lookedFor: String)
  /// The caption file's header lacks columns.
  case missingColumns(path: String, missing: [String], found: [String])
  /// The crawl is a Parquet file, or a folder with one.
  case parquet(path: String)
  /// The list has nothing that could be a pair; `problem` goes on after the path.
  case noRecords(path: String, problem: String)
  /// A document that has to be held whole is larger than `limit` bytes, unpacked.
  case documentTooLarge(path: String, limit: Int64)
  /// A document is no JSON; `problem` says where.
  case brokenJSON(path: String, problem: String)
  /// The caption file is in an encoding other than UTF-8.
  case unsupportedEncoding(path: String, encoding: String)
  /// The system refuses to read; `code` is its errno.
  case unreadable(path: String, operation: String, code: Int32)
  /// The system refuses to write; `code` is its errno.
  case unwritable(path: String, operation: String, code: Int32)
  /// A pair that the written format cannot hold.
  case unwritablePair(key: String, problem: String)
  /// A setting that makes no sense.
  case invalidSetting(name: String, value: String, expected: String)
}

extension DumpError: CustomStringConvertible, LocalizedError {
  /// What was wrong, where, and what to do.
  public var description: String {
    switch self {
    case .notFound(let path):
      "there is no file or folder at '\(path)': check the path"
    case .unknownFormat(let path, let lookedFor):
      """
      '\(path)' is not a crawl of a known format. Looked for:
      \(lookedFor.map { "  - \($0)" }.joined(separator: "\n"))
      """
    case .ambiguous(let path, let candidates):
      """
      '\(path)' can be read in more than one way: \(candidates.joined(separator: ", ")). \
      Name one of these files, or the format
      """
    case .wrongFormat(let path, let format, let lookedFor):
      "'\(path)' is not a crawl in the format '\(format.rawValue)', which is \(lookedFor)"
    case .missingColumns(let path, let missing, let found):
      """
      '\(path)' has no \(missing.isEmpty ? "two columns or fields for an image and a caption" : "column or field ")\
      \(missing.map { "'\($0)'" }.joined(separator: " and none ")); \
      it has \(Self.shown(found)). Name them with --image-key \
      and --caption-key
      """
    case .parquet(let path):
      """
      '\(path)' is Parquet, which is not read. Make JSON lines of it, a list beside the images, with pyarrow:
        \(Self.parquetConversion) '\(path.replacing("'", with: #"'\''"#))' > captions.jsonl
      """
    case .noRecords(let path, let problem):
      "'\(path)' \(problem): there is nothing to read"
    case .documentTooLarge(let path, let limit):
      """
      '\(path)' has more than \(limit) bytes, unpacked, and would have to be held whole, which takes several times as \
      much memory: raise the setting maximumDocumentBytes, or make JSON lines of it
      """
    case .brokenJSON(let path, let problem):
      "'\(path)' is broken JSON: \(problem). Fetch or write it again"
    case .unsupportedEncoding(let path, let encoding):
      "'\(path)' is \(encoding), not UTF-8: convert it first, for example with iconv"
    case .unreadable(let path, let operation, let code):
      "cannot \(operation) '\(path)': \(FileError.words(for: code))"
    case .unwritable(let path, let operation, let code):
      FileError(operation, path, code: code).description
    case .unwritablePair(let key, let problem):
      "the pair '\(key)' cannot be written: \(problem)"
    case .invalidSetting(let name, let value, let expected):
      "the setting \(name) is '\(value)', but must be \(expected)"
    }
  }

  /// Some names out of a file, which may be anything: few, short, and without control characters.
  private static func shown(_ names: [String]) -> String {
    let (mostNames, mostLetters) = (30, 60)
    let shown = names.prefix(mostNames).map { name in
      let letters = name.unicodeScalars.prefix(mostLetters).map { scalar in
        scalar.properties.generalCategory == .control ? "\u{FFFD}" : Character(scalar)
      }
      return "'\(String(letters))\(name.unicodeScalars.count > mostLetters ? "…" : "")'"
    }
    return (shown + (names.count > mostNames ? ["…"] : [])).joined(separator: ", ")
  }

  /// What makes JSON lines of the Parquet file whose path follows (docs/formats.md).
  static let parquetConversion = #"""
    python3 -c 'import json, sys, pyarrow.parquet as p; sys.stdout.writelines(json.dumps(dict(zip(b.schema.names, r)), default=lambda v: None if isinstance(v, bytes) else str(v)) + "\n" for b in p.ParquetFile(sys.argv[1]).iter_batches(1000) for r in zip(*[(c.cast("timestamp[us]", safe=False) if str(c.type).startswith("timestamp") else c).to_pylist() for c in b.columns]))'
    """#

  /// The description, for code that prints `localizedDescription`.
  public var errorDescription: String? { description }

  init(_ error: FileError) {
    self = .unwritable(path: error.path, operation: error.operation, code: error.code)
  }
}
