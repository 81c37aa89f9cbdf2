/// What lies next in an archive.
package enum TarEvent: Sendable {
  /// A whole member.
  case member(TarMember)
  /// Bytes that are none. `offset` counts from the start of the archive.
  case damage(reason: RejectionReason, offset: Int64, message: String)
}

/// A member of an archive: name and place, not its bytes.
package struct TarMember: Sendable {
  package enum Kind: Sendable { case file, folder, withoutBytes }

  /// As stored; not checked in any way.
  package let name: [UInt8]
  package let kind: Kind
  package let headerOffset: Int64
  package let dataOffset: Int64
  package let byteCount: Int64
}
