import AuditEncoders
import AuditReport
import AuditTraining
import AuditWords
import NeuralKit

/// A run with everything it needs to train: made anew, and the same, on each resume.
struct ScanSession: Sendable {
  /// The run's number in the report.
  let run: Int64
  /// With all adaptations.
  let configuration: ScanConfiguration
  let records: [PairRecord]
  let rejected: [String: Int]
  let tokenizer: BytePairTokenizer
  let trainer: Trainer
  /// The run's own folder in the work folder.
  let folder: String
  /// What a checkpoint must say to belong to this run.
  let fingerprint: String
  /// The pairs that retrieval is measured on; nil where none were asked for.
  var heldOut: ViewSource?

  var checkpoint: Checkpoint { Checkpoint(path: folder + "/checkpoint.safetensors") }
}
