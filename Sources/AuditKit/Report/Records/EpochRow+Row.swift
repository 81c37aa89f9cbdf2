import Foundation
import GRDB

extension EpochRow: FetchableRecord, PersistableRecord {
  /// The table's name.
  public static let databaseTableName = "epoch"

  /// Reads a row of table `epoch`.
  public init(row: Row) {
    self.init(
      number: row["number"], stage: row["stage"], steps: row["steps"], seconds: row["seconds"],
      loss: row["loss"], clipLoss: row["clipLoss"], unimodalLoss: row["unimodalLoss"],
      learningRate: row["learningRate"], logitScale: row["logitScale"],
      alignment: row["alignment"])
    if let lowerMean = row["lowerMean"] as Double?, let upperMean = row["upperMean"] as Double? {
      mixture = MixtureRow(
        lower: .init(
          weight: row["lowerWeight"], mean: lowerMean, variance: row["lowerVariance"]),
        upper: .init(
          weight: row["upperWeight"], mean: upperMean, variance: row["upperVariance"]))
    }
    if let counts = row["similarityHistogram"] as Data? {
      histogram = SimilarityHistogram(
        lower: row["histogramLower"], upper: row["histogramUpper"],
        counts: [UInt32](littleEndianBytes: counts),
        shuffledCounts: (row["shuffledHistogram"] as Data?).map { [UInt32](littleEndianBytes: $0) })
    }
    safeCount = row["safeCount"]
    safeShare = row["safeShare"]
    decisionReason = row["decisionReason"]
  }

  /// Fills all columns but `runId`, which the store adds.
  public func encode(to container: inout PersistenceContainer) {
    container["number"] = number
    container["stage"] = stage
    container["steps"] = steps
    container["seconds"] = seconds
    container["loss"] = loss
    container["clipLoss"] = clipLoss
    container["unimodalLoss"] = unimodalLoss
    container["learningRate"] = learningRate
    container["logitScale"] = logitScale
    container["alignment"] = alignment
    container["lowerWeight"] = mixture?.lower.weight
    container["lowerMean"] = mixture?.lower.mean
    container["lowerVariance"] = mixture?.lower.variance
    container["upperWeight"] = mixture?.upper.weight
    container["upperMean"] = mixture?.upper.mean
    container["upperVariance"] = mixture?.upper.variance
    container["histogramLower"] = histogram?.lower
    container["histogramUpper"] = histogram?.upper
    container["similarityHistogram"] = histogram?.counts.littleEndianBytes
    container["shuffledHistogram"] = histogram?.shuffledCounts?.littleEndianBytes
    container["safeCount"] = safeCount
    container["safeShare"] = safeShare
    container["decisionReason"] = decisionReason
  }
}

extension [UInt32] {
  /// Four bytes an element, lowest first, whatever the machine.
  var littleEndianBytes: Data {
    var data = Data(capacity: 4 * count)
    for value in self {
      for byte in 0..<4 { data.append(UInt8(truncatingIfNeeded: value >> UInt32(8 * byte))) }
    }
    return data
  }

  /// Reads `littleEndianBytes` back; bytes beyond the last whole element are ignored.
  init(littleEndianBytes data: Data) {
    let bytes = [UInt8](data)
    self = stride(from: 0, to: bytes.count - bytes.count % 4, by: 4).map { at in
      (0..<4).reduce(0) { $0 | UInt32(bytes[at + $1]) << (8 * $1) }
    }
  }
}
