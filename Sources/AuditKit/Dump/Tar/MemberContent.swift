/// The bytes of a member that is to be written.
package enum MemberContent: Sendable {
  /// In memory.
  case bytes([UInt8])
  /// A stretch of a file, which is copied piece by piece.
  case stretch(of: PositionedFile, offset: Int64, byteCount: Int64)

  /// How many bytes they are.
  package var byteCount: Int64 {
    switch self {
    case .bytes(let bytes): Int64(bytes.count)
    case .stretch(_, _, let byteCount): byteCount
    }
  }
}
