extension LabFigure {
  /// What the models of one attack were worth after each epoch, method by method: attack success, zero-shot
  /// accuracy and recall@10, means over seeds.
  public static func epochs(_ groups: [TrialGroup]) -> [LabFigure] {
    var attacks: [String] = []
    for group in groups where !attacks.contains(group.attackName) {
      attacks.append(group.attackName)
    }
    return attacks.map { attack in
      figure(attack, groups.filter { $0.attackName == attack && !$0.epochs.isEmpty })
    }
  }

  private static func figure(_ attack: String, _ groups: [TrialGroup]) -> LabFigure {
    let curves = [("attack success", 2), ("zero-shot accuracy", 3), ("recall at 10", 4)]
    var data = ""
    var parts: [String] = []
    for (number, group) in groups.enumerated() {
      data += block(
        "method\(number)",
        group.epochs.map { epoch in
          [
            Double(epoch.number + 1), epoch.attackSuccess, epoch.zeroShotAccuracy,
            epoch.recallAt10,
          ]
        })
      for (dash, curve) in curves.enumerated() {
        parts.append(
          "$method\(number) using 1:\(curve.1) with linespoints lc \(number + 1) "
            + "dt \(dash + 1) pt \(dash + 4) title \(quoted("\(group.method): \(curve.0)"))")
      }
    }
    return LabFigure(
      name: "epochs-\(attack)",
      commands: """
        \(data)
        set title \(quoted(attack))
        set xlabel 'epoch'
        set yrange [0:1]
        set datafile missing '?'
        plot \(parts.isEmpty ? "NaN notitle" : parts.joined(separator: ", "))
        """)
  }
}
