extension ReportSnapshot {
  /// Uids that are written in one piece: a megabyte.
  private static let subsetPiece = 1 << 16

  /// Writes the uids of pairs as DataComp's subset files have them: a NumPy array of dtype `u8,u8`, ascending.
  ///
  /// Each uid stands there once: DataComp's resharder copies a sample as often as its uid stands in the file.
  /// - Parameters:
  ///   - export: which pairs.
  ///   - run: the run.
  ///   - sink: takes the file in pieces.
  /// - Throws: `ReportError.noRun`; `.notScored` before the first split; `.missingUIDs`; what `sink` throws.
  /// - Returns: how many uids there were.
  /// - Complexity: O(N log N), in 16 bytes for each pair.
  @discardableResult
  public func exportSubset(
    _ export: SubsetExport, of run: Int64, to sink: ([UInt8]) throws -> Void
  ) throws -> SubsetExport.Summary {
    var summary = SubsetExport.Summary()
    var uids: [UInt128] = []
    try forEachPair(of: run, try query(for: export.choice, of: run)) { scored in
      if let uid = scored.pair.uid.flatMap({ UInt128($0, radix: 16) }) {
        uids.append(uid)
      } else {
        summary.missing += 1
      }
    }
    guard summary.missing == 0 || export.allowsMissing else {
      throw ReportError.missingUIDs(
        run: run, missing: summary.missing, of: summary.missing + uids.count)
    }
    uids.sort()
    let found = uids.count
    var last: UInt128?
    uids.removeAll { uid in
      defer { last = uid }
      return uid == last
    }
    summary.uids = uids.count
    summary.repeated = found - uids.count
    try sink(SubsetFile.header(count: uids.count))
    for start in stride(from: 0, to: uids.count, by: Self.subsetPiece) {
      try sink(SubsetFile.bytes(of: uids[start..<min(start + Self.subsetPiece, uids.count)]))
    }
    return summary
  }
}
