import AuditKit
import AuditTraining

/// What a running scan is doing, as the API tells it.
struct ProgressDocument: Sendable, Equatable, Codable {
  var phase: String
  var stage: String?
  var isScoring: Bool?
  var epoch: Int?
  var epochs: Int?
  var step: Int?
  var steps: Int?
  var done: Int?
  var total: Int?
  var perSecond: Double?
  var loss: Double?
  var share: Double?
  var secondsLeft: Double?

  /// Before anything is known.
  static let starting = ProgressDocument(phase: "starting")

  private init(phase: String) { self.phase = phase }

  init(_ progress: ScanProgress) {
    phase = progress.isStopping ? "stopping" : progress.phase?.rawValue ?? "starting"
    share = progress.share
    secondsLeft = progress.secondsLeft
    if let training = progress.training {
      stage = training.stage.rawValue
      isScoring = training.isScoring
      (epoch, epochs) = (training.epoch, training.epochs)
      (step, steps) = (training.step, training.steps)
      perSecond = Self.finite(training.pairsPerSecond)
      loss = training.isScoring ? nil : Self.finite(training.loss)
    } else if let items = progress.items {
      (done, total) = (items.done, items.total)
      perSecond = Self.finite(items.perSecond)
    }
  }

  /// JSON has no infinities.
  private static func finite(_ number: Double) -> Double? { number.isFinite ? number : nil }
}
