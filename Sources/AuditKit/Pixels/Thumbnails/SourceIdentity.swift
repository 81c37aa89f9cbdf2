import AuditFiles

/// Where an image's bytes came from, and when they last changed: while it stays the same, so do the
/// bytes, and they need not be read again.
package struct SourceIdentity: Hashable, Sendable {
  /// The file as opened.
  package let path: String
  /// The member of an archive; nil for a file of its own.
  package let member: String?
  /// First byte in the file.
  package let offset: Int64
  /// Bytes; nil for the whole file.
  package let length: Int64?
  /// The file's last change, in nanoseconds since 1970.
  package let modificationNanoseconds: Int64
  /// The file's size in bytes.
  package let fileByteCount: Int64

  package init(
    path: String, member: String?, offset: Int64, length: Int64?,
    modificationNanoseconds: Int64, fileByteCount: Int64
  ) {
    self.path = path
    self.member = member
    self.offset = offset
    self.length = length
    self.modificationNanoseconds = modificationNanoseconds
    self.fileByteCount = fileByteCount
  }

  /// The key in the cache: the SHA-256 of all parts, each text with its length, so that no two
  /// identities have the same bytes.
  var key: ContentDigest {
    let numbers = "\(offset) \(length ?? -1) \(modificationNanoseconds) \(fileByteCount)"
    let names = "\(path.utf8.count) \(member?.utf8.count ?? -1) \(path)\(member ?? "")"
    return ContentDigest(of: Array("\(numbers) \(names)".utf8))
  }
}
