import AuditReport
import Foundation

extension ExportCommand {
  /// What an export wrote, for people and for `--json`.
  struct Written: Encodable {
    var output: String?
    var pairs: Int
    var shards: Int?
    var withoutUid: Int?
    var repeatedUids: Int?

    /// Such as "8,102 pairs in 1 shard".
    var text: String {
      let pairs = "\(Quantity.count(pairs)) \(withoutUid == nil ? "pairs" : "uids")"
      guard let shards else { return pairs }
      return "\(pairs) in \(Quantity.count(shards)) \(shards == 1 ? "shard" : "shards")"
    }
  }

  func writeList(_ choice: PairChoice) throws -> Written {
    let export = PairExport(
      choice, format: format.ofList ?? .csv, content: reference ? .places : .findings)
    return try source.read { snapshot, run in
      var file = try ExportFile(path: output)
      let count = try snapshot.export(export, of: run.id) { try file.append($0.utf8) }
      try file.finish()
      return Written(output: output, pairs: count)
    }
  }

  func writeSubset(_ choice: PairChoice) throws -> Written {
    let export = SubsetExport(choice, allowsMissing: allowMissingUid)
    return try source.read { snapshot, run in
      var file = try ExportFile(path: output)
      let summary = try snapshot.exportSubset(export, of: run.id) { try file.append($0) }
      try file.finish()
      if summary.missing > 0 {
        note("\(Quantity.count(summary.missing)) pairs without a uid are left out.")
      }
      if summary.repeated > 0 {
        note("\(Quantity.count(summary.repeated)) pairs have the uid of another one.")
      }
      return Written(
        output: output, pairs: summary.uids, withoutUid: summary.missing,
        repeatedUids: summary.repeated)
    }
  }

  func writeShards(_ choice: PairChoice) throws -> Written {
    let export = ShardExport(
      choice, folder: output ?? "",
      pairsPerShard: pairsPerShard ?? ShardExport.usualPairsPerShard, replaces: overwrite)
    return try source.read { snapshot, run in
      let summary = try snapshot.exportShards(export, of: run.id)
      return Written(output: output, pairs: summary.pairs, shards: summary.shards)
    }
  }

  private func note(_ text: String) {
    FileHandle.standardError.write(Data((text + "\n").utf8))
  }
}
