import AuditRisk
import Foundation

extension LabTable {
  /// All that is measured of each attack and method, in one row each, with the numbers of the trials in the database.
  public static func overview(_ groups: [TrialGroup]) -> LabTable {
    var columns: [(head: String, text: (TrialGroup) -> String)] = [
      ("attack", { $0.attackName }),
      ("method", { $0.method }),
      ("trials", { $0.trialNumbers }),
      ("attack success", { share($0.estimate("attackSuccess", "probes")) }),
      ("without trigger", { share($0.estimate("attackSuccessWithoutTrigger", "heldOut")) }),
      ("zero-shot", { share($0.estimate("zeroShotAccuracy", "heldOut")) }),
      ("linear probe", { share($0.estimate("linearProbeAccuracy", "heldOut")) }),
      ("recall@10", { share($0.estimate("recallAt10", "heldOut")) }),
      ("AUROC", { number($0.estimate("areaUnderROC", "risk")) }),
      ("in riskiest 1 %", { share($0.estimate("recallInRiskiest0.01", "risk")) }),
      ("planted in safe set", { share($0.ofSafePairs("plantedInSafeSet")) }),
      ("safe set", { share($0.ofSafePairs("share")) }),
      ("minutes", { minutes($0) }),
    ]
    // Trials of earlier versions have none.
    if groups.contains(where: { $0.subjects(of: "attackSuccess").contains("linearProbe") }) {
      columns += [
        ("attack success, linear probe", { share($0.estimate("attackSuccess", "linearProbe")) }),
        (
          "without trigger, linear probe",
          { share($0.estimate("attackSuccessWithoutTrigger", "linearProbe")) }
        ),
      ]
    }
    if groups.contains(where: { $0.subjects(of: "zeroShotAccuracy").contains("labelledImages") }) {
      columns += [
        ("zero-shot, labelled", { share($0.estimate("zeroShotAccuracy", "labelledImages")) }),
        ("probe, labelled", { share($0.estimate("linearProbeAccuracy", "labelledImages")) }),
      ]
    }
    return LabTable(
      title: "Trials by attack and method (means with 95 % intervals)",
      columns: columns.map(\.head),
      rows: groups.map { group in columns.map { $0.text(group) } })
  }

  /// `12.3 % (10.1 to 14.2)`; a dash where nothing was measured.
  static func share(_ estimate: IntervalEstimate?) -> String {
    text(estimate, unit: " %", percentDigits)
  }

  /// `12.3 %`.
  static func percent(_ share: Double) -> String { percentDigits(share) + " %" }

  /// `1.25 (1.10 to 1.40)`: a time as a multiple of another; the errors of both add as squares.
  static func multiple(_ seconds: IntervalEstimate, of unit: IntervalEstimate) -> String {
    guard seconds != unit else { return "1.00" }
    let value = seconds.value / unit.value
    func error(_ own: Double, _ ofUnit: Double) -> Double {
      (own * own + value * value * ofUnit * ofUnit).squareRoot() / unit.value
    }
    let ratio = IntervalEstimate(
      value: value,
      lower: max(0, value - error(seconds.value - seconds.lower, unit.upper - unit.value)),
      upper: value + error(seconds.upper - seconds.value, unit.value - unit.lower))
    return text(ratio, unit: "") { String(format: "%.2f", $0) }
  }

  /// A share in percent with one decimal, or as many as two digits need: the poison in a safe set can be a millionth.
  private static func percentDigits(_ share: Double) -> String {
    let percent = 100 * share
    guard percent >= 1e-6, percent < 0.1 else { return String(format: "%.1f", percent) }
    return String(format: "%.*f", 1 - Int(log10(percent).rounded(.down)), percent)
  }

  /// `0.912 (0.890 to 0.931)`.
  static func number(_ estimate: IntervalEstimate?) -> String {
    text(estimate, unit: "") { String(format: "%.3f", $0) }
  }

  private static func text(
    _ estimate: IntervalEstimate?, unit: String, _ format: (Double) -> String
  ) -> String {
    guard let estimate else { return "-" }
    let value = format(estimate.value) + unit
    guard estimate.lower < estimate.upper else { return value }
    return "\(value) (\(format(estimate.lower)) to \(format(estimate.upper)))"
  }

  private static func minutes(_ group: TrialGroup) -> String {
    group.seconds.map { String(format: "%.1f", $0 / 60) } ?? "-"
  }
}
