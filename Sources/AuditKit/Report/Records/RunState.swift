/// Where a run stands.
public enum RunState: String, Codable, CaseIterable, Sendable {
  /// At work, or ended by a kill: `RunRecord.updatedAt` then stands still.
  case running
  /// Stopped by the user; resumable.
  case stopped
  /// Ended by an error, which `RunRecord.error` tells; resumable when the cause is gone.
  case failed
  /// Complete; not changed any more.
  case finished
}
