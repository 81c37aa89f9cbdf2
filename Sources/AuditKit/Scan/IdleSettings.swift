import AuditTraining

/// Settings that do nothing where others have certain values: whoever sets them should know.
struct IdleSettings: Sendable {
  /// By their dotted names.
  let names: [String]
  /// What does the work in their place.
  let reason: String
  /// Whether they do nothing in a configuration.
  let holds: @Sendable (TrainingConfiguration) -> Bool

  /// A row for each reason.
  static let all = [
    IdleSettings(
      names: ["training.rescoreShare", "training.alignmentTolerance"],
      reason: """
        mixed training begins again after the split (training.rewindsAfterSplit), scores all pairs after each epoch, and \
        goes by training.leastAlignment
        """,
      holds: { $0.method == .safeclip && $0.rewindsAfterSplit }),
    IdleSettings(
      names: ["training.slowLeastGain", "training.leastAlignment"],
      reason: "mixed training goes on from the split's weights (training.rewindsAfterSplit)",
      holds: { $0.method == .safeclip && !$0.rewindsAfterSplit }),
    IdleSettings(
      names: [
        "training.nearestImagesWeight", "training.nearestCaptionsWeight",
        "training.duplicateCosine",
        "training.neighbourReferences",
      ],
      reason: "no neighbours have a say (training.neighbours)", holds: { $0.neighbours == 0 }),
  ]
}

extension ScanConfiguration {
  /// What to tell of the settings in `explicit` that have no effect; those that have their defaults promise none.
  func idleNotices(explicit: Set<String>) throws -> [String] {
    let document = try ConfigurationDocument(self)
    return IdleSettings.all.filter { $0.holds(training) }.flatMap { idle in
      idle.names.filter { name in
        explicit.contains(name)
          && document.value(named: name) != Setting.named(name)?.defaultValue
      }.map { "\($0) has no effect: \(idle.reason)" }
    }
  }
}
