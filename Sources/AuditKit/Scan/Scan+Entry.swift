import AuditReport
import AuditTraining

extension Scan {
  /// Enters the run, or takes the earlier one up again, with pairs, rejections and notices.
  ///
  /// - Throws: ``ScanError/crawlChanged(run:)``, and the report stays as it was.
  func enter(
    _ configuration: ScanConfiguration, _ intake: CrawlIntake, _ format: String,
    _ adaptations: [Adaptation], _ threads: Int, _ earlier: RunRecord?
  ) throws -> Int64 {
    let run: Int64
    if let earlier, earlier.pairCount > 0 {
      // Other pairs would take scores, epochs and verdicts with them.
      guard try store.holds(intake.records, of: earlier.id) else {
        throw ScanError.crawlChanged(run: earlier.id)
      }
      try store.resumeRun(earlier.id)
      run = earlier.id
    } else {
      run = try begin(configuration, format, adaptations, threads, earlier)
      try store.replacePairs(of: run, with: intake.records)
    }
    try store.replaceRejections(of: run, with: intake.rejections)
    for sentence in [intake.rejectionNotice, intake.hashNotice].compactMap(\.self) {
      try notice(sentence, .warning, run)
    }
    return run
  }

  /// Begins a run, or once more one that has no pairs.
  ///
  /// What adapted is written with it, since nobody can tell afterwards: on resume all settings are the run's own.
  private func begin(
    _ configuration: ScanConfiguration, _ format: String, _ adaptations: [Adaptation],
    _ threads: Int, _ earlier: RunRecord?
  ) throws -> Int64 {
    var stored = configuration
    stored.threads = threads
    let notices =
      adaptations.map { NewNotice(.adaptation, $0.sentence) }
      + (try configuration.idleNotices(explicit: request.explicitSettings).map {
        NewNotice(.warning, $0)
      })
    let new = NewRun(
      crawlPath: request.crawl, crawlFormat: format,
      method: configuration.training.method.rawValue, preset: configuration.preset,
      configuration: try ConfigurationDocument(stored).text(), seed: configuration.seed,
      threads: threads, versions: Host.versions, host: Host.description, notices: notices)
    let run: Int64
    if let earlier {
      run = earlier.id
      try store.restartRun(run, as: new)
    } else {
      run = try store.beginRun(new)
    }
    for notice in notices { onEvent(.notice(notice.message)) }
    return run
  }
}
