/// How many poisoned and clean pairs each run of a resample holds, and the measures of
/// `RankingScores` for such counts, by the same definitions.
///
/// The measures need a pair of each kind.
struct RunCounts {
  /// Poisoned pairs of each run, riskiest run first.
  private var poisoned: [Int]
  /// Clean pairs of each run.
  private var clean: [Int]
  /// Poisoned pairs in all runs.
  private var poisonedTotal = 0
  /// Clean pairs in all runs.
  private var cleanTotal = 0

  /// Empty runs.
  init(runs: Int) {
    poisoned = [Int](repeating: 0, count: runs)
    clean = [Int](repeating: 0, count: runs)
  }

  mutating func addPoisoned(_ run: Int) {
    poisoned[run] += 1
    poisonedTotal += 1
  }

  mutating func addClean(_ run: Int) {
    clean[run] += 1
    cleanTotal += 1
  }

  /// The probability that a poisoned pair is riskier than a clean one, ties counting half.
  var areaUnderROC: Double {
    var won = 0.0
    var above = 0
    for run in poisoned.indices {
      won += Double(clean[run]) * (Double(above) + Double(poisoned[run]) / 2)
      above += poisoned[run]
    }
    return won / Double(poisonedTotal) / Double(cleanTotal)
  }

  /// The mean, over poisoned pairs, of the precision at the end of their run.
  var averagePrecision: Double {
    var sum = 0.0
    var (found, seen) = (0, 0)
    for run in poisoned.indices where poisoned[run] > 0 || clean[run] > 0 {
      found += poisoned[run]
      seen += poisoned[run] + clean[run]
      sum += Double(poisoned[run]) * Double(found) / Double(seen)
    }
    return sum / Double(poisonedTotal)
  }

  /// The expected share of the poisoned pairs among the riskiest `share` of all, at least one pair.
  func recall(topShare share: Double) -> Double {
    recall(top: max(1, Int((share * Double(poisonedTotal + cleanTotal)).rounded())))
  }

  /// The expected share of poisoned pairs among the riskiest as many as there are poisoned ones.
  var precisionAtPrevalence: Double { recall(top: poisonedTotal) }

  private func recall(top: Int) -> Double {
    var remaining = top
    var found = 0.0
    for run in poisoned.indices where remaining > 0 {
      let size = poisoned[run] + clean[run]
      guard size > 0 else { continue }
      let taken = min(remaining, size)
      found += Double(poisoned[run]) * Double(taken) / Double(size)
      remaining -= taken
    }
    return found / Double(poisonedTotal)
  }
}
