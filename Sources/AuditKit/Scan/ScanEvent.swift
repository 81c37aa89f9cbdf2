import AuditTraining

/// What a running scan tells, in order, on the scanning thread.
public enum ScanEvent: Sendable {
  /// A phase begins.
  case phase(ScanPhase)
  /// Reading or thumbnailing stands at `done` of `total` items (nil: not known yet).
  case items(done: Int, total: Int?, perSecond: Double)
  /// Training or scoring made a step.
  case training(TrainingProgress)
  /// An epoch is finished, recorded and checkpointed.
  case epoch(EpochRecord, safeCount: Int?)
  /// Something the user should know: a default that adapted, a fall-back, rejected pairs.
  case notice(String)
}

/// The parts of a scan in order, and that of applying a trained model.
public enum ScanPhase: String, Codable, Sendable, CaseIterable {
  /// Reading the crawl's index and captions.
  case reading
  /// Decoding images into the thumbnail cache.
  case thumbnails
  /// Training (or learning) the byte-pair vocabulary and tokenising.
  case vocabulary
  /// All training stages, with the scores after each epoch.
  case training
  /// The last scores, estimates and ranks.
  case scoring
  /// Embedding by a trained model; not a part of scans.
  case embedding
  /// Writing the report's last rows and the model.
  case writing
}
