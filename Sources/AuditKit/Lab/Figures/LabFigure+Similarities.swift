import AuditReport
import Foundation

extension LabFigure {
  /// Bins of a histogram of similarities, over -1...1.
  private static let bins = 100

  /// The similarities of planted and of all other pairs as the first trial of a group has ranked them, as
  /// densities, with the mixture that was fitted (the paper's figures 2 and 4).
  ///
  /// - Throws: `ReportError` where the trial's report cannot be read, and `LabError`.
  public static func similarities(_ group: TrialGroup, in store: LabStore) throws -> LabFigure? {
    guard let trial = group.trials.first, let report = trial.report else { return nil }
    let keys = Set(try store.planted(of: trial.id).map(\.key))
    var planted = [Double](repeating: 0, count: bins)
    var others = planted
    let mixture = try ReportReader(path: report).read { snapshot -> MixtureRow? in
      guard let run = try snapshot.latestRun() else { return nil }
      let all = PairQuery(order: .ordinal, limit: PairQuery.noLimit)
      try snapshot.forEachPair(of: run.id, all) { pair in
        guard let similarity = pair.score?.similarity else { return }
        let bin = min(bins - 1, max(0, Int((Double(similarity) + 1) / 2 * Double(bins))))
        if keys.contains(pair.pair.key) { planted[bin] += 1 } else { others[bin] += 1 }
      }
      // Later epochs may have fitted scores that were not trusted.
      return try snapshot.epochs(of: run.id).first { $0.number == run.scoredEpoch }?.mixture
    }
    return LabFigure(
      name: "similarities-\(group.attackName)-\(group.method)",
      commands: commands(
        "\(group.attackName), \(group.method), seed \(trial.seed)", density(others),
        density(planted), mixture))
  }

  private static func density(_ counts: [Double]) -> [Double] {
    let total = max(1, counts.reduce(0, +))
    return counts.map { $0 / total * Double(bins) / 2 }
  }

  private static func commands(
    _ title: String, _ others: [Double], _ planted: [Double], _ mixture: MixtureRow?
  ) -> String {
    let rows = others.indices.map { bin in
      [(Double(bin) + 0.5) / Double(bins) * 2 - 1, others[bin], planted[bin]]
    }
    var parts = [
      "$pairs using 1:2 with boxes fs solid 0.3 lc 1 title 'other pairs'",
      "$pairs using 1:3 with boxes fs solid 0.3 lc 7 title 'planted pairs'",
    ]
    if let mixture {
      for (name, component) in [("lower", mixture.lower), ("upper", mixture.upper)] {
        let deviation = max(1e-6, component.variance.squareRoot())
        parts.append(
          "\(component.weight) / (\(deviation) * sqrt(2 * pi)) * "
            + "exp(-(x - (\(component.mean)))**2 / (2 * \(component.variance + 1e-12))) "
            + "with lines lw 2 title '\(name) component'")
      }
    }
    return """
      \(block("pairs", rows))
      set title \(quoted(title))
      set xlabel 'similarity of image and caption'
      set ylabel 'density'
      set xrange [-0.5:1]
      set samples 400
      plot \(parts.joined(separator: ", "))
      """
  }
}
