import AuditReport
import AuditTraining
import Foundation

extension Scan {
  /// The settings in force, and which of them must not adapt.
  ///
  /// On resume they are those of the run, and none adapts. Where the run has no pairs yet, those that adapted to its crawl as
  /// it was then adapt anew: it was empty, or nobody has counted it to its end.
  ///
  /// - Throws: ``ScanError/resumedWithOtherSettings(run:names:)``.
  func settings(
    resuming earlier: RunRecord?
  ) throws -> (ScanConfiguration, explicit: Set<String>) {
    guard let earlier else { return (request.configuration, request.explicitSettings) }
    var document = ConfigurationDocument()
    try document.merge(json: Data(earlier.configuration.utf8), origin: "run \(earlier.id)")
    try refuseOthers(than: document, of: earlier)
    guard earlier.pairCount == 0 else { return (try document.decoded(), document.explicitNames) }
    let adapted = try adaptedSettings(of: earlier)
    for setting in adapted {
      try document.set(setting.name, to: setting.defaultValue, origin: "run \(earlier.id)")
    }
    return (try document.decoded(), document.explicitNames.subtracting(adapted.map(\.name)))
  }

  /// Whether the report has an epoch of a run, and with it something to go on from.
  func hasEpochs(_ run: Int64) throws -> Bool {
    try store.reader.read { try !$0.epochs(of: run).isEmpty }
  }

  private func refuseOthers(than document: ConfigurationDocument, of run: RunRecord) throws {
    let requested = try ConfigurationDocument(request.configuration)
    let different = request.explicitSettings.filter { name in
      // All cores: the run has their number as it was when it began, on another machine maybe, and keeps it.
      if name == "threads", request.configuration.threads == 0 { return false }
      return document.value(named: name) != requested.value(named: name)
    }
    guard different.isEmpty else {
      throw ScanError.resumedWithOtherSettings(run: run.id, names: different.sorted())
    }
  }

  /// The settings that the run's notices tell of, but for those that the user has chosen by now.
  private func adaptedSettings(of run: RunRecord) throws -> [Setting] {
    let told = try store.reader.read { try $0.notices(of: run.id) }
      .filter { $0.kind == .adaptation }.map(\.message)
    return Setting.all.filter { setting in
      !request.explicitSettings.contains(setting.name)
        && told.contains { Adaptation.isTold(of: setting.name, by: $0) }
    }
  }
}
