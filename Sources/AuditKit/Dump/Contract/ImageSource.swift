/// Where the bytes of an image lie: a whole file, or a stretch of a shard.
public struct ImageSource: Sendable, Hashable, Codable {
  /// The image file, or the shard that holds it, as it was opened.
  public let path: String
  /// The image's name inside the shard; nil for a whole file.
  public let member: String?
  /// The first byte, counted from the start of `path`.
  public let offset: Int64
  /// The number of bytes; nil for a whole file.
  public let length: Int64?
  /// The shard as it was indexed; nil where nobody remembers, as when it comes out of a report.
  let stamp: FileStamp?

  /// A whole file.
  public init(file path: String) {
    self.init(path: path, member: nil, offset: 0, length: nil)
  }

  /// Any source; `length` nil reads up to the end of the file.
  public init(path: String, member: String?, offset: Int64, length: Int64?) {
    self.init(path: path, member: member, offset: offset, length: length, stamp: nil)
  }

  init(path: String, member: String?, offset: Int64, length: Int64?, stamp: FileStamp?) {
    self.stamp = stamp
    self.path = path
    self.member = member
    self.offset = offset
    self.length = length
  }
}

extension ImageSource {
  private enum CodingKeys: String, CodingKey {
    case path, member, offset, length
  }

  /// Reads what `encode` wrote.
  ///
  /// - Throws: `DecodingError`.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      path: try values.decode(String.self, forKey: .path),
      member: try values.decodeIfPresent(String.self, forKey: .member),
      offset: try values.decode(Int64.self, forKey: .offset),
      length: try values.decodeIfPresent(Int64.self, forKey: .length))
  }

  /// Whether both name the same bytes, whenever they were indexed.
  public static func == (left: ImageSource, right: ImageSource) -> Bool {
    left.path == right.path && left.member == right.member && left.offset == right.offset
      && left.length == right.length
  }

  /// Mixes in what `==` compares.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(path)
    hasher.combine(member)
    hasher.combine(offset)
    hasher.combine(length)
  }
}

extension ImageSource: CustomStringConvertible {
  /// `shard.tar!member`, or the file's path.
  public var description: String {
    guard let member else { return path }
    return "\(path)!\(member)"
  }
}
