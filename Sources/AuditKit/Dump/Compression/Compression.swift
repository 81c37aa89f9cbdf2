/// A compression that whole files of a crawl may have, told from their first bytes.
enum Compression: Sendable {
  /// RFC 1952; several members one after another are one file.
  case gzip
  /// RFC 8878; several frames too.
  case zstd

  init?(startingWith bytes: some Collection<UInt8>) {
    if bytes.starts(with: [0x1F, 0x8B]) {
      self = .gzip
    } else if bytes.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) {
      self = .zstd
    } else {
      return nil
    }
  }

  /// The name without the ending of a compression: `a.tar` for `a.tar.gz`, `a.tgz` and `a.tar.zst`.
  static func plainName(_ name: String) -> String {
    let lowered = name.lowercased()
    for (ending, plain) in [(".tgz", ".tar"), (".gz", ""), (".zst", "")]
    where lowered.hasSuffix(ending) {
      return String(name.dropLast(ending.count)) + plain
    }
    return name
  }
}

/// Gives the content of a compressed file piece by piece.
protocol Decompressor: ~Copyable {
  /// The next piece; empty at the end.
  mutating func next() throws(DecompressionFault) -> [UInt8]
}

/// Why a compressed file gives no more.
struct DecompressionFault: Error {
  enum Kind {
    case truncated, corrupt, unreadable
    /// It unpacks to more than is allowed.
    case tooLarge
  }

  let kind: Kind
  let message: String
}
