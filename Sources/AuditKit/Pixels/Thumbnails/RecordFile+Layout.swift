import AuditFiles
import CZlib
import Foundation

// The bytes of the file; the format is described at the type.
extension RecordFile {
  private static let magic = Array("AUDITREC".utf8)
  private static let version: UInt32 = 1
  static let headerBytes = CacheFile.pageBytes
  static let recordBytes = 64
  /// Whole records lie in a chunk, since both sizes and the header's are powers of two.
  static let chunkBytes = 1 << 24

  // MARK: Header

  func writeHeader(_ title: String) throws(CacheError) {
    var bytes = [UInt8](repeating: 0, count: RecordFile.headerBytes)
    bytes.replaceSubrange(0..<8, with: RecordFile.magic)
    RecordFile.store(RecordFile.version, in: &bytes, at: 8)
    bytes.replaceSubrange(12..<60, with: RecordFile.padded(title))
    RecordFile.store(RecordFile.checksum(bytes[..<60]), in: &bytes, at: 60)
    try write(bytes, at: 0)
    try file.synchronize()
  }

  /// False for a new file, and for one whose creation was cut off.
  func hasHeader() throws(CacheError) -> Bool {
    guard try file.byteCount() >= RecordFile.headerBytes else { return false }
    return try file.bytes(at: 0, count: 64).contains { $0 != 0 }
  }

  func checkHeader(_ title: String) throws(CacheError) {
    let bytes = Array(try file.bytes(at: 0, count: 64))
    func damaged(_ detail: String) -> CacheError { .notACache(path: file.path, detail: detail) }
    guard bytes.starts(with: RecordFile.magic) else { throw damaged("it starts otherwise") }
    guard RecordFile.load(bytes, at: 60) == RecordFile.checksum(bytes[..<60]) else {
      throw damaged("the checksum of its header is wrong")
    }
    guard RecordFile.load(bytes, at: 8) == RecordFile.version else {
      throw damaged("its format has version \(RecordFile.load(bytes, at: 8))")
    }
    guard Array(bytes[12..<60]) == RecordFile.padded(title) else {
      let found = String(decoding: bytes[12..<60].prefix { $0 != 0 }, as: UTF8.self)
      throw damaged("it is for '\(found)', not for '\(title)'")
    }
  }

  /// Records before this one are on the disk for certain.
  func durableCount() throws(CacheError) -> Int {
    let bytes = Array(try file.bytes(at: 64, count: 12))
    guard RecordFile.load(bytes, at: 8) == RecordFile.checksum(bytes[..<8]) else { return 0 }
    return Int(RecordFile.load(bytes, at: 0)) | Int(RecordFile.load(bytes, at: 4)) << 32
  }

  func raiseDurableCount(to count: Int) throws(CacheError) {
    guard try durableCount() < count else { return }
    var bytes = [UInt8](repeating: 0, count: 12)
    RecordFile.store(UInt32(truncatingIfNeeded: count), in: &bytes, at: 0)
    RecordFile.store(UInt32(count >> 32), in: &bytes, at: 4)
    RecordFile.store(RecordFile.checksum(bytes[..<8]), in: &bytes, at: 8)
    try write(bytes, at: 64)
  }

  private static func padded(_ title: String) -> [UInt8] {
    let bytes = Array(title.utf8)
    precondition(bytes.count <= 48, "the title '\(title)' has more than 48 bytes")
    return bytes + [UInt8](repeating: 0, count: 48 - bytes.count)
  }

  // MARK: Records

  /// The number of whole records in the file.
  func recordCount() throws(CacheError) -> Int {
    max(try file.byteCount() - RecordFile.headerBytes, 0) / RecordFile.recordBytes
  }

  /// The record at `index`, which the file must have; nil where its checksum is wrong.
  func readRecord(_ index: Int) throws(CacheError) -> (key: ContentDigest, value: Value)? {
    let offset = RecordFile.headerBytes + index * RecordFile.recordBytes
    let bytes = try file.bytes(at: offset, count: RecordFile.recordBytes)
    func word(_ position: Int) -> UInt32 {
      UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self))
    }
    let body = UnsafeRawBufferPointer(rebasing: bytes[..<60])
    guard word(60) == RecordFile.checksum(body) else { return nil }
    return (ContentDigest(raw: bytes), (word(32), word(36), word(40)))
  }

  func writeRecord(_ index: Int, _ key: ContentDigest, _ value: Value) throws(CacheError) {
    var bytes = key.bytes + [UInt8](repeating: 0, count: 32)
    RecordFile.store(value.0, in: &bytes, at: 32)
    RecordFile.store(value.1, in: &bytes, at: 36)
    RecordFile.store(value.2, in: &bytes, at: 40)
    RecordFile.store(RecordFile.checksum(bytes[..<60]), in: &bytes, at: 60)
    try write(bytes, at: RecordFile.headerBytes + index * RecordFile.recordBytes)
  }

  func eraseRecord(_ index: Int) throws(CacheError) {
    try write(
      [UInt8](repeating: 0, count: RecordFile.recordBytes),
      at: RecordFile.headerBytes + index * RecordFile.recordBytes)
  }

  func write(_ bytes: [UInt8], at offset: Int) throws(CacheError) {
    try bytes.withUnsafeBufferPointer { (bytes) throws(CacheError) in
      try file.write(UnsafeRawBufferPointer(bytes), at: offset)
    }
  }

  // MARK: Numbers

  /// CRC-32 as in zlib and PNG.
  static func checksum(_ bytes: some Collection<UInt8>) -> UInt32 {
    let value = bytes.withContiguousStorageIfAvailable { bytes in
      crc32_z(0, bytes.baseAddress, bytes.count)
    }
    return UInt32(
      truncatingIfNeeded: value
        ?? Array(bytes).withUnsafeBufferPointer {
          crc32_z(0, $0.baseAddress, $0.count)
        })
  }

  private static func store(_ number: UInt32, in bytes: inout [UInt8], at offset: Int) {
    for index in 0..<4 {
      bytes[offset + index] = UInt8(truncatingIfNeeded: number >> UInt32(8 * index))
    }
  }

  private static func load(_ bytes: [UInt8], at offset: Int) -> UInt32 {
    (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << UInt32(8 * $1) }
  }
}
