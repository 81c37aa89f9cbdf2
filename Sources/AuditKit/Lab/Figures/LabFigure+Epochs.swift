extension LabFigure {
  /// What the models of one attack were worth after each epoch, method by method: attack success, zero-shot
  /// accuracy and recall@10, means over seeds.
  public static func epochs(_ groups: [TrialGroup]) -> [LabFigure] {
    figures(
      "epochs", groups,
      [
        ("attack success", \.attackSuccess), ("zero-shot accuracy", \.zeroShotAccuracy),
        ("recall at 10", \.recallAt10),
      ])
  }

  /// How the safe sets of one attack grew, method by method, and which share of the planted pairs was in them.
  public static func safeSets(_ groups: [TrialGroup]) -> [LabFigure] {
    figures(
      "safe-set", groups.filter { $0.epochs.contains { $0.safeShare != nil } },
      [("safe set", \.safeShare), ("planted in it", \.plantedInSafeSet)])
  }

  private typealias Curve = (name: String, value: (TrialEpoch) -> Double?)

  /// A figure for each attack, with all curves of each method.
  private static func figures(
    _ name: String, _ groups: [TrialGroup], _ curves: [Curve]
  ) -> [LabFigure] {
    var attacks: [String] = []
    for group in groups where !attacks.contains(group.attackName) {
      attacks.append(group.attackName)
    }
    return attacks.map { attack in
      figure(
        "\(name)-\(attack)", title: attack,
        groups.filter { $0.attackName == attack && !$0.epochs.isEmpty }, curves)
    }
  }

  private static func figure(
    _ name: String, title: String, _ groups: [TrialGroup], _ curves: [Curve]
  ) -> LabFigure {
    var data = ""
    var parts: [String] = []
    for (number, group) in groups.enumerated() {
      data += block(
        "method\(number)",
        group.epochs.map { epoch in
          [Double(epoch.number + 1)] + curves.map { $0.value(epoch) }
        })
      for (place, curve) in curves.enumerated() {
        parts.append(
          "$method\(number) using 1:\(place + 2) with linespoints lc \(number + 1) "
            + "dt \(place + 1) pt \(place + 4) title \(quoted("\(group.method): \(curve.name)"))")
      }
    }
    return LabFigure(
      name: name,
      commands: """
        \(data)
        set title \(quoted(title))
        set xlabel 'epoch'
        set yrange [0:1]
        set datafile missing '?'
        plot \(parts.isEmpty ? "NaN notitle" : parts.joined(separator: ", "))
        """)
  }
}
