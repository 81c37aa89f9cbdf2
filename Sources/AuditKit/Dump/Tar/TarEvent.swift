/// What lies next in an archive.
enum TarEvent {
  /// A whole member.
  case member(TarMember)
  /// Bytes that are none. `offset` counts from the start of the archive.
  case damage(reason: RejectionReason, offset: Int64, message: String)
}

/// A member of an archive: name and place, not its bytes.
struct TarMember {
  enum Kind { case file, folder, withoutBytes }

  /// As stored; not checked in any way.
  let name: [UInt8]
  let kind: Kind
  let headerOffset: Int64
  let dataOffset: Int64
  let byteCount: Int64
}
