import AuditRisk
import GRDB

extension LabStore {
  /// The similarities at the end of each stage of a trial, in order.
  ///
  /// - Throws: `LabError.unusableDatabase`.
  public func similarities(of trial: Int64) throws(LabError) -> [StageSimilarities] {
    let rows = try read { database in
      try Row.fetchAll(
        database, sql: "SELECT * FROM similarity WHERE trialId = ? ORDER BY number, bin",
        arguments: [trial])
    }
    var stages: [StageSimilarities] = []
    var start = 0
    while start < rows.count {
      let epoch: Int = rows[start]["number"]
      let end = rows[start...].firstIndex { $0["number"] as Int != epoch } ?? rows.count
      stages.append(Self.stage(rows[start..<end], epoch: epoch))
      start = end
    }
    return stages
  }

  /// Notes the similarities at the end of a stage, in the place of what was noted of it before.
  func record(_ stage: StageSimilarities, of trial: Int64) throws(LabError) {
    try write { database in
      try database.execute(
        sql: "DELETE FROM similarity WHERE trialId = ? AND number = ?",
        arguments: [trial, stage.epoch])
      let insertion = try database.makeStatement(
        sql: """
          INSERT INTO similarity (trialId, number, stage, bin, others, planted)
          VALUES (?, ?, ?, ?, ?, ?)
          """)
      for bin in stage.others.counts.indices {
        let (others, planted) = (stage.others.counts[bin], stage.planted.counts[bin])
        guard others + planted > 0 else { continue }
        try insertion.execute(arguments: [
          trial, stage.epoch, stage.stage, bin, Int64(others), Int64(planted),
        ])
      }
    }
  }

  private static func stage(_ rows: ArraySlice<Row>, epoch: Int) -> StageSimilarities {
    var others = [UInt64](repeating: 0, count: StageSimilarities.binCount)
    var planted = others
    var name = ""
    for row in rows {
      name = row["stage"]
      let bin: Int = row["bin"]
      guard others.indices.contains(bin) else { continue }
      others[bin] = UInt64(max(0, row["others"] as Int64))
      planted[bin] = UInt64(max(0, row["planted"] as Int64))
    }
    return StageSimilarities(
      epoch: epoch, stage: name,
      others: Histogram(lowerBound: -1, upperBound: 1, counts: others),
      planted: Histogram(lowerBound: -1, upperBound: 1, counts: planted))
  }
}
