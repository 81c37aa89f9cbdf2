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

  /// A whole file.
  public init(file path: String) {
    self.init(path: path, member: nil, offset: 0, length: nil)
  }

  /// Any source; `length` nil reads up to the end of the file.
  public init(path: String, member: String?, offset: Int64, length: Int64?) {
    self.path = path
    self.member = member
    self.offset = offset
    self.length = length
  }
}

extension ImageSource: CustomStringConvertible {
  /// `shard.tar!member`, or the file's path.
  public var description: String {
    guard let member else { return path }
    return "\(path)!\(member)"
  }
}
