/// Sizes and places in a tar archive, as POSIX.1-2017 (pax, "ustar Interchange Format") gives them.
enum TarBlock {
  /// Headers are one block; data is padded to whole blocks.
  static let byteCount = 512

  static let name = 0..<100
  static let mode = 100..<108
  static let owner = 108..<116
  static let group = 116..<124
  static let size = 124..<136
  static let modified = 136..<148
  static let checksum = 148..<156
  static let type = 156
  static let linkName = 157..<257
  static let magic = 257..<263
  static let version = 263..<265
  static let prefix = 345..<500

  /// `byteCount` rounded up to whole blocks; nil when that is no 64-bit number.
  static func padded(_ byteCount: Int64) -> Int64? {
    let (sum, overflows) = byteCount.addingReportingOverflow(511)
    return overflows ? nil : sum & ~511
  }
}
