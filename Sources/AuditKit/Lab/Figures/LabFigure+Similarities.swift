import AuditRisk

extension LabFigure {
  /// The similarities of planted and of all other pairs at the end of each stage of a group's first trial, as
  /// densities, with the mixture of all of them (the paper's figures 2 and 4).
  ///
  /// - Throws: `LabError.unusableDatabase`.
  public static func similarities(
    _ group: TrialGroup, in store: LabStore
  ) throws(LabError) -> [LabFigure] {
    guard let trial = group.trials.first else { return [] }
    return try store.similarities(of: trial.id).map { stage in
      LabFigure(
        name: "similarities-\(group.attackName)-\(group.method)-\(stage.stage)",
        commands: commands(
          "\(group.attackName), \(group.method), seed \(trial.seed), after epoch "
            + "\(stage.epoch + 1) (\(stage.stage))", stage))
    }
  }

  private static func commands(_ title: String, _ stage: StageSimilarities) -> String {
    let (others, planted) = (stage.others.density, stage.planted.density)
    let rows = others.indices.map { [stage.others.center(of: $0), others[$0], planted[$0]] }
    let mixture = stage.mixture
    var parts = [
      "$pairs using 1:2 with boxes fs solid 0.3 lc 1 title 'other pairs'",
      "$pairs using 1:3 with boxes fs solid 0.3 lc 7 title 'planted pairs'",
    ]
    for (name, component) in [("lower", mixture.low), ("upper", mixture.high)] {
      let deviation = max(1e-6, component.variance.squareRoot())
      parts.append(
        "\(component.weight) / (\(deviation) * sqrt(2 * pi)) * "
          + "exp(-(x - (\(component.mean)))**2 / (2 * \(component.variance + 1e-12))) "
          + "with lines lw 2 title '\(name) component'")
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

extension Histogram {
  /// Density in each bin, so that the whole integrates to 1; zeros of nothing.
  fileprivate var density: [Double] {
    counts.map { Double($0) / Double(max(1, total)) / binWidth }
  }
}
