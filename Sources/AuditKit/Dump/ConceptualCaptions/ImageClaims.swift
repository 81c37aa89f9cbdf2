/// Which files the rows of a list would take for their images by one naming.
struct ImageClaims: Sendable {
  /// For each file the address that claims it, as a fingerprint; `none` and `several` stand for what they say.
  private var claimant: [UInt64]
  private static let none: UInt64 = 0
  private static let several = UInt64.max

  init(fileCount: Int) { claimant = Array(repeating: Self.none, count: fileCount) }

  /// A row with an address takes a file; rows of one address have one image.
  mutating func claim(_ file: Int, fingerprint: UInt128) {
    let own = min(max(UInt64(truncatingIfNeeded: fingerprint), 1), Self.several - 1)
    if claimant[file] == Self.none {
      claimant[file] = own
    } else if claimant[file] != own {
      claimant[file] = Self.several
    }
  }

  /// Whether several addresses claim a file, so that nobody knows whose it is.
  func isDisputed(_ file: Int) -> Bool { claimant[file] == Self.several }

  /// Files that are claimed.
  var claimed: Int { claimant.count { $0 != Self.none } }

  /// Files that one address claims.
  var undisputed: Int { claimant.count { $0 != Self.none && $0 != Self.several } }
}
